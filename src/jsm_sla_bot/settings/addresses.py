"""The addresses of the site and of the journal. Neither is ever quoted: somebody may have put a password into it."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from jsm_sla_bot.settings.given import Given, variable

GATEWAY = "api.atlassian.com"
SUCH_AS = "such as https://example.atlassian.net"
_GATEWAY_PATH = re.compile(r"/ex/jira/[^/]+")
_BEHIND_THE_PASSWORD = re.compile(r"[^@]*(\?[^=@]+=.*)?", re.DOTALL)
"""The rest of a database's address behind its first @: no other one, unless in an option."""


def trimmed(url: str) -> str:
    """Return the site's address without a slash at its end."""
    return url.rstrip("/")


def is_near(host: str) -> bool:
    """Tell whether the host is this machine, or a container next door, which has a name without a dot."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def problems_of_site(found: Given) -> Iterator[str]:
    """Yield what is wrong with the site's address."""
    name = variable("url")
    url = found.texts.get("url")
    if url is None:
        if "url" not in found.mentioned:
            yield f"{name} is missing: the address of the site, {SUCH_AS}"
        return
    problem = _problem_of_site(trimmed(url))
    if problem:
        yield f"{name} {problem}"


def _problem_of_site(url: str) -> str | None:
    no_address = f"is no address: expected one {SUCH_AS}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # looks at it, and finds it out of range
    except ValueError:
        return no_address
    if parts.username is not None:
        return f"holds a user name: use {variable('email')} and {variable('api_token')}"
    is_web = parts.scheme in {"http", "https"} and host
    if not is_web or not url.isprintable() or " " in url:
        return no_address
    if "?" in url or "#" in url:
        return "goes on after the address: leave out what follows ? or #"
    return _unsafe(parts, host or "")


def _unsafe(parts: SplitResult, host: str) -> str | None:
    if parts.scheme == "http" and not is_near(host):
        return "begins with http: the token would travel in the clear, use https"
    if host == GATEWAY and not _GATEWAY_PATH.fullmatch(parts.path.rstrip("/")):
        return f"lacks the site: expected https://{GATEWAY}/ex/jira/ and the cloud id"
    return None


def problems_of_journal(found: Given) -> Iterator[str]:
    """Yield what is wrong with the journal's address: a sign in the password that ends it too early.

    The rest of the password would pass for the name of the host, and be shown as one.
    """
    url = found.texts.get("journal_url", "")
    scheme, _, rest = url.partition("://")
    _, at, behind = rest.partition("@")
    if (
        at
        and not scheme.startswith("sqlite")
        and not _BEHIND_THE_PASSWORD.fullmatch(behind)
    ):
        advice = "write an @ in a user name or a password as %40"
        yield f"{found.variable('journal_url')} holds more than one @: {advice}"
