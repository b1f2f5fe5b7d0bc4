"""What this process has seen of the bot's own comments, so that none is looked at twice for nothing.

A restart forgets it, and looks once at each request that claims notes. Safe to use from several threads, one at a
time for each request (`write_locks`).
"""

from collections.abc import Mapping
from dataclasses import replace

from jsm_sla_bot.passes.planner import Planned
from jsm_sla_bot.plan.change import Evidence
from jsm_sla_bot.plan.evidence import UNKNOWN, claims
from jsm_sla_bot.plan.finish import unaccounted
from jsm_sla_bot.plan.markers import Audience, audience_of
from jsm_sla_bot.plan.steps import claimed_steps, with_steps
from jsm_sla_bot.ports.site import ChangeSink, Sighting


class KnownNotes:
    """Which comments carry which markers, and which were accounted for, by request."""

    def __init__(self) -> None:
        self._proven: dict[str, Mapping[str, str]] = {}
        self._tidy: dict[str, frozenset[str]] = {}

    def has_to_look(self, one: Planned) -> bool:
        """Tell whether something on a request is to be looked at, whether or not its plan is empty."""
        return self.is_untidy(one) or self.is_unproven(one)

    def is_unproven(self, one: Planned) -> bool:
        """Tell whether a request's ledger claims notes that nobody has seen to carry their markers."""
        if one.sighting.shown.ignored:
            return False
        if self._may_have_been_read(one) or self._claims_steps(one):
            return True
        if one.assessment.settled:
            return False
        if one.sighting.shown.is_ledger_newer:
            return bool(one.plan.notes) and not _has_looked(one.sighting)
        known = self._proven.get(one.sighting.id, {})
        claimed = claims(one.sighting.shown)
        is_noted = any(
            not known.keys().isdisjoint(note.markers)
            for note in one.plan.notes
        )
        return is_noted or not claimed.items() <= known.items()

    def _may_have_been_read(self, one: Planned) -> bool:
        """Tell whether the customer may have read a note that the ledger does not know, which nobody has looked at.

        What comes next depends on it: a change of an ETA names the one read last, and a reminder follows another.
        """
        terms = one.assessment.first_response.terms
        speaks = terms is not None and bool(terms.notes or terms.dormancy)
        has_looked = _has_looked(one.sighting)
        return speaks and not has_looked and self.is_untidy(one)

    def _claims_steps(self, one: Planned) -> bool:
        """Tell whether the ledger claims steps of R11 that nobody has seen to stand: a request is closed by them."""
        if one.assessment.dormancy is None or _has_looked(one.sighting):
            return False
        known = self._proven.get(one.sighting.id, {})
        claimed = claimed_steps(one.sighting.shown)
        return not claimed.items() <= known.items()

    def is_untidy(self, one: Planned) -> bool:
        """Tell whether a request carries comments of ours that nobody has accounted for yet."""
        strange = self._strange(one)
        return bool(strange) and self._tidy.get(one.sighting.id) != strange

    def tidied(self, one: Planned) -> None:
        """Note that the comments of a request were looked through."""
        self._tidy[one.sighting.id] = self._strange(one)

    def _strange(self, one: Planned) -> frozenset[str]:
        """Return the comments of ours that nobody has accounted for.

        That a public one was meant so is believed where its marker was seen, not where the ledger says so.
        """
        shown = one.sighting.shown
        known = self._proven.get(one.sighting.id, {})
        meant = {
            comment
            for marker, comment in known.items()
            if audience_of([marker]) is Audience.PUBLIC
        }
        public = {
            comment
            for comment, is_public in shown.comments.items()
            if is_public
        }
        return unaccounted(shown) | (public - meant)

    def written(self, one: Planned, notes: Mapping[str, str]) -> None:
        """Note which comments a write has made, or found, by marker."""
        if notes:
            known = self._proven.get(one.sighting.id, {})
            self._proven[one.sighting.id] = {**known, **notes}

    def remembered(self, sighting: Sighting) -> Sighting:
        """Return it with what our comments were seen to carry, where its ledger can't be read."""
        known = self._proven.get(sighting.id)
        if known is None or not sighting.shown.is_ledger_newer:
            return sighting
        return _carrying(sighting, known)

    def looked_up(self, one: Planned, sink: ChangeSink) -> Sighting:
        """Return it with what our comments really carry: their markers are not read with the request.

        Raises what the sink raises.
        """
        sighting = one.sighting
        claimed = claims(sighting.shown)
        if self._may_have_been_read(one):
            claimed = {**claimed, **UNKNOWN}
        found = sink.standing(sighting.id, claimed)
        proven = {
            marker: note for marker, note in claimed.items() if marker in found
        }
        self._proven[sighting.id] = {**found, **proven}
        return _carrying(sighting, found)


def _carrying(sighting: Sighting, markers: Mapping[str, str]) -> Sighting:
    """Return a request with the markers that its comments carry among its evidence, and in its history."""
    evidence = replace(sighting.shown.evidence or Evidence(), markers=markers)
    shown = replace(sighting.shown, evidence=evidence)
    snapshot = with_steps(sighting.snapshot, shown)
    return replace(sighting, shown=shown, snapshot=snapshot)


def _has_looked(sighting: Sighting) -> bool:
    evidence = sighting.shown.evidence
    return evidence is not None and evidence.markers is not None
