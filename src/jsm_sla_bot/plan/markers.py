"""Every text that is kept outside of the bot and compared again later: property keys and the markers of notes.

Requests all over the world carry them. Whoever changes one makes the bot forget what it wrote under the old one: notes
are written twice, ledgers are not found. `tests/plan/test_markers.py` says for each what breaks.
"""

import re
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import NamedTuple

from jsm_sla_bot.plan import wording
from jsm_sla_bot.sla.assessment import (
    FIRST_RESPONSE,
    Flag,
    Measurement,
    MetricName,
)
from jsm_sla_bot.sla.dormancy_state import (
    CLOSING,
    Announced,
    reminder,
    step_text,
)
from jsm_sla_bot.sla.eta import Eta, EtaNews, StandingEta

PROPERTY = "jsm-sla-bot"
"""The property, of a request, that holds the ledger, and, of a comment, that holds its markers."""
MARKERS = "markers"
"""The name of the list of markers in a comment's property."""
_RUNG = "R10"
_CORRECTION = "people"
_PUBLIC = "public"
_WHY = "why"
_ETA = "D21"
_AHEAD = r"(closing|reminder [1-9]\d*)/([1-9]\d*)"
_REMINDER = re.compile(rf"([1-9]\d*)@([^>]+)((?:>{_AHEAD})+)", re.ASCII)


class Audience(StrEnum):
    """Who a note is for. A note's markers say it, so that whoever meets the note knows what was meant."""

    INTERNAL = "internal"
    PUBLIC = "public"


class RungMarker(NamedTuple):
    """What the marker of a rung's note tells: the rung, the due time (aware UTC) that it belongs to, and the metric."""

    rung: str
    due: datetime
    metric: MetricName = FIRST_RESPONSE


def rung_marker(
    rung: str, due: datetime, metric: MetricName = FIRST_RESPONSE
) -> str:
    """Return the marker of a rung's note: rule, metric, rung and the due time that it belongs to.

    The first response is not named: its markers are older than the second metric.
    """
    kind = _RUNG if metric == FIRST_RESPONSE else f"{_RUNG}.{metric}"
    return f"{kind}:{rung}:{due.isoformat()}"


def rung_of(marker: str) -> RungMarker | None:
    """Return what a marker tells of a rung; None for the marker of any other note."""
    kind, _, rest = marker.partition(":")
    rule, _, metric = kind.partition(".")
    if rule != _RUNG:
        return None
    rung, _, due = rest.partition(":")
    instant = _instant(due)
    return (
        RungMarker(rung, instant, metric or FIRST_RESPONSE)
        if instant
        else None
    )


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else None
    except (ValueError, OverflowError):
        return None


def correction_marker(field: str, number: int) -> str:
    """Return the marker of a correction: the field and the correction's running number, whatever the day."""
    return f"{_CORRECTION}:{field}:{number}"


def corrected_field(marker: str) -> str | None:
    """Return the field of a correction's marker; None for the marker of any other note."""
    kind, _, rest = marker.partition(":")
    if kind != _CORRECTION:
        return None
    field, _, _ = rest.rpartition(":")
    return field


def public_marker(kind: str, about: str) -> str:
    """Return the marker of a public note: that it was meant so, its kind, and what it speaks of (D18)."""
    return f"{_PUBLIC}:{kind}:{about}"


def audience_of(markers: Collection[str]) -> Audience:
    """Return for whom a comment with these markers was meant: public only where each of them says so."""
    is_public = bool(markers) and all(
        marker.startswith(f"{_PUBLIC}:") for marker in markers
    )
    return Audience.PUBLIC if is_public else Audience.INTERNAL


def public_about(kind: str, markers: Collection[str]) -> frozenset[str]:
    """Return what the public notes of a kind among these markers speak of."""
    prefix = public_marker(kind, "")
    return frozenset(
        marker.removeprefix(prefix)
        for marker in markers
        if marker.startswith(prefix)
    )


def why_marker(at: datetime) -> str:
    """Return the marker of the answer to an agent's "why?": when the label was set that asks it."""
    return f"{_WHY}:{at.astimezone(UTC).isoformat()}"


def is_why(marker: str) -> bool:
    """Tell whether a marker is one of an answer to "why?"."""
    return marker.startswith(f"{_WHY}:")


def eta_value(value: Eta) -> str:
    """Return an ETA as it is kept: ISO 8601, a date or an instant in UTC."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat()


def eta_read(text: str) -> Eta | None:
    """Read an ETA as it is kept; None for a text that no bot wrote."""
    return _instant(text) or _date(text)


def eta_about(value: Eta, since: datetime) -> str:
    """Return what the public note of an ETA speaks of: the value, and since when it stands (aware UTC)."""
    return f"{eta_value(value)}@{since.isoformat()}"


def eta_of(about: str) -> StandingEta | None:
    """Return the ETA that a public note speaks of; None for what no bot wrote."""
    value, _, since = about.partition("@")
    stood = _instant(since)
    eta = eta_read(value)
    return StandingEta(eta, stood) if eta and stood else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def reminder_about(
    number: int, since: datetime, announced: Iterable[Announced]
) -> str:
    """Return what a reminder speaks of: its number, the silence (aware UTC), and the steps that it announces."""
    ahead = [f">{each.step}/{each.days}" for each in announced]
    return f"{number}@{since.isoformat()}{''.join(ahead)}"


def step_of(marker: str) -> str | None:
    """Return the step of R11 that a public note with this marker is, as histories carry it; None for any other."""
    kind, _, about = marker.removeprefix(f"{_PUBLIC}:").partition(":")
    if not marker.startswith(f"{_PUBLIC}:"):
        return None
    if kind == CLOSING:
        return CLOSING
    found = _REMINDER.fullmatch(about) if kind == "reminder" else None
    if found is None:
        return None
    ahead = re.findall(_AHEAD, found[3])
    announced = [Announced(step, int(days)) for step, days in ahead]
    return step_text(reminder(int(found[1])), announced)


def reminders_said(said: Collection[str], since: datetime) -> frozenset[int]:
    """Return the numbers of the reminders among these markers that speak of a silence (aware UTC)."""
    found = map(_REMINDER.fullmatch, public_about("reminder", said))
    return frozenset(
        int(one[1]) for one in found if one and one[2] == since.isoformat()
    )


def dormancy_flag_marker(rule: str, kind: str, at: datetime) -> str:
    """Return the marker of a note to agents on a dormant request: the rule, what it is about, and of when."""
    return f"{rule}:{kind}:{at.isoformat()}"


def eta_flag_marker(news: EtaNews, standing: StandingEta) -> str:
    """Return the marker of a note to agents on an ETA: once for the value reached, else once each time it is set."""
    kind = f"{_ETA}:eta_{news}"
    value = standing.value
    if value is None:
        return f"{kind}:{standing.since.isoformat()}"
    if news is EtaNews.REACHED:
        return f"{kind}:{eta_value(value)}"
    return f"{kind}:{eta_about(value, standing.since)}"


def flag_marker(flag: Flag, measured: Measurement) -> str:
    """Return the marker of a flag's note: once for each organization or account, or once at all."""
    match flag:
        case Flag.UNMAPPED_ORGANIZATION:
            missing = wording.unmapped(measured)
            ids = ",".join(str(one.fact("organization")) for one in missing)
            return f"D11:{flag}:{ids}"
        case Flag.PROBABLE_ANSWER:
            return f"D35:{flag}:{wording.probable(measured)}"
        case Flag.OTHER_REPORTER:
            return f"D31:{flag}"
        case Flag.NO_SEVERITY:
            return f"D10:{flag}"
        case Flag.NO_ORGANIZATION:
            return f"D11:{flag}"


def not_entitled_marker(measured: Measurement) -> str:
    """Return the marker of the note on an organization that is not entitled."""
    return f"R7:not_entitled:{measured.organization}"
