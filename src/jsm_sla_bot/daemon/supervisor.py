"""What the daemon tells the machine's service manager: that it is ready, that it works, that it ends.

The protocol is systemd's (sd_notify): a datagram with `READY=1`, `WATCHDOG=1` or `STOPPING=1` to the socket that
`NOTIFY_SOCKET` names. Where none is named, as in a container, nothing is told.
"""

import socket
from collections.abc import Callable, Mapping

Tell = Callable[[str], None]

READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1"


def supervisor(environ: Mapping[str, str]) -> Tell:
    """Return what tells the service manager of this environment a state; it raises nothing."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return tell_nobody

    def tell(state: str) -> None:
        _send(address, state)

    return tell


def tell_nobody(state: str) -> None:
    """Tell nobody."""


def _send(address: str, state: str) -> None:
    """Send a state. One that is lost is no harm: the next turn of the loop sends another, and a watchdog notices."""
    # A name in the abstract namespace is written with @ and begins with a zero byte.
    name = address.replace("@", "\0", 1) if address[0] == "@" else address
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        try:
            sender.sendto(state.encode(), name)
        except OSError:
            return
