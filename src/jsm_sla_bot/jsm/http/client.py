"""The HTTP client: how it signs, through which proxy it goes, whose certificates it believes."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpx

from jsm_sla_bot.jsm.http import body, certificates
from jsm_sla_bot.jsm.http.credentials import signature
from jsm_sla_bot.jsm.http.network import Network
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.proxy import Proxy, proxy_for
from jsm_sla_bot.jsm.http.unreachable import Route
from jsm_sla_bot.ports.sign_in import SignIn


@dataclass(frozen=True, slots=True)
class Client:
    """An HTTP client for one site, the sockets under it, and how it reaches the site."""

    http: httpx.Client
    network: Network
    route: Route


def client_for(url: str, auth: SignIn, options: HttpOptions) -> Client:
    """Make the client; nothing is sent yet. Raises TerminalError for proxies and certificates that can't be used."""
    environ = os.environ if options.environ is None else options.environ
    proxy = proxy_for(url, environ)
    network = Network()
    transport = _transport(url, proxy, options, environ)
    transport._pool._network_backend = network  # noqa: SLF001 - httpx has no option for it
    http = httpx.Client(
        auth=signature(auth, options.monotonic),
        timeout=httpx.Timeout(
            connect=options.connect,
            read=options.read,
            write=options.write,
            pool=options.pool,
        ),
        transport=options.wrapped(transport),
        trust_env=False,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={
            "User-Agent": "jsm-sla-bot",
            "Accept-Encoding": body.ENCODING,
        },
    )
    host = urlsplit(url).hostname or ""
    return Client(
        http, network, Route(host, proxy, certificates.chosen(environ))
    )


def _transport(
    url: str,
    proxy: Proxy | None,
    options: HttpOptions,
    environ: Mapping[str, str],
) -> httpx.HTTPTransport:
    is_sealed = any(
        each.startswith("https:")
        for each in (url.lower(), proxy.url if proxy else "")
    )
    trusted = (
        certificates.context(environ)
        if is_sealed
        else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    )
    return httpx.HTTPTransport(
        verify=trusted,
        trust_env=False,
        limits=httpx.Limits(
            max_connections=options.connections,
            max_keepalive_connections=options.connections,
        ),
        proxy=httpx.Proxy(proxy.url, auth=proxy.login) if proxy else None,
    )
