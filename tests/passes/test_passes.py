"""Passes beside each other, passes over a site in trouble, passes under a policy that nobody has let through."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from jsm_sla_bot import app
from jsm_sla_bot.daemon.configuration import rules_of
from jsm_sla_bot.passes import one_pass
from jsm_sla_bot.passes.breaker import FIRST_REST
from jsm_sla_bot.passes.permission import allow
from jsm_sla_bot.plan.change import Plan
from jsm_sla_bot.ports.journal import AllowedPolicy, HeldBack
from jsm_sla_bot.ports.site import ChangeSink, Receipt
from tests.scenarios.world import World


@dataclass
class Before:
    """A sink that lets something happen just before each plan is written."""

    sink: ChangeSink
    happens: Callable[[Plan], object]
    seen: list[Plan] = field(default_factory=list)

    def apply(self, plan: Plan) -> Receipt:
        """Let it happen, then write."""
        self.seen.append(plan)
        self.happens(plan)
        return self.sink.apply(plan)

    def standing(
        self, request_id: str, claimed: Mapping[str, str]
    ) -> Mapping[str, str]:
        """Leave that as it is."""
        return self.sink.standing(request_id, claimed)

    def tidy(self, request_id: str) -> int:
        """Leave that as it is."""
        return self.sink.tidy(request_id)


def interpose(made: app.Bot, happens: Callable[[Plan], object]) -> Before:
    """Put something between the passes and the site."""
    sink = Before(made.connection.sink, happens)
    made.reconciler.adopt(
        rules_of(made.configuration), made.connection.source, sink
    )
    return sink


def raised(desk: World, count: int, **told: Any) -> list[str]:
    """Raise so many requests."""
    given = {"organization": 12, "severity": 3, **told}
    return [desk.tracker.raise_request(**given) for _ in range(count)]


def puts(desk: World) -> int:
    """Count the writes of fields that the site has received."""
    return sum(call["method"] == "PUT" for call in desk.calls())


def test_a_due_pass_overtakes_a_hanging_write(desk: World) -> None:
    """While one pass hangs in a write, another writes the breach of another request."""
    [due] = raised(desk, 1, severity=1, product="Outscan NX")
    with desk.bot() as made:
        made.reconciler.sweep()
        [slow] = raised(desk, 1)
        hanging, release = Event(), Event()

        def hang(plan: Plan) -> None:
            if plan.key == slow:
                hanging.set()
                release.wait(20)

        interpose(made, hang)
        other = Thread(target=made.reconciler.changed)
        other.start()
        assert hanging.wait(20)
        desk.wait(hours=24, seconds=1)
        made.reconciler.due()
        assert desk.shows(due, "Response SLA") == "Breached"
        assert desk.shows(slow, "Response SLA") is None
        release.set()
        other.join(20)
    assert desk.shows(slow, "Response SLA") == "Running"


def test_a_plan_that_another_pass_has_overtaken_is_made_anew(
    desk: World,
) -> None:
    """What one pass planned before another wrote the same request is read and planned again, not written."""
    first, second = raised(desk, 2, severity=1, product="Outscan NX")
    with desk.bot(WORKERS="1") as made:
        made.reconciler.sweep()
        desk.wait(hours=24, seconds=1)
        overtaken: list[str] = []

        def overtake(plan: Plan) -> None:
            if not overtaken:
                other = second if plan.key == first else first
                overtaken.append(other)
                desk.tracker.comment(
                    other, "We are on it.", as_="Mia Lindqvist"
                )
                made.reconciler.changed()

        sink = interpose(made, overtake)
        made.reconciler.due()
        [plan] = [each for each in sink.seen if each.key == overtaken[0]]
    assert plan.note is None
    assert desk.shows(overtaken[0], "Response SLA") == "Met late"
    assert desk.notes(overtaken[0]) == []


def test_a_plan_that_time_has_overtaken_is_made_anew(desk: World) -> None:
    """A due time that passes while a long pass is at work shows as breached at once, not as it was planned."""
    raised(desk, 2, severity=1, product="Outscan NX")
    with desk.bot(WORKERS="1") as made:
        moved: list[Plan] = []

        def move(plan: Plan) -> None:
            moved.append(plan)
            if len(moved) == 1:
                desk.wait(hours=25)

        interpose(made, move)
        made.reconciler.sweep()
        assert sorted(
            desk.shows(key, "Response SLA") for key in ("SUP-1", "SUP-2")
        ) == ["Breached", "Running"]
        made.reconciler.due()
    assert [desk.shows(key, "Response SLA") for key in ("SUP-1", "SUP-2")] == [
        "Breached"
    ] * 2


def test_a_sweep_writes_as_it_reads(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a policy that was let through, a chunk is written before the next is read."""
    monkeypatch.setattr(one_pass, "CHUNK", 4)
    with desk.bot() as made:
        made.reconciler.sweep()
        raised(desk, 12)
        desk.forget_calls()
        made.reconciler.sweep()
    told = [
        call
        for call in desk.calls()
        if call["method"] == "PUT" or call["path"].endswith("issue/bulkfetch")
    ]
    kinds = "".join("w" if call["method"] == "PUT" else "r" for call in told)
    assert kinds == "rwwww" * 3


def test_a_small_desk_is_read_once(desk: World) -> None:
    """The first pass ever counts and writes from one reading: one search, one bulk read, one PUT for each."""
    raised(desk, 60)
    desk.sweep()
    paths = [call["path"].rpartition("/")[2] for call in desk.calls()]
    assert (paths.count("jql"), puts(desk)) == (1, 60)
    assert (
        sum(call["path"].endswith("issue/bulkfetch") for call in desk.calls())
        == 1
    )


def test_an_outage_of_all_writes_sets_nobody_aside(desk: World) -> None:
    """When no request at all can be written, it is the site: the pass stops, and goes on after a rest."""
    raised(desk, 60)
    desk.goes_wrong("PUT .*/issue/", "503", times=0)
    with desk.bot() as made:
        assert "outage" in str(made.reconciler.sweep().failed)
        assert made.journal.set_aside_requests() == []
        tried = puts(desk)
        assert "outage" in str(made.reconciler.sweep().failed)
        assert puts(desk) == tried
        httpx.delete(f"{desk.url}/_sandbox/faults")
        desk.wait(seconds=FIRST_REST.total_seconds())
        assert made.reconciler.sweep().writes == 60


def test_the_watermark_stays_when_a_pass_was_not_finished(desk: World) -> None:
    """What a stopped pass has left is found by the next."""
    raised(desk, 3)
    with desk.bot() as made:
        made.reconciler.sweep()
        before = made.journal.watermark()
        desk.wait(minutes=10)
        raised(desk, 3)
        interpose(made, lambda _: made.reconciler.stop())
        made.reconciler.changed()
        assert made.journal.watermark() == before
    with desk.bot() as made:
        made.reconciler.changed()
    assert [
        desk.shows(f"SUP-{number}", "Response SLA") for number in range(1, 7)
    ] == ["Running"] * 6


def test_requests_that_vanish_all_at_once_are_not_believed_to_be_gone(
    desk: World,
) -> None:
    """A lost permission looks like a desk without requests: nothing is forgotten until a person says so."""
    keys = raised(desk, 8)
    with desk.bot() as made:
        made.reconciler.sweep()
        for key in keys[:6]:
            desk.tracker.delete(key)
        assert "6 of 8" in str(made.reconciler.sweep().failed)
        assert len(made.journal.open_ids()) == 8
        allowed = allow(made.journal, made.configuration.policy.hash)
        assert len(list(allowed.sentences())) == 1
        assert made.reconciler.sweep().failed is None
        assert len(made.journal.open_ids()) == 2


def test_a_few_that_are_gone_are_forgotten(desk: World) -> None:
    """A request that was deleted is looked for most of an hour before that is believed."""
    keys = raised(desk, 3)
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.tracker.delete(keys[0])
        for minutes in (1, 2, 2, 5, 5, 10, 10, 20, 30):
            assert len(made.journal.open_ids()) == 3
            assert made.reconciler.sweep().failed is None
            desk.wait(minutes=minutes)
        assert len(made.journal.open_ids()) == 2
        assert made.journal.set_aside_requests() == []


def test_a_request_that_was_hidden_for_a_moment_shows_its_breach_in_time(
    desk: World,
) -> None:
    """One 404 is no deletion: what falls due meanwhile is shown as soon as the request can be seen again."""
    keys = raised(desk, 3, severity=1)
    with desk.bot() as made:
        made.reconciler.sweep()
        hidden = desk.tracker.issues.pop(desk.tracker.issue(keys[0]).id)
        desk.wait(minutes=5)
        made.reconciler.sweep()
        desk.tracker.issues[hidden.id] = hidden
        desk.wait(hours=24)
        made.reconciler.due()
    assert [desk.shows(key, "Response SLA") for key in keys] == [
        "Breached"
    ] * 3


def tighten(desk: World) -> None:
    """Slip in the policy: 24 business hours become 2."""
    path = desk.config / "policy.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "24 business hours", "2 business hours"
        ),
        "utf-8",
    )


def test_a_policy_over_its_budget_is_held_back_from_the_start(
    desk: World,
) -> None:
    """A process that starts under such a policy, and knows no earlier one, writes nothing at all, in any pass."""
    raised(desk, 30)
    desk.sweep()
    tighten(desk)
    for file in desk.folder.glob("journal.db*"):
        file.unlink()
    desk.wait(days=9)
    desk.forget_calls()
    with desk.bot() as made:
        for run in (made.reconciler.sweep, made.reconciler.changed):
            report = run()
            made.reported(report)
            assert "30 of 30" in str(report.refused)
            assert "budget" in made.health.problems()
    assert puts(desk) == 0


def test_a_person_lets_it_through_once(desk: World) -> None:
    """After `allow` the refused policy is written at the next poll; the word is used up then."""
    keys = raised(desk, 30)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        before = desk.shows(keys[0], "Response due")
        tighten(desk)
        assert made.sweep_owed()
        made.reported(made.reconciler.sweep())
        assert not made.sweep_owed()
        refused = made.journal.recall(HeldBack)
        assert refused is not None
        assert allow(made.journal, refused.policy)
        assert made.sweep_owed()
        report = made.reconciler.sweep()
        made.reported(report)
        assert (report.refused, report.writes) == (None, 30)
        assert made.health.problems() == {}
        assert made.journal.recall(AllowedPolicy) is None
    assert desk.shows(keys[0], "Response due") < before


def test_a_refused_policy_does_not_trickle_in(desk: World) -> None:
    """While a sweep counts a new policy, other passes go by the one before it."""
    raised(desk, 30)
    with desk.bot() as made:
        made.reported(made.reconciler.sweep())
        tighten(desk)
        made.sweep_owed()
        [key] = raised(desk, 1)
        made.reconciler.changed()
        assert desk.shows(key, "Response target") == "24 h, business hours"


def test_a_first_contact_waits_for_a_word_where_it_is_asked_to(
    desk: World,
) -> None:
    """With the setting `ask` a desk without any ledger is not written to before `allow`."""
    raised(desk, 3)
    with desk.bot(FIRST_CONTACT="ask") as made:
        report = made.reconciler.sweep()
        assert "first contact" in str(report.refused)
        assert puts(desk) == 0
        assert allow(made.journal, made.configuration.policy.hash)
        assert made.reconciler.sweep().writes == 3
    for file in desk.folder.glob("journal.db*"):
        file.unlink()
    with desk.bot(FIRST_CONTACT="ask") as made:
        assert made.reconciler.sweep().refused is None


def test_a_note_that_stands_twice_is_deleted_once(desk: World) -> None:
    """Of a note that two daemons wrote, the younger is found by its marker and deleted; the elder stays."""
    [key] = raised(desk, 1, severity=1, product="Outscan NX")
    with desk.bot() as made:
        made.reconciler.sweep()
    desk.wait(hours=24, seconds=1)
    with desk.bot() as made:
        interpose(made, lambda plan: second(desk))
        made.reconciler.due()
    assert len(desk.notes(key)) == 2
    assert (
        desk.request(key)["comments"][0]["id"]
        < desk.request(key)["comments"][1]["id"]
    )
    elder = desk.request(key)["comments"][0]["id"]
    with desk.bot() as made:
        made.reconciler.sweep()
        assert [one["id"] for one in desk.request(key)["comments"]] == [elder]
        desk.wait(seconds=1)
        desk.forget_calls()
        made.reconciler.sweep()
    assert [
        call for call in desk.calls() if call["method"] in ("PUT", "DELETE")
    ] == []


def second(desk: World) -> None:
    """Let a second daemon, with a journal of its own, write the same at the same time."""
    with desk.bot(
        JOURNAL_URL=f"sqlite:///{desk.folder / 'second.db'}"
    ) as other:
        other.reconciler.sweep()


def test_the_watermark_is_the_sites_time_of_the_begin(desk: World) -> None:
    """A pass that was applied moves the watermark to when it began."""
    raised(desk, 1)
    with desk.bot() as made:
        began = desk.hands.now()
        interpose(made, lambda _: desk.wait(minutes=7))
        made.reconciler.sweep()
        watermark = made.journal.watermark()
        assert watermark is not None
        assert abs(watermark - began) < timedelta(seconds=1)


@pytest.mark.slow
def test_what_the_index_gave_very_late_is_found_within_the_hour(
    desk: World,
) -> None:
    """After bulk operations the search lags for longer than the overlap: once an hour a pass looks further back."""
    with desk.bot() as made:
        made.reconciler.sweep()
        desk.tracker.switches.index_lag = 420.0
        [key] = raised(desk, 1)
        for _ in range(2 * 65):
            desk.wait(seconds=30)
            made.reconciler.changed()
    assert desk.shows(key, "Response SLA") == "Running"
