"""The doctor on a site: nothing is found on a good one, and each planted fault is found by the check of its name."""

import json
import re
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from jsm_sandbox.faults import orders as ordered
from jsm_sandbox.play.administration import (
    open_project,
)
from jsm_sla_bot.app import site_setup
from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.doctor.checks import CHECKS
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.verdict import Grade
from jsm_sla_bot.jsm.http.retry import Patience
from tests.scenarios.forks import forked
from tests.scenarios.site_faults import (
    FAULTS,
    other_work_type,
    put_in_reverse,
    raise_requests,
    switched,
)
from tests.scenarios.world import World

MOST_CALLS = 40
MOST_SECONDS = 15
PATIENCE = 60
"""So many seconds a process may take at most."""


@pytest.fixture
def good(desk: World) -> World:
    """Open a desk on which nothing is wrong: an open and a done request, and every organization has a tier."""
    organizations = desk.config / "organizations.yaml"
    text = organizations.read_text()
    organizations.write_text(
        f"{text}\n  - id: 19\n    name: Unmapped Ltd\n    tier: Knowledge\n"
    )
    policy = desk.config / "policy.yaml"
    text = policy.read_text()
    policy.write_text(
        text.replace(
            "  - CyberFlex\n", "  - CyberFlex\n  - Specops Password Policy\n"
        )
    )
    raise_requests(desk, "SUP")
    return desk


def examined(desk: World, **settings: str) -> Found:
    """Make every check on the desk."""
    options = desk.options(patience=Patience(retries=0))
    return site_setup.examined(
        desk.settings(**settings), CHECKS, lambda _: None, options, desk.hands
    )


def findings(found: Found) -> dict[str, Grade]:
    """Return the grade of each check that found something."""
    return {
        check.name: verdict.grade
        for check, verdict in found
        if verdict.is_finding
    }


def test_on_a_good_site_nothing_is_found(good: World) -> None:
    """Every check is made; what only administrators see (the trash) hides none."""
    found = examined(good)
    assert {check.name: str(verdict.grade) for check, verdict in found} == {
        check.name: "ok" for check in CHECKS
    }


def _native(desk: World, key: str) -> Any:
    """Return the clock of Jira's own, as the desk shows it."""
    return desk.request(key)["fields"]["Time to first response"]


def test_a_native_clock_that_public_notes_stop(good: World) -> None:
    """D12: the doctor warns as soon as a kind is on, and rightly: the clock takes the bot's note for an answer."""
    policy = good.config / "policy.yaml"
    policy.write_text(f"{policy.read_text()}\nnotes: {{registered: true}}\n")
    assert findings(examined(good)) == {"native-sla": Grade.WARNING}
    key = good.tracker.raise_request(organization=12, severity=2)
    assert not _native(good, key)["completedCycles"]
    good.wait(minutes=1)
    good.sweep()
    assert _native(good, key)["completedCycles"]
    assert good.shows(key, "Response SLA") == "Running"


def test_three_projects_take_forty_calls_at_most(good: World) -> None:
    """The survey reads only, and leaves portal forms out before it asks too often."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        raise_requests(good, key)
    good.forget_calls()
    found = examined(good)
    calls = good.calls()
    assert not findings(found)
    assert len(calls) <= MOST_CALLS
    reading = {"/rest/api/3/search/jql", "/rest/api/3/permissions/check"}
    assert {
        call["path"] for call in calls if call["method"] != "GET"
    } <= reading


def test_requests_of_several_work_types_are_looked_at(good: World) -> None:
    """They may have screens of their own; on a good site nothing is found, still in forty calls."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        raise_requests(good, key)
    other_work_type(good)
    good.forget_calls()
    assert not findings(examined(good))
    calls = [each["path"] for each in good.calls()]
    assert any(each.endswith("/editmeta") for each in calls)
    assert len(calls) <= MOST_CALLS


def test_the_verb_looks_at_three_projects_in_fifteen_seconds(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As ops run it, at the pace at which it asks a real site."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        raise_requests(good, key)
    other_work_type(good)
    good.forget_calls()
    begun = time.monotonic()
    result = doctor(good, monkeypatch)
    assert result.exit_code == 0, result.output
    assert time.monotonic() - begun <= MOST_SECONDS
    assert len(good.calls()) <= MOST_CALLS


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_by_the_check_of_its_name(
    good: World, name: str
) -> None:
    """It is said with its remedy, and no other check finds anything."""
    fault = FAULTS[name]
    fault.plant(good)
    found = examined(good, **fault.settings)
    assert findings(found) == fault.found
    said = [
        each
        for check, verdict in found
        if check.name in fault.found
        for each in verdict.details
    ]
    assert any(fault.words in each.what for each in said)
    assert all(each.remedy for each in said)


def doctor(
    desk: World, monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> Result:
    """Run the verb as ops do."""
    for name, text in desk.variables().items():
        monkeypatch.setenv(name, text)
    monkeypatch.setattr(
        "jsm_sla_bot.app.site_setup.SystemClock", lambda: desk.hands
    )
    return CliRunner().invoke(command_line("doctor"), ["doctor", *arguments])


def test_the_verb_ends_with_a_sentence(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line a check; exit code 0 on a good site, 2 with findings, which carry their remedies."""
    run = doctor(good, monkeypatch)
    assert (run.exit_code, run.stdout.splitlines()[-1]) == (
        0,
        "Nothing is wrong.",
    )
    put_in_reverse(good)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 2
    assert "provision moves them" in run.stdout
    assert "0 problems, 1 warning: " in run.stdout.splitlines()[-1]


def test_one_check_is_made_by_name_and_as_json(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A group does as well; an unknown name is one sentence with the nearest; nothing is asked for a list."""
    run = doctor(good, monkeypatch, "clock", "--json")
    assert run.exit_code == 0
    shown: dict[str, Any] = json.loads(run.stdout)
    assert [each["name"] for each in shown["checks"]] == ["clock"]
    assert shown["ok"] is True
    good.forget_calls()
    run = doctor(good, monkeypatch, "clok")
    assert run.exit_code == 1
    assert "did you mean clock?" in run.output
    run = doctor(good, monkeypatch, "--list")
    assert all(check.name in run.stdout for check in CHECKS)
    assert not good.calls()


def test_a_site_that_does_not_answer_is_exit_code_one(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It could not look, and says why in one sentence."""
    good.goes_wrong("GET .*/serverInfo", "404", times=0)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 1
    assert "serverInfo" in run.output


def test_every_form_of_three_projects_is_looked_at(good: World) -> None:
    """Forms come with the list of request types: a call for each desk, and not one for each form."""
    for key in ("OPS", "LAB"):
        open_project(good.tracker, key, key)
        raise_requests(good, key)
    switched(forms_lack=["Ask a question/Severity"])(good)
    found = examined(good)
    details = {
        check.name: verdict.details
        for check, verdict in found
        if verdict.is_finding
    }
    assert [*details] == ["portal-forms"]
    assert len(details["portal-forms"]) == 3


def test_what_can_not_be_looked_at_is_no_good_sign(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site that answers in part is exit code 1, and the closing sentence names the checks that it kept dark."""
    good.goes_wrong("GET .*/editmeta", "403", times=0)
    run = doctor(good, monkeypatch)
    assert run.exit_code == 1
    closing = run.stdout.splitlines()[-1]
    assert closing.startswith("Nothing was found, but the site did not answer")
    assert "field-editing" in closing
    run = doctor(good, monkeypatch, "--json")
    assert json.loads(run.stdout)["ok"] is False


def test_a_write_test_leaves_nothing_behind(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of write goes well and is undone: fields, properties and comments are as before."""
    before = good.request("SUP-1")
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 0, run.output
    after = good.request("SUP-1")
    for part in ("fields", "properties", "comments"):
        assert after[part] == before[part]
    good.goes_wrong("PUT .*/issue/SUP-1$", "400", times=0)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2


PARTS = ("fields", "properties", "comments")


@pytest.mark.parametrize("kind", ["reset", "reset-after", "403"])
@pytest.mark.parametrize(
    "call",
    [
        "PUT .*/issue/SUP-1$",
        "PUT .*/properties/",
        "DELETE .*/properties/",
        "POST .*/comment",
        "GET .*/comment/",
        "DELETE .*/comment/",
    ],
)
def test_a_write_test_that_is_refused_half_way_takes_everything_back(
    good: World, call: str, kind: str
) -> None:
    """Whichever call fails once, carried out or not, the request is as before, and a refusal is a finding."""
    before = good.request("SUP-1")
    good.goes_wrong(call, kind, times=1)
    options = good.options()
    trials = site_setup.tried(good.settings(), "SUP-1", options)
    good.goes_well()
    has_failed = any(each.failed for each in trials)
    is_before_the_test = call == "DELETE .*/properties/"
    is_repeated = kind != "403" and not call.startswith("POST")
    assert has_failed != (is_before_the_test or is_repeated)
    after = good.request("SUP-1")
    assert [after[part] for part in PARTS] == [before[part] for part in PARTS]


def test_a_write_test_that_was_killed_is_cleared_up_by_the_next(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A property and a comment of a test that could not end are found by their words and deleted."""
    before = good.request("SUP-1")
    good.goes_wrong("DELETE ", "403", times=0)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2
    left = good.request("SUP-1")
    assert left["properties"] != before["properties"]
    assert len(left["comments"]) == len(before["comments"]) + 1
    good.goes_well()
    good.wait(minutes=1)
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 0, run.output
    after = good.request("SUP-1")
    for part in ("properties", "comments"):
        assert after[part] == before[part]


def test_a_write_test_of_no_request_is_one_sentence(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names the key that was asked for, and nothing was written."""
    good.forget_calls()
    run = doctor(good, monkeypatch, "--write-test", "NOPE-1")
    assert run.exit_code == 1
    assert "there is no request NOPE-1" in run.output
    assert {each["method"] for each in good.calls()} == {"GET"}


def _stop_at(desk: World, call: re.Pattern[str]) -> threading.Event:
    """Let the first such call get no answer, and say when it has come."""
    faults = desk.tracker.faults
    take = faults.next_for
    has_come = threading.Event()

    def next_for(
        method: str, path: str, is_about: Callable[[str], bool]
    ) -> ordered.Fault | None:
        if not has_come.is_set() and call.search(f"{method} {path}"):
            faults.place({"match": "", "kind": "timeout", "times": 1})
            has_come.set()
        return take(method, path, is_about)

    faults.next_for = next_for  # type: ignore[method-assign]
    return has_come


@pytest.mark.slow
def test_a_write_test_that_is_told_to_end_takes_everything_back(
    good: World,
) -> None:
    """SIGTERM between the comment and its deletion: the process ends, and nothing of the test is left."""
    before = good.request("SUP-1")
    is_asked = _stop_at(good, re.compile(r"GET .*/comment/\d+$"))
    words = ["doctor", "--write-test", "SUP-1"]
    process = forked(words, good.command("doctor").environ)
    assert is_asked.wait(PATIENCE)
    process.terminate()
    process.join(PATIENCE)
    after = good.request("SUP-1")
    for part in ("properties", "comments"):
        assert after[part] == before[part]
    assert process.exitcode not in {None, 0, -signal.SIGTERM}


def test_a_write_test_writes_no_comment_without_a_licence(
    good: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without one every comment is public, and mails the customer: it is not tried."""
    switched(agent_licence=False)(good)
    good.forget_calls()
    run = doctor(good, monkeypatch, "--write-test", "SUP-1")
    assert run.exit_code == 2
    assert "no agent in project SUP" in run.output
    posts = [each for each in good.calls() if each["method"] == "POST"]
    assert not [each for each in posts if "comment" in each["path"]]


def test_a_clock_of_the_same_minute_is_no_finding(good: World) -> None:
    """A few seconds are no skew."""
    switched(clock_skew=20.0)(good)
    assert not findings(examined(good))
    good.hands.instant += timedelta(seconds=1)
