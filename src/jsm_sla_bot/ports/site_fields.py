"""Which field of a site is meant by a name or an id of `jira.yaml`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from jsm_sla_bot.plan.fields import BY_NAME, FieldKind
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.ports.survey import FieldFacts
from jsm_sla_bot.text.nearest import nearest

ORGANIZATIONS = "sd-customer-organizations"
REQUEST_TYPE = "vp-origin"
PARTICIPANTS = "sd-request-participants"

CHOICES = ("select", "radiobuttons")
INSTANTS = ("datetime",)
ETAS = ("datetime", "datepicker", "date")
WORDS = ("textfield", "select", "radiobuttons", "textarea")
CHOSEN = (
    *CHOICES,
    "cascadingselect",
    "multicheckboxes",
    "multiselect",
    "textfield",
)
CALLED = ("datetime", *CHOICES, "multicheckboxes", "multiselect")
_BY_KIND: Mapping[FieldKind, tuple[str, ...]] = {
    FieldKind.INSTANT: INSTANTS,
    FieldKind.WORDS: WORDS,
}


class Use(StrEnum):
    """What the bot does with a field."""

    READ = "read"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class WantedField:
    """A field that `jira.yaml` names. `setting` is its place there, `types` are the types that fit, the first ours.

    `by_type`: found by its type where it has no name.
    """

    setting: str
    name: str | None
    types: tuple[str, ...]
    use: Use
    by_type: bool = False

    def fits(self, field: FieldFacts) -> bool:
        """Tell whether a field can be used as this one."""
        return not self.types or field.type in self.types


@dataclass(frozen=True, slots=True)
class Missing:
    """No field is called so. `near` is the nearest name, if one is near."""

    near: str | None = None


@dataclass(frozen=True, slots=True)
class WrongType:
    """Fields are called so, and none is of a type that fits."""

    fields: Sequence[FieldFacts]


@dataclass(frozen=True, slots=True)
class Twins:
    """Several fields are called so and fit."""

    fields: Sequence[FieldFacts]


Match = FieldFacts | Missing | WrongType | Twins


def wanted_fields(desk: Desk) -> Sequence[WantedField]:
    """Return every field that the bot reads or writes, in the order of `jira.yaml`."""
    return (*_read_by_name(desk), *_read_by_type(desk), *_written(desk))


def _read_by_name(desk: Desk) -> Iterable[WantedField]:
    yield WantedField("fields.severity", desk.severity_field, CHOSEN, Use.READ)
    if desk.product_field:
        yield WantedField(
            "fields.product", desk.product_field, CHOSEN, Use.READ
        )
    if desk.eta_field:
        yield WantedField("fields.eta", desk.eta_field, ETAS, Use.READ)
    if desk.called_field:
        yield WantedField("called.field", desk.called_field, CALLED, Use.READ)


def _read_by_type(desk: Desk) -> Iterable[WantedField]:
    named = {
        ("fields.organizations", ORGANIZATIONS): desk.organizations_field,
        ("fields.request_type", REQUEST_TYPE): desk.request_type_field,
        ("fields.participants", PARTICIPANTS): desk.participants_field,
    }
    for (setting, kind), name in named.items():
        types = () if name else (kind,)
        yield WantedField(setting, name, types, Use.READ, by_type=name is None)


def _written(desk: Desk) -> Iterable[WantedField]:
    for own, name in desk.sla_fields.items():
        types = _BY_KIND[BY_NAME[own].kind]
        yield WantedField(f"sla_fields.{own}", name, types, Use.WRITTEN)


def match(wanted: WantedField, fields: Sequence[FieldFacts]) -> Match:
    """Find the field that is meant: by id, else by name without regard to case, else by type.

    A field of a team-managed project counts only where no other does.
    """
    called = _called(wanted, fields)
    fitting = [each for each in called if wanted.fits(each)]
    of_all = [each for each in fitting if each.project_id is None]
    fitting = of_all or fitting
    if wanted.by_type and fitting:
        return min(fitting, key=lambda each: each.id)
    match fitting:
        case [only]:
            return only
        case [_, *_]:
            return Twins(fitting)
        case _ if called and not wanted.by_type:
            return WrongType(called)
        case _:
            names = (each.name for each in fields)
            return Missing(
                nearest(wanted.name, names) if wanted.name else None
            )


def _called(
    wanted: WantedField, fields: Sequence[FieldFacts]
) -> Sequence[FieldFacts]:
    if wanted.name is None:
        return fields
    by_id = [each for each in fields if each.id == wanted.name]
    name = wanted.name.strip().casefold()
    return by_id or [each for each in fields if each.name.casefold() == name]
