"""Notes, each exactly once: for agents and never to the customer, or for the customer because its markers say so.

A note carries its markers in a comment property, in the same call that writes it. Before anything is written
again after an outcome that nobody knows, the comments are read and the markers looked for. Wherever one of our
notes is met, after it was posted or later by its markers, it is taken back if the customer can read it and was not
meant to. A note for the customer that the site keeps internal counts as written: written again it would be kept
internal again (docs/decisions/0020). Needs: the journal of intents. Known race: two bots that write the same note in
the same second.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import structlog

from jsm_sla_bot.jsm.decode import adf, comments
from jsm_sla_bot.jsm.errors import (
    IdentityError,
    NotesStoppedError,
    NotFoundError,
    RefusedError,
    TerminalError,
    TransientError,
    UnknownOutcomeError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import Json, JsonObject, ordinal, text
from jsm_sla_bot.jsm.write.exposure import Exposure
from jsm_sla_bot.jsm.write.mentioned import People, unmentioned
from jsm_sla_bot.plan.blocks import Block
from jsm_sla_bot.plan.change import Note
from jsm_sla_bot.plan.markers import MARKERS, PROPERTY, Audience
from jsm_sla_bot.plan.shortening import shortened
from jsm_sla_bot.ports.journal import Intents

_log = structlog.get_logger(__name__)


class Notes:
    """Writes notes. Safe to use from several threads; stops for good when an internal one has gone public."""

    def __init__(
        self,
        rest: Rest,
        intents: Intents,
        exposure: Exposure,
        own: Callable[[], str],
    ) -> None:
        self._rest = rest
        self._own = own
        self._intents = intents
        self._exposure = exposure
        self._people = People(rest)

    def said(self, issue: str, notes: Sequence[Note]) -> Mapping[str, str]:
        """Return the comment id by marker of what stands already; the comments are read only where that is unsure.

        All notes of a plan are looked for at once: what is not known is known of all of them afterwards. Raises
        NotesStoppedError where an internal one was public, TransientError, TerminalError.
        """
        is_sure = not any(note.look_first for note in notes)
        if is_sure and not self._intents.unresolved(issue):
            return {}
        standing = self._said(issue, *notes)
        self._resolve(issue, standing)
        self._intents.drop_unresolved(issue)
        return standing

    def write(self, issue: str, note: Note) -> Mapping[str, str]:
        """Write a note of which nothing stands yet; return the comment id by marker.

        Raises TransientError where it is still not known whether the note stands, NotesStoppedError,
        TerminalError.
        """
        is_public = note.audience is Audience.PUBLIC
        post = self._post_unstopped if is_public else self._post_proven
        written = post(issue, note)
        self._resolve(issue, written)
        return written

    def standing(
        self, issue: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Return which markers comments of ours carry, with the comment's id: at least those claimed, if they do.

        What the journal knows as posted is not asked for; what the site tells, the journal knows from then on.
        """
        known = self._intents.resolved(issue)
        if all(known.get(marker) == one for marker, one in claimed.items()):
            return known
        carried = _carried(self._ours(issue))
        self._resolve(issue, carried)
        return carried

    def tidy(self, issue: str) -> int:
        """Delete those that are public and not meant so, and the younger of those that say the same; count them.

        Two bots on one site by mistake write a note twice; both find the same one younger. Raises TransientError
        where a public one still stands, whatever the reason: it has to be tried again.
        """
        listed = sorted(self._ours(issue), key=_age)
        exposed = [each for each in listed if comments.is_exposed(each)]
        if failure := self._take_back(issue, _ids(exposed)):
            raise TransientError(
                f"a public note still stands: {failure}"
            ) from failure
        younger = _younger(each for each in listed if each not in exposed)
        for identity in younger:
            _log.warning("note_stood_twice", issue=issue, comment=identity)
            with suppress(NotFoundError):
                self._rest.delete_comment(issue, identity)
        return len(exposed) + len(younger)

    def _said(self, issue: str, *notes: Note) -> Mapping[str, str]:
        """Find the comments that carry markers of these notes already; no internal one among them is public."""
        listed = self._ours(issue)
        if exposed := [each for each in listed if comments.is_exposed(each)]:
            self._stop(issue, _ids(exposed))
        carried = _carried(listed)
        return {
            marker: carried[marker]
            for note in notes
            for marker in note.markers
            if marker in carried
        }

    def _ours(self, issue: str) -> list[JsonObject]:
        """List the comments of our own account: what anybody else wrote is theirs, whatever marker it carries."""
        own = self._own()
        listed = self._rest.comments(issue, expand="properties")
        return [each for each in listed if comments.is_by(each, own)]

    def _resolve(self, issue: str, written: Mapping[str, str]) -> None:
        for marker, comment in written.items():
            self._intents.resolve(issue, marker, comment)

    def _post_proven(self, issue: str, note: Note) -> Mapping[str, str]:
        """Post, one at a time until the first note has been seen to be internal."""
        with self._exposure.proving:
            self._check()
            if not self._exposure.is_proven:
                written = self._post(issue, note)
                self._prove(issue, next(iter(written.values())))
                return written
        return self._post(issue, note)

    def _post_unstopped(self, issue: str, note: Note) -> Mapping[str, str]:
        """Post what the customer is meant to read: it proves nothing of the site's internal notes."""
        self._check()
        return self._post(issue, note)

    def _check(self) -> None:
        """Raise NotesStoppedError once an internal note has gone public: nobody is written to until a person looked."""
        if stopped := self._exposure.stopped():
            raise NotesStoppedError(stopped)

    def _post(self, issue: str, note: Note) -> Mapping[str, str]:
        self._intents.intend(issue, note.markers[0])
        try:
            return self._post_once(issue, note)
        except UnknownOutcomeError:
            standing = self._said(issue, note)
            return standing or self._post_again(issue, note)

    def _post_again(self, issue: str, note: Note) -> Mapping[str, str]:
        try:
            return self._post_once(issue, note)
        except UnknownOutcomeError as error:
            if standing := self._said(issue, note):
                return standing
            raise TransientError(
                f"a note could not be written: {error}", error.retry_after
            ) from error

    def _post_once(self, issue: str, note: Note) -> Mapping[str, str]:
        comment = self._added(issue, note)
        identity = text(comment.get("id"))
        if identity is None:
            raise UnknownOutcomeError("Jira took a note and gave no id for it")
        is_shown = comment.get("jsdPublic")
        if note.audience is Audience.PUBLIC:
            if is_shown is False:
                _log.warning(
                    "public_note_kept_internal", issue=issue, comment=identity
                )
        elif is_shown is True:
            self._stop(issue, [identity])
        return dict.fromkeys(note.markers, identity)

    def _added(self, issue: str, note: Note) -> JsonObject:
        """Post with the people in it mentioned; where the site refuses that, with their names as text."""
        blocks = self._people.named(shortened(note.blocks))
        try:
            return self._rest.add_comment(issue, _body(note, blocks))
        except RefusedError:
            plain = unmentioned(blocks)
            if plain == blocks:
                raise
        return self._rest.add_comment(issue, _body(note, plain))

    def _prove(self, issue: str, comment: str) -> None:
        shown = self._rest.comment(issue, comment)
        if shown.get("jsdPublic") is True:
            self._stop(issue, [comment])
        if "jsdPublic" not in shown:
            _log.warning(
                "note_visibility_unknown", issue=issue, comment=comment
            )
        self._exposure.is_proven = True

    def _stop(self, issue: str, exposed: Sequence[str]) -> None:
        """Take back notes that the customer can read, and write no more. Raises NotesStoppedError."""
        failure = self._take_back(issue, exposed)
        raise NotesStoppedError(
            self._exposure.stopped() or "notes are stopped"
        ) from failure

    def _take_back(
        self, issue: str, exposed: Sequence[str]
    ) -> Exception | None:
        """Delete notes that the customer can read; return what kept the last of them from it, if anything did."""
        failure: Exception | None = None
        for comment in exposed:
            self._exposure.exposed(issue, comment)
            _log.error("note_went_public", issue=issue, comment=comment)
        for comment in exposed:
            failure = self._deleted(issue, comment) or failure
        return failure

    def _deleted(self, issue: str, comment: str) -> Exception | None:
        try:
            with suppress(NotFoundError):
                self._rest.delete_comment(issue, comment)
        except IdentityError:
            raise
        except (TransientError, TerminalError) as error:
            _log.error(
                "note_still_public",
                issue=issue,
                comment=comment,
                why=str(error),
            )
            return error
        self._exposure.taken_back(comment)
        return None


def _carried(listed: Iterable[JsonObject]) -> dict[str, str]:
    """Return the comment's id by marker, the first one listed that carries it."""
    found: dict[str, str] = {}
    for comment in listed:
        identity = text(comment.get("id")) or ""
        for marker in comments.markers(comment):
            found.setdefault(marker, identity)
    return found


def _younger(listed: Iterable[JsonObject]) -> Sequence[str]:
    """Return the ids of the comments that say nothing but what older ones say; the oldest comes first."""
    first: set[str] = set()
    younger: list[str] = []
    for comment in listed:
        said = comments.markers(comment)
        if said and said <= first:
            younger.append(text(comment.get("id")) or "")
        first |= said
    return younger


def _ids(listed: Iterable[JsonObject]) -> Sequence[str]:
    return [found for comment in listed if (found := text(comment.get("id")))]


def _age(comment: JsonObject) -> tuple[int, str]:
    identity = text(comment.get("id")) or ""
    return ordinal(identity), identity


def _body(note: Note, blocks: Sequence[Block]) -> JsonObject:
    """Return a note with these blocks as Jira takes it."""
    is_internal = note.audience is not Audience.PUBLIC
    audience: dict[str, Json] = {
        "key": comments.AUDIENCE,
        "value": {"internal": is_internal},
    }
    own: dict[str, Json] = {
        "key": PROPERTY,
        "value": {MARKERS: list(note.markers)},
    }
    return {
        "body": adf.document(blocks),
        "properties": [audience, own],
    }
