"""A service account by OAuth 2, and the day on which a token ends."""

from datetime import date
from pathlib import Path

import pytest

from jsm_sla_bot.ports.sign_in import Bearer, ClientCredentials
from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import SettingsProblem

GATEWAY = "https://api.atlassian.com/ex/jira/11-22"
SECRET = "a-secret-of-a-client"


def given(**texts: str) -> dict[str, str]:
    """Return an environment with these settings."""
    settings = {"URL": GATEWAY, "CONFIG_DIR": "config", **texts}
    return {f"JSM_SLA_BOT_{name}": text for name, text in settings.items()}


def test_client_credentials_are_a_way_to_sign_in(tmp_path: Path) -> None:
    """The secret comes from its file, which is named so that it can be read again."""
    file = tmp_path / "secret"
    file.write_text(SECRET)
    settings = read_settings(
        given(CLIENT_ID="c1", CLIENT_SECRET_FILE=str(file))
    )
    found = settings.sign_in()
    assert isinstance(found, ClientCredentials)
    assert (found.client_id, found.secret, found.file) == (
        "c1",
        SECRET,
        str(file),
    )
    assert found.token_url == "https://auth.atlassian.com/oauth/token"
    assert SECRET not in repr(settings)


def test_the_last_day_of_a_token_is_known() -> None:
    """It goes with the token, for whoever warns of it."""
    settings = read_settings(
        given(BEARER_TOKEN="t", TOKEN_EXPIRES="2027-03-01")
    )
    assert settings.sign_in() == Bearer("t", None, date(2027, 3, 1))


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"CLIENT_ID": "c"}, "JSM_SLA_BOT_CLIENT_SECRET is missing"),
        ({"CLIENT_SECRET": SECRET}, "JSM_SLA_BOT_CLIENT_ID is missing"),
        (
            {"CLIENT_ID": "c", "CLIENT_SECRET": SECRET, "BEARER_TOKEN": "t"},
            "are both set",
        ),
        (
            {
                "CLIENT_ID": "c",
                "CLIENT_SECRET": SECRET,
                "URL": "https://example.atlassian.net",
            },
            "works at the gateway only",
        ),
        (
            {
                "CLIENT_ID": "c",
                "CLIENT_SECRET": SECRET,
                "TOKEN_URL": "http://auth.example.com",
            },
            "in the clear",
        ),
        ({"BEARER_TOKEN": "t", "TOKEN_EXPIRES": "1 March"}, "a date such as"),
    ],
)
def test_what_does_not_go_together_is_named(
    texts: dict[str, str], words: str
) -> None:
    """Each mistake is a sentence that names its variable and no secret."""
    with pytest.raises(SettingsProblem) as caught:
        read_settings(given(**texts))
    assert words in str(caught.value)
    assert SECRET not in str(caught.value)
