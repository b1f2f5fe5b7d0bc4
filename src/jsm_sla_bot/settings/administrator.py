"""As whom `provision` works: an administrator of the site, for that one run. The daemon never reads these."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from jsm_sla_bot.settings import identity
from jsm_sla_bot.settings.given import given, variable
from jsm_sla_bot.settings.single import refuse

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
    every = os.environ if environ is None else environ
    ours = {
        name: text
        for name, text in every.items()
        if name.upper().startswith(variable("admin"))
    }
    found = given(ours, _NAMES, from_files=["admin_api_token"])
    problems = list(found.problems)
    lacking = [variable(name) for name in _NAMES if name not in found.mentioned]
    if len(lacking) == 1:
        problems.append(f"{lacking[0]} is missing: an administrator signs in with both")
    token = found.texts.get("admin_api_token")
    if token:
        spelled = found.variable("admin_api_token")
        problems += identity.problems_of_token(spelled, token)
    email = found.texts.get("admin_email")
    if email:
        problems += identity.problems_of_email(found.variable("admin_email"), email)
    refuse(problems)
    return Administrator(email, SecretStr(token)) if email and token else None
