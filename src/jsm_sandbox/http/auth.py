"""Who is calling. A bad token is not refused: Jira goes on as if nobody in particular had called.

A scoped token is good at the gateway (``/ex/jira/{cloudId}``) only; there, a bad one is refused.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection
from dataclasses import dataclass

from jsm_sandbox.state.people import ANONYMOUS, Account
from jsm_sandbox.state.setup import Site

SECRET = "sandbox"  # noqa: S105 - the one password of a site that holds nothing
SCOPED = "sandbox-scoped"
CLIENT_ID = "sandbox-client"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - as SECRET
FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who calls; whether they tried to say so and ``failed``; whether that is ``refused`` with 401."""

    caller: Account
    failed: bool = False
    refused: bool = False

    @property
    def name(self) -> str:
        """Name the caller, as the log does."""
        return "Anonymous (bad token)" if self.failed else self.caller.name


def identify(
    site: Site, header: str, *, gateway: bool, tokens: Collection[str] = ()
) -> Identity:
    """Identify the caller; `tokens` are those that were given to the service account and have not ended."""
    scheme, _, rest = header.partition(" ")
    if not scheme:
        return Identity(ANONYMOUS)
    caller, secret = _claim(site, scheme.casefold(), rest.strip())
    good = (SECRET, SCOPED, *tokens) if gateway else (SECRET,)
    if caller and secret in good:
        return Identity(caller)
    refused = gateway or secret == SCOPED
    return Identity(ANONYMOUS, failed=True, refused=refused)


def _claim(
    site: Site, scheme: str, credentials: str
) -> tuple[Account | None, str]:
    """Read whom the caller claims to be, and the secret that goes with it."""
    match scheme:
        case "bearer":
            return site.bot, credentials
        case "basic":
            mail, secret = _mail_and_secret(credentials)
            return site.person_with_mail(mail), secret
        case _:
            return None, ""


def _mail_and_secret(credentials: str) -> tuple[str, str]:
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    mail, _, secret = text.partition(":")
    return mail, secret
