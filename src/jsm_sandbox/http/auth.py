"""Who is calling. A bad token is not refused: Jira goes on as if nobody in particular had called.

A scoped token is good at the gateway (``/ex/jira/{cloudId}``) only; there, a bad one is refused.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from jsm_sandbox.state.people import ANONYMOUS, Account
from jsm_sandbox.state.setup import Site

SECRET = "sandbox"  # noqa: S105 - the one password of a site that holds nothing
SCOPED = "sandbox-scoped"
FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls; whether they tried to say so and ``failed``; whether that is ``refused`` with 401."""

    caller: Account
    failed: bool = False
    refused: bool = False


def identify(site: Site, header: str, *, gateway: bool) -> Identity:
    """Identify the caller."""
    scheme, _, rest = header.partition(" ")
    if not scheme:
        return Identity(ANONYMOUS)
    caller, secret = _claim(site, scheme.casefold(), rest.strip())
    if caller and secret in ((SECRET, SCOPED) if gateway else (SECRET,)):
        return Identity(caller)
    return Identity(ANONYMOUS, failed=True, refused=gateway or secret == SCOPED)


def _claim(site: Site, scheme: str, said: str) -> tuple[Account | None, str]:
    if scheme == "bearer":
        return site.bot, said
    if scheme != "basic":
        return None, ""
    try:
        mail, _, secret = base64.b64decode(said, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    by_mail = {each.email: each for each in site.accounts.values() if each.email}
    return by_mail.get(mail), secret
