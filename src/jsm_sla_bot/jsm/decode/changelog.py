"""A request's changelog as changes in the order in which they were made.

The wire is untidy: instants as text or number, entries shuffled or listed twice, the field's id sometimes
missing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from jsm_sla_bot.jsm.decode.field_kinds import Kind
from jsm_sla_bot.jsm.decode.fields import (
    LABELS_ID,
    PRIORITY_ID,
    STATUS_ID,
    Fields,
    SiteField,
)
from jsm_sla_bot.jsm.decode.roles import Cast, account_id, display_name
from jsm_sla_bot.jsm.decode.vocabulary import (
    Vocabulary,
    Word,
    organization_ids,
    organization_ids_then,
    product_path,
)
from jsm_sla_bot.jsm.instants import instant
from jsm_sla_bot.jsm.json_values import (
    JsonObject,
    Option,
    clean,
    ordinal,
    rows,
    text,
)
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.sla.request import Deed, HistoryEntry, Role, Value

_CASCADE = re.compile(
    r"[^:()]+: (.*?)\((\d+)\)\s*(?:[^:()]+: (.*)\((\d+)\)\s*)?",
    re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field changed by somebody. `at` is aware UTC; `item` has the values, as Jira shows them."""

    at: datetime
    role: Role
    by: str
    field: str
    item: JsonObject
    name: str = ""

    def entry(self, what: Deed, before: Value, after: Value) -> HistoryEntry:
        """Tell this change as a history entry."""
        return HistoryEntry(
            self.at, self.role, what, before, after, self.by, self.name
        )


def changes(
    histories: Sequence[JsonObject], fields: Fields, cast: Cast
) -> list[Change]:
    """List the changes of the fields that matter, oldest first, each once.

    Raises UnreadableError for a change of such a field that has no instant.
    """
    names = _names(fields)
    found: list[tuple[datetime, int, Change]] = []
    seen: set[str] = set()
    for history in histories:
        identity = text(history.get("id")) or ""
        items = [
            (name, item)
            for item in rows(history.get("items"))
            if (name := _field_of(item, names))
        ]
        if not items or (identity and identity in seen):
            continue
        seen.add(identity)
        at = instant(history.get("created"), "a changelog entry's created")
        author = history.get("author")
        by, role = account_id(author) or "", cast.role(author)
        number = ordinal(identity)
        who = display_name(author)
        found += [
            (at, number, Change(at, role, by, name, item, who))
            for name, item in items
        ]
    return [
        change for _, _, change in sorted(found, key=lambda each: each[:2])
    ]


def entries(
    found: Sequence[Change],
    fields: Fields,
    words: Vocabulary,
    severity: tuple[Word, int | None],
) -> Iterator[HistoryEntry]:
    """Yield the changes of status, severity, organizations, product and labels as history.

    `severity` is the present option's id with its meaning, which the history may know under an older name. An
    option that `jira.yaml` does not know becomes None.
    """
    product = fields.product
    for change in found:
        item = change.item
        if change.field == STATUS_ID:
            yield change.entry(
                Deed.STATUS,
                words.status(*_before(item)),
                words.status(*_after(item)),
            )
        elif change.field == fields.severity.id:
            before, after = (
                _severity(words, severity, _options(fields.severity, end))
                for end in (_before(item), _after(item))
            )
            yield change.entry(Deed.SEVERITY, before, after)
        elif change.field == fields.organizations.id:
            yield from _organizations(change)
        elif product and change.field == product.id:
            before_it = product_path(_options(product, _before(item)))
            after_it = product_path(_options(product, _after(item)))
            yield change.entry(Deed.PRODUCT, before_it, after_it)
        elif change.field == LABELS_ID:
            yield change.entry(
                Deed.LABELS,
                labels(item.get("fromString")),
                labels(item.get("toString")),
            )


def customers_changes(
    histories: Sequence[JsonObject], cast: Cast
) -> Iterator[HistoryEntry]:
    """Tell each change by the customer's side as an act of theirs, whatever it was about (D24).

    Somebody who may be a colleague of ours is not of the customer's side here. Raises UnreadableError for a change
    without its instant.
    """
    seen: set[str] = set()
    for history in histories:
        author = history.get("author")
        identity = text(history.get("id")) or ""
        is_customer = cast.role(author) is Role.CUSTOMER
        is_theirs = is_customer and not cast.may_be_agent(author)
        if not is_theirs or not history.get("items") or identity in seen:
            continue
        seen |= {identity} - {""}
        at = instant(history.get("created"), "a changelog entry's created")
        by, who = account_id(author) or "", display_name(author)
        yield HistoryEntry(
            at, Role.CUSTOMER, Deed.OTHER_CHANGE, by=by, name=who
        )


def labels(value: object) -> frozenset[str]:
    """Read labels as the changelog writes them: one text, parted by spaces."""
    return (
        frozenset(clean(value).split())
        if isinstance(value, str)
        else frozenset()
    )


def _before(item: JsonObject) -> tuple[Word, Word]:
    return text(item.get("from")), text(item.get("fromString"))


def _after(item: JsonObject) -> tuple[Word, Word]:
    return text(item.get("to")), text(item.get("toString"))


def _options(field: SiteField, end: Option) -> Sequence[Option]:
    """Return the options that one end of a change names: of a cascading select the parent, then the child.

    The history writes those as `Parent values: Hardware(10020)Level 1 values: Laptop(10021)`, in the site's language.
    """
    found = (
        _CASCADE.fullmatch(end[1] or "")
        if field.kind is Kind.CASCADE
        else None
    )
    if found is None:
        return [end]
    parent, parent_id, child, child_id = found.groups()
    options = [(parent_id, text(parent)), (child_id, text(child))]
    return [option for option in options if any(option)]


def _severity(
    words: Vocabulary,
    present: tuple[Word, int | None],
    options: Sequence[Option],
) -> int | None:
    """Return the severity of the last of these levels that means one."""
    for identity, shown in reversed(options):
        if identity and identity == present[0]:
            return present[1]
        severity = words.severity(identity, shown)
        if severity is not None:
            return severity
    return None


def _organizations(change: Change) -> Iterator[HistoryEntry]:
    """Tell a change of organizations, unless it has names only: names change, so nothing is made of them."""
    item = change.item
    before = organization_ids_then(item.get("from"), item.get("fromString"))
    after = organization_ids_then(item.get("to"), item.get("toString"))
    if before is not None and after is not None:
        yield change.entry(
            Deed.ORGANIZATIONS,
            organization_ids(list(before)),
            organization_ids(list(after)),
        )


def _names(fields: Fields) -> dict[str, str]:
    """Map what a changelog may call a field to its id."""
    followed: list[SiteField | None] = [
        fields.severity,
        fields.organizations,
        fields.product,
        fields.called,
        fields.eta,
        fields.outputs.get(SlaField.RESPONSE_SLA),
    ]
    names = {each: each for each in (LABELS_ID, STATUS_ID, PRIORITY_ID)}
    for each in followed:
        if each:
            names |= {
                each.name.casefold(): each.id,
                each.id.casefold(): each.id,
            }
    return names


def _field_of(item: JsonObject, names: dict[str, str]) -> str | None:
    wanted = text(item.get("fieldId")) or text(item.get("field")) or ""
    return names.get(wanted.casefold())
