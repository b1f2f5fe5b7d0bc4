"""No secret, and no part of one, stands in a message."""

from pathlib import Path

import pytest
from tests.settings.samples import BEARER, SECRET, env

from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import SettingsProblem


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
            {
                "JOURNAL_URL": f"postgresql+psycopg://u:{SECRET}@{SECRET}?{SECRET}@db/x"
            },
            "JSM_SLA_BOT_JOURNAL_URL holds more than one @: write an @ in a user name or a password as %40",
            id="at sign and question mark in the password",
        ),
        pytest.param(
            {"WORKERS": f"{SECRET}-{SECRET}"},
            "JSM_SLA_BOT_WORKERS is too long: expected a number from 1 to 64",
            id="token in another variable",
        ),
        pytest.param(
            {"WORKERS": SECRET},
            "JSM_SLA_BOT_WORKERS is something else: expected a number from 1 to 64",
            id="short password in another variable",
        ),
        pytest.param(
            {"LOG_FORMAT": "hunter2"},
            "JSM_SLA_BOT_LOG_FORMAT is something else: expected console or json",
            id="word with a figure in another variable",
        ),
        pytest.param(
            {"EMAIL": SECRET, "API_TOKEN": "bot@example.com"},
            "JSM_SLA_BOT_EMAIL is no e-mail address: expected that of the account, such as bot@example.com",
            id="token in the place of the address",
        ),
        pytest.param(
            {"JOURNAL_URL": f"postgres://u:{SECRET}@db/x"},
            "JSM_SLA_BOT_JOURNAL_URL begins with postgres://: expected postgresql+psycopg://",
            id="database by its short name",
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


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\n", "is empty"),
        (b"\xff\xfe\xfa", "is not a text file"),
        (b"t\0o\0k\0", "is not a text file"),
        (b"\xef\xbb\xbftoken\r\n", "begins with a byte order mark"),
    ],
)
def test_a_secret_file_that_holds_none(
    tmp_path: Path, content: bytes, why: str
) -> None:
    """An empty or binary file is named."""
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(
        SettingsProblem,
        match=f"JSM_SLA_BOT_API_TOKEN_FILE names {file}, which {why}",
    ):
        read_settings(env(API_TOKEN=None, API_TOKEN_FILE=str(file)))


def test_no_secret_is_ever_shown() -> None:
    """Neither the token nor the journal's password stands in what is printed of the settings."""
    settings = read_settings(env(JOURNAL_URL="postgresql://u:hunter2@db/x"))
    for text in (repr(settings), str(settings)):
        assert SECRET not in text
        assert "hunter2" not in text


QUOTED = "is in quotes, which count as a part of it: leave them out, as in a file for docker --env-file"


@pytest.mark.parametrize(
    "name",
    ["API_TOKEN", "BEARER_TOKEN", "URL", "EMAIL", "CONFIG_DIR", "JOURNAL_URL"],
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
        (
            f"{SECRET}\r\n{SECRET}",
            "a line break or a letter that no token has",
        ),
        (f"\ufeff{SECRET}", "begins with a byte order mark"),
        (f"${{{SECRET}}}", "holds the name of a value"),
    ],
    ids=["quotes", "half a pair", "space", "lines", "mark", "placeholder"],
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


@pytest.mark.parametrize(
    "name",
    ["API_TOKEN", "BEARER_TOKEN", "URL", "EMAIL", "CONFIG_DIR", "JOURNAL_URL"],
)
@pytest.mark.parametrize(
    "form",
    [
        "${}",
        "${{{}}}",
        "$({})",
        "{{{{ {} }}}}",
        "${{{{ {} }}}}",
        "%{}%",
        "<{}>",
    ],
)
def test_a_setting_that_nothing_has_filled_in(name: str, form: str) -> None:
    """The name of a value in its place is said to be one, and not shown."""
    given = BEARER if name == "BEARER_TOKEN" else {}
    with pytest.raises(SettingsProblem) as problem:
        read_settings(env(**given | {name: form.format("SECRET")}))
    assert str(problem.value) == (
        f"JSM_SLA_BOT_{name} holds the name of a value, which nothing has put in its place: write the value itself"
    )


def test_a_secret_file_of_another_system_is_read(tmp_path: Path) -> None:
    """A line end of Windows is no part of a secret."""
    (tmp_path / "token").write_bytes(f"{SECRET}\r\n".encode())
    settings = read_settings(
        env(API_TOKEN=None, API_TOKEN_FILE=str(tmp_path / "token"))
    )
    assert settings.api_token is not None
    assert settings.api_token.get_secret_value() == SECRET
