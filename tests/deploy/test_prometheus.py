"""A real Prometheus scrapes a living daemon, with the rules loaded: it is silent while all is well, else loud."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from jsm_sla_bot.daemon.clock import SystemClock
from tests.scenarios.world import World, world

PROMETHEUS = shutil.which("prometheus")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        PROMETHEUS is None,
        reason="prometheus is not installed (Debian: apt install prometheus)",
    ),
]
PATIENCE = 40.0
"""So many seconds the test waits for what has to come."""
CONFIGURATION = """
global: {{scrape_interval: 500ms, scrape_timeout: 400ms, evaluation_interval: 500ms}}
rule_files: [{rules}]
scrape_configs:
  - job_name: jsm-sla-bot
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[World]:
    """A desk whose clock shows about what the machine's does."""
    with world(tmp_path, SystemClock().now().isoformat()) as opened:
        yield opened


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def daemon(
    desk: World, port: int, first_contact: str = "allow"
) -> Iterator[None]:
    """Run the daemon as a process of its own."""
    command = desk.command(
        "run", HEALTH_PORT=str(port), FIRST_CONTACT=first_contact
    )
    with subprocess.Popen(
        command.words,
        env=command.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.kill()


@contextmanager
def prometheus(root: Path, folder: Path, port: int) -> Iterator[str]:
    """Run Prometheus with the rules, which here wait for nothing, and give its address."""
    rules = (root / "deploy" / "prometheus" / "rules.yaml").read_text("utf-8")
    at_once = folder / "rules.yaml"
    at_once.write_text(re.sub(r"for: \w+", "for: 0s", rules), "utf-8")
    file = folder / "prometheus.yml"
    file.write_text(CONFIGURATION.format(rules=at_once, port=port), "utf-8")
    own = f"127.0.0.1:{free_port()}"
    words = [
        str(PROMETHEUS),
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'figures'}",
        f"--web.listen-address={own}",
        "--log.level=error",
    ]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://{own}"
        finally:
            process.kill()


def asked(address: str, page: str, **parameters: str) -> dict[str, list[Any]]:
    """What Prometheus answers; nothing while it does not."""
    try:
        answer = httpx.get(f"{address}/api/v1/{page}", params=parameters)
    except httpx.TransportError:
        return {}
    if not answer.is_success:  # it answers before it is ready
        return {}
    found: dict[str, list[Any]] = answer.json().get("data") or {}
    return found


def firing(address: str) -> set[str]:
    """The names of the alerts that fire."""
    alerts = asked(address, "alerts").get("alerts", [])
    return {alert["labels"]["alertname"] for alert in alerts}


def swept(address: str) -> bool:
    """Whether Prometheus has read that a sweep has succeeded."""
    name = 'jsm_sla_bot_last_success_timestamp_seconds{kind="sweep"}'
    return bool(asked(address, "query", query=name).get("result"))


def comes(what: Callable[[], bool]) -> bool:
    """Wait until something is so; tell whether it came."""
    ends = time.monotonic() + PATIENCE
    pause = Event()
    while time.monotonic() < ends:
        if what():
            return True
        pause.wait(0.2)
    return False


def test_it_is_silent_on_a_quiet_day_and_says_when_the_daemon_is_gone(
    desk: World, root: Path, tmp_path: Path
) -> None:
    """No rule fires beside a daemon that does its work; the first one does when it is killed."""
    desk.tracker.raise_request(organization=12, severity=4)
    port = free_port()
    with prometheus(root, tmp_path, port) as address:
        with daemon(desk, port):
            assert comes(lambda: swept(address))
            assert comes(lambda: not firing(address))
        assert comes(lambda: "SlaBotAbsent" in firing(address))


def test_it_says_that_a_policy_waits_for_a_person(
    desk: World, root: Path, tmp_path: Path
) -> None:
    """A first contact that has to be allowed: that alert, and no other of the daemon's that wakes somebody at once."""
    desk.tracker.raise_request(organization=12, severity=4)
    port = free_port()
    with (
        prometheus(root, tmp_path, port) as address,
        daemon(desk, port, first_contact="ask"),
    ):
        assert comes(lambda: "SlaBotPolicyHeldBack" in firing(address))
        assert "SlaBotJournal" not in firing(address)
        assert "SlaBotAuthentication" not in firing(address)
