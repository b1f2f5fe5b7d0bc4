"""The middle of the data's way: a request as it was seen becomes a plan. No I/O, no log; time is given.

Stands between reading and writing, and is asked twice where time or another pass went on in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo

from jsm_sla_bot.plan.aim import Circumstances
from jsm_sla_bot.plan.budget import Budget
from jsm_sla_bot.plan.change import Plan, Shown
from jsm_sla_bot.plan.doubt import Doubt, doubted
from jsm_sla_bot.plan.explanation.asked import Asking
from jsm_sla_bot.plan.fields import BY_NAME
from jsm_sla_bot.plan.finish import Subject, answered_unjudged, finished
from jsm_sla_bot.plan.public.matter import NO_WAYS, DormantWays
from jsm_sla_bot.plan.public.owed import NOTHING_DUE, Due
from jsm_sla_bot.plan.public.texts import SHIPPED, Texts
from jsm_sla_bot.ports.backoff import backoff
from jsm_sla_bot.ports.journal import Entry, Failure
from jsm_sla_bot.ports.site import (
    ChangeSink,
    Fetched,
    RequestSource,
    SetAside,
    Sighting,
)
from jsm_sla_bot.sla.assess import assess
from jsm_sla_bot.sla.assessment import Assessment
from jsm_sla_bot.sla.contract import Policy
from jsm_sla_bot.sla.errors import ContractError

FIRST_RETRY = timedelta(seconds=10)
SOONEST_RETRY = timedelta(seconds=1)
LONGEST_RETRY = timedelta(minutes=30)
OWED_AGAIN = timedelta(minutes=10)
"""So long what is known of a project is kept."""
FURTHEST_AHEAD = timedelta(days=1)
"""By so much a request's last change may lie ahead: clocks differ, but nothing is judged as of a day to come."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a pass goes by; replaced as a whole when the configuration changes."""

    policy: Policy
    budget: Budget
    zone: tzinfo
    escalation_status: str | None
    lookback: timedelta
    ways: DormantWays = NO_WAYS
    """Where requests go by R11."""
    why_label: str = ""
    """The label by which agents ask why; empty where they can't."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The configuration's files by path, for the journal."""
    texts: Texts = SHIPPED
    """What public notes say."""

    @property
    def asking(self) -> Asking | None:
        """How agents ask why, None where they can't."""
        return Asking(self.why_label, self.policy) if self.why_label else None


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """One edition of the rules with the connection that reads the site their way: a pass begins and ends under one."""

    rules: Rules
    source: RequestSource
    sink: ChangeSink

    @property
    def policy(self) -> str:
        """The hash of its policy."""
        return self.rules.policy.hash


@dataclass(frozen=True, slots=True)
class Planned:
    """One request worked through: as it was seen, what the contract says, what is to be written."""

    sighting: Sighting
    assessment: Assessment
    plan: Plan
    doubts: tuple[Doubt, ...] = ()
    """What of its ledger was not believed."""
    look_again: datetime | None = None
    """When to look again for what the site did not tell this time (aware UTC); None for nearly all."""
    spoken: Due = NOTHING_DUE
    """What the customer is to read."""

    @property
    def next_look_at(self) -> datetime | None:
        """When something is to be done about the request though nobody touches it; aware UTC."""
        if self.sighting.shown.ignored:
            return None
        instants = (self.changes_at, self.look_again)
        return min((each for each in instants if each), default=None)

    @property
    def changes_at(self) -> datetime | None:
        """When time alone next changes the answer or what the customer is to read (aware UTC)."""
        instants = (self.assessment.next_change_at, self.spoken.next_at)
        return min((each for each in instants if each), default=None)


def worked_through(
    fetched: Fetched, rules: Rules, now: datetime
) -> Iterator[Planned | SetAside]:
    """Yield every request of a fetch as a plan, or as the reason why there is none."""
    yield from fetched.set_aside
    for sighting in fetched.sightings:
        yield planned(sighting, rules, now)


def planned(
    sighting: Sighting, rules: Rules, now: datetime
) -> Planned | SetAside:
    """Work one request through, as of `now` (aware UTC), or of its last change where our clock is behind Jira's.

    An error of our own that nobody expected is named in `fault`, for the caller to log.
    """
    try:
        return _judged(sighting, rules, now)
    except Exception as error:  # noqa: BLE001 - a fault of ours on one request must not stop the others
        fault = type(error).__name__
        return _set_aside(sighting, f"unexpected {fault}", fault)


def _judged(
    sighting: Sighting, rules: Rules, now: datetime
) -> Planned | SetAside:
    """Work one request through; where the contract gives no answer, an agent who asks reads that."""
    try:
        return _worked_out(sighting, rules, now)
    except ContractError as error:
        aside = _set_aside(sighting, str(error))
        reply = answered_unjudged(
            _subject(sighting),
            aside.reason,
            sighting.shown,
            _circumstances(rules, now),
        )
        return replace(aside, answer=reply)


def _subject(sighting: Sighting) -> Subject:
    reported = sighting.snapshot.reported
    return Subject(
        sighting.id,
        sighting.key,
        reported,
        request=sighting.snapshot,
        updated=sighting.updated,
    )


def _circumstances(rules: Rules, now: datetime) -> Circumstances:
    return Circumstances(
        rules.policy.hash,
        rules.zone,
        now,
        rules.escalation_status,
        BY_NAME,
        texts=rules.texts,
        ways=rules.ways,
        asking=rules.asking,
    )


def _worked_out(
    sighting: Sighting, rules: Rules, now: datetime
) -> Planned | SetAside:
    if sighting.updated - now > FURTHEST_AHEAD:
        changed = f"{sighting.updated:%Y-%m-%d %H:%M} UTC"
        return _set_aside(sighting, f"its last change lies ahead: {changed}")
    now = max(now, sighting.updated)
    assessment = assess(sighting.snapshot, rules.policy, now)
    under = _circumstances(rules, now)
    done = finished(_subject(sighting), assessment, sighting.shown, under)
    is_owed = _owes_what_is_unknown(done.plan, sighting.shown)
    look_again = now + OWED_AGAIN if is_owed else None
    return Planned(
        sighting, assessment, done.plan, done.doubts, look_again, done.spoken
    )


def _owes_what_is_unknown(plan: Plan, shown: Shown) -> bool:
    """Tell whether a priority is to be raised as soon as the project's priorities can be read."""
    ledger = plan.ledger or shown.ledger
    return (
        bool(ledger and ledger.owes_priority)
        and shown.highest_priority is None
    )


def _set_aside(
    sighting: Sighting, reason: str, fault: str | None = None
) -> SetAside:
    return SetAside(sighting.id, sighting.key, reason, sighting.updated, fault)


def identity(one: Planned | SetAside) -> str:
    """Return the id of the request."""
    return one.id if isinstance(one, SetAside) else one.sighting.id


def is_overtaken(one: Planned, now: datetime) -> bool:
    """Tell whether the mere passing of time has changed the answer since the request was worked through."""
    instants = (one.changes_at, one.spoken.until)
    return any(each is not None and each <= now for each in instants)


def entry(
    one: Planned,
    policy: str,
    refused: Sequence[str] = (),
    frozen_in: str | None = None,
) -> Entry:
    """Return what the journal keeps of it; `refused` are parts that the site did not take, each with its reason.

    `frozen_in` names the done status in which it takes no edit.
    """
    sighting = one.sighting
    assessment = one.assessment
    remarks = [
        *_insisted(one.plan),
        *doubted(one.plan.ledger or sighting.shown.ledger, one.doubts),
        *(f"Jira refuses {part}" for part in refused),
        *_given_up(frozen_in),
    ]
    return Entry(
        id=sighting.id,
        key=sighting.key,
        updated=sighting.updated,
        status=str(assessment.status),
        due=assessment.due,
        next_change_at=one.next_look_at,
        is_open=not sighting.snapshot.status.is_done,
        policy=policy,
        remark="; ".join(remarks) or None,
        frozen_in=frozen_in,
    )


def without_edits(one: Planned) -> Planned:
    """Return it with nothing to be written, but for a transition that leads out of where it takes no edit (D27)."""
    plan = one.plan
    return replace(one, plan=Plan(plan.id, plan.key, move=plan.move))


def _given_up(frozen_in: str | None) -> list[str]:
    why = f"the status {frozen_in!r} takes no edit: given up until the status changes"
    return [why] if frozen_in else []


def _insisted(plan: Plan) -> list[str]:
    names = ", ".join(plan.insisted)
    return (
        [f"people insist on {names}: corrected again tomorrow"]
        if names
        else []
    )


def failure_of(
    aside: SetAside,
    failures: int,
    now: datetime,
    advice: timedelta = timedelta(0),
    upcoming: datetime | None = None,
) -> Failure:
    """Return what the journal keeps of a request set aside: how often it has failed now, and when to look again.

    Later each time: not sooner than the other side's `advice`, and whatever that is not later than `upcoming`, when
    its status changes by itself. Where its own `updated` could not be read, it is looked at again once somebody
    touches it after `now`.
    """
    own = backoff(FIRST_RETRY, LONGEST_RETRY, failures - 1)
    wait = max(own, advice)
    if upcoming is not None:
        wait = min(wait, max(upcoming - now, SOONEST_RETRY))
    return Failure(
        id=aside.id,
        key=aside.key,
        reason=aside.reason,
        failures=failures,
        retry_at=now + wait,
        updated=aside.updated or now,
    )
