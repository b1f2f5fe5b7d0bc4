"""As whom `provision` works: an administrator of the site, for that one run. The daemon never reads these."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from jsm_sla_bot.settings import identity
from jsm_sla_bot.settings.given import Given, given, variable
from jsm_sla_bot.settings.single import refuse

EMAIL = variable("admin_email")
"""The variable that names the administrator."""
_NAMES = ("admin_email", "admin_api_token")


@dataclass(frozen=True, slots=True)
class Administrator:
    """An administrator's address and API token."""

    email: str
    token: SecretStr


def read_administrator(
    environ: Mapping[str, str] | None = None,
) -> Administrator | None:
    """Read the administrator of the environment; None where none is set. Raises SettingsProblem."""
    ours = _administrators(os.environ if environ is None else environ)
    found = given(ours, _NAMES, from_files=["admin_api_token"])
    refuse([*found.problems, *_problems(found)])
    email = found.texts.get("admin_email")
    token = found.texts.get("admin_api_token")
    if email and token:
        return Administrator(email, SecretStr(token))
    return None


def _administrators(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that are the administrator's: no other verb's settings are judged here."""
    prefix = variable("admin")
    return {
        name: text
        for name, text in environ.items()
        if name.upper().startswith(prefix)
    }


def _problems(found: Given) -> Iterator[str]:
    """Yield what is wrong with the administrator's settings; no part of the token stands in it."""
    lacking = [
        variable(name) for name in _NAMES if name not in found.mentioned
    ]
    if len(lacking) == 1:
        yield f"{lacking[0]} is missing: an administrator signs in with both"
    if "admin_api_token" in found.texts:
        spelled = found.variable("admin_api_token")
        token = found.texts["admin_api_token"]
        yield from identity.problems_of_token(spelled, token)
    if "admin_email" in found.texts:
        spelled = found.variable("admin_email")
        email = found.texts["admin_email"]
        yield from identity.problems_of_email(spelled, email)
