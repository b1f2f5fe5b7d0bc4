"""A setting that cannot be meant: one sentence that names its variable, all of them at once."""

from pathlib import Path

import pytest
from tests.settings.samples import INTERVAL, SECRET, SITE, env

from jsm_sla_bot.settings.environment import read_settings
from jsm_sla_bot.settings.given import SettingsProblem


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
            "JSM_SLA_BOT_EMAIL and JSM_SLA_BOT_API_TOKEN are missing; a service account needs "
            "JSM_SLA_BOT_BEARER_TOKEN, or JSM_SLA_BOT_CLIENT_ID and its secret",
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
            "JSM_SLA_BOT_BEARER_TOKEN and JSM_SLA_BOT_EMAIL are both set: sign in by one of them,"
            " as a user or as a service account",
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
def test_a_wrong_setting_is_one_sentence(
    given: dict[str, str | None], sentence: str
) -> None:
    """A missing or contradictory setting is one sentence that names the variable, and never a secret."""
    with pytest.raises(SettingsProblem) as caught:
        read_settings(env(**given))
    assert str(caught.value) == sentence
    assert SECRET not in str(caught.value)
    assert (
        caught.value.__suppress_context__ or caught.value.__context__ is None
    )


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
        "JSM_SLA_BOT_API_TOKEN_FILE",
        "JSM_SLA_BOT_JOURNAL_URL_FILE",
        "JSM_SLA_BOT_URL",
        "JSM_SLA_BOT_LOG_FORMAT",
        "JSM_SLA_BOT_WORKERS",
    ]


def test_an_unknown_setting_like_no_other_lists_them_all() -> None:
    """Where nothing is near, every setting is named."""
    with pytest.raises(
        SettingsProblem,
        match=r"XYZZY is no setting of the bot; the settings are .*JSM_SLA_BOT_WORKERS",
    ):
        read_settings(env(XYZZY="1"))


def test_a_setting_in_two_spellings_is_named() -> None:
    """Which of the two would count nobody can know."""
    with pytest.raises(SettingsProblem) as caught:
        read_settings(env(WORKERS="3") | {"jsm_sla_bot_workers": "4"})
    assert str(caught.value) == (
        "JSM_SLA_BOT_WORKERS is set twice, also as jsm_sla_bot_workers: leave one of them out"
    )
