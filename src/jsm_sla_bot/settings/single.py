"""One setting alone, for verbs that need no site: nothing is loaded that they could do without."""

import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from jsm_sla_bot.settings import addresses
from jsm_sla_bot.settings.given import (
    NAMES,
    Given,
    SettingsProblem,
    given,
    variable,
)

JOURNAL = "sqlite:///jsm-sla-bot.db"
"""The journal of a bot that was given none: a file in the folder in which it runs."""

NO_FOLDER = f"{variable('config_dir')} is missing, and there is no folder 'config' here"


def logs_json(environ: Mapping[str, str] | None = None) -> bool:
    """Return whether the log is wanted as JSON, also where another setting is wrong; raises nothing."""
    found = given(_environ(environ), NAMES, from_files=())
    return found.texts.get("log_format") == "json"


def read_config_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the configuration; raises SettingsProblem."""
    found = given(_environ(environ), NAMES, from_files=())
    refuse(found.problems)
    folder = config_dir(found)
    if folder is None:
        raise SettingsProblem(NO_FOLDER)
    return folder


def read_journal_url(environ: Mapping[str, str] | None = None) -> str:
    """Return the journal's address; no secret is read for it. Raises SettingsProblem."""
    found = given(_environ(environ), NAMES, from_files=("journal_url",))
    refuse([*found.problems, *addresses.problems_of_journal(found)])
    return found.texts.get("journal_url", JOURNAL)


def refuse(problems: list[str]) -> None:
    """Raise SettingsProblem with these problems, a line each; without any, do nothing."""
    if problems:
        raise SettingsProblem("\n".join(problems))


def config_dir(found: Given) -> Path | None:
    """Return the folder that was given, else `./config`, else the one shipped; None where there is none."""
    if "config_dir" in found.texts:
        return Path(found.texts["config_dir"])
    package = Path(str(files("jsm_sla_bot")))
    shipped = package / "default_config"
    in_checkout = package.parents[1] / "config"
    return _first_folder(Path("config"), shipped, in_checkout)


def _first_folder(*paths: Path) -> Path | None:
    for path in paths:
        if path.is_dir():
            return path
    return None


def _environ(environ: Mapping[str, str] | None) -> Mapping[str, str]:
    return os.environ if environ is None else environ
