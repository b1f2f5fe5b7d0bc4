"""Whose certificates are believed: those of certifi, or of the files and folders that variables name."""

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import certifi

from jsm_sla_bot.jsm.errors import TerminalError
from jsm_sla_bot.jsm.http.variables import held

VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_DIR",
)
"""Whatever each of them names is believed, file or folder: which of them a machine sets is its own affair."""
_LISTS = "SSL_CERT_DIR"
"""The one that may name several folders, as OpenSSL reads it."""
_FOUND_BY = re.compile(r"[0-9a-f]{8}\.\d+", re.ASCII)
"""The names under which OpenSSL looks for a certificate in a folder."""


def chosen(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the variables that name the certificates to be believed."""
    return tuple(name for name in VARIABLES if environ.get(name))


def context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return what checks a site's certificate; raises TerminalError that names the variable.

    A process reads the same files once: hundreds of certificates take a tenth of a second.
    """
    named = tuple(
        _Named(variable, path, _version(path))
        for variable in chosen(environ)
        for path in _paths(variable, held(variable, environ))
    )
    return _believing(named) if named else _believing_certifi()


def _paths(variable: str, value: str) -> list[str]:
    if variable == _LISTS:
        return [path for path in value.split(os.pathsep) if path]
    return [value] if value else []


@dataclass(frozen=True, slots=True)
class _Named:
    variable: str
    path: str
    version: tuple[int, ...]
    """Another one where the file is another one; empty where there is none."""


def _version(path: str) -> tuple[int, ...]:
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return ()
    changed = (found.st_mtime_ns, found.st_ctime_ns)
    return found.st_dev, found.st_ino, found.st_size, *changed


@lru_cache(maxsize=4)
def _believing(named: tuple[_Named, ...]) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for each in named:
        _add(made, each.variable, Path(each.path))
    return made


@lru_cache(maxsize=1)
def _believing_certifi() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


def _add(made: ssl.SSLContext, variable: str, path: Path) -> None:
    named = f"{variable} names {path}"
    try:
        if path.is_dir():
            _check_folder(named, path)
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


def _check_folder(named: str, folder: Path) -> None:
    """Raise TerminalError for a folder in which OpenSSL would find nothing, and say nothing of it."""
    if any(_FOUND_BY.fullmatch(each.name) for each in folder.iterdir()):
        return
    raise TerminalError(
        f"{named}, a folder in which OpenSSL finds no certificate: run `openssl rehash` on it, "
        f"or name a file in PEM form in SSL_CERT_FILE"
    )
