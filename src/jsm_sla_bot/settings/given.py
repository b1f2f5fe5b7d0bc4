"""What the environment gives: names that are settings, texts that are not empty, secrets from their files."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jsm_sla_bot.text.nearest import nearest
from jsm_sla_bot.text.unfilled import (
    in_quotes,
    is_placeholder,
    is_quoted,
    not_filled_in,
)

PREFIX = "JSM_SLA_BOT_"
NAMES = (
    "url",
    "config_dir",
    "email",
    "api_token",
    "bearer_token",
    "client_id",
    "client_secret",
    "token_url",
    "token_expires",
    "journal_url",
    "poll_interval",
    "log_format",
    "log_level",
    "health_port",
    "health_address",
    "workers",
    "first_contact",
    "admin_email",
    "admin_api_token",
)
"""What can be set, in the order of use."""

DAEMONS_FILES = ("api_token", "bearer_token", "client_secret", "journal_url")
FROM_FILES = (*DAEMONS_FILES, "admin_api_token")
"""What may also be given as the file that holds it, `..._FILE`; only `provision` opens an administrator's."""
_MARK = "\ufeff"
"""What some editors put before a text in UTF-8."""


class SettingsProblem(ValueError):  # noqa: N818 - people read it as the sentences that it carries
    """Settings that the bot can't run with; the message is a sentence a line, each names its variable."""


@dataclass(slots=True)
class Given:
    """What was given, by the settings' names, and what is wrong with it."""

    texts: dict[str, str] = field(default_factory=dict)
    """What can be read further."""
    mentioned: set[str] = field(default_factory=set)
    """What was given at all, also where it is of no use."""
    variables: dict[str, str] = field(default_factory=dict)
    """The variable that each text came from: also a `..._FILE`."""
    files: dict[str, str] = field(default_factory=dict)
    """The file that a secret was read from, by the setting's name."""
    problems: list[str] = field(default_factory=list)

    def variable(self, name: str) -> str:
        """Return the variable that a setting came from, or comes from as a rule."""
        return self.variables.get(name, variable(name))


def variable(name: str) -> str:
    """Return the name of a setting's variable."""
    return f"{PREFIX}{name.upper()}"


def given(
    environ: Mapping[str, str],
    names: Collection[str],
    from_files: Sequence[str] = DAEMONS_FILES,
) -> Given:
    """Return the settings by name, those secrets read from their files. The problems come with it."""
    reading = _Reading(names)
    for spelled in sorted(filter(_is_ours, environ)):
        reading.take(spelled, environ[spelled].strip())
    reading.read(from_files)
    return reading.found


class _Reading:
    """Takes the variables one by one."""

    def __init__(self, names: Collection[str]) -> None:
        self.found = Given()
        self.paths: dict[str, str] = {}
        self._settings = {variable(name): name for name in names}
        self._files = {f"{variable(name)}_FILE": name for name in FROM_FILES}

    def take(self, spelled: str, text: str) -> None:
        """Take a variable, or note what is wrong with it."""
        standard = spelled.upper()
        name = self._settings.get(standard) or self._files.get(standard)
        if name is None:
            self._refuse_unknown(spelled)
            return
        self.found.mentioned.add(name)
        texts = self.paths if standard in self._files else self.found.texts
        problem = _problem(spelled, text)
        if name in texts:
            problem = f"{standard} is set twice, also as {spelled}: leave one of them out"
        if problem:
            self.found.problems.append(problem)
        else:
            texts[name] = text

    def read(self, names: Iterable[str]) -> None:
        """Read the settings that are kept in files, of those the ones named."""
        for name in names:
            if name in self.paths:
                _read_file(self.found, name, self.paths[name])

    def _refuse_unknown(self, spelled: str) -> None:
        known = [*self._settings, *self._files]
        hint = _hint(spelled.upper(), known)
        self.found.problems.append(f"{spelled} is no setting of the bot{hint}")


def _is_ours(spelled: str) -> bool:
    return spelled.upper().startswith(PREFIX)


def _problem(spelled: str, text: str) -> str | None:
    """Return what is wrong with a text, whatever the setting; None for nothing."""
    if not text:
        return f"{spelled} is empty: give it a value or leave it out"
    if is_quoted(text):
        return in_quotes(spelled)
    if is_placeholder(text):
        return not_filled_in(spelled)
    return None


def _hint(wrong: str, known: Sequence[str]) -> str:
    by_rest = {name.removeprefix(PREFIX): name for name in known}
    near = nearest(wrong.removeprefix(PREFIX), by_rest)
    if near:
        return f": did you mean {by_rest[near]}?"
    return f"; the settings are {', '.join(sorted(known))}"


def _read_file(found: Given, name: str, path: str) -> None:
    spelled = f"{variable(name)}_FILE"
    if name in found.texts:
        both = f"{variable(name)} and {spelled}"
        found.problems.append(f"{both} are both set: leave one of them out")
        return
    try:
        text = _content(path)
    except SettingsProblem as error:
        found.problems.append(f"{spelled} {error}")
        return
    problem = _problem(spelled, text)
    if problem:
        found.problems.append(problem)
        return
    found.texts[name] = text
    found.variables[name] = spelled
    found.files[name] = path


def _content(path: str) -> str:
    """Return what the file holds; raises SettingsProblem with the end of a sentence that the variable begins.

    The path is shown only where something has that name: what leads nowhere may be the secret itself.
    """
    no_path = "has to be the path of a file that holds the secret"
    try:
        text = Path(path).read_bytes().decode("utf-8").strip()
    except OSError as error:
        if not os.path.lexists(path):
            raise SettingsProblem(
                f"{no_path}: there is no such file"
            ) from None
        raise SettingsProblem(
            f"names {path}, which can't be read: {error.strerror}"
        ) from None
    except UnicodeDecodeError:
        raise SettingsProblem(
            f"names {path}, which is not a text file in UTF-8"
        ) from None
    except ValueError:  # a path with a zero byte
        raise SettingsProblem(f"{no_path}: it is no path") from None
    if text.startswith(_MARK):
        raise SettingsProblem(
            f"names {path}, which begins with a byte order mark: save it as UTF-8 without one"
        )
    if "\0" in text:
        raise SettingsProblem(
            f"names {path}, which is not a text file in UTF-8"
        )
    if not text:
        raise SettingsProblem(f"names {path}, which is empty")
    return text
