"""The two ways of giving no answer: to hang until the caller gives up, and to cut the connection."""

from __future__ import annotations

import socket
import struct

from starlette.types import Message, Receive, Scope


async def wait_for_hang_up(receive: Receive) -> None:
    """Send nothing until the caller gives up."""
    message: Message = {"type": ""}
    while message["type"] != "http.disconnect":
        message = await receive()


def cut_off(scope: Scope) -> None:
    """Cut the connection without an answer."""
    transport = scope["state"]["transport"]
    connection = transport.get_extra_info("socket")
    if connection is not None:
        at_once = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    transport.abort()
