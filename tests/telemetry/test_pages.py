"""The three questions to the health port, and what strangers are not told."""

import json
from collections.abc import Iterable
from typing import Any

import httpx
import pytest

from jsm_sla_bot.telemetry.figures import Metrics
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.pages import pages
from jsm_sla_bot.telemetry.server import HealthServer

HERE, STRANGER = "127.0.0.1", "203.0.113.9"


def nothing(_environ: Any, _start: Any) -> Iterable[bytes]:
    """Have no figures."""
    return []


def asked(
    health: Health, page: str, caller: str = HERE
) -> tuple[int, dict[str, Any]]:
    """Return the status and the answer of a page."""
    statuses: list[str] = []
    environ = {"PATH_INFO": page, "REMOTE_ADDR": caller}

    def start(status: str, *_: Any) -> Any:
        statuses.append(status)

    body = pages(health, nothing)(environ, start)
    return int(statuses[0][:3]), json.loads(b"".join(body))


def test_waiting_for_a_person_is_neither_death_nor_readiness() -> None:
    """Whoever restarts what is not alive leaves it alone; whoever sends work waits."""
    health = Health()
    health.require("policy", lambda: "first contact")
    health.wrong("budget", "first contact")
    assert asked(health, "/livez") == (200, {"live": True, "why": {}})
    assert asked(health, "/readyz") == (
        503,
        {"ready": False, "waits_for": {"policy": "first contact"}},
    )
    assert asked(health, "/healthz")[0] == 503


def test_a_loop_that_hangs_is_not_alive() -> None:
    """Only that is a reason to start the process again."""
    health = Health()
    health.depend_on("loop", lambda: "it has stood still for 90 s")
    assert asked(health, "/livez")[0] == 503


@pytest.mark.parametrize("page", ["/healthz", "/readyz"])
@pytest.mark.parametrize(
    "why",
    [
        "no notes are written since Jira showed one on SUP-12; still public: comment 10204 on 10012",
        "request 4711: 503",
        "PUT of ABC_D-7 failed",
    ],
)
def test_strangers_are_told_of_no_request(page: str, why: str) -> None:
    """They learn what is wrong; who asks on this machine learns where."""
    health = Health()
    health.wrong("notes", why)
    health.require("notes", lambda: why)
    assert why in str(asked(health, page))
    told = str(asked(health, page, STRANGER))
    for name in ("SUP-12", "10204", "10012", "4711", "ABC_D-7"):
        assert name not in told
    assert "notes" in told


@pytest.mark.parametrize("address", ["", "127.0.0.1", "::1"])
def test_the_port_is_served_where_it_was_asked_for(address: str) -> None:
    """At every address of the machine, or at one."""
    try:
        server = HealthServer(0, Health(), Metrics(), address)
    except OSError as error:
        pytest.skip(f"no such address on this machine: {error}")
    host = f"[{address}]" if ":" in address else "127.0.0.1"
    with server:
        assert (
            httpx.get(f"http://{host}:{server.port}/livez").status_code == 200
        )
