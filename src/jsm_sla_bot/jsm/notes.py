"""Internal notes, each exactly once and never to the customer.

A note carries its markers in a comment property, in the same call that writes it. Before anything is written
again after an outcome that nobody knows, the comments are read and the markers looked for. Needs: the journal
of intents. Known race: two bots that write the same note in the same second.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress

import structlog

from jsm_sla_bot.jsm import adf, comments
from jsm_sla_bot.jsm.errors import NotesStoppedError, NotFoundError, TerminalError, TransientError, UnknownOutcomeError
from jsm_sla_bot.jsm.rest import Rest
from jsm_sla_bot.jsm.shapes import Json, JsonObject, text
from jsm_sla_bot.plan.change import Note
from jsm_sla_bot.ports import Intents

_log = structlog.get_logger(__name__)
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


class Notes:
    """Writes notes. Safe to use from several threads; stops for good when one has gone public."""

    def __init__(self, rest: Rest, intents: Intents) -> None:
        self._rest = rest
        self._intents = intents
        self._proving = threading.Lock()
        self._proven = False
        self._stopped = False

    def write(self, issue: str, note: Note) -> tuple[Mapping[str, str], int]:
        """Write a note; return the comment id by marker, and how many comments were written (0 or 1).

        Raises TransientError where it is still not known whether the note stands, NotesStoppedError,
        TerminalError.
        """
        unsure = note.look_first or self._intents.unresolved(issue)
        written = self._standing(issue, note) if unsure else {}
        missing = tuple(marker for marker in note.markers if marker not in written)
        if written:
            self._resolve(issue, written)
        if unsure:
            self._intents.drop_unresolved(issue)
        if not missing:
            return written, 0
        added = self._post_proven(issue, Note(missing, note.paragraphs))
        self._resolve(issue, added)
        return {**written, **added}, 1

    def tidy(self, issue: str) -> int:
        """Delete the younger of our comments that say the same; return how many were deleted.

        Two bots on one site by mistake write a note twice; both find the same one younger.
        """
        first: dict[str, str] = {}
        younger: list[str] = []
        for comment in sorted(self._rest.comments(issue, expand="properties"), key=_age):
            said, identity = comments.markers(comment), text(comment.get("id")) or ""
            if said and all(marker in first for marker in said):
                younger.append(identity)
            for marker in said:
                first.setdefault(marker, identity)
        for identity in younger:
            _log.warning("note_stood_twice", issue=issue, comment=identity)
            with suppress(NotFoundError):
                self._rest.delete_comment(issue, identity)
        return len(younger)

    def _standing(self, issue: str, note: Note) -> Mapping[str, str]:
        """Find the comments that carry markers of this note already."""
        found: dict[str, str] = {}
        for comment in self._rest.comments(issue, expand="properties"):
            identity = text(comment.get("id"))
            for marker in comments.markers(comment) & set(note.markers):
                found.setdefault(marker, identity or "")
        return found

    def _resolve(self, issue: str, written: Mapping[str, str]) -> None:
        for marker, comment in written.items():
            self._intents.resolve(issue, marker, comment)

    def _post_proven(self, issue: str, note: Note) -> Mapping[str, str]:
        """Post, one at a time until the first note has been seen to be internal."""
        with self._proving:
            if self._stopped:
                raise NotesStoppedError("no notes are written since one has gone public: look into it, restart then")
            if not self._proven:
                written = self._post(issue, note)
                self._prove(issue, next(iter(written.values())))
                return written
        return self._post(issue, note)

    def _post(self, issue: str, note: Note) -> Mapping[str, str]:
        self._intents.intend(issue, note.markers[0])
        try:
            return self._post_once(issue, note)
        except UnknownOutcomeError:
            standing = self._standing(issue, note)
            return standing or self._post_again(issue, note)

    def _post_again(self, issue: str, note: Note) -> Mapping[str, str]:
        try:
            return self._post_once(issue, note)
        except UnknownOutcomeError as error:
            if standing := self._standing(issue, note):
                return standing
            raise TransientError(f"a note could not be written: {error}", error.retry_after) from error

    def _post_once(self, issue: str, note: Note) -> Mapping[str, str]:
        comment = self._rest.add_comment(issue, _body(note))
        identity = text(comment.get("id"))
        if identity is None:
            raise UnknownOutcomeError("Jira took a note and gave no id for it")
        if comment.get("jsdPublic") is True:
            self._stop(issue, identity)
        return dict.fromkeys(note.markers, identity)

    def _prove(self, issue: str, comment: str) -> None:
        shown = self._rest.comment(issue, comment)
        if shown.get("jsdPublic") is True:
            self._stop(issue, comment)
        if "jsdPublic" not in shown:
            _log.warning("note_visibility_unknown", issue=issue, comment=comment)
        self._proven = True

    def _stop(self, issue: str, comment: str) -> None:
        """Take back a note that the customer can see, and write no more."""
        self._stopped = True
        _log.error("note_went_public", issue=issue, comment=comment)
        try:
            self._rest.delete_comment(issue, comment)
        except (TransientError, TerminalError) as error:
            _log.error("note_still_public", issue=issue, comment=comment, why=str(error))
            raise NotesStoppedError(f"comment {comment} on {issue} is public and cannot be deleted: {error}") from error
        raise NotesStoppedError(f"Jira showed an internal note to the customer on {issue}; deleted, notes stopped")


def _age(comment: JsonObject) -> tuple[int, str]:
    identity = text(comment.get("id")) or ""
    return (int(identity), "") if identity.isdigit() else (0, identity)


def _body(note: Note) -> JsonObject:
    own: dict[str, Json] = {"key": comments.PROPERTY, "value": {"markers": list(note.markers)}}
    return {"body": adf.document(note.paragraphs), "properties": [_INTERNAL, own]}
