"""All settings, with their types: what a verb that works with a site is given."""

import os
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    BeforeValidator,
    Field,
    IPvAnyAddress,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from jsm_sla_bot.ports.sign_in import Basic, Bearer, ClientCredentials, SignIn
from jsm_sla_bot.settings import addresses, identity, values
from jsm_sla_bot.settings.given import (
    NAMES,
    PREFIX,
    Given,
    SettingsProblem,
    given,
    variable,
)
from jsm_sla_bot.settings.single import JOURNAL, NO_FOLDER, config_dir, refuse

Interval = Annotated[
    timedelta,
    BeforeValidator(values.interval),
    Field(ge=timedelta(seconds=1), le=timedelta(hours=24)),
]
Level = Annotated[
    Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(values.upper)
]
TOKEN_URL = "https://auth.atlassian.com/oauth/token"  # noqa: S105 - an address
Count = BeforeValidator(values.number)


class Settings(BaseSettings):
    """The environment, read and checked by `read_settings`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    url: Annotated[str, BeforeValidator(addresses.trimmed)]
    """The site, `https://example.atlassian.net`, or a service account's gateway; no slash at the end."""
    config_dir: Path
    """The folder that has policy.yaml."""
    email: str | None = None
    """With `api_token`: Basic authentication."""
    api_token: SecretStr | None = None
    bearer_token: SecretStr | None = None
    """A service account's token, in place of the two."""
    client_id: str | None = None
    """With `client_secret`: a service account by OAuth 2, in place of the others."""
    client_secret: SecretStr | None = None
    token_url: Annotated[str, BeforeValidator(addresses.trimmed)] = TOKEN_URL
    """Where the two are exchanged for a token."""
    token_expires: Annotated[date | None, BeforeValidator(values.day)] = None
    """The last day of the API token or bearer token: ops are warned a month before."""
    secret_files: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """The files that secrets were read from, by setting: they are read again when they change."""
    journal_url: str = Field(default=JOURNAL, repr=False)
    """SQLAlchemy's URL of the journal; not shown, since it may hold a password."""
    poll_interval: Interval = timedelta(seconds=30)
    log_format: Literal["console", "json"] = "console"
    log_level: Level = "INFO"
    health_port: Annotated[int, Count, Field(ge=0, le=65535)] = 8080
    """0 takes a free one."""
    health_address: Literal["localhost"] | IPvAnyAddress | None = None
    """The address of this machine at which the health port is served; left out: all of them."""
    workers: Annotated[int, Count, Field(ge=1, le=64)] = 8
    first_contact: Literal["allow", "ask"] | None = None
    """Whether a desk without any ledger may be written to unasked; left out: only a sandbox next door."""

    @property
    def first_contact_policy(self) -> Literal["allow", "ask"]:
        """What holds at the first contact with a desk: a site on the internet asks unless it is set otherwise."""
        if self.first_contact:
            return self.first_contact
        host = urlsplit(self.url).hostname or ""
        return "allow" if addresses.is_near(host) else "ask"

    @property
    def health_host(self) -> str:
        """The address at which the health port is served, as a socket takes it; empty: all of them."""
        return str(self.health_address or "")

    def sign_in(self) -> SignIn:
        """Return how the bot signs in. Raises SettingsProblem where no way is set."""
        files = self.secret_files
        if self.client_id and self.client_secret:
            secret = self.client_secret.get_secret_value()
            file = files.get("client_secret")
            return ClientCredentials(
                self.client_id, secret, self.token_url, file
            )
        ends = self.token_expires
        if self.bearer_token:
            token = self.bearer_token.get_secret_value()
            return Bearer(token, files.get("bearer_token"), ends)
        if self.email and self.api_token:
            token = self.api_token.get_secret_value()
            return Basic(self.email, token, files.get("api_token"), ends)
        raise SettingsProblem("no way to sign in is set")

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
    """Read the environment (the process's own by default); raises SettingsProblem with every problem."""
    found = given(os.environ if environ is None else environ, NAMES)
    problems = [
        *found.problems,
        *addresses.problems_of_site(found),
        *addresses.problems_of_token_url(found),
        *identity.problems(found),
        *addresses.problems_of_journal(found),
    ]
    folder = config_dir(found)
    try:
        settings = Settings(**_typed(found, folder), secret_files=found.files)
    except ValidationError as error:
        problems.extend(_problems(error, found))
        settings = None
    if folder is None:
        problems.append(NO_FOLDER)
    refuse(problems)
    assert settings is not None  # noqa: S101 - a field that failed had its sentence
    return settings


def _typed(found: Given, folder: Path | None) -> dict[str, Any]:
    """Return the values as pydantic-settings reads them from variables of these names."""
    texts = dict(found.texts)
    if folder is not None:
        texts["config_dir"] = str(folder)
    source = EnvSettingsSource(Settings)
    source.env_vars = {_lower_case(name): text for name, text in texts.items()}
    return source()


def _lower_case(name: str) -> str:
    """Return a variable as pydantic-settings looks it up."""
    return variable(name).lower()


def _problems(error: ValidationError, found: Given) -> Iterator[str]:
    """Yield what can't be read, once for each setting; what is missing has its sentence already."""
    unread = [
        one["loc"][0] for one in error.errors() if one["type"] != "missing"
    ]
    for name in dict.fromkeys(unread):
        yield values.problem(found, str(name))
