"""Why no connection came about, in one sentence that names the cause and what to do."""

import re
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx

from jsm_sla_bot.jsm.http.proxy import Proxy, is_this_machine

_OTHER_NAME = (62, 64)
_EXPIRED = 10
_NOT_YET = 9
"""OpenSSL's numbers: another host or address, over, not begun."""
_STATUS = re.compile(r"\d{3}(?=\s|$)", re.ASCII)
_LOGIN_WANTED = "407"


@dataclass(frozen=True, slots=True)
class Route:
    """How the site is reached: its host, the proxy before it, the variables that name the certificates believed."""

    host: str
    proxy: Proxy | None = None
    certificates: tuple[str, ...] = ()

    @property
    def end(self) -> str:
        """Name the machine that a connection is opened to."""
        if self.proxy is None:
            return self.host
        return f"the proxy that {self.proxy.variable} names"


def is_distrust(error: Exception) -> bool:
    """Tell whether the other side was reached and not trusted: trying again soon is no use."""
    return any(isinstance(each, ssl.SSLError) for each in _causes(error))


def why(error: Exception, route: Route) -> str:
    """Return what kept a connection from coming about, and what to do."""
    for cause in _causes(error):
        for kind, sentence in _SENTENCES:
            if isinstance(cause, kind):
                return sentence(cause, route)
    return f"{route.end} can't be reached: check the network{_proxy_needed(route)}"


def _untrusted(error: Any, route: Route) -> str:  # noqa: ANN401 - see _SENTENCES
    certificate = f"the certificate of {route.host}"
    if error.verify_code in _OTHER_NAME:
        return f"{certificate} is for another name: check the site's address"
    if error.verify_code == _EXPIRED:
        return f"{certificate} has expired: check this machine's clock, or have it renewed"
    if error.verify_code == _NOT_YET:
        return f"{certificate} is not valid yet: check this machine's clock"
    if route.certificates:
        named = ", ".join(route.certificates)
        return f"{certificate} is not trusted: nothing in {named} vouches for it, add the CA that signed it"
    return f"{certificate} is not trusted: if your company signs it, name its CA file in SSL_CERT_FILE"


def _no_tls(_: object, route: Route) -> str:
    return f"{route.host} does not speak TLS as expected: check https and the port in the site's address"


def _unresolvable(_: object, route: Route) -> str:
    if route.proxy:
        return f"the name of {route.end} can't be resolved: check the variable and this machine's DNS"
    return (
        f"the name {route.host} can't be resolved: check the site's address and this machine's DNS"
        f"{_proxy_needed(route)}"
    )


def _refused(_: object, route: Route) -> str:
    if route.proxy:
        return f"{route.end} refuses the connection: check its host and port"
    return f"{route.host} refuses the connection: check the site's address and port{_proxy_needed(route)}"


def _silent(_: object, route: Route) -> str:
    return (
        f"{route.end} does not answer: check the network{_proxy_needed(route)}"
    )


def _busy(_: object, __: Route) -> str:
    return "all connections to Jira are busy"


def _refused_by_proxy(error: object, route: Route) -> str:
    found = _STATUS.match(str(error))
    status = f" ({found.group()})" if found else ""
    if found and found.group() == _LOGIN_WANTED:
        return f"{route.end} wants a user name and a password{status}: http://user:password@host:port"
    return f"{route.end} does not connect us to {route.host}{status}: have the site allowed there"


def _proxy_needed(route: Route) -> str:
    needs_none = route.proxy or is_this_machine(route.host)
    return (
        "" if needs_none else ", and whether a proxy is needed (HTTPS_PROXY)"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield what an error comes from, the innermost first: the client wraps what the system said twice."""
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain:
        chain.append(found)
        found = found.__cause__ or found.__context__
    return reversed(chain)


_SENTENCES: tuple[tuple[type[Exception], Callable[[Any, Route], str]], ...] = (
    (ssl.SSLCertVerificationError, _untrusted),
    (ssl.SSLError, _no_tls),
    (socket.gaierror, _unresolvable),
    (ConnectionRefusedError, _refused),
    (httpx.ProxyError, _refused_by_proxy),
    (httpx.PoolTimeout, _busy),
    (TimeoutError, _silent),
    (httpx.ConnectTimeout, _silent),
)
"""What is said of each kind of error; of two that fit the first."""
