"""Which field is which on this site: the names and ids of `jira.yaml`, matched once with what Jira has.

Ids differ from site to site, names are translated and may occur twice, so a field is known by id, by name, or
by the type that only one field can have. Everything that is wrong is told at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from jsm_sla_bot.jsm.decode.field_kinds import Kind, kind_of
from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.json_values import Json, JsonObject, mapping, rows, text
from jsm_sla_bot.plan.fields import BY_NAME, FieldKind, SlaField
from jsm_sla_bot.ports.site import Desk
from jsm_sla_bot.text.nearest import nearest

ORGANIZATIONS_TYPE = "com.atlassian.servicedesk:sd-customer-organizations"
REQUEST_TYPE_TYPE = "com.atlassian.servicedesk:vp-origin"
PARTICIPANTS_TYPE = "com.atlassian.servicedesk:sd-request-participants"
LABELS_ID = "labels"
STATUS_ID = "status"
PRIORITY_ID = "priority"
ASSIGNEE_ID = "assignee"
_SYSTEM = (
    "created",
    "updated",
    STATUS_ID,
    PRIORITY_ID,
    LABELS_ID,
    "reporter",
    "project",
    "comment",
)


_CHOSEN = frozenset(
    {Kind.CHOICE, Kind.CHOICES, Kind.CASCADE, Kind.TEXT, Kind.OTHER}
)
_CALLED = frozenset({Kind.DATETIME, Kind.CHOICE, Kind.CHOICES})
_WORDS = frozenset({Kind.CHOICE, Kind.TEXT, Kind.RICH})
_INSTANT = frozenset({Kind.DATETIME})
_ETA = frozenset({Kind.DATETIME, Kind.DATE})
_ANY = frozenset(Kind)
_FITTING = {FieldKind.INSTANT: _INSTANT, FieldKind.WORDS: _WORDS}


@dataclass(frozen=True, slots=True)
class SiteField:
    """One field of the site."""

    id: str
    name: str
    kind: Kind
    custom: str = ""
    scoped: bool = False
    """It belongs to one team-managed project only."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields that the bot reads and writes. `warnings` tell what it has to do without."""

    severity: SiteField
    organizations: SiteField
    product: SiteField | None = None
    called: SiteField | None = None
    request_type: SiteField | None = None
    participants: SiteField | None = None
    outputs: Mapping[SlaField, SiteField] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    eta: SiteField | None = None
    may_wait: bool = False
    """Whether requests may wait for their customer: then any act of theirs matters, and who works on it (D24)."""

    def to_read(self) -> list[str]:
        """List the ids of all fields that a request is read with."""
        found = (
            self.severity,
            self.organizations,
            self.product,
            self.called,
            self.request_type,
            self.participants,
            self.eta,
        )
        own = [each.id for each in (*found, *self.outputs.values()) if each]
        people = [ASSIGNEE_ID] if self.eta or self.may_wait else []
        return list(dict.fromkeys([*_SYSTEM, *own, *people]))

    def to_follow(self) -> list[str]:
        """List the ids of the fields whose history matters: never more than the ten that Jira takes; none means all."""
        if self.may_wait:
            return []
        status = self.outputs.get(SlaField.RESPONSE_SLA)
        found = (
            self.severity,
            self.organizations,
            self.product,
            self.called,
            status,
            self.eta,
        )
        custom = [each.id for each in found if each]
        return list(
            dict.fromkeys([STATUS_ID, LABELS_ID, PRIORITY_ID, *custom])
        )


def resolve(answer: Json, desk: Desk, besides: Sequence[str] = ()) -> Fields:
    """Match `jira.yaml` with the answer of `GET field`.

    Raises TerminalError that lists every problem, together with those that `jira.yaml` has `besides`.
    """
    search = _Search(
        [found for row in rows(answer) if (found := _site_field(row))]
    )
    severity = search.named("fields.severity", desk.severity_field, _CHOSEN)
    product = search.optional("fields.product", desk.product_field, _CHOSEN)
    called = search.optional("called.field", desk.called_field, _CALLED)
    eta = search.optional("fields.eta", desk.eta_field, _ETA)
    organizations = search.typed(
        "fields.organizations", desk.organizations_field, ORGANIZATIONS_TYPE
    )
    request_type = search.typed(
        "fields.request_type", desk.request_type_field, REQUEST_TYPE_TYPE
    )
    participants = search.typed(
        "fields.participants", desk.participants_field, PARTICIPANTS_TYPE
    )
    outputs = search.outputs(desk.sla_fields)
    if called and called.kind is not Kind.DATETIME and not desk.called_values:
        search.problems.append(
            f"called.field {called.name!r} is {called.kind}: called.values must say what means yes"
        )
    search.problems += besides
    if search.problems or severity is None or organizations is None:
        raise TerminalError(
            "jira.yaml does not fit this site: "
            + "; ".join([*search.problems, *search.warnings])
        )
    return Fields(
        severity,
        organizations,
        product,
        called,
        request_type,
        participants,
        outputs,
        tuple(search.warnings),
        eta,
        may_wait=bool(desk.waiting),
    )


def did_you_mean(wanted: str, names: Iterable[str]) -> str:
    """Return the rest of a sentence: the name nearest to the wanted one, if any is near."""
    near = nearest(wanted, names)
    return f", did you mean {near!r}?" if near else ""


def _site_field(row: JsonObject) -> SiteField | None:
    identity = text(row.get("id"))
    if identity is None:
        return None
    schema = mapping(row.get("schema"))
    custom = text(schema.get("custom")) or ""
    name = text(row.get("name")) or identity
    return SiteField(
        identity,
        name,
        kind_of(schema, custom),
        custom,
        scoped=bool(row.get("scope")),
    )


class _Search:
    """One look through the site's fields, keeping a list of what is wrong."""

    def __init__(self, fields: Sequence[SiteField]) -> None:
        self._fields = fields
        self.problems: list[str] = []
        self.warnings: list[str] = []

    def optional(
        self, what: str, wanted: str | None, kinds: frozenset[Kind]
    ) -> SiteField | None:
        return None if wanted is None else self.named(what, wanted, kinds)

    def named(
        self, what: str, wanted: str, kinds: frozenset[Kind]
    ) -> SiteField | None:
        found = self._find(what, wanted, kinds)
        if isinstance(found, SiteField):
            return found
        self.problems.append(found)
        return None

    def typed(
        self, what: str, wanted: str | None, custom: str
    ) -> SiteField | None:
        if wanted is not None:
            return self.named(what, wanted, _ANY)
        found = sorted(
            (each for each in self._fields if each.custom == custom),
            key=_preference,
        )
        if not found:
            lacking = (
                self.problems
                if custom == ORGANIZATIONS_TYPE
                else self.warnings
            )
            lacking.append(
                f"{what}: no field of type {custom} is visible to our account"
            )
        return found[0] if found else None

    def outputs(
        self, wanted: Mapping[SlaField, str]
    ) -> dict[SlaField, SiteField]:
        outputs: dict[SlaField, SiteField] = {}
        for sla_field, name in wanted.items():
            fitting = _FITTING[BY_NAME[sla_field].kind]
            found = self._find(f"sla_fields.{sla_field}", name, fitting)
            if isinstance(found, SiteField):
                outputs[sla_field] = found
            else:
                self.warnings.append(found)
        if not outputs:
            self.problems.append(
                "none of the fields that the bot writes exists: make at least one of them"
            )
        return outputs

    def _find(
        self, what: str, wanted: str, kinds: frozenset[Kind]
    ) -> SiteField | str:
        named = _called(wanted, self._fields)
        fitting = [each for each in named if each.kind in kinds]
        if len(fitting) > 1:
            fitting = [each for each in fitting if not each.scoped] or fitting
        match fitting:
            case [only]:
                return only
            case []:
                return (
                    f"{what}: {self._nearest(wanted)}"
                    if not named
                    else _unfit(what, wanted, named, kinds)
                )
            case _:
                ids = ", ".join(each.id for each in fitting)
                return f"{what}: {wanted!r} is the name of {ids}: give the id of the right one"

    def _nearest(self, wanted: str) -> str:
        return f"no field {wanted!r} on this site{did_you_mean(wanted, (each.name for each in self._fields))}"


def _called(wanted: str, fields: Iterable[SiteField]) -> list[SiteField]:
    every = list(fields)
    by_id = [each for each in every if each.id == wanted]
    return by_id or [
        each
        for each in every
        if each.name.casefold() == wanted.strip().casefold()
    ]


def _unfit(
    what: str, wanted: str, named: Sequence[SiteField], kinds: frozenset[Kind]
) -> str:
    found = ", ".join(f"{each.id} is {each.kind}" for each in named)
    fits = " or ".join(sorted(kinds))
    ask = ": give the id of the right one" if len(named) > 1 else ""
    return f"{what}: {wanted!r} has to be {fits}, but {found}{ask}"


def _preference(each: SiteField) -> tuple[bool, str]:
    return each.scoped, each.id
