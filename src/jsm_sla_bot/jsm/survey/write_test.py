"""The write test: on one named request it does all that the bot does, and undoes it.

Fields are written with the value that they have, so nobody sees a change; a property and an internal comment are
written and deleted. Killed halfway, it leaves at most a property and an internal comment that name themselves a test.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.errors import TerminalError, TransientError
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.json_values import mapping, rows, text
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.jsm.survey.decode import field_facts
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.site_fields import Use, match, wanted_fields
from jsm_sla_bot.ports.survey import FieldFacts, Trial

PROPERTY = "jsm-sla-bot-write-test"
_WORDS = "A write test of jsm-sla-bot. It is deleted at once."
_INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


@dataclass(frozen=True, slots=True)
class WriteTest:
    """Tries every kind of write on one request."""

    rest: Rest
    calls: SetupCalls
    desk: Desk

    def tried(self, key: str) -> Iterator[Trial]:
        """Try each write and yield how it went. Raises TerminalError where there is no such request."""
        own = self._own_fields()
        ids = [each.id for each in own]
        shown = mapping(self.rest.issue(key, ids).get("fields"))
        for each in own:
            yield self._field(key, each, shown)
        yield _trial(
            "the ledger's kind of property", lambda: self._property(key)
        )
        yield _trial("an internal comment", lambda: self._comment(key))

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

    def _field(self, key: str, field: FieldFacts, shown: object) -> Trial:
        what = f"{field.name} ({field.id})"
        values = mapping(shown)
        if field.id not in values:
            return Trial(what, "the field is absent from this request")
        body = {"fields": {field.id: values[field.id]}}
        return _trial(what, lambda: self.rest.edit(key, body))

    def _property(self, key: str) -> None:
        try:
            self.calls.set_property(key, PROPERTY, {"test": True})
        finally:
            self.calls.delete_property(key, PROPERTY)

    def _comment(self, key: str) -> None:
        """Write an internal comment, make sure that it is one, and delete it in any case."""
        paragraph = {
            "type": "paragraph",
            "content": [{"type": "text", "text": _WORDS}],
        }
        content = {"type": "doc", "version": 1, "content": [paragraph]}
        body = {"body": content, "properties": [_INTERNAL]}
        written = self.rest.add_comment(key, body)
        identity = text(written.get("id"))
        if identity is None:
            message = "Jira does not say which comment it wrote: look for it and delete it by hand"
            raise TerminalError(message)
        try:
            is_public = (
                self.rest.comment(key, identity).get("jsdPublic") is True
            )
        finally:
            self.rest.delete_comment(key, identity)
        if is_public:
            message = (
                "it came out public: our account is no agent in this project"
            )
            raise TerminalError(message)


def _trial(what: str, write: Callable[[], None]) -> Trial:
    try:
        write()
    except (TerminalError, TransientError) as error:
        return Trial(what, str(error))
    return Trial(what)
