"""As whom the bot asks: a user's address and token, or a service account's token."""

import re
from collections.abc import Iterator

from jsm_sla_bot.settings.given import QUOTES, Given, in_quotes

TOKENS = ("api_token", "bearer_token")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_TOKEN = re.compile(r"[!-~]*")


def problems(found: Given) -> Iterator[str]:
    """Yield what is wrong with the identity; no part of a token stands in it."""
    if "bearer_token" in found.mentioned:
        yield from _of_service_account(found)
    else:
        yield from _of_user(found)
    if "email" in found.texts:
        yield from problems_of_email(found.variable("email"), found.texts["email"])
    for name in TOKENS:
        if name in found.texts:
            yield from problems_of_token(found.variable(name), found.texts[name])


def _of_service_account(found: Given) -> Iterator[str]:
    """Check that nothing of a user is set next to a service account's token."""
    basic = [name for name in ("email", "api_token") if name in found.mentioned]
    if basic:
        bearer = found.variable("bearer_token")
        other = found.variable(basic[0])
        yield f"{bearer} and {other} are both set: use a service account's token, or a user's address and token"


def _of_user(found: Given) -> Iterator[str]:
    """Check that a user's address and token are both there."""
    email = found.variable("email")
    token = found.variable("api_token")
    bearer = found.variable("bearer_token")
    match "email" in found.mentioned, "api_token" in found.mentioned:
        case True, False:
            yield f"{token} is missing: {email} needs it"
        case False, True:
            yield f"{email} is missing: {token} needs it"
        case False, False:
            yield f"{email} and {token} are missing; a service account needs {bearer}"
        case _:
            pass


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
