"""The administrator of `provision`: read by that verb alone, and shown nowhere."""

from pathlib import Path

import pytest

from jsm_sla_bot.settings.administrator import read_administrator
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import SettingsProblem

SECRET = "a-token-of-an-administrator"
DAEMON = {
    "JSM_SLA_BOT_URL": "http://127.0.0.1:1",
    "JSM_SLA_BOT_EMAIL": "bot@example.com",
    "JSM_SLA_BOT_API_TOKEN": "sandbox",
}


def admin(**given: str) -> dict[str, str]:
    """Return the daemon's environment with an administrator in it."""
    return DAEMON | {
        f"JSM_SLA_BOT_ADMIN_{name}": text for name, text in given.items()
    }


def test_the_administrator_is_read_with_the_token_of_a_file(
    tmp_path: Path,
) -> None:
    """The token stands in no text that is made of the value."""
    file = tmp_path / "token"
    file.write_text(f"{SECRET}\n")
    found = read_administrator(
        admin(EMAIL="root@example.com", API_TOKEN_FILE=str(file))
    )
    assert found is not None
    assert found.email == "root@example.com"
    assert found.token.get_secret_value() == SECRET
    assert SECRET not in repr(found)


def test_without_one_there_is_none() -> None:
    """The daemon's own token is never taken for an administrator's."""
    assert read_administrator(DAEMON) is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"EMAIL": "root@example.com"}, "ADMIN_API_TOKEN is missing"),
        ({"API_TOKEN": SECRET}, "ADMIN_EMAIL is missing"),
        (
            {"EMAIL": "root@example.com", "API_TOKEN": f"{SECRET} x"},
            "holds a space",
        ),
        ({"EMAIL": "r@example.com", "API_TOKEN_FILE": SECRET}, "no such file"),
    ],
    ids=["no token", "no address", "a space", "no file"],
)
def test_what_is_wrong_is_named_without_the_token(
    given: dict[str, str], words: str
) -> None:
    """No part of a secret stands in a message."""
    with pytest.raises(SettingsProblem) as caught:
        read_administrator(admin(**given))
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)


def test_the_daemon_does_not_read_it(tmp_path: Path) -> None:
    """What is set for provision stops no other verb, and its file is not opened."""
    nowhere = str(tmp_path / "nothing")
    settings = read_settings(
        admin(EMAIL="root@example.com", API_TOKEN_FILE=nowhere)
    )
    assert "root@example.com" not in repr(settings)
