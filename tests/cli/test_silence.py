"""`silence`: for how long nobody outside Jira is told of a request or an organization, and why."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jsm_sla_bot.cli.main import command_line
from jsm_sla_bot.journal.opening import open_journal

Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask the verb, with a journal that a daemon has made."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    open_journal(url).close()
    monkeypatch.setenv("JSM_SLA_BOT_JOURNAL_URL", url)

    def asked(*words: str) -> tuple[int, str]:
        line = command_line("silence")
        result = CliRunner().invoke(line, ["silence", *words])
        return result.exit_code, " ".join(result.output.split())

    return asked


def test_it_lasts_until_its_end(ask: Ask) -> None:
    """Set, listed, replaced and ended; another one stays."""
    assert ask() == (0, "nothing is silenced")
    code, said = ask("SUP-12", "--for", "2h", "--why", "known, fix at noon")
    assert code == 0
    assert said.startswith("SUP-12 is silenced until ")
    assert said.endswith(": known, fix at noon")
    code, said = ask("42", "--for", "3 days", "--why", "moves house")
    assert said.count("is silenced until") == 2
    code, said = ask("SUP-12", "--for", "1h", "--why", "again")
    assert said.count("SUP-12") == 1
    assert ": again" in said
    code, said = ask("SUP-12", "--end")
    assert code == 0
    assert "SUP-12" not in said
    assert "42 is silenced until" in ask()[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Acme", "--for", "2h", "--why", "x"), "an organization's id"),
        (("SUP-12", "--why", "x"), "give how long and why"),
        (("SUP-12", "--for", "2h"), "give how long and why"),
        (("SUP-12", "--for", "soon", "--why", "x"), "--for 'soon': expected"),
    ],
)
def test_what_can_not_be_meant(
    ask: Ask, words: tuple[str, ...], said: str
) -> None:
    """Nothing is kept of it."""
    code, told = ask(*words)
    assert code == 1
    assert said in told
    assert ask() == (0, "nothing is silenced")
