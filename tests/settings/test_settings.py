"""The environment: what is read from it, and the one sentence for what can't be."""

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from jsm_sla_bot.settings.environment import Settings, read_settings
from jsm_sla_bot.settings.given import NAMES, SettingsProblem
from jsm_sla_bot.settings.single import read_config_dir, read_journal_url

SITE = "https://example.atlassian.net"
GATEWAY = "https://api.atlassian.com/ex/jira/0a1b"
SECRET = "s3cr3t-t0k3n"
INTERVAL = "expected a duration from 1 s to 24 h, such as 30, 30s or '2 min'"


def env(**given: str | None) -> dict[str, str]:
    """Return an environment that works, with changes; None takes a variable out."""
    values = {
        "URL": SITE,
        "EMAIL": "bot@example.com",
        "API_TOKEN": SECRET,
        "CONFIG_DIR": "conf",
    } | given
    return {
        f"JSM_SLA_BOT_{name}": value
        for name, value in values.items()
        if value is not None
    }


BEARER = {"EMAIL": None, "API_TOKEN": None, "BEARER_TOKEN": SECRET}


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


def test_other_variables_are_none_of_our_business() -> None:
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
    ("given", "sentence"),
    [
        pytest.param(
            {"URL": None},
            "JSM_SLA_BOT_URL is missing: the address of the site, such as https://example.atlassian.net",
            id="no site",
        ),
        pytest.param(
            {"URL": "example.atlassian.net"},
            "JSM_SLA_BOT_URL is no address: expected one such as https://example.atlassian.net",
            id="no scheme",
        ),
        pytest.param(
            {"URL": "ftp://example.com"},
            "JSM_SLA_BOT_URL is no address: expected one such as https://example.atlassian.net",
            id="other scheme",
        ),
        pytest.param(
            {"URL": "https://[::1"},
            "JSM_SLA_BOT_URL is no address: expected one such as https://example.atlassian.net",
            id="half an address",
        ),
        pytest.param(
            {"URL": "https://a:99999"},
            "JSM_SLA_BOT_URL is no address: expected one such as https://example.atlassian.net",
            id="port",
        ),
        pytest.param(
            {"URL": "http://example.com"},
            "JSM_SLA_BOT_URL begins with http: the token would travel in the clear, use https",
            id="http over the net",
        ),
        pytest.param(
            {"URL": "http://10.0.0.5"},
            "JSM_SLA_BOT_URL begins with http: the token would travel in the clear, use https",
            id="http to an address",
        ),
        pytest.param(
            {"URL": f"https://me:{SECRET}@example.com"},
            "JSM_SLA_BOT_URL holds a user name: use JSM_SLA_BOT_EMAIL and JSM_SLA_BOT_API_TOKEN",
            id="password in the address",
        ),
        pytest.param(
            {"URL": f"{SITE}/?x=1"},
            "JSM_SLA_BOT_URL goes on after the address: leave out what follows ? or #",
            id="query",
        ),
        pytest.param(
            {"URL": "https://api.atlassian.com"},
            "JSM_SLA_BOT_URL lacks the site: expected https://api.atlassian.com/ex/jira/ and the cloud id",
            id="gateway without site",
        ),
        pytest.param(
            {"EMAIL": None, "API_TOKEN": None},
            "JSM_SLA_BOT_EMAIL and JSM_SLA_BOT_API_TOKEN are missing; a service account needs JSM_SLA_BOT_BEARER_TOKEN",
            id="nobody",
        ),
        pytest.param(
            {"EMAIL": None},
            "JSM_SLA_BOT_EMAIL is missing: JSM_SLA_BOT_API_TOKEN needs it",
            id="token without e-mail",
        ),
        pytest.param(
            {"API_TOKEN": None},
            "JSM_SLA_BOT_API_TOKEN is missing: JSM_SLA_BOT_EMAIL needs it",
            id="e-mail without token",
        ),
        pytest.param(
            {"BEARER_TOKEN": SECRET},
            "JSM_SLA_BOT_BEARER_TOKEN and JSM_SLA_BOT_EMAIL are both set: use a service account's token,"
            " or a user's address and token",
            id="two identities",
        ),
        pytest.param(
            {"API_TOKEN": " "},
            "JSM_SLA_BOT_API_TOKEN is empty: give it a value or leave it out",
            id="empty",
        ),
        pytest.param(
            {"API_TOKEN": f"{SECRET} x"},
            "JSM_SLA_BOT_API_TOKEN holds a space, a line break or a letter that no token has",
            id="token with a space",
        ),
        pytest.param(
            {"API_TOKEN": None, "API_TOKEN_FILE": "/nowhere/token"},
            "JSM_SLA_BOT_API_TOKEN_FILE has to be the path of a file that holds the secret: there is no such file",
            id="secret file missing",
        ),
        pytest.param(
            {"API_TOKEN_FILE": "/nowhere/token"},
            "JSM_SLA_BOT_API_TOKEN and JSM_SLA_BOT_API_TOKEN_FILE are both set: leave one of them out",
            id="secret twice",
        ),
        pytest.param(
            {"POLL_INTERVALL": "30"},
            "JSM_SLA_BOT_POLL_INTERVALL is no setting of the bot: did you mean JSM_SLA_BOT_POLL_INTERVAL?",
            id="unknown setting",
        ),
        pytest.param(
            {"POLL_INTERVAL": "soon"},
            f"JSM_SLA_BOT_POLL_INTERVAL is 'soon': {INTERVAL}",
            id="interval",
        ),
        pytest.param(
            {"POLL_INTERVAL": "0"},
            f"JSM_SLA_BOT_POLL_INTERVAL is '0': {INTERVAL}",
            id="no interval",
        ),
        pytest.param(
            {"POLL_INTERVAL": "25 h"},
            f"JSM_SLA_BOT_POLL_INTERVAL is '25 h': {INTERVAL}",
            id="interval too long",
        ),
        pytest.param(
            {"LOG_FORMAT": "xml"},
            "JSM_SLA_BOT_LOG_FORMAT is 'xml': expected console or json",
            id="format",
        ),
        pytest.param(
            {"LOG_LEVEL": "loud"},
            "JSM_SLA_BOT_LOG_LEVEL is 'loud': expected DEBUG, INFO, WARNING or ERROR",
            id="level",
        ),
        pytest.param(
            {"HEALTH_PORT": "70000"},
            "JSM_SLA_BOT_HEALTH_PORT is '70000': expected a port from 0 (any free one) to 65535",
            id="port of health",
        ),
        pytest.param(
            {"WORKERS": "many"},
            "JSM_SLA_BOT_WORKERS is 'many': expected a number from 1 to 64",
            id="workers",
        ),
    ],
)
def test_a_sentence_for_what_can_not_be(
    given: dict[str, str | None], sentence: str
) -> None:
    """A missing or contradictory setting is one sentence that names the variable, and never a secret."""
    with pytest.raises(SettingsProblem) as caught:
        read_settings(env(**given))
    assert str(caught.value) == sentence
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        pytest.param(
            {"API_TOKEN": None, "API_TOKEN_FILE": SECRET},
            "JSM_SLA_BOT_API_TOKEN_FILE has to be the path of a file that holds the secret: there is no such file",
            id="token in place of its file",
        ),
        pytest.param(
            {"API_TOKEN": None, "API_TOKEN_FILE": f"/{SECRET}"},
            "JSM_SLA_BOT_API_TOKEN_FILE has to be the path of a file that holds the secret: there is no such file",
            id="token that begins like a path",
        ),
        pytest.param(
            {"API_TOKEN": None, "API_TOKEN_FILE": SECRET * 400},
            "JSM_SLA_BOT_API_TOKEN_FILE has to be the path of a file that holds the secret: there is no such file",
            id="token longer than a path may be",
        ),
        pytest.param(
            {"JOURNAL_URL": f"postgresql://u:{SECRET}@{SECRET}@db/x"},
            "JSM_SLA_BOT_JOURNAL_URL holds more than one @: write an @ in a user name or a password as %40",
            id="at sign in the password",
        ),
        pytest.param(
            {"JOURNAL_URL": f"postgresql+psycopg://u:{SECRET}@{SECRET}?{SECRET}@db/x"},
            "JSM_SLA_BOT_JOURNAL_URL holds more than one @: write an @ in a user name or a password as %40",
            id="at sign and question mark in the password",
        ),
        pytest.param(
            {"WORKERS": f"{SECRET}-{SECRET}"},
            "JSM_SLA_BOT_WORKERS is too long: expected a number from 1 to 64",
            id="token in another variable",
        ),
    ],
)
def test_no_part_of_a_secret_stands_in_a_sentence(
    given: dict[str, str | None], sentence: str
) -> None:
    """What is put into the wrong variable, or spoils an address, is named without a letter of it."""
    with pytest.raises(SettingsProblem) as caught:
        read_settings(env(**given))
    assert str(caught.value) == sentence


def test_everything_wrong_is_shown_at_once(tmp_path: Path) -> None:
    """One look shows every setting that has to be corrected, each by its own variable, also of a file."""
    token = tmp_path / "token"
    token.write_text("'x y'")
    with pytest.raises(SettingsProblem) as caught:
        read_settings(
            env(
                URL="http://example.com",
                EMAIL="",
                API_TOKEN=None,
                API_TOKEN_FILE=str(token),
                WORKERS="0",
                LOG_FORMAT="xml",
                HEALTH_PROT="1",
                JOURNAL_URL_FILE="nowhere",
            )
        )
    named = [line.partition(" ")[0] for line in str(caught.value).splitlines()]
    assert named == [
        "JSM_SLA_BOT_EMAIL",
        "JSM_SLA_BOT_HEALTH_PROT",
        "JSM_SLA_BOT_JOURNAL_URL_FILE",
        "JSM_SLA_BOT_URL",
        "JSM_SLA_BOT_API_TOKEN_FILE",
        "JSM_SLA_BOT_LOG_FORMAT",
        "JSM_SLA_BOT_WORKERS",
    ]


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


def test_an_unknown_setting_like_no_other_lists_them_all() -> None:
    """Where nothing is near, every setting is named."""
    with pytest.raises(
        SettingsProblem,
        match=r"XYZZY is no setting of the bot; the settings are .*JSM_SLA_BOT_WORKERS",
    ):
        read_settings(env(XYZZY="1"))


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


@pytest.mark.parametrize(
    ("content", "why"), [(b"\n", "is empty"), (b"\xff\xfe\xfa", "is not a text file")]
)
def test_a_secret_file_that_holds_none(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """An empty or binary file is named."""
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(
        SettingsProblem, match=f"JSM_SLA_BOT_API_TOKEN_FILE names {file}, which {why}"
    ):
        read_settings(env(API_TOKEN=None, API_TOKEN_FILE=str(file)))


def test_no_secret_is_ever_shown() -> None:
    """Neither the token nor the journal's password stands in what is printed of the settings."""
    settings = read_settings(env(JOURNAL_URL="postgresql://u:hunter2@db/x"))
    for text in (repr(settings), str(settings)):
        assert SECRET not in text
        assert "hunter2" not in text


def test_the_process_environment_is_read_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without an argument the process's own environment counts, and with one only that."""
    for name, value in env(WORKERS="3").items():
        monkeypatch.setenv(name, value)
    assert read_settings().workers == 3
    assert read_settings(env()).workers == 8


def test_the_folder_beside_us_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without CONFIG_DIR it is ./config; this needs no site."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_config_dir({}) == Path("config")
    assert read_config_dir({"JSM_SLA_BOT_CONFIG_DIR": "/etc/bot"}) == Path("/etc/bot")


def test_an_installed_command_has_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no ./config the copy inside of the package counts; with none at all there is one sentence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "jsm_sla_bot.settings.single.files", lambda _: tmp_path / "package"
    )
    with pytest.raises(SettingsProblem, match="JSM_SLA_BOT_CONFIG_DIR is missing"):
        read_config_dir({})
    (tmp_path / "package" / "default_config").mkdir(parents=True)
    assert read_config_dir({}) == tmp_path / "package" / "default_config"


def test_settings_can_not_be_changed() -> None:
    """What was read stands."""
    settings: Settings = read_settings(env())
    with pytest.raises(ValidationError):
        settings.url = "x"  # type: ignore[misc]


def test_who_only_looks_at_the_journal_needs_no_site(tmp_path: Path) -> None:
    """Its address is read alone: no URL, no token, and no file of a token that only the daemon may read."""
    assert read_journal_url({}) == "sqlite:///jsm-sla-bot.db"
    assert (
        read_journal_url(
            {"JSM_SLA_BOT_API_TOKEN_FILE": "/nowhere", "JSM_SLA_BOT_JOURNAL_URL": "x"}
        )
        == "x"
    )
    (tmp_path / "url").write_text("postgresql+psycopg://u:p@db/x\n", "utf-8")
    url = read_journal_url({"JSM_SLA_BOT_JOURNAL_URL_FILE": str(tmp_path / "url")})
    assert url == "postgresql+psycopg://u:p@db/x"
    with pytest.raises(SettingsProblem, match="did you mean JSM_SLA_BOT_JOURNAL_URL"):
        read_journal_url({"JSM_SLA_BOT_JOURNAL_ULR": "x"})


QUOTED = "is in quotes, which count as a part of it: leave them out, as in a file for docker --env-file"


@pytest.mark.parametrize(
    "name", ["API_TOKEN", "BEARER_TOKEN", "URL", "EMAIL", "CONFIG_DIR", "JOURNAL_URL"]
)
@pytest.mark.parametrize("quotes", ['""', "''", "``", "\u201c\u201d"])
def test_a_setting_in_quotes(name: str, quotes: str) -> None:
    """Quotes that a file for the environment kept are named with their variable, the value is not."""
    given = BEARER if name == "BEARER_TOKEN" else {}
    value = f"{quotes[0]}{SECRET}{quotes[1]}"
    with pytest.raises(SettingsProblem) as problem:
        read_settings(env(**given | {name: value}))
    assert str(problem.value) == f"JSM_SLA_BOT_{name} {QUOTED}"


@pytest.mark.parametrize("name", ["API_TOKEN", "BEARER_TOKEN"])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (f'"{SECRET}"', "in quotes"),
        (f"{SECRET}'", "in quotes"),
        (f"{SECRET} {SECRET}", "a line break or a letter that no token has"),
        (f"\ufeff{SECRET}", "a line break or a letter that no token has"),
    ],
    ids=["quotes", "half a pair", "space", "mark"],
)
def test_a_secret_from_a_file_is_named_by_its_file_setting(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    """What is wrong with a token in a file is a sentence about the setting that names the file, and never quotes it."""
    (tmp_path / "token").write_text(content, encoding="utf-8")
    given = {"API_TOKEN": None, f"{name}_FILE": str(tmp_path / "token")}
    if name == "BEARER_TOKEN":
        given["EMAIL"] = None
    with pytest.raises(SettingsProblem, match=said) as problem:
        read_settings(env(**given))
    assert str(problem.value).startswith(f"JSM_SLA_BOT_{name}_FILE ")
    assert SECRET not in str(problem.value)


def test_the_names_of_settings_are_written_down_once_more() -> None:
    """Verbs that need no site know the names without loading the types: the two lists are one."""
    assert {*Settings.model_fields, "admin_email", "admin_api_token"} == set(NAMES)
