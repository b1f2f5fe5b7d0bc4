"""The pages of the health port: `/livez`, `/readyz`, `/healthz` and `/metrics`.

Whoever asks from another machine reads no key or id of a request: the port may be reachable by anybody.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
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
                told = _told("live", "why", health.dead())
            case "/readyz":
                told = _told("ready", "waits_for", health.waits_for())
            case "/healthz":
                told = _told("ok", "problems", health.problems())
            case "/metrics":
                return metrics(environ, start_response)
            case _:
                start_response("404 Not Found", [("Content-Type", "text/plain")])
                return [b"try /livez, /readyz, /healthz or /metrics\n"]
        status, text = told
        start_response(status, list(_JSON))  # the server adds to it
        return [_for(environ.get("REMOTE_ADDR", ""), text).encode()]

    return application


def _told(name: str, reasons: str, why: Mapping[str, str]) -> tuple[str, str]:
    status = "503 Service Unavailable" if why else "200 OK"
    return status, json.dumps({name: not why, reasons: why}, ensure_ascii=False)


def _for(caller: str, text: str) -> str:
    return text if _is_here(caller) else _REQUEST.sub("…", text)


def _is_here(caller: str) -> bool:
    try:
        return ip_address(caller).is_loopback
    except ValueError:
        return False
