from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from jsm_sandbox.play.board import state
from jsm_sandbox.play.player import Player
from jsm_sandbox.play.seed import sow
from jsm_sandbox.play.tracker import Tracker
from jsm_sandbox.state.custom_fields import Shape
from jsm_sandbox.state.requests import Issue
from tests.sandbox.callers import Clock


def _facts(tracker: Tracker) -> list[tuple[object, ...]]:
    return [
        (
            i.key,
            i.created,
            i.updated,
            i.fields,
            len(i.comments),
            len(i.history),
        )
        for i in tracker.issues.values()
    ]


def test_the_same_seed_tells_the_same_story(clock: Clock) -> None:
    """Two sites of one seed and instant are alike; another seed tells another story."""
    sites = [Tracker(now=clock, seed=seed) for seed in (7, 7, 8)]
    for each in sites:
        sow(each, 60)
    assert _facts(sites[0]) == _facts(sites[1]) != _facts(sites[2])


@pytest.mark.parametrize("requests", [0, 1, 7, 60, 200])
def test_as_many_requests_as_asked(tracker: Tracker, requests: int) -> None:
    """The desk has seen as many requests as asked for, keys in the order of their reports."""
    sow(tracker, requests)
    assert len(tracker.issues) == requests
    assert all(
        each.created <= each.updated <= tracker.now()
        for each in tracker.issues.values()
    )


def test_the_desk_has_seen_everything(tracker: Tracker) -> None:
    """Every status, severity, part, channel and kind of organisation occurs."""
    sow(tracker, 120)
    told = state(tracker)["requests"]
    assert len({each["status"] for each in told}) == 7
    assert len({each["fields"]["Severity"] for each in told}) == 5
    assert {len(each["fields"]["Organizations"]) for each in told} == {0, 1, 2}
    assert {c["role"] for each in told for c in each["comments"]} == {
        "agent",
        "customer",
        "automation",
    }
    assert {c["public"] for each in told for c in each["comments"]} == {
        True,
        False,
    }
    assert {
        each["properties"]["request.channel.type"]["value"] for each in told
    } == {
        "portal",
        "email",
        "chat",
    }
    assert any(
        item["field"] == "Severity"
        for each in told
        for h in each["history"]
        for item in h["items"]
    )
    assert any(
        item["from"] == "Resolved"
        for each in told
        for h in each["history"]
        for item in h["items"]
    )
    assert any(each["fields"]["Customer called at"] for each in told)


def test_nothing_is_left_of_the_bot(tracker: Tracker) -> None:
    """A fresh desk carries nothing that the bot would have written."""
    sow(tracker, 60)
    own = [
        each.id
        for each in tracker.site.fields
        if each.custom
        and each.number.isdecimal()
        and int(each.number) >= 10008
    ]

    def blank(issue: Issue) -> bool:
        return all(issue.fields.get(each) is None for each in own)

    assert len(own) == 6
    assert all(blank(each) for each in tracker.issues.values())


def test_people_play_on(tracker: Tracker) -> None:
    """The player does all sorts of things, and the same ones for the same seed."""
    sow(tracker, 20)
    deeds = [Player(tracker).step() for _ in range(1)] + [
        Player(tracker, seed=n).step() for n in range(200)
    ]
    verbs = {deed.rpartition(" ")[0] for deed in deeds}
    assert {
        "answered",
        "taken on",
        "phoned about",
        "followed up on",
        "noted on",
    } <= verbs
    assert len(tracker.issues) > 20


def test_every_shape_has_a_field(tracker: Tracker) -> None:
    """Every shape is on the site but the loose one, which only files bring, and a date, which an administrator adds."""
    assert {each.shape for each in tracker.site.fields} == set(Shape) - {
        Shape.LOOSE,
        Shape.DATE,
    }


def _start(*options: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "jsm_sandbox", "--port", "0", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


@pytest.mark.slow
def test_the_command_serves_and_ends_on_request() -> None:
    """The command says when it is ready, lets people play, and ends cleanly on SIGTERM."""
    process, line = _start(
        "--requests", "3", "--play", "--play-interval", "0.05"
    )
    with process:
        assert line.startswith("sandbox ready at http://127.0.0.1:")
        assert line.endswith(" (queue page at /)")
        url = line.split()[3]
        versions = set()
        for _ in range(40):
            versions.add(
                httpx.get(f"{url}/_sandbox/queue.json").json()["version"]
            )
            if len(versions) > 2:
                break
            time.sleep(0.05)
        assert len(versions) > 2
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


@pytest.mark.slow
def test_the_command_refuses_a_bad_file(tmp_path: Path) -> None:
    """A file that can't be served ends the command with one sentence and status 1."""
    file = tmp_path / "empty.json"
    file.write_text("{}", encoding="utf-8")
    process, line = _start("--from", str(file))
    with process:
        assert line == ""
        assert process.wait(5) == 1
        assert process.stderr is not None
        assert len(process.stderr.read().strip().splitlines()) == 1
