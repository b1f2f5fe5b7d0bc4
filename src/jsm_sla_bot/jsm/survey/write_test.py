"""The write test: on one named request it does all that the bot does, and undoes it.

Fields are written with the value that they have, so nobody sees a change; a property and an internal comment are
written and taken back. Whatever an earlier test left, since it was killed or its answer was lost, is taken back first.
A comment is written only where our account is an agent: another's would be public.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import (
    NotFoundError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, rows, text
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import field_facts
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.site_fields import Use, match, wanted_fields
from jsm_sla_bot.ports.survey import FieldFacts
from jsm_sla_bot.ports.write_test import Trial
from jsm_sla_bot.text.outside import outside

PROPERTY = "jsm-sla-bot-write-test"
WORDS = "A write test of jsm-sla-bot. It is deleted at once."
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}
_PRIORITY = FieldFacts("priority", "Priority", "priority", is_custom=False)


@dataclass(frozen=True, slots=True)
class WriteTest:
    """Tries every kind of write on one request."""

    rest: Rest
    calls: SetupCalls
    desk: Desk

    def tried(self, key: str) -> Iterator[Trial]:
        """Try each write and yield how it went. Raises TerminalError where there is no such request.

        However the test ends, what it wrote is taken back.
        """
        project = self._project(key)
        self._taken_back(key)
        is_over = False
        try:
            for each in [*self._own_fields(), _PRIORITY]:
                yield self._field(key, each)
            yield _trial(
                "the ledger's kind of property", lambda: self._property(key)
            )
            yield _trial(
                "an internal comment", lambda: self._comment(key, project)
            )
            is_over = True
        finally:
            taken_back = self._taken_back(key)
        if is_over and taken_back.failed:
            yield taken_back

    def _project(self, key: str) -> str:
        """Return the key of a request's project. Raises TerminalError where there is no such request."""
        try:
            found = self.rest.issue(key, ["project"])
        except NotFoundError as error:
            message = f"there is no request {outside(key)}, or our account may not see it"
            raise TerminalError(message) from error
        shown = mapping(found.get("fields"))
        return text(mapping(shown.get("project")).get("key")) or ""

    def _taken_back(self, key: str) -> Trial:
        return _trial(
            "taking back what was written", lambda: self._take_back(key)
        )

    def _own_fields(self) -> Sequence[FieldFacts]:
        """Return the fields that the bot writes and the site has."""
        listed = map(field_facts, rows(self.rest.fields()))
        known = [each for each in listed if each]
        found = [
            match(each, known)
            for each in wanted_fields(self.desk)
            if each.use is Use.WRITTEN
        ]
        return [each for each in found if isinstance(each, FieldFacts)]

    def _field(self, key: str, field: FieldFacts) -> Trial:
        return _trial(
            f"{field.name} ({field.id})", lambda: self._write_same(key, field)
        )

    def _write_same(self, key: str, field: FieldFacts) -> None:
        """Write the value that a field has at this moment."""
        values = mapping(self.rest.issue(key, [field.id]).get("fields"))
        if field.id not in values:
            raise TerminalError("the field is absent from this request")
        body = {"fields": {field.id: _written(values[field.id])}}
        self.rest.edit(key, body)

    def _property(self, key: str) -> None:
        self.calls.set_property(key, PROPERTY, {"test": True})
        self._delete_property(key)

    def _delete_property(self, key: str) -> None:
        """Delete the test's property; it is well if there is none, as after a deletion whose answer was lost."""
        with suppress(NotFoundError):
            self.calls.delete_property(key, PROPERTY)

    def _delete_comment(self, key: str, identity: str) -> None:
        """Delete a comment of the test; it is well if there is none."""
        with suppress(NotFoundError):
            self.rest.delete_comment(key, identity)

    def _comment(self, key: str, project: str) -> None:
        """Write an internal comment, make sure that it is one, and delete it."""
        self._check_agent(project)
        paragraph = {
            "type": "paragraph",
            "content": [{"type": "text", "text": WORDS}],
        }
        content = {"type": "doc", "version": 1, "content": [paragraph]}
        body = {"body": content, "properties": [_INTERNAL]}
        identity = text(self.rest.add_comment(key, body).get("id"))
        if identity is None:
            raise TerminalError("Jira does not say which comment it wrote")
        try:
            is_public = (
                self.rest.comment(key, identity).get("jsdPublic") is True
            )
        finally:
            self._delete_comment(key, identity)
        if is_public:
            raise TerminalError(
                "it came out public: our account is no agent in this project"
            )

    def _check_agent(self, project: str) -> None:
        """Raise TerminalError unless our account is an agent: the comment of another is public."""
        try:
            self.calls.queues(project)
        except TerminalError as error:
            raise TerminalError(
                f"not tried: our account is no agent in project {project}, so the comment would be public "
                f"({error})"
            ) from error

    def _take_back(self, key: str) -> None:
        """Delete whatever a write test has left on the request. Raises TerminalError, TransientError."""
        self._delete_property(key)
        for identity in self._left_comments(key):
            self._delete_comment(key, identity)

    def _left_comments(self, key: str) -> Sequence[str]:
        """Return the ids of our account's comments that say that they are a test."""
        own = text(self.rest.myself().get("accountId"))
        return [
            identity
            for row in self.rest.comments(key)
            if text(mapping(row.get("author")).get("accountId")) == own
            and _is_test(row)
            and (identity := text(row.get("id")))
        ]


def _is_test(comment: JsonObject) -> bool:
    paragraphs = rows(mapping(comment.get("body")).get("content"))
    words = [
        text(each.get("text"))
        for paragraph in paragraphs
        for each in rows(paragraph.get("content"))
    ]
    return words == [WORDS]


def _written(value: Json) -> Json:
    """Return a value as it is written: of an option or a priority only the id."""
    identity = text(mapping(value).get("id"))
    return value if identity is None else {"id": identity}


def _trial(what: str, write: Callable[[], None]) -> Trial:
    try:
        write()
    except (TerminalError, TransientError) as error:
        return Trial(what, str(error))
    return Trial(what)
