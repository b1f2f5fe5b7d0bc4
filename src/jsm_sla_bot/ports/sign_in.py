"""As whom the bot works on a site: one of three ways to sign in. No secret stands in a `repr`.

`file` is the path that a secret was read from: it is read again when it changes.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Basic:
    """A mail address and an API token. `expires` is the token's last day, where it is known."""

    email: str
    token: str = field(repr=False)
    file: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token of a service account. `expires` is its last day, where it is known."""

    token: str = field(repr=False)
    file: str | None = None
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """A service account's OAuth 2 client id and secret, and the address where they are exchanged for a token."""

    client_id: str
    secret: str = field(repr=False)
    token_url: str
    file: str | None = None


SignIn: TypeAlias = Basic | Bearer | ClientCredentials
