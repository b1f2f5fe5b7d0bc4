"""Meeting a real network: proxies and certificates, and one sentence for each way in which they fail."""

import socket
from collections.abc import Callable
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import Any

import httpx
import pytest

from jsm_sla_bot.jsm.errors import NotSentError, TerminalError
from jsm_sla_bot.jsm.http.options import HttpOptions
from jsm_sla_bot.jsm.http.proxy import proxy_for
from jsm_sla_bot.jsm.http.rest import Rest
from jsm_sla_bot.jsm.http.retry import Patience
from jsm_sla_bot.jsm.http.transport import Transport
from jsm_sla_bot.jsm.http.unreachable import Route, why
from jsm_sla_bot.ports.sign_in import Basic
from tests.jsm.wires import CERTIFICATES, answering, closed_port, ok, serving

ME = b'{"accountId": "b"}'
SITE = "https://acme.example"
SOCKS = "socks5://127.0.0.1:1080"
OURS = str(CERTIFICATES / "localhost.pem")
OTHERS = str(CERTIFICATES / "other.pem")
Build = Callable[..., HttpOptions]


def myself(url: str, build: Build, environ: dict[str, str]) -> Any:
    """Ask a site who we are, once, in that environment."""
    options = build(patience=Patience(retries=0), environ=environ)
    opened = Transport(url, Basic("b", "t"), options)
    try:
        return Rest(opened).myself()
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("environ", "proxy"),
    [
        pytest.param({}, None, id="none"),
        pytest.param(
            {"HTTPS_PROXY": "http://p:3128"}, "http://p:3128", id="capitals"
        ),
        pytest.param(
            {"https_proxy": "http://p:3128"}, "http://p:3128", id="small"
        ),
        pytest.param(
            {"https_proxy": "http://p:1", "HTTPS_PROXY": "http://p:2"},
            "http://p:1",
            id="small letters first",
        ),
        pytest.param(
            {"ALL_PROXY": "http://p:3128"}, "http://p:3128", id="for all"
        ),
        pytest.param(
            {"ALL_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:2"},
            "http://p:2",
            id="the scheme's own first",
        ),
        pytest.param(
            {"HTTP_PROXY": "http://p:3128"}, None, id="for http only"
        ),
        pytest.param(
            {"HTTPS_PROXY": "p:3128"}, "http://p:3128", id="without scheme"
        ),
        pytest.param({"HTTPS_PROXY": "p"}, "http://p:80", id="without port"),
        pytest.param(
            {"HTTPS_PROXY": " http://p:3128/ "}, "http://p:3128", id="slash"
        ),
        pytest.param({"HTTPS_PROXY": "https://p"}, "https://p:443", id="TLS"),
        pytest.param(
            {"HTTPS_PROXY": "http://[::2]:9"}, "http://[::2]:9", id="IPv6"
        ),
        pytest.param({"HTTPS_PROXY": ""}, None, id="empty"),
        pytest.param(
            {"HTTPS_PROXY": "http://u:p%40ss@p:3128"},
            "http://p:3128",
            id="login",
        ),
    ],
)
def test_the_proxy_that_the_environment_names(
    environ: dict[str, str], proxy: str | None
) -> None:
    """Proxies are named as for other programs, in both spellings."""
    found = proxy_for(SITE, environ)
    assert (found.url if found else None) == proxy


@pytest.mark.parametrize(
    ("url", "exempt", "is_exempt"),
    [
        (SITE, "*", True),
        (SITE, "acme.example", True),
        (SITE, "ACME.example", True),
        (SITE, "other.example, acme.example", True),
        (SITE, "other.example acme.example", True),
        (SITE, ".example", True),
        (SITE, "*.example", True),
        (SITE, "example", True),
        (SITE, "acme.example:443", True),
        (SITE, "acme.example:8443", False),
        (SITE, "cme.example", False),
        (SITE, "", False),
        (SITE, "127.0.0.1", False),
        ("https://10.1.2.3", "10.0.0.0/8", True),
        ("https://10.1.2.3", "10.1.2.3", True),
        ("https://10.1.2.3:8443", "10.1.2.3:8443", True),
        ("https://11.1.2.3", "10.0.0.0/8", False),
        ("https://[fd00::1]", "fd00::/8", True),
        ("https://[fd00::1]:99", "[fd00::1]:99", True),
        ("https://10.1.2.3", "10.0.0.0/99", False),
        ("http://127.0.0.1:8080", "", True),
        ("http://127.9.9.9:8080", "", True),
        ("http://localhost:8080", "", True),
        ("http://desk.localhost", "", True),
        ("http://[::1]:8080", "", True),
    ],
)
def test_who_is_reached_without_a_proxy(
    url: str, exempt: str, is_exempt: bool
) -> None:
    """NO_PROXY exempts hosts, domains, addresses and networks; this machine needs no exemption."""
    for variable in ("NO_PROXY", "no_proxy"):
        environ = {"ALL_PROXY": "http://p:3128", variable: exempt}
        assert (proxy_for(url, environ) is None) is is_exempt


def test_a_socks_proxy_is_no_matter_where_the_site_is_exempt(
    options: Build,
) -> None:
    """A proxy that can't be used does not matter on the way to a site that needs none."""
    environ = {"ALL_PROXY": SOCKS, "NO_PROXY": "acme.example"}
    assert proxy_for(SITE, environ) is None
    with serving(answering(ok(ME))) as port:
        found = myself(
            f"http://127.0.0.1:{port}", options, {"ALL_PROXY": SOCKS}
        )
    assert found == {"accountId": "b"}


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        (SOCKS, "names a SOCKS proxy"),
        ("socks5h://u:s3cret@p:1080", "names a SOCKS proxy"),
        ("socks4://p:1080", "names a SOCKS proxy"),
        ("ftp://u:s3cret@p", "no HTTP proxy"),
        ("http://", "is no address of a proxy"),
        ("http://:3128", "is no address of a proxy"),
        ("http://p:99999", "is no address of a proxy"),
        ("http://p:0", "is no address of a proxy"),
        ("http://u:s3cret@p:port", "is no address of a proxy"),
        ("http://[p:3128", "is no address of a proxy"),
        ("u:s3cret", "is no address of a proxy"),
        ("http://u:s3c/ret@p:3128", "is no address of a proxy|goes on"),
        ("http://u:12/s3cret@p:3128", "goes on"),
        ("http://u:12#s3cret@p:3128", "goes on"),
        ("http://u:12?s3cret@p:3128", "goes on"),
        ("http://p q:3128", "is no address of a proxy"),
        ('"http://u:s3cret@p:3128"', "is in quotes"),
        ("'http://u:s3cret@p:3128'", "is in quotes"),
        ("${PROXY}", "holds the name of a value"),
    ],
)
def test_a_proxy_that_cannot_be_used(
    options: Build, variable: str, value: str, said: str
) -> None:
    """The variable is named with what to do; of its value, which may hold a password, nothing is."""
    with pytest.raises(TerminalError, match=said) as failure:
        myself(SITE, options, {variable: value})
    assert str(failure.value).startswith(variable)
    for secret in ("s3c", "ret@", "u:"):
        assert secret not in str(failure.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            "407 Proxy Authentication Required",
            "wants a user name and a password",
        ),
        ("403 Forbidden", r"does not connect us to acme.example \(403\)"),
        ("502 <script>", r"does not connect us to acme.example \(502\)"),
    ],
)
def test_a_proxy_that_refuses(options: Build, answer: str, said: str) -> None:
    """What a proxy does not do for us is said of the proxy, in our own words."""
    with serving(answering(f"HTTP/1.1 {answer}\r\n\r\n".encode())) as port:
        proxy = f"http://u:s3cret@127.0.0.1:{port}"
        with pytest.raises(NotSentError, match=said) as failure:
            myself(SITE, options, {"HTTPS_PROXY": proxy})
    assert "the proxy that HTTPS_PROXY names" in str(failure.value)
    assert "s3cret" not in str(failure.value)
    assert "script" not in str(failure.value)


def test_a_proxy_passes_a_site_on(options: Build) -> None:
    """A call goes through the proxy that is named, with its login."""
    seen: list[bytes] = []

    def proxying(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))
        connection.sendall(ok(ME))

    with serving(proxying) as port:
        proxy = f"http://u:p%40ss@127.0.0.1:{port}"
        assert myself("http://acme.example", options, {"http_proxy": proxy})
    assert seen[0].startswith(b"GET http://acme.example/rest/api/3/myself")
    assert b"Proxy-Authorization: Basic dTpwQHNz" in seen[0]


def test_nobody_answers(options: Build) -> None:
    """A closed port and a name that does not exist are told apart, for the site and for its proxy."""
    port = closed_port()
    with pytest.raises(
        NotSentError, match=r"127.0.0.1 refuses the connection"
    ):
        myself(f"http://127.0.0.1:{port}", options, {})
    proxy = {"ALL_PROXY": f"http://127.0.0.1:{port}"}
    with pytest.raises(
        NotSentError, match="ALL_PROXY names refuses the connection"
    ):
        myself(SITE, options, proxy)
    with pytest.raises(
        NotSentError, match=r"name no-such.invalid can't be resolved"
    ):
        myself("https://no-such.invalid", options, {})
    proxy = {"ALL_PROXY": "http://no-such.invalid:1"}
    with pytest.raises(
        NotSentError, match="name of the proxy that ALL_PROXY names"
    ):
        myself(SITE, options, proxy)


@pytest.mark.parametrize(
    "variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
)
def test_a_companys_own_certificates_are_believed(
    options: Build, variable: str
) -> None:
    """A CA file is found under each of the names that other programs have for it."""
    with serving(answering(ok(ME)), "localhost") as port:
        found = myself(f"https://localhost:{port}", options, {variable: OURS})
    assert found == {"accountId": "b"}


def test_what_each_variable_names_is_believed(options: Build) -> None:
    """Where a machine sets one and its owner another, both count."""
    environ = {"SSL_CERT_FILE": OTHERS, "REQUESTS_CA_BUNDLE": OURS}
    with serving(answering(ok(ME)), "localhost") as port:
        found = myself(f"https://localhost:{port}", options, environ)
    assert found == {"accountId": "b"}


@pytest.mark.parametrize(
    ("certificate", "environ", "said"),
    [
        (
            "localhost",
            {},
            "not trusted: if your company signs it, .* SSL_CERT_FILE",
        ),
        (
            "localhost",
            {"REQUESTS_CA_BUNDLE": OTHERS},
            "not trusted: nothing in REQUESTS_CA_BUNDLE vouches for it",
        ),
        (
            "localhost",
            {"SSL_CERT_FILE": OTHERS, "CURL_CA_BUNDLE": OTHERS},
            "not trusted: nothing in SSL_CERT_FILE, CURL_CA_BUNDLE vouches",
        ),
        (
            "other",
            {"SSL_CERT_FILE": OTHERS},
            "for another name: check the site's",
        ),
        (
            "expired",
            {"SSL_CERT_FILE": str(CERTIFICATES / "expired.pem")},
            "has expired",
        ),
    ],
)
def test_a_certificate_that_is_not_believed(
    options: Build,
    time: Any,
    certificate: str,
    environ: dict[str, str],
    said: str,
) -> None:
    """Who signed it, whose name it bears and its dates are told apart, at once: trying again is no use."""
    with serving(answering(ok(ME)), certificate) as port:
        opened = Transport(
            f"https://localhost:{port}",
            Basic("b", "t"),
            options(environ=environ),
        )
        with pytest.raises(NotSentError, match=said) as failure:
            Rest(opened).myself()
        opened.close()
    assert "certificate of localhost" in str(failure.value)
    assert time.waits == []


def test_plain_http_behind_https(options: Build) -> None:
    """A port that does not speak TLS is said to be one."""
    with (
        serving(answering(ok(ME))) as port,
        pytest.raises(NotSentError, match="does not speak TLS"),
    ):
        myself(f"https://localhost:{port}", options, {})


@pytest.mark.parametrize(
    "variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
)
def test_certificates_that_cannot_be_read(
    options: Build, tmp_path: Path, variable: str
) -> None:
    """A file that is missing or holds no certificates is named with its variable, before anything is sent."""
    with pytest.raises(
        TerminalError, match=f"{variable} names .*, which can't be read"
    ):
        myself(SITE, options, {variable: str(tmp_path / "ca.pem")})
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(
        TerminalError, match=f"{variable} names .*, which holds no"
    ):
        myself(SITE, options, {variable: str(tmp_path / "ca.pem")})


def test_certificates_are_no_matter_without_tls(options: Build) -> None:
    """A wrong CA file keeps nobody from a sandbox next door."""
    with serving(answering(ok(ME))) as port:
        found = myself(
            f"http://127.0.0.1:{port}",
            options,
            {"SSL_CERT_FILE": "/no/such/file"},
        )
    assert found == {"accountId": "b"}


def test_dates_of_a_certificate() -> None:
    """One that is not valid yet points to the clock."""
    error = httpx.ConnectError("x")
    error.__cause__ = SSLCertVerificationError()
    error.__cause__.verify_code = 9
    assert "not valid yet" in why(error, Route("acme.example"))


@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_exempted_hosts_in_quotes(options: Build, variable: str) -> None:
    """Quotes would spoil the first and the last host that is named, and nobody would be told."""
    environ = {"ALL_PROXY": "http://p:3128", variable: '"acme.example"'}
    with pytest.raises(TerminalError, match=f"{variable} is in quotes"):
        myself(SITE, options, environ)
