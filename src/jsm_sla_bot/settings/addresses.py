"""The addresses of the site and of the journal. Neither is ever quoted: somebody may have put a password into it."""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from jsm_sla_bot.settings.given import Given, variable

GATEWAY = "api.atlassian.com"
SUCH_AS = "such as https://example.atlassian.net"
NO_ADDRESS = f"is no address: expected one {SUCH_AS}"
_GATEWAY_PATH = re.compile(r"/ex/jira/[^/]+")
_BEHIND_THE_PASSWORD = re.compile(r"[^@]*(\?[^=@]+=.*)?", re.DOTALL)
"""The rest of a database's address behind its first @: no other one, unless in an option."""


def trimmed(url: str) -> str:
    """Return the site's address without a slash at its end."""
    return url.rstrip("/")


def is_near(host: str) -> bool:
    """Return whether the host is this machine, or a container next door, which has a name without a dot."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def problems_of_site(found: Given) -> Iterator[str]:
    """Yield what is wrong with the site's address."""
    name = variable("url")
    if "url" not in found.mentioned:
        yield f"{name} is missing: the address of the site, {SUCH_AS}"
    if "url" not in found.texts:
        return
    problem = _problem_of_site(trimmed(found.texts["url"]))
    if problem:
        yield f"{name} {problem}"


def _problem_of_site(url: str) -> str | None:
    parts = _split(url)
    if parts is None:
        return NO_ADDRESS
    if parts.username is not None:
        return f"holds a user name: use {variable('email')} and {variable('api_token')}"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return NO_ADDRESS
    if not url.isprintable() or " " in url:
        return NO_ADDRESS
    if "?" in url or "#" in url:
        return "goes on after the address: leave out what follows ? or #"
    return _unsafe(parts, parts.hostname)


def _split(url: str) -> SplitResult | None:
    """Return the parts of an address; None where they make no sense."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where the port is out of range
    except ValueError:
        return None
    return parts


def _unsafe(parts: SplitResult, host: str) -> str | None:
    """Return why no token may be sent to that address; None where one may."""
    if parts.scheme == "http" and not is_near(host):
        return (
            "begins with http: the token would travel in the clear, use https"
        )
    path = parts.path.rstrip("/")
    if host == GATEWAY and not _GATEWAY_PATH.fullmatch(path):
        return f"lacks the site: expected https://{GATEWAY}/ex/jira/ and the cloud id"
    return None


def problems_of_token_url(found: Given) -> Iterator[str]:
    """Yield what is wrong with the address of tokens: secrets go there."""
    url = found.texts.get("token_url")
    if url is None:
        return
    parts = _split(url)
    name = variable("token_url")
    if (
        parts is None
        or parts.scheme not in {"http", "https"}
        or not parts.hostname
    ):
        yield f"{name} {NO_ADDRESS.replace(SUCH_AS, 'such as https://auth.atlassian.com/oauth/token')}"
    elif parts.scheme == "http" and not is_near(parts.hostname):
        yield f"{name} begins with http: the secret would travel in the clear, use https"


def is_gateway(url: str) -> bool:
    """Return whether an address is that of Atlassian's gateway, or of a site next door that stands in for it."""
    parts = _split(url)
    host = parts.hostname if parts else None
    return host is not None and (host == GATEWAY or is_near(host))


def problems_of_journal(found: Given) -> Iterator[str]:
    """Yield what is wrong with the journal's address, most of all a sign in the password that ends it too early.

    The rest of the password would pass for the name of the host, and be shown as one.
    """
    url = found.texts.get("journal_url", "")
    scheme, _, rest = url.partition("://")
    if scheme in {"postgres", "psql"}:
        yield f"{found.variable('journal_url')} begins with {scheme}://: expected postgresql+psycopg://"
    _, at, host = rest.partition("@")
    if not at or scheme.startswith("sqlite"):
        return
    if not _BEHIND_THE_PASSWORD.fullmatch(host):
        advice = "write an @ in a user name or a password as %40"
        yield f"{found.variable('journal_url')} holds more than one @: {advice}"
