"""People win: what was changed by hand is told from what was never written, and the ledger does not grow for ever."""

from dataclasses import replace
from datetime import timedelta

from jsm_sla_bot.plan.change import Place, Shown, SlaField
from jsm_sla_bot.plan.corrections import A_DAY, KEPT, corrected
from tests.plan.jira import passed, planned, written
from tests.sla.contract import local, request

REPORT = local("2026-03-02 09:00")
RAISED = request("2026-03-02 09:00", severity=3)
SHOWN = passed(RAISED, REPORT)
DAY = timedelta(days=1)


def by_hand(shown: Shown, field: SlaField = SlaField.SUPPORT_TIER) -> Shown:
    """Return the request with a field that somebody has changed."""
    return replace(shown, fields={**shown.fields, field: "changed"})


def test_each_day_two_corrections_at_most() -> None:
    """The third time the field is left out of the plan, and named; the next day counts anew."""
    shown = SHOWN
    for number in range(A_DAY):
        plan = corrected(planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT)
        assert plan.note
        assert plan.note.markers == (f"people:2026-03-02:{number + 1}",)
        shown = written(by_hand(shown), plan)
        assert shown.fields == SHOWN.fields
    left = corrected(planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT)
    assert not left
    assert left.insisted == ("support_tier",)
    assert corrected(planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT + DAY).note


def test_only_what_people_insist_on_is_left() -> None:
    """Another field that the contract changes meanwhile is written."""
    shown, later = SHOWN, local("2026-03-05 10:00")
    for _ in range(A_DAY):
        shown = written(by_hand(shown), corrected(planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), later))
    plan = corrected(planned(RAISED, later, by_hand(shown)), by_hand(shown), later)
    assert plan.insisted == ("support_tier",)
    assert SlaField.RESPONSE_SLA in {change.field for change in plan.fields}


def test_what_was_never_written_is_no_correction() -> None:
    """Neither a first write, nor a field at another place on the site, nor a ledger without fingerprints."""
    bare = Shown(SHOWN.fields)
    assert SHOWN.ledger
    old = replace(by_hand(SHOWN), ledger=replace(SHOWN.ledger, written={}))
    moved = replace(by_hand(SHOWN), places={SlaField.SUPPORT_TIER: Place("customfield_10099", "Tier")})
    for shown in (by_hand(bare), old, moved):
        plan = planned(RAISED, REPORT, shown)
        assert plan.fields
        assert corrected(plan, shown, REPORT) == plan


def test_the_ledger_forgets_old_corrections() -> None:
    """Somebody may insist every day for years."""
    shown, now = SHOWN, REPORT
    for _ in range(2 * KEPT):
        now += DAY
        shown = written(by_hand(shown), corrected(planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), now))
    assert shown.ledger
    corrections = sorted(marker for marker in shown.ledger.notes if marker.startswith("people:"))
    assert len(corrections) == KEPT + 1
    assert corrections[-1] == f"people:{now:%Y-%m-%d}:1"
