"""What ops see: health that asks when it is asked, figures that follow the passes."""

import json
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

import httpx
import pytest

from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.logs import configure_logging
from jsm_sla_bot.telemetry.server import HealthServer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_check_is_asked_whenever_somebody_looks() -> None:
    """What is wrong only as time passes is found at the moment of the question."""
    health, wrong = Health(), list[str]()
    health.watch("passes", lambda: wrong[0] if wrong else None)
    assert health.problems() == {}
    wrong.append("no pass for 200 s")
    health.wrong("jira", "401")
    assert health.problems() == {"passes": "no pass for 200 s", "jira": "401"}
    health.right("jira")
    wrong.clear()
    assert health.problems() == {}


@pytest.mark.parametrize(("wrong", "status"), [(None, 200), ("401", 503)])
def test_the_health_page(wrong: str | None, status: int) -> None:
    """It answers 200 while all is well and 503 with the reasons while it is not."""
    health = Health()
    if wrong:
        health.wrong("jira", wrong)
    with HealthServer(0, health, Metrics()) as server:
        answer = httpx.get(f"http://127.0.0.1:{server.port}/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (status, wrong is None)


def broken_check() -> str | None:
    """Stand in for a check on a journal that is gone."""
    raise KeyError("no such table: passes")


def test_a_check_that_breaks_down_is_a_problem_itself() -> None:
    """It is reported under its subject, by the kind of error alone, and so is every other subject."""
    health = Health()
    health.watch("passes", broken_check)
    health.watch("breaker", lambda: "open")
    health.wrong("jira", "401")
    problems = health.problems()
    assert problems.keys() == {"passes", "breaker", "jira"}
    assert "KeyError" in problems["passes"]
    assert "table" not in problems["passes"]


def test_the_health_page_answers_whatever_a_check_does() -> None:
    """Even then it is JSON with 503, never a page of the library's."""
    health = Health()
    health.watch("passes", broken_check)
    with HealthServer(0, health, Metrics()) as server:
        answer = httpx.get(f"http://127.0.0.1:{server.port}/healthz")
    assert (answer.status_code, answer.json()["ok"]) == (503, False)
    assert "KeyError" in answer.json()["problems"]["passes"]


@contextmanager
def idle(server: HealthServer, said: bytes = b"") -> Iterator[socket.socket]:
    """Connect, say that much and then nothing more."""
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.sendall(said)
        yield line


@pytest.mark.slow
@pytest.mark.parametrize(
    "said",
    [b"", b"GET /heal", b"GET /healthz HTTP/1.1\r\nHost: x\r\n"],
    ids=repr,
)
def test_silent_callers_keep_nobody_waiting(
    said: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """Others are answered meanwhile; the end comes all the same, and leaves no thread, no line and no noise."""
    before = set(threading.enumerate())
    with ExitStack() as stack:
        with HealthServer(0, Health(), Metrics()) as server:
            lines = [
                stack.enter_context(idle(server, said)) for _ in range(12)
            ]
            assert (
                httpx.get(
                    f"http://127.0.0.1:{server.port}/healthz"
                ).status_code
                == 200
            )
        assert set(threading.enumerate()) <= before
        assert all(hung_up(line) for line in lines)
    assert capfd.readouterr().err == ""


def hung_up(line: socket.socket) -> bool:
    """Tell whether the other side has ended the talk, answered or not."""
    line.settimeout(20)
    try:
        while line.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_a_silent_caller_is_disconnected(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Nobody holds a thread for ever by sending nothing."""
    with (
        HealthServer(0, Health(), Metrics(), silence_seconds=0.05) as server,
        idle(server, b"GET /heal") as line,
    ):
        assert hung_up(line)
    assert capfd.readouterr().err == ""


def test_an_answer_that_hangs_does_not_hold_up_the_end() -> None:
    """A check that waits for a locked journal is left to itself."""
    health, asked, unlocked = Health(), threading.Event(), threading.Event()

    def locked() -> str:
        asked.set()
        unlocked.wait(60)
        return "late"

    health.watch("passes", locked)
    with (
        HealthServer(0, health, Metrics()) as server,
        idle(server, b"GET /healthz HTTP/1.0\r\n\r\n") as line,
    ):
        assert asked.wait(20)
        server.__exit__(None, None, None)
        assert not unlocked.is_set()
        unlocked.set()
        line.settimeout(20)
        told = b"".join(iter(lambda: line.recv(65536), b""))
    assert json.loads(told.partition(b"\r\n\r\n")[2])["problems"] == {
        "passes": "late"
    }


def test_a_librarys_warning_is_a_line_of_ours(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Each line of the log is JSON, also where a library has something to say; its values stay out."""
    configure_logging("json", "INFO")
    logging.getLogger("sqlalchemy.pool").warning(
        "connection of %s is lost", "a customer"
    )
    logging.getLogger("apscheduler.scheduler").warning(
        "maximum number of running instances reached"
    )
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert [(line["name"], line["message"]) for line in lines] == [
        ("sqlalchemy.pool", "connection of %s is lost")
    ]
