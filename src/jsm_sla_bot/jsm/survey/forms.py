"""The portal forms of the desks: those that come with the list, else as many as there are calls left for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jsm_sla_bot.jsm.json_values import JsonObject, mapping, text
from jsm_sla_bot.jsm.survey import decode
from jsm_sla_bot.jsm.survey.attempts import attempted
from jsm_sla_bot.jsm.survey.calls import SetupCalls
from jsm_sla_bot.ports.survey import FormFacts, FormField, Read, Unread

_NOT_LOOKED_AT = Unread("not looked at")


@dataclass(frozen=True, slots=True)
class Forms:
    """Reads portal forms. `desks` are the ids of the service desks by project key."""

    calls: SetupCalls
    desks: Mapping[str, str]

    def types(self) -> Mapping[str, Read[Sequence[JsonObject]]]:
        """Return the request types of each desk."""
        return {
            key: attempted(self.calls.request_types, desk)
            for key, desk in self.desks.items()
        }

    def read(
        self, types: Mapping[str, Read[Sequence[JsonObject]]], calls_left: int
    ) -> Mapping[str, Read[Sequence[FormFacts]]]:
        """Read the forms of each desk; each has the same share of the calls for those that the list lacks."""
        share = max(0, calls_left // len(types)) if types else 0
        return {
            key: self._forms(key, each, share) for key, each in types.items()
        }

    def _forms(
        self, key: str, types: Read[Sequence[JsonObject]], share: int
    ) -> Read[Sequence[FormFacts]]:
        if isinstance(types, Unread):
            return types
        found = []
        asked = 0
        for row in types:
            identity = text(row.get("id")) or ""
            fields: Read[Sequence[FormField]] = _NOT_LOOKED_AT
            if listed := mapping(row.get("fields")):
                fields = decode.form_fields(listed)
            elif asked < share:
                asked += 1
                fields = attempted(self._fields, self.desks[key], identity)
            found.append(FormFacts(text(row.get("name")) or identity, fields))
        return found

    def _fields(self, desk: str, request_type: str) -> Sequence[FormField]:
        return decode.form_fields(self.calls.form(desk, request_type))
