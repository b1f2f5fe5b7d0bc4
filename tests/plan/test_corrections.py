"""People win: what was changed by hand is told from what was never written, and the ledger does not grow for ever."""

from dataclasses import replace
from datetime import timedelta

from jsm_sla_bot.plan.change import Place, Shown
from jsm_sla_bot.plan.corrections import A_DAY, KEPT, corrected, fingerprint
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.plan.ledger import Corrected
from tests.plan.jira import passed, planned, written
from tests.plan.ledgers import with_kept
from tests.sla.contract import answer, local, policy, request

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
        plan = corrected(
            planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT
        )
        assert plan.note
        assert plan.note.markers == (f"people:support_tier:{number + 1}",)
        shown = written(by_hand(shown), plan)
        assert shown.fields == SHOWN.fields
    left = corrected(
        planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT
    )
    assert not left
    assert left.insisted == ("support_tier",)
    assert corrected(
        planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT + DAY
    ).note


def test_corrections_are_counted_without_their_notes() -> None:
    """Where comments are refused the ledger counts all the same, in the PUT that puts the field right."""
    shown = SHOWN
    for _ in range(A_DAY):
        plan = corrected(
            planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT
        )
        shown = written(by_hand(shown), replace(plan, note=None))
    assert shown.ledger
    assert shown.ledger.notes == {}
    assert not corrected(
        planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT
    )


def test_each_field_is_counted_for_itself() -> None:
    """Who insists on one field is still corrected, with a note, at a first slip in another."""
    shown = SHOWN
    for _ in range(A_DAY):
        shown = written(
            by_hand(shown),
            corrected(
                planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), REPORT
            ),
        )
    both = by_hand(by_hand(shown), SlaField.RESPONSE_SLA)
    plan = corrected(planned(RAISED, REPORT, both), both, REPORT)
    assert [change.field for change in plan.fields] == [SlaField.RESPONSE_SLA]
    assert plan.insisted == ("support_tier",)
    assert plan.note
    assert plan.note.markers == ("people:response_sla:1",)


def test_two_fields_at_once_are_told_of_singly() -> None:
    """One note: each field by itself, so that neither is told of twice, and once for both where to change it."""
    both = by_hand(by_hand(SHOWN), SlaField.RESPONSE_SLA)
    plan = corrected(planned(RAISED, REPORT, both), both, REPORT)
    assert plan.note
    assert [
        paragraph.split(":")[0] for paragraph in plan.note.paragraphs[:-1]
    ] == [
        "support_tier",
        "response_sla",
    ]
    left = plan.note.unsaid({"people:support_tier:1"})
    assert left
    assert left.markers == ("people:response_sla:1",)
    assert left.paragraphs == plan.note.paragraphs[1:]
    assert plan.note.unsaid(plan.note.markers) is None


def test_a_correction_that_is_tried_again_another_day_keeps_its_marker() -> (
    None
):
    """Its note may stand already, though the field could not be written."""
    first, later = (
        corrected(planned(RAISED, REPORT, by_hand(SHOWN)), by_hand(SHOWN), at)
        for at in (REPORT, REPORT + DAY)
    )
    assert first.note
    assert first.note == later.note


def test_only_what_people_insist_on_is_left() -> None:
    """Another field that the contract changes meanwhile is written."""
    shown, later = SHOWN, local("2026-03-05 10:00")
    for _ in range(A_DAY):
        shown = written(
            by_hand(shown),
            corrected(
                planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), later
            ),
        )
    plan = corrected(
        planned(RAISED, later, by_hand(shown)), by_hand(shown), later
    )
    assert plan.insisted == ("support_tier",)
    assert SlaField.RESPONSE_SLA in {change.field for change in plan.fields}


def test_what_was_never_written_is_no_correction() -> None:
    """Neither a first write, nor a field at another place on the site, nor a ledger without fingerprints."""
    bare = Shown(SHOWN.fields)
    assert SHOWN.ledger
    old = replace(by_hand(SHOWN), ledger=replace(SHOWN.ledger, written={}))
    moved = replace(
        by_hand(SHOWN),
        places={SlaField.SUPPORT_TIER: Place("customfield_10099", "Tier")},
    )
    for shown in (by_hand(bare), old, moved):
        plan = planned(RAISED, REPORT, shown)
        assert plan.fields
        assert corrected(plan, shown, REPORT) == plan


def test_the_ledger_forgets_old_corrections() -> None:
    """Somebody may insist every day for years."""
    shown, now = SHOWN, REPORT
    for _ in range(2 * KEPT):
        now += DAY
        shown = written(
            by_hand(shown),
            corrected(
                planned(RAISED, REPORT, by_hand(shown)), by_hand(shown), now
            ),
        )
    assert shown.ledger
    assert list(shown.ledger.notes) == [
        f"people:support_tier:{KEPT + 1 + number}" for number in range(KEPT)
    ]
    assert shown.ledger.corrected == {
        "support_tier": Corrected(2 * KEPT, now.date(), 1)
    }


OLD_TARGET = "8 h, business hours"
OLD_BASIS = "Expert, S1: 8 h, business hours; The customer has not called; until they do, the Knowledge target counts."


def worded_before(shown: Shown) -> Shown:
    """Return the request as an earlier version of the bot has left it: other words, and the ledger knows them."""
    assert shown.ledger
    fields = {
        **shown.fields,
        SlaField.RESPONSE_TARGET: OLD_TARGET,
        SlaField.SLA_BASIS: OLD_BASIS,
    }
    told = {
        field: fingerprint(SlaField(field), fields[SlaField(field)], shown)
        for field in shown.ledger.written
    }
    return replace(
        shown, fields=fields, ledger=replace(shown.ledger, written=told)
    )


def test_new_words_are_no_change_by_hand() -> None:
    """An open request is written once with the words of this version, without a note; then nothing differs."""
    raised = request("2026-03-02 09:00", organizations=("11",))
    old = worded_before(passed(raised, REPORT))
    plan = corrected(planned(raised, REPORT, old), old, REPORT)
    assert {change.field for change in plan.fields} == {
        SlaField.RESPONSE_TARGET,
        SlaField.SLA_BASIS,
    }
    assert plan.note is None
    assert not planned(raised, REPORT, written(old, plan))


def test_new_words_count_for_no_new_promise() -> None:
    """The budget counts promises that move: under another policy than before, a reworded target moves none."""
    raised = request("2026-03-02 09:00", organizations=("11",))
    old = worded_before(passed(raised, REPORT))
    other = policy(hash="p2")
    assert not planned(raised, REPORT, old, other).rewrites
    shorter = replace(
        old,
        fields={**old.fields, SlaField.RESPONSE_TARGET: "9 h, business hours"},
    )
    assert planned(raised, REPORT, shorter, other).rewrites


def test_what_is_settled_keeps_its_words() -> None:
    """A request that was answered or closed under an earlier version is not written to for its words."""
    raised = request(
        "2026-03-02 09:00", answer("2026-03-02 10:00"), organizations=("11",)
    )
    shown = passed(raised, local("2026-03-02 10:01"))
    assert shown.ledger
    assert shown.ledger.first_response.settled
    settled = replace(
        shown.ledger.first_response.settled, basis=OLD_BASIS, target=OLD_TARGET
    )
    old = worded_before(
        replace(shown, ledger=with_kept(shown.ledger, settled=settled))
    )
    assert not planned(raised, local("2026-03-20 10:00"), old)
