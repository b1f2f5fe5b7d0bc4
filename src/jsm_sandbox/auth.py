"""Who is calling. A bad token is not refused: Jira goes on as if nobody in particular had called."""

from __future__ import annotations

import base64
import binascii

from jsm_sandbox.people import ANONYMOUS, Account
from jsm_sandbox.site import Site

SECRET = "sandbox"  # noqa: S105 - the one password of a site that holds nothing
FAILED = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}


def identify(site: Site, header: str) -> tuple[Account, bool]:
    """Tell who calls, and whether they tried to say so and failed."""
    scheme, _, rest = header.partition(" ")
    match scheme.casefold():
        case "":
            return ANONYMOUS, False
        case "bearer" if rest.strip() == SECRET:
            return site.bot, False
        case "basic":
            found = _by_password(site, rest.strip())
            return (found, False) if found else (ANONYMOUS, True)
        case _:
            return ANONYMOUS, True


def _by_password(site: Site, encoded: str) -> Account | None:
    try:
        mail, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    by_mail = {each.email: each for each in site.accounts.values() if each.email}
    return by_mail.get(mail) if secret == SECRET else None
