"""The pages of the health port: `/livez`, `/readyz`, `/healthz` and `/metrics`.

A caller on another machine reads no key or id of a request: anybody may be able to reach the port.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from jsm_sla_bot.telemetry.health import Health

Application = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]

_REQUEST = re.compile(
    r"\b[A-Z][A-Z0-9_]+-\d+\b|(?<=\bcomment )\d+|(?<=\bon )\d{4,}|(?<=\brequest )\d+"
)
_JSON = [("Content-Type", "application/json")]


def pages(health: Health, metrics: Application) -> Application:
    """Return the application that answers them."""

    def application(
        environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/livez":
                page = _page("live", "why", health.dead())
            case "/readyz":
                page = _page("ready", "waits_for", health.waits_for())
            case "/healthz":
                page = _page("ok", "problems", health.problems())
            case "/metrics":
                return metrics(environ, start_response)
            case _:
                start_response(
                    "404 Not Found", [("Content-Type", "text/plain")]
                )
                return [b"try /livez, /readyz, /healthz or /metrics\n"]
        start_response(page.status, list(_JSON))  # the server adds to the list
        caller = environ.get("REMOTE_ADDR", "")
        return [_for(caller, page.text).encode()]

    return application


class _Page(NamedTuple):
    """An answer's status line and its JSON."""

    status: str
    text: str


def _page(question: str, reasons: str, why: Mapping[str, str]) -> _Page:
    status = "503 Service Unavailable" if why else "200 OK"
    answer = {question: not why, reasons: why}
    return _Page(status, json.dumps(answer, ensure_ascii=False))


def _for(caller: str, text: str) -> str:
    return text if _is_here(caller) else _REQUEST.sub("…", text)


def _is_here(caller: str) -> bool:
    try:
        return ip_address(caller).is_loopback
    except ValueError:
        return False
