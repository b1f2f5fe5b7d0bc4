"""Whose certificates are believed: those of certifi, or of the files and folders that variables name."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from jsm_sla_bot.jsm.errors import TerminalError

VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_DIR",
)
"""Whatever each of them names is believed, file or folder: which of them a machine sets is its own affair."""


def chosen(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables that name the certificates to be believed."""
    return tuple(name for name in VARIABLES if environ.get(name))


def context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return what checks a site's certificate; raises TerminalError that names the variable."""
    variables = chosen(environ)
    if not variables:
        return ssl.create_default_context(cafile=certifi.where())
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for variable in variables:
        _add(made, variable, Path(environ[variable]))
    return made


def _add(made: ssl.SSLContext, variable: str, path: Path) -> None:
    named = f"{variable} names {path}"
    try:
        if path.is_dir():
            made.load_verify_locations(capath=str(path))
        else:
            path.read_bytes()
            made.load_verify_locations(cafile=str(path))
    except ssl.SSLError:
        raise TerminalError(
            f"{named}, which holds no certificates: expected a file in PEM form"
        ) from None
    except OSError as error:
        raise TerminalError(
            f"{named}, which can't be read: {error.strerror}"
        ) from None
    except ValueError:
        raise TerminalError(
            f"{variable} names no file that can be read"
        ) from None
