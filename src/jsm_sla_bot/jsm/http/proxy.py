"""Which proxy leads to the site, as the environment says: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.

A variable in small letters goes before the same one in capitals, as with curl. Addresses of this machine never go
through a proxy. No message quotes a variable: it may hold a password.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, unquote, urlsplit

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.variables import held

_SCHEMES = ("http", "https")
_SOCKS = ("socks5", "socks5h")
_SUCH_AS = "expected an address such as http://proxy.example.com:3128"
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy and the variable that names it."""

    variable: str
    url: str
    """Scheme, host and port, nothing secret."""
    login: tuple[str, str] | None = field(default=None, repr=False)


def proxy_for(url: str, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for a site's address, None where the site is reached without one.

    Raises TerminalError that names the variable for a proxy that can't be used.
    """
    site = urlsplit(url)
    host = site.hostname or ""
    if is_this_machine(host) or _is_exempt(site, environ):
        return None
    for name in (f"{site.scheme}_proxy", "all_proxy"):
        for variable in (name, name.upper()):
            if value := held(variable, environ):
                return _proxy(variable, value)
    return None


def is_this_machine(host: str) -> bool:
    """Tell whether a host is this machine, by its name or its address alone."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and address.is_loopback


def _proxy(variable: str, value: str) -> Proxy:
    parts = _split(variable, value if "://" in value else f"http://{value}")
    _check_scheme(variable, parts.scheme)
    host = parts.hostname or ""
    bare_host = f"[{host}]" if ":" in host else host
    port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 1080)
    login = None
    if parts.username is not None:
        login = unquote(parts.username), unquote(parts.password or "")
    return Proxy(variable, f"{parts.scheme}://{bare_host}:{port}", login)


def _split(variable: str, address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise TerminalError(
            f"{variable} is no address of a proxy: {_SUCH_AS}"
        ) from None
    goes_on = parts.path.strip("/") or parts.query or parts.fragment
    if goes_on:
        raise TerminalError(
            f"{variable} goes on after the proxy's port: {_SUCH_AS}; in a user name or a password write %2F for /, "
            f"%3F for ?, %23 for # and %40 for @"
        )
    odd = not address.isprintable() or " " in address
    if not host or port == 0 or odd:
        raise TerminalError(f"{variable} is no address of a proxy: {_SUCH_AS}")
    return parts


def _check_scheme(variable: str, scheme: str) -> None:
    if scheme in _SCHEMES:
        return
    if scheme in _SOCKS and importlib.util.find_spec("socksio"):
        return
    kind = "a SOCKS proxy" if scheme.startswith("socks") else "no HTTP proxy"
    raise TerminalError(
        f"{variable} names {kind}, which the bot can't use: name an HTTP proxy (http://host:port), or name the site's "
        f"host in NO_PROXY where no proxy is needed"
    )


def _is_exempt(site: SplitResult, environ: Mapping[str, str]) -> bool:
    named = held("no_proxy", environ) or held("NO_PROXY", environ)
    entries = named.replace(",", " ").split()
    return any(_covers(entry.lower(), site) for entry in entries)


def _covers(entry: str, site: SplitResult) -> bool:
    """Tell whether an entry of NO_PROXY covers a site: a host, a domain, an address, a network, or all (*)."""
    host = (site.hostname or "").rstrip(".")
    if entry == "*":
        return True
    address = _address(host)
    if address is not None and "/" in entry:
        return _is_in(address, entry)
    name, port = _with_port(entry)
    if port is not None and port != (
        site.port or _DEFAULT_PORTS.get(site.scheme)
    ):
        return False
    if address is not None:
        return address == _address(name)
    domain = name.removeprefix("*").strip(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))


def _with_port(entry: str) -> tuple[str, int | None]:
    if _address(entry) is not None:
        return entry, None
    name, colon, port = entry.rpartition(":")
    if colon and port.isascii() and port.isdigit():
        return name.strip("[]"), int(port)
    return entry.strip("[]"), None


def _is_in(address: IPv4Address | IPv6Address, network: str) -> bool:
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
