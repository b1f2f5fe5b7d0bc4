"""One setting alone: the folder of the configuration, the address of the journal."""

from pathlib import Path

import pytest

from jsm_sla_bot.settings.given import SettingsProblem
from jsm_sla_bot.settings.single import read_config_dir, read_journal_url


def test_the_folder_config_in_the_working_folder_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without CONFIG_DIR it is ./config; this needs no site."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_config_dir({}) == Path("config")
    assert read_config_dir({"JSM_SLA_BOT_CONFIG_DIR": "/etc/bot"}) == Path(
        "/etc/bot"
    )


def test_an_installed_command_has_its_own_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no ./config the copy inside of the package counts; with none at all there is one sentence."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "jsm_sla_bot.settings.single.files", lambda _: tmp_path / "package"
    )
    with pytest.raises(
        SettingsProblem, match="JSM_SLA_BOT_CONFIG_DIR is missing"
    ):
        read_config_dir({})
    (tmp_path / "package" / "default_config").mkdir(parents=True)
    assert read_config_dir({}) == tmp_path / "package" / "default_config"


def test_who_only_looks_at_the_journal_needs_no_site(tmp_path: Path) -> None:
    """Its address is read alone: no URL, no token, and no file of a token that only the daemon may read."""
    assert read_journal_url({}) == "sqlite:///jsm-sla-bot.db"
    assert (
        read_journal_url(
            {
                "JSM_SLA_BOT_API_TOKEN_FILE": "/nowhere",
                "JSM_SLA_BOT_JOURNAL_URL": "x",
            }
        )
        == "x"
    )
    (tmp_path / "url").write_text("postgresql+psycopg://u:p@db/x\n", "utf-8")
    url = read_journal_url(
        {"JSM_SLA_BOT_JOURNAL_URL_FILE": str(tmp_path / "url")}
    )
    assert url == "postgresql+psycopg://u:p@db/x"
    with pytest.raises(
        SettingsProblem, match="did you mean JSM_SLA_BOT_JOURNAL_URL"
    ):
        read_journal_url({"JSM_SLA_BOT_JOURNAL_ULR": "x"})
