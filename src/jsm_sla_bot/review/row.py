"""One request of a review: the one class that it is in, and what that rests on (D30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jsm_sla_bot.plan.ledger import Ledger
from jsm_sla_bot.review.etas import EtaOutcome
from jsm_sla_bot.sla.request import RequestSnapshot


class Class(StrEnum):
    """Each request received is in exactly one of these."""

    MET = "met"
    MET_LATE = "met_late"
    BREACHED = "breached"
    RUNNING = "running"
    EXCLUDED = "excluded"


COUNTED = frozenset({Class.MET, Class.MET_LATE, Class.BREACHED})
"""The classes that the attainment is a share of."""
MISSED = frozenset({Class.MET_LATE, Class.BREACHED})


class Ground(StrEnum):
    """The closed list of grounds on which a request is not counted."""

    NOT_MEASURED = "not measured"
    DECLINED = "declined"
    NOT_ENTITLED = "not entitled"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a request is not counted. `by` decided it: a person, the policy or the agreement; `at` is aware UTC."""

    ground: Ground
    rule: str
    reason: str
    by: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A request as it was read: its history, and its ledger where one is believed."""

    snapshot: RequestSnapshot
    ledger: Ledger | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What was promised on the request, and what comes out now: with another policy, or a history changed since."""

    what: str
    promised: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the period. All instants are aware UTC.

    `due` and `answered_at` are those that `kind` rests on: how the request was settled, else what is owed now.
    `promised_due` is the first due time that anyone could read, or the one owed at the report where no ledger keeps
    one. `recomputed_due` is what the present policy gives. `response` is counted on the target's own clock.
    `dormant_closed_at` is when the bot closed the request last since its customer did not answer (D26).
    `late` is the time, by the clock on the wall, between the due time and the answer, or the review's instant.
    """

    key: str
    kind: Class
    because: str
    reported: datetime
    month: str
    severity: int
    tier: str
    product: str
    request_type: str
    called: bool
    is_open: bool
    due: datetime | None
    promised_due: datetime | None
    recomputed_due: datetime | None
    answered_at: datetime | None
    answered_by: str
    target: str
    response: timedelta | None
    late: timedelta | None
    exclusion: Exclusion | None = None
    differences: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()
    etas: tuple[str, ...] = ()
    eta_outcome: EtaOutcome | None = None
    dormant_closed_at: datetime | None = None
