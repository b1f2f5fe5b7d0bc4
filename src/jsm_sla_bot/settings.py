"""Where the bot runs and as whom: the environment, never a rule of the contract.

Every variable begins with `JSM_SLA_BOT_`. A setting that is missing, contradicts another or can't be meant is
one sentence that names the variable; no secret ever stands in it.
"""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from difflib import get_close_matches
from importlib.resources import files
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

PREFIX = "JSM_SLA_BOT_"
GATEWAY = "api.atlassian.com"
FROM_FILES = ("api_token", "bearer_token", "journal_url")
"""What may also be given as the file that holds it, `..._FILE`."""

TOKENS = ("api_token", "bearer_token")

_UNITS = {
    "": 1,
    "s": 1,
    "sec": 1,
    "seconds": 1,
    "min": 60,
    "minutes": 60,
    "h": 3600,
    "hours": 3600,
}
_INTERVAL = re.compile(r"(\d{1,6})\s*([a-z]*)", re.ASCII)
_TOKEN = re.compile(r"[!-~]*")
_QUOTES = frozenset("\"'`\u2018\u2019\u201c\u201d")
_GATEWAY_PATH = re.compile(r"/ex/jira/[^/]+")
_EXPECTED = {
    "poll_interval": "a duration from 1 s to 24 h, such as 30, 30s or '2 min'",
    "log_format": "console or json",
    "log_level": "DEBUG, INFO, WARNING or ERROR",
    "health_port": "a port from 0 (any free one) to 65535",
    "workers": "a number from 1 to 64",
    "first_contact": "allow or ask",
}


class SettingsProblem(ValueError):  # noqa: N818 - it is read out to people as the sentence that it carries
    """A setting that the bot can't run with; the message is one sentence that names the variable."""


def _interval(value: object) -> object:
    found = (
        _INTERVAL.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    )
    if found is None:
        return value if isinstance(value, timedelta) else "not a duration"
    return (
        timedelta(seconds=int(found[1]) * _UNITS[found[2]])
        if found[2] in _UNITS
        else "not a duration"
    )


Interval = Annotated[
    timedelta,
    BeforeValidator(_interval),
    Field(ge=timedelta(seconds=1), le=timedelta(hours=24)),
]
Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"],
    BeforeValidator(lambda value: value.upper() if isinstance(value, str) else value),
]


class Settings(BaseSettings):
    """The environment, read and checked by `read_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    url: str
    """The site, `https://example.atlassian.net`, or a service account's gateway; no slash at the end."""
    email: str | None = None
    """With `api_token`: Basic authentication."""
    api_token: SecretStr | None = None
    bearer_token: SecretStr | None = None
    """A service account's token, in place of the two."""
    config_dir: Path
    """The folder that has policy.yaml."""
    journal_url: str = Field(default="sqlite:///jsm-sla-bot.db", repr=False)
    """SQLAlchemy's URL of the journal; not shown, since it may hold a password."""
    poll_interval: Interval = timedelta(seconds=30)
    log_format: Literal["console", "json"] = "console"
    log_level: Level = "INFO"
    health_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    workers: Annotated[int, Field(ge=1, le=64)] = 8
    first_contact: Literal["allow", "ask"] | None = None
    """Whether a desk without any ledger may be written to unasked; left out: only a sandbox next door."""

    @property
    def first_contact_policy(self) -> Literal["allow", "ask"]:
        """What holds at the first contact with a desk: a site on the internet asks unless told otherwise."""
        host = urlsplit(self.url).hostname or ""
        return self.first_contact or ("allow" if _is_near(host) else "ask")

    @field_validator("url")
    @classmethod
    def _trimmed(cls, url: str) -> str:
        return url.strip().rstrip("/")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - pydantic-settings calls it so
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take values from `read_settings` only, so that a test's environment is the whole environment."""
        return (init_settings,)


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the environment (the process's own by default); raises SettingsProblem."""
    given = _given(os.environ if environ is None else environ)
    _check_url(given.get("url"))
    _check_identity(given)
    given["config_dir"] = str(_config_dir(given))
    source = EnvSettingsSource(Settings)
    source.env_vars = {
        f"{PREFIX}{name}".lower(): value for name, value in given.items()
    }
    try:
        return Settings(**source())
    except ValidationError as error:
        name = str(error.errors(include_url=False)[0]["loc"][0])
        raise SettingsProblem(
            f"{_variable(name)} is {given[name]!r}: expected {_EXPECTED[name]}"
        ) from None


def read_config_dir(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the configuration, for commands that need no site; raises SettingsProblem."""
    return _config_dir(
        _given(os.environ if environ is None else environ, from_files=())
    )


def read_journal_url(environ: Mapping[str, str] | None = None) -> str:
    """Return the journal's address, for commands that need no site and no secret of its; raises SettingsProblem."""
    given = _given(
        os.environ if environ is None else environ, from_files=("journal_url",)
    )
    return given.get("journal_url", str(Settings.model_fields["journal_url"].default))


def _variable(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _given(
    environ: Mapping[str, str], from_files: Sequence[str] = FROM_FILES
) -> dict[str, str]:
    """Return the settings by name, those secrets read from their files."""
    known = {_variable(name): name for name in Settings.model_fields}
    known |= {f"{_variable(name)}_FILE": f"{name}_file" for name in FROM_FILES}
    given = {}
    for variable in sorted(name for name in environ if name.upper().startswith(PREFIX)):
        if variable.upper() not in known:
            raise SettingsProblem(
                f"{variable} is no setting of the bot{_hint(variable, known)}"
            )
        if not environ[variable].strip():
            raise SettingsProblem(
                f"{variable} is empty: give it a value or leave it out"
            )
        value = environ[variable].strip()
        if len(value) > 1 and value[0] in _QUOTES and value[-1] in _QUOTES:
            raise SettingsProblem(_in_quotes(variable))
        given[known[variable.upper()]] = value
    for name in from_files:
        if f"{name}_file" in given:
            given[name] = _from_file(name, given)
    return given


def _in_quotes(variable: str) -> str:
    return f"{variable} is in quotes, which count as a part of it: leave them out, as in a file for docker --env-file"


def _hint(variable: str, known: Mapping[str, str]) -> str:
    close = get_close_matches(variable.upper(), known, n=1, cutoff=0.8)
    return (
        f": did you mean {close[0]}?"
        if close
        else f"; the settings are {', '.join(sorted(known))}"
    )


def _from_file(name: str, given: dict[str, str]) -> str:
    variable, path = f"{_variable(name)}_FILE", given.pop(f"{name}_file")
    if name in given:
        raise SettingsProblem(
            f"{_variable(name)} and {variable} are both set: leave one of them out"
        )
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsProblem(
            f"{variable} names {path}, which can't be read: {error.strerror}"
        ) from None
    except ValueError:
        raise SettingsProblem(
            f"{variable} names {path}, which is not a text file"
        ) from None
    if not secret:
        raise SettingsProblem(f"{variable} names {path}, which is empty")
    if name in TOKENS:
        _check_token(variable, secret)
    return secret


def _check_identity(given: Mapping[str, str]) -> None:
    basic = [name for name in ("email", "api_token") if name in given]
    if "bearer_token" in given and basic:
        both = f"{_variable('bearer_token')} and {_variable(basic[0])}"
        raise SettingsProblem(
            f"{both} are both set: use a service account's token, or a user's address and token"
        )
    if len(basic) == 1:
        missing = "api_token" if basic == ["email"] else "email"
        raise SettingsProblem(
            f"{_variable(missing)} is missing: {_variable(basic[0])} needs it beside it"
        )
    if not basic and "bearer_token" not in given:
        either = f"{_variable('email')} and {_variable('api_token')}"
        raise SettingsProblem(
            f"{either} are missing, or {_variable('bearer_token')} in their place"
        )
    for name in TOKENS:
        _check_token(_variable(name), given.get(name, ""))


def _check_token(variable: str, token: str) -> None:
    """Name the variable that the token came from, never a part of its value."""
    if token and (token[0] in _QUOTES or token[-1] in _QUOTES):
        raise SettingsProblem(_in_quotes(variable))
    if not _TOKEN.fullmatch(token):
        raise SettingsProblem(
            f"{variable} holds a space, a line break or a letter that no token has"
        )


def _check_url(url: str | None) -> None:
    """Never quote the address: somebody may have put a password into it."""
    variable, such_as = _variable("url"), "such as https://example.atlassian.net"
    if url is None:
        raise SettingsProblem(
            f"{variable} is missing: the address of the site, {such_as}"
        )
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SettingsProblem(
            f"{variable} is no address: expected one {such_as}"
        ) from None
    if parts.username is not None:
        raise SettingsProblem(
            f"{variable} holds a user name: use {_variable('email')} and {_variable('api_token')}"
        )
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or not url.isprintable()
        or " " in url
    ):
        raise SettingsProblem(f"{variable} is no address: expected one {such_as}")
    if "?" in url or "#" in url:
        raise SettingsProblem(
            f"{variable} goes on after the address: leave out what follows ? or #"
        )
    _check_safe(variable, parts, host)


def _check_safe(variable: str, parts: SplitResult, host: str) -> None:
    if parts.scheme == "http" and not _is_near(host):
        raise SettingsProblem(
            f"{variable} begins with http: the token would travel in the clear, use https"
        )
    if host == GATEWAY and not _GATEWAY_PATH.fullmatch(parts.path.rstrip("/")):
        raise SettingsProblem(
            f"{variable} lacks the site: expected https://{GATEWAY}/ex/jira/ and the cloud id"
        )


def _is_near(host: str) -> bool:
    """Tell whether the host is this machine, or a container next door, which has a name without a dot."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return "." not in host or host.endswith(".localhost")


def _config_dir(given: Mapping[str, str]) -> Path:
    if "config_dir" in given:
        return Path(given["config_dir"])
    package = Path(str(files("jsm_sla_bot")))
    for folder in (
        Path("config"),
        package / "default_config",
        package.parents[1] / "config",
    ):
        if folder.is_dir():
            return folder
    raise SettingsProblem(
        f"{_variable('config_dir')} is missing, and there is no folder 'config' here"
    )
