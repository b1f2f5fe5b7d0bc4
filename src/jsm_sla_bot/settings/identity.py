"""As whom the bot asks: a user's address and token, or a service account's token."""

import re
from collections.abc import Iterator

from jsm_sla_bot.settings.given import QUOTES, Given, in_quotes, variable

TOKENS = ("api_token", "bearer_token")
_TOKEN = re.compile(r"[!-~]*")


def problems(found: Given) -> Iterator[str]:
    """Yield what is wrong with the identity, without a word of it."""
    yield from _combination(found)
    for name in TOKENS:
        token = found.texts.get(name, "")
        spelled = found.variable(name)
        if token and (token[0] in QUOTES or token[-1] in QUOTES):
            yield in_quotes(spelled)
        elif not _TOKEN.fullmatch(token):
            yield f"{spelled} holds a space, a line break or a letter that no token has"


def _combination(found: Given) -> Iterator[str]:
    basic = [name for name in ("email", "api_token") if name in found.mentioned]
    if "bearer_token" in found.mentioned and basic:
        both = f"{found.variable('bearer_token')} and {found.variable(basic[0])}"
        yield f"{both} are both set: use a service account's token, or a user's address and token"
    elif basic == ["email"]:
        yield f"{variable('api_token')} is missing: {variable('email')} needs it beside it"
    elif basic == ["api_token"]:
        yield f"{variable('email')} is missing: {found.variable('api_token')} needs it beside it"
    elif not basic and "bearer_token" not in found.mentioned:
        either = f"{variable('email')} and {variable('api_token')}"
        yield f"{either} are missing, or {variable('bearer_token')} in their place"
