"""Where the bot runs and as whom: the environment, never a rule of the contract.

Every variable begins with `JSM_SLA_BOT_`. Whatever is missing, contradicts another or can't be meant is told at once,
a sentence each that names the variable; neither a secret nor a part of one ever stands in it.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from jsm_sla_bot.settings import addresses, identity, values
from jsm_sla_bot.settings.given import (
    FROM_FILES,
    Given,
    SettingsProblem,
    given,
    variable,
)
from jsm_sla_bot.settings.identity import Secret

__all__ = [
    "FROM_FILES",
    "NAMES",
    "Secret",
    "Settings",
    "SettingsProblem",
    "read_config_dir",
    "read_journal_url",
    "read_settings",
]


_JOURNAL = "sqlite:///jsm-sla-bot.db"
_NO_FOLDER = (
    f"{variable('config_dir')} is missing, and there is no folder 'config' here"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The environment, read and checked by `read_settings`."""

    url: str
    """The site, `https://example.atlassian.net`, or a service account's gateway; no slash at the end."""
    config_dir: Path
    """The folder that has policy.yaml."""
    email: str | None = None
    """With `api_token`: Basic authentication."""
    api_token: Secret | None = None
    bearer_token: Secret | None = None
    """A service account's token, in place of the two."""
    journal_url: str = field(default=_JOURNAL, repr=False)
    """SQLAlchemy's URL of the journal; not shown, since it may hold a password."""
    poll_interval: timedelta = timedelta(seconds=30)
    log_format: str = "console"
    """`console` or `json`."""
    log_level: str = "INFO"
    """`DEBUG`, `INFO`, `WARNING` or `ERROR`."""
    health_port: int = 8080
    """0 takes a free one."""
    health_address: str | None = None
    """The address of this machine at which the health port is served; left out: all of them."""
    workers: int = 8
    first_contact: Literal["allow", "ask"] | None = None
    """Whether a desk without any ledger may be written to unasked; left out: only a sandbox next door."""

    @property
    def first_contact_policy(self) -> Literal["allow", "ask"]:
        """What holds at the first contact with a desk: a site on the internet asks unless told otherwise."""
        host = urlsplit(self.url).hostname or ""
        return self.first_contact or ("allow" if addresses.is_near(host) else "ask")


NAMES = tuple(one.name for one in fields(Settings))
"""What can be set, in the order of use."""

_READERS: Mapping[str, Callable[[str], Any]] = {
    "api_token": Secret,
    "bearer_token": Secret,
    "url": addresses.trimmed,
    **values.READERS,
}
"""What makes a value of a text that has been checked; other settings are texts as they are."""


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (the process's own by default); raises SettingsProblem with every problem."""
    found = given(os.environ if environ is None else environ, NAMES)
    problems = [
        *found.problems,
        *addresses.problems_of_site(found),
        *identity.problems(found),
        *addresses.problems_of_journal(found),
        *values.problems(found),
    ]
    folder = _config_dir(found)
    if folder is None:
        problems.append(_NO_FOLDER)
    _refuse(problems)
    read: dict[str, Any] = {
        name: _READERS[name](text) if name in _READERS else text
        for name, text in found.texts.items()
    }
    read["config_dir"] = folder
    return Settings(**read)


def logs_json(environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether the log is wanted as JSON, also where another setting is wrong; raises nothing."""
    found = given(os.environ if environ is None else environ, NAMES, from_files=())
    return found.texts.get("log_format") == "json"


def read_config_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the configuration, for commands that need no site; raises SettingsProblem."""
    found = given(os.environ if environ is None else environ, NAMES, from_files=())
    _refuse(found.problems)
    folder = _config_dir(found)
    if folder is None:
        raise SettingsProblem(_NO_FOLDER)
    return folder


def read_journal_url(environ: Mapping[str, str] | None = None) -> str:
    """Return the journal's address, for commands that need no site and no secret of its; raises SettingsProblem."""
    asked = ("journal_url",)
    found = given(os.environ if environ is None else environ, NAMES, from_files=asked)
    _refuse([*found.problems, *addresses.problems_of_journal(found)])
    return found.texts.get("journal_url", _JOURNAL)


def _refuse(problems: list[str]) -> None:
    if problems:
        raise SettingsProblem("\n".join(problems))


def _config_dir(found: Given) -> Path | None:
    if "config_dir" in found.texts:
        return Path(found.texts["config_dir"])
    package = Path(str(files("jsm_sla_bot")))
    for folder in (
        Path("config"),
        package / "default_config",
        package.parents[1] / "config",
    ):
        if folder.is_dir():
            return folder
    return None
