"""As whom the bot asks: a user's address and token, or a service account's token."""

import re
from collections.abc import Iterator, Sequence

from jsm_sla_bot.settings.addresses import GATEWAY, is_gateway
from jsm_sla_bot.settings.given import Given, variable
from jsm_sla_bot.text.unfilled import QUOTES, in_quotes

_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
TOKENS = ("api_token", "bearer_token", "client_secret")
_USER = ("email", "api_token")
_CLIENT = ("client_id", "client_secret")
_WAYS = (("bearer_token",), _USER, _CLIENT)
_TOKEN = re.compile(r"[!-~]*")


def problems(found: Given) -> Iterator[str]:
    """Yield what is wrong with the identity; no part of a token stands in it."""
    used = [way for way in _WAYS if found.mentioned.intersection(way)]
    if len(used) > 1:
        yield _several(found, used)
    elif used == [_USER]:
        yield from _both(found, _USER, "needs it")
    elif used == [_CLIENT]:
        yield from _both(found, _CLIENT, "needs it")
        yield from _at_the_gateway(found)
    elif not used:
        email, token = (found.variable(name) for name in _USER)
        others = f"{found.variable('bearer_token')}, or {found.variable('client_id')} and its secret"
        yield f"{email} and {token} are missing; a service account needs {others}"
    if "email" in found.texts:
        yield from problems_of_email(
            found.variable("email"), found.texts["email"]
        )
    for name in TOKENS:
        if name in found.texts:
            yield from problems_of_token(
                found.variable(name), found.texts[name]
            )


def _several(found: Given, used: Sequence[tuple[str, ...]]) -> str:
    """Return the sentence for two ways to sign in at once."""
    named = [
        next(name for name in way if name in found.mentioned) for way in used
    ]
    one, other = (found.variable(name) for name in named[:2])
    return f"{one} and {other} are both set: sign in by one of them, as a user or as a service account"


def _both(found: Given, way: tuple[str, ...], why: str) -> Iterator[str]:
    """Yield which half of a pair is missing."""
    present = [name for name in way if name in found.mentioned]
    for name in way:
        if name not in found.mentioned:
            yield f"{found.variable(name)} is missing: {found.variable(present[0])} {why}"


def _at_the_gateway(found: Given) -> Iterator[str]:
    """Yield that a token of a service account is taken at the gateway only."""
    url = found.texts.get("url")
    if url and not is_gateway(url):
        gateway = f"https://{GATEWAY}/ex/jira/"
        yield f"{variable('client_id')} works at the gateway only: set {variable('url')} to {gateway} and the cloud id"


def problems_of_email(spelled: str, email: str) -> Iterator[str]:
    """Yield what is wrong with an e-mail address, which is not shown: it may be the token."""
    if not _EMAIL.fullmatch(email):
        yield f"{spelled} is no e-mail address: expected that of the account, such as bot@example.com"


def problems_of_token(spelled: str, token: str) -> Iterator[str]:
    """Yield what is wrong with a token, which is not shown."""
    has_quotes = not QUOTES.isdisjoint({token[0], token[-1]})
    if has_quotes:
        yield in_quotes(spelled)
    elif not _TOKEN.fullmatch(token):
        yield f"{spelled} holds a space, a line break or a letter that no token has"
