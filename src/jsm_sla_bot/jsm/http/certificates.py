"""Whose certificates are believed: those of certifi, or of the file or folder that a variable names."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from jsm_sla_bot.jsm.errors import TerminalError

FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""The first that is set counts; a folder of certificates will do as well."""
FOLDER = "SSL_CERT_DIR"


def chosen(environ: Mapping[str, str]) -> str | None:
    """Return the variable that names the certificates to be believed, None where none does."""
    return next((name for name in (*FILES, FOLDER) if environ.get(name)), None)


def context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return what checks a site's certificate; raises TerminalError that names the variable."""
    variable = chosen(environ)
    if variable is None:
        return ssl.create_default_context(cafile=certifi.where())
    return _from(variable, Path(environ[variable]))


def _from(variable: str, path: Path) -> ssl.SSLContext:
    named = f"{variable} names {path}"
    try:
        if path.is_dir():
            return ssl.create_default_context(capath=str(path))
        path.read_bytes()
        return ssl.create_default_context(cafile=str(path))
    except ssl.SSLError:
        raise TerminalError(
            f"{named}, which holds no certificates: expected a file in PEM form"
        ) from None
    except OSError as error:
        raise TerminalError(f"{named}, which can't be read: {error.strerror}") from None
    except ValueError:
        raise TerminalError(f"{variable} names no file that can be read") from None
