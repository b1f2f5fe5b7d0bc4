"""What is read from the environment: defaults, spellings, secrets from files."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from tests.settings.samples import BEARER, GATEWAY, SECRET, SITE, env

from jsm_sla_bot.settings.environment import Settings, read_settings
from jsm_sla_bot.settings.given import NAMES


def test_defaults() -> None:
    """Only the site and an identity are needed."""
    settings = read_settings(env())
    assert (settings.url, settings.email, settings.config_dir) == (
        SITE,
        "bot@example.com",
        Path("conf"),
    )
    assert settings.api_token
    assert settings.api_token.get_secret_value() == SECRET
    assert settings.bearer_token is None
    assert settings.journal_url == "sqlite:///jsm-sla-bot.db"
    assert settings.poll_interval == timedelta(seconds=30)
    assert (settings.log_format, settings.log_level) == ("console", "INFO")
    assert (settings.health_port, settings.workers) == (8080, 8)


def test_a_service_account() -> None:
    """A bearer token stands for itself, at the gateway."""
    settings = read_settings(env(URL=GATEWAY, **BEARER))
    assert settings.bearer_token
    assert settings.bearer_token.get_secret_value() == SECRET


def test_other_variables_are_not_read() -> None:
    """Only what begins with the prefix is looked at."""
    assert read_settings(env() | {"PATH": "", "JSM_SLA": "x"}).url == SITE


@pytest.mark.parametrize(
    ("name", "value", "field", "meant"),
    [
        ("URL", f"{SITE}/", "url", SITE),
        ("URL", f" {SITE}// ", "url", SITE),
        ("URL", f"{GATEWAY}/", "url", GATEWAY),
        (
            "URL",
            "https://jira.example.com:8443/jira",
            "url",
            "https://jira.example.com:8443/jira",
        ),
        ("URL", "http://localhost:8090", "url", "http://localhost:8090"),
        ("URL", "http://127.0.0.1:8090", "url", "http://127.0.0.1:8090"),
        ("URL", "http://[::1]:8090", "url", "http://[::1]:8090"),
        ("URL", "http://sandbox:8090", "url", "http://sandbox:8090"),
        ("POLL_INTERVAL", "30", "poll_interval", timedelta(seconds=30)),
        ("POLL_INTERVAL", "30s", "poll_interval", timedelta(seconds=30)),
        ("POLL_INTERVAL", "2 min", "poll_interval", timedelta(minutes=2)),
        ("POLL_INTERVAL", "1 h", "poll_interval", timedelta(hours=1)),
        ("LOG_FORMAT", "json", "log_format", "json"),
        ("LOG_LEVEL", "debug", "log_level", "DEBUG"),
        ("HEALTH_PORT", "9000", "health_port", 9000),
        ("WORKERS", "1", "workers", 1),
        (
            "JOURNAL_URL",
            "postgresql://u:p@db/x",
            "journal_url",
            "postgresql://u:p@db/x",
        ),
    ],
)
def test_a_value(name: str, value: str, field: str, meant: object) -> None:
    """Values are read in the spellings that people use."""
    assert getattr(read_settings(env(**{name: value})), field) == meant


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:p%40ss@db/x",
        "postgresql://u@db:5432/x?options=a@b",
        "postgresql://db/x",
        "sqlite:////var/lib/a@b@c/journal.db",
    ],
)
def test_an_address_of_a_journal_may_hold_an_at_sign(url: str) -> None:
    """Where it can't be misread it stays as it is."""
    assert read_settings(env(JOURNAL_URL=url)).journal_url == url


@pytest.mark.parametrize(
    ("variable", "given"),
    [
        ("API_TOKEN", {"API_TOKEN": None}),
        ("BEARER_TOKEN", {**BEARER, "BEARER_TOKEN": None}),
    ],
)
def test_a_secret_from_a_file(
    tmp_path: Path, variable: str, given: dict[str, str | None]
) -> None:
    """A secret may come from a file, whose last line break does not count."""
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    settings = read_settings(env(**given, **{f"{variable}_FILE": str(file)}))
    secret = getattr(settings, variable.lower())
    assert secret.get_secret_value() == SECRET


def test_the_journals_address_from_a_file(tmp_path: Path) -> None:
    """A journal's address may hold a password, so it may come from a file, too."""
    file = tmp_path / "journal"
    file.write_text("postgresql+psycopg://bot:secret@db/journal\n")
    assert (
        read_settings(env(JOURNAL_URL_FILE=str(file))).journal_url
        == "postgresql+psycopg://bot:secret@db/journal"
    )


def test_the_process_environment_is_read_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without an argument the process's own environment counts, and with one only that."""
    for name, value in env(WORKERS="3").items():
        monkeypatch.setenv(name, value)
    assert read_settings().workers == 3
    assert read_settings(env()).workers == 8


def test_settings_are_frozen() -> None:
    """What was read stands."""
    settings: Settings = read_settings(env())
    with pytest.raises(ValidationError):
        settings.url = "x"  # type: ignore[misc]


def test_the_list_of_names_matches_the_typed_settings() -> None:
    """Verbs that need no site know the names without loading the types: the two lists are one."""
    typed = set(Settings.model_fields) - {"secret_files"}
    assert typed | {"admin_email", "admin_api_token"} == set(NAMES)
