"""The fields that a site needs under this configuration, as provision would make them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jsm_sla_bot.plan.fields import BY_NAME, FieldKind, SlaField
from jsm_sla_bot.ports.provision import MADE_HERE
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.site_fields import Use, WantedField, wanted_fields
from jsm_sla_bot.sla.assessment import SlaStatus
from jsm_sla_bot.sla.contract import Policy

_PREFIX = "com.atlassian.jira.plugin.system.customfieldtypes:"
SEARCHERS = {
    "select": "multiselectsearcher",
    "datetime": "datetimerange",
    "textfield": "textsearcher",
    "datepicker": "daterange",
}
"""The searcher of each type that provision makes: without one no queue and no filter can use the field."""
_CHOICES = frozenset({SlaField.SUPPORT_TIER, SlaField.RESPONSE_SLA})


@dataclass(frozen=True, slots=True)
class FieldToHave:
    """A field that the site needs. `type` is the type that it is made with; others may fit as well.

    `choices` are its options in order; `synonyms` gives for each the texts that stand for the same.
    """

    wanted: WantedField
    name: str
    type: str
    description: str
    choices: Sequence[tuple[str, ...]] = ()

    @property
    def type_key(self) -> str:
        """The type as Jira names it."""
        return f"{_PREFIX}{self.type}"

    @property
    def searcher_key(self) -> str:
        """The searcher as Jira names it."""
        return f"{_PREFIX}{SEARCHERS[self.type]}"

    @property
    def is_chosen_by_people(self) -> bool:
        """Tell whether customers or agents fill it in."""
        return self.wanted.use is Use.READ


def fields_to_have(desk: Desk, policy: Policy) -> Sequence[FieldToHave]:
    """Return every field that can be made; those that Jira Service Management brings itself are not among them."""
    return [
        _to_have(wanted, name, desk, policy)
        for wanted in wanted_fields(desk)
        if (name := wanted.name) and not wanted.by_type and wanted.types
    ]


def _to_have(
    wanted: WantedField, name: str, desk: Desk, policy: Policy
) -> FieldToHave:
    match wanted.setting.rpartition("."):
        case ("fields", _, "severity"):
            return _made(
                wanted, name, "select", "How severe it is", _severities(desk)
            )
        case ("fields", _, "product"):
            products = [(each,) for each in policy.product_names]
            return _made(wanted, name, "select", "What it is about", products)
        case ("called", _, _):
            return _called(wanted, name, desk)
        case (_, _, own):
            return _written(wanted, name, SlaField(own), policy)


def _made(
    wanted: WantedField,
    name: str,
    kind: str,
    purpose: str,
    choices: Sequence[tuple[str, ...]] = (),
) -> FieldToHave:
    return FieldToHave(wanted, name, kind, f"{purpose}. {MADE_HERE}", choices)


def _severities(desk: Desk) -> Sequence[tuple[str, ...]]:
    """Return the texts of each severity, the severest first; bare numbers are ids and stand for no text."""
    numbers = sorted(set(desk.severities.values()))
    return [
        tuple(
            text for text, number in desk.severities.items() if number == each
        )
        for each in numbers
    ]


def _called(wanted: WantedField, name: str, desk: Desk) -> FieldToHave:
    purpose = "When the customer phoned"
    if not desk.called_values:
        return _made(wanted, name, "datetime", purpose)
    choices = [(each,) for each in sorted(desk.called_values)]
    return _made(wanted, name, "select", purpose, choices)


def _written(
    wanted: WantedField, name: str, own: SlaField, policy: Policy
) -> FieldToHave:
    field = BY_NAME[own]
    purpose = f"{field.title}, written by the support contract's daemon"
    if field.kind is FieldKind.INSTANT:
        return _made(wanted, name, "datetime", purpose)
    if own not in _CHOICES:
        return _made(wanted, name, "textfield", purpose)
    return _made(wanted, name, "select", purpose, list(_words(own, policy)))


def _words(own: SlaField, policy: Policy) -> Iterator[tuple[str, ...]]:
    words = policy.tiers if own is SlaField.SUPPORT_TIER else SlaStatus
    for word in words:
        yield (str(word),)
