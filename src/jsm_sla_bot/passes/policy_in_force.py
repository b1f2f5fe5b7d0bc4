"""Which policy is in force, and whether the one that the configuration offers may be written: decided here only.

States of what is offered: a *candidate* that nobody has judged yet; *on hold*, with the reason and what it would
change; *in force*. An edition of the rules that is offered begins as a candidate, or in force where its policy is in
force already. A sweep judges it over the whole desk, unless the journal knows that its policy was in force before or
that a person allows it; then it comes into force or is put on hold. While one is on hold passes go by the edition in
force, and none begins where there is none. It is offered again by a person's permission or an edit of the
configuration, and judged again after an hour where no other is in force.

Needs the journal (for what outlives the process) and the selection (for the whole desk). Promises that a pass goes by
one edition from begin to end, and that no policy is written that was not let through. Threads: any may call anything;
one judges at a time, and other passes than a sweep wait for it only where no edition is in force. A restart forgets
what was on hold, which is judged again; the composition root resumes what was in force. Accepted races: an edition
that is replaced while it is judged may still come into force, until the next sweep judges the one that replaced it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event, Lock

import structlog

from jsm_sla_bot.passes import permission
from jsm_sla_bot.passes.admission import FirstContact, Sight, Weighing
from jsm_sla_bot.passes.dormancy_on import dated
from jsm_sla_bot.passes.offer import (
    Candidate,
    InForce,
    OnHold,
    PolicyOnHoldError,
)
from jsm_sla_bot.passes.one_pass import CHUNK, Pass, Selected, Tally, chunks
from jsm_sla_bot.passes.planner import Edition, Planned
from jsm_sla_bot.passes.selection import Selection
from jsm_sla_bot.ports.errors import (
    IdentityError,
    TerminalError,
    TransientError,
)
from jsm_sla_bot.ports.journal import (
    AdmittedPolicy,
    HeldBack,
    Journal,
    PassKind,
)
from jsm_sla_bot.ports.site import Clock, Fetched, SetAside

AGAIN = timedelta(hours=1)
"""After so long a policy on hold is judged again where no other is in force: the desk may have moved on."""

log = structlog.get_logger()


Offer = Candidate | OnHold | InForce


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a pass before it has selected anything: `began` is the site's time, aware UTC."""

    kind: PassKind
    began: datetime
    version: int
    tally: Tally
    select: Callable[[Edition], Selected]


@dataclass(slots=True)
class _Look:
    """What was read of the desk while a policy was judged, and need not be read again by a sweep."""

    keep: bool
    selected: Selected | None = None
    first_read: Fetched | None = None


class PolicyInForce:
    """Keeps the edition in force and the one that is offered. Safe to use from several threads."""

    def __init__(  # noqa: PLR0913, PLR0917 - the reconciler names each part
        self,
        first: Edition,
        journal: Journal,
        clock: Clock,
        selection: Selection,
        first_contact: FirstContact,
        stop: Event,
    ) -> None:
        self._offered = first
        self._in_force: Edition | None = None
        self._held: OnHold | None = None
        self._journal = journal
        self._clock = clock
        self._selection = selection
        self._first_contact = first_contact
        self._stop = stop
        self._judging = Lock()
        self.moved: int | None = None
        """Requests that the policy which was weighed last changes, let through or not; None before one was."""
        self._preview = Weighing(first, None, clock)

    @property
    def offer(self) -> Offer:
        """What the configuration offers, and whether it may be written."""
        offered = self._offered
        in_force = self._in_force
        held = self._held
        if in_force is not None and in_force.policy == offered.policy:
            return InForce(offered)
        if held is not None and held.edition is offered:
            return held
        return Candidate(offered)

    @property
    def offered(self) -> Edition:
        """The edition that the configuration offers, whether it may be written or not."""
        return self._offered

    @property
    def in_force(self) -> Edition | None:
        """The edition in force; None before the first has been let through."""
        return self._in_force

    @property
    def current(self) -> Edition:
        """The edition in force; the one offered where there is none yet."""
        return self._in_force or self._offered

    def adopt(self, edition: Edition) -> None:
        """Offer another edition: nothing of the one before it is on hold any more. Raises JournalError."""
        self._offered = edition
        self._held = None
        permission.withdraw(self._journal)

    def resume(self, edition: Edition) -> None:
        """Take an edition to be in force still that was before a restart."""
        self._in_force = edition

    def reconsider(self) -> bool:
        """Offer again what is on hold, where a person allows it now; tell whether. Raises JournalError."""
        match self.offer:
            case OnHold(edition) if self._is_allowed(edition):
                self.adopt(edition)
                return True
            case _:
                return False

    def is_shown(self) -> bool:
        """Tell whether a sweep has shown the whole desk what is to be shown now; raises JournalError."""
        match self.offer:
            case OnHold() if self._in_force is not None:
                wanted = self._in_force.policy
            case offer:
                wanted = offer.edition.policy
        return self._journal.policy() == wanted

    def begin(self, beginning: Beginning) -> Pass:
        """Begin a pass under the edition that it goes by.

        Raises PolicyOnHoldError, and what the source and the journal raise.
        """
        is_sweep = beginning.kind is PassKind.SWEEP
        look = _Look(keep=is_sweep)
        known = None if is_sweep else self._without_judging()
        edition = known or self._judged(look)
        return Pass(
            kind=beginning.kind,
            edition=dated(edition, self._journal, beginning.began),
            began=beginning.began,
            version=beginning.version,
            selected=look.selected or beginning.select(edition),
            tally=beginning.tally,
            first_read=look.first_read,
        )

    def swept(self) -> None:
        """Keep in the journal what is in force, now that the whole desk shows it; raises JournalError."""
        if self._in_force:
            permission.stays_in_force(self._journal, _kept(self._in_force))

    def preview(self) -> Iterator[Planned | SetAside]:
        """Yield what a sweep under the offered edition would write, weighing it on the way; decides nothing."""
        edition = self._offered
        self._preview = Weighing(edition, self._in_force, self._clock)
        yield from self._preview.over(self._sights(edition, _Look(keep=False)))

    def verdict(self) -> str | None:
        """Return why what was previewed to its end would be held back; None where it would be written."""
        edition = self._offered
        was_in_force = permission.was_in_force(self._journal, edition.policy)
        if was_in_force or self._is_allowed(edition):
            return None
        return self._preview.objection(self._first_contact)

    def _without_judging(self) -> Edition | None:
        """Return what a pass goes by that is no sweep: it must not bring a new policy to single requests."""
        match self.offer:
            case InForce(edition):
                return edition
            case _:
                return self._in_force

    def _judged(self, look: _Look) -> Edition:
        """Return what a sweep goes by, once what is offered has been judged."""
        with self._judging:
            self._in_force = self._decided(look)
            return self._in_force

    def _decided(self, look: _Look) -> Edition:
        match self.offer:
            case InForce(edition):
                return edition
            case OnHold() if self._in_force is not None:
                return self._in_force
            case Candidate(edition) | OnHold(edition) as offer:
                self._judge(offer, look)
                return edition

    def _judge(self, offer: Candidate | OnHold, look: _Look) -> None:
        """Let an edition through to the desk, or raise PolicyOnHoldError."""
        edition = offer.edition
        if permission.was_in_force(self._journal, edition.policy):
            permission.withdraw(self._journal)
            return
        if self._is_allowed(edition):
            log.warning("policy_allowed_by_a_person", policy=edition.policy)
            permission.came_into_force(self._journal, _kept(edition))
            return
        permission.expire(self._journal)
        now = self._clock.now()
        if isinstance(offer, OnHold) and now - offer.at < AGAIN:
            raise PolicyOnHoldError(offer)
        weighing = self._weighed(edition, look)
        self.moved = weighing.count.changed
        why = weighing.objection(self._first_contact)
        if why is not None:
            held = OnHold(edition, now, why, weighing.count)
            self._hold(held)
            raise PolicyOnHoldError(held)
        permission.came_into_force(self._journal, _kept(edition))

    def _is_allowed(self, edition: Edition) -> bool:
        return permission.is_allowed(self._journal, edition.policy)

    def _weighed(self, edition: Edition, look: _Look) -> Weighing:
        weighing = Weighing(edition, self._in_force, self._clock)
        for _ in weighing.over(self._sights(edition, look)):
            pass
        return weighing

    def _hold(self, held: OnHold) -> None:
        """Keep that an edition is on hold, unless another one is offered by now."""
        policy = held.edition.policy
        self._journal.remember(HeldBack(policy, held.why))
        if self._offered is not held.edition:
            permission.withdraw(self._journal)
            return
        self._held = held
        if self._in_force:
            kept = self._in_force.policy
            log.error("policy_taken_back", refused=policy, kept=kept)

    def _sights(self, edition: Edition, look: _Look) -> Iterator[Sight]:
        """Read the whole desk to be weighed; a sweep over a small one need not read it twice."""
        before = self._in_force
        selected = self._selection.all_open(edition)
        is_small = len(selected.ids) <= CHUNK
        if look.keep:
            look.selected = selected
        for ids in chunks(selected.ids):
            if self._stop.is_set():
                raise TransientError(
                    "stopped before the policy was let through"
                )
            new = edition.source.fetch(ids)
            if look.keep and is_small:
                look.first_read = new
            yield Sight(new, _as_before(before, edition, ids))


def _kept(edition: Edition) -> AdmittedPolicy:
    """Return what the journal keeps of an edition in force."""
    return AdmittedPolicy(edition.policy, edition.rules.files)


def _as_before(
    before: Edition | None, edition: Edition, ids: Sequence[str]
) -> Fetched | None:
    """Read requests as the policy in force does, if that is another way and one that still fits the site."""
    if before is None or before.source is edition.source:
        return None
    try:
        return before.source.fetch(ids)
    except IdentityError:
        raise
    except TerminalError as error:
        log.warning("old_reading_does_not_fit", why=str(error))
        return None
