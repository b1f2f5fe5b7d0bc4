"""What the service manager hears, over a real socket."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from jsm_sla_bot.daemon.scheduler import Daemon, Pace
from jsm_sla_bot.daemon.supervisor import supervisor
from tests.daemon.test_daemon import CLOCK, Crew


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["path", "abstract"])
def test_it_hears_the_start_each_turn_and_the_end(
    tmp_path: Path, kind: str
) -> None:
    """READY once, WATCHDOG at the turns of the loop, STOPPING once: at a socket's path or in the abstract namespace."""
    path = f"{tmp_path}/notify"
    address, shown = {
        "path": (path, path),
        "abstract": (f"\0{path}", f"@{path}"),
    }[kind]
    crew = Crew()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        manager.settimeout(20)
        tell = supervisor({"NOTIFY_SOCKET": shown})
        made = Daemon(
            crew, crew, CLOCK, Pace(timedelta(seconds=1.2)), tell=tell
        )
        crew.does["changed"] = made.stop
        made.run()
        heard = [manager.recv(64).decode() for _ in range(3)]
    assert heard == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


@pytest.mark.parametrize("address", ["", "nowhere", "/no/such/socket"])
def test_nobody_listening_is_no_trouble(address: str) -> None:
    """Without a service manager, or with one that is gone, the daemon goes on."""
    supervisor({"NOTIFY_SOCKET": address})("READY=1")
    supervisor({})("READY=1")
