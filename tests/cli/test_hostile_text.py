"""Whoever writes a request, or the journal, chooses its words: none of them acts on who reads them."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from jsm_sla_bot.cli.console import json_text, out
from jsm_sla_bot.cli.passes import summary
from jsm_sla_bot.cli.table import plan_table
from jsm_sla_bot.journal.opening import open_journal
from jsm_sla_bot.plan.change import FieldChange, Plan, PriorityChange
from jsm_sla_bot.plan.fields import SlaField
from jsm_sla_bot.ports.errors import TerminalError, TransientError
from jsm_sla_bot.ports.journal import (
    DaemonFacts,
    EndpointCalls,
    Entry,
    Failure,
    HeldBack,
    PassKind,
    PassReport,
    Vanished,
)
from jsm_sla_bot.telemetry.health import Health
from jsm_sla_bot.telemetry.logs import configure_logging
from tests.cli.conftest import Cli, Desk

HOSTILE = "[/bold]\x1b[31mred\x1b]8;;http://evil\x1b\\link\nforged: line\r\u202eback[bold]:smile:"
LEFT = ("[/bold]", "red", "link", "forged: line", "back[bold]:smile:")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def is_harmless(text: str) -> bool:
    """Whether nothing in it acts on a terminal; lines are ours to break."""
    return all(sign.isprintable() or sign == "\n" for sign in text)


def words(text: str) -> str:
    """Return a text as it reads, wherever its lines were broken."""
    return " ".join(text.split())


def test_status_of_a_journal_full_of_it(
    home: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys, reasons, remarks, problems and endpoints are shown as the texts they are."""
    monkeypatch.setenv("JSM_SLA_BOT_JOURNAL_URL", f"sqlite:///{home / 'j.db'}")
    journal = open_journal(f"sqlite:///{home / 'j.db'}")
    journal.set_aside([Failure("1", HOSTILE, HOSTILE, 1, NOW)])
    entry = Entry(
        "2",
        HOSTILE,
        NOW,
        "Running",
        None,
        None,
        is_open=True,
        policy="p",
        remark=HOSTILE,
    )
    journal.record([entry])
    facts = DaemonFacts(
        at=NOW,
        site=HOSTILE,
        identity=HOSTILE,
        problems={HOSTILE: HOSTILE},
        warnings=(HOSTILE,),
        calls={HOSTILE: EndpointCalls(1, 0.0)},
    )
    journal.remember(facts)
    journal.remember(HeldBack("hash", HOSTILE))
    journal.remember(Vanished(frozenset(), HOSTILE))
    journal.close()
    for told in (cli("status"), cli("status", "--json")):
        assert told.code == 0, told.err
        assert is_harmless(told.out)
        assert "[/bold]" in told.out


def test_a_plan_full_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    """The key, the old value of a field and the names of priorities and statuses are texts."""
    plan = Plan(
        id="1",
        key=HOSTILE,
        fields=(FieldChange(SlaField.SUPPORT_TIER, HOSTILE, "Expert"),),
        priority=PriorityChange(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        transition_to=HOSTILE,
    )
    out.print(plan_table(plan, UTC))
    shown = capsys.readouterr().out
    assert is_harmless(shown)
    assert "[/bold]" in shown


def test_a_pass_that_failed_with_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The one sentence of `once` stays one sentence."""
    report = PassReport(
        kind=PassKind.SWEEP,
        started=NOW,
        ended=NOW + timedelta(seconds=1),
        seen=0,
        read=0,
        differing=0,
        writes=0,
        set_aside=0,
        failed=str(TransientError(HOSTILE)),
    )
    with pytest.raises(Exception, match="1"):
        summary(report)
    shown = capsys.readouterr().err
    assert is_harmless(shown)
    assert all(part in words(shown) for part in LEFT)
    assert shown.count("\n") == 1


def test_a_request_full_of_it(cli: Cli, desk: Desk) -> None:
    """Jira's own fields and statuses reach `explain`, `plan` and `once` as texts."""
    raised = desk.tracker.raise_request(HOSTILE, organization=12, severity=3)
    for field in ("SLA basis", "Response target"):
        desk.tracker.set_field(raised, field, HOSTILE, as_="Mia Lindqvist")
    for verb in (
        ("plan",),
        ("plan", "--json"),
        ("once",),
        ("explain", "SUP-3"),
        ("explain", "SUP-3", "--json"),
        ("explain", "SUP-3", "--for-customer"),
    ):
        told = cli(*verb)
        assert told.code == 0, told.err
        assert is_harmless(told.out + told.err)
        assert verb != ("plan",) or "[/bold]" in told.out


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_log_line_full_of_it(
    log_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event stays one line, whichever of its values, however deep, tries to make two of it."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logging(log_format, "INFO")
    deep: dict[str, Any] = {"key": [HOSTILE, {HOSTILE: HOSTILE}]}
    structlog.get_logger().warning("request_written", key=HOSTILE, more=deep)
    structlog.reset_defaults()
    assert is_harmless(written.getvalue())
    assert written.getvalue().count("\n") == 1
    assert "evil" not in written.getvalue()


def test_health_full_of_it() -> None:
    """The page of what is wrong passes on texts only."""
    health = Health()
    health.wrong("site", HOSTILE)
    health.watch("fields", lambda: HOSTILE)
    assert all(why.isprintable() for why in health.problems().values())


def test_errors_carry_none_of_it() -> None:
    """An error of the site's is fit to be shown, wherever its message came from."""
    for error in (TransientError(HOSTILE), TerminalError(HOSTILE)):
        assert str(error).isprintable()
        assert "evil" not in str(error)


def test_json_stays_what_it_was() -> None:
    """A program reads from `--json` the very text, escaped where a terminal would obey it."""
    text = json_text({HOSTILE: [HOSTILE, "\u00e5"]}, indent=2)
    assert is_harmless(text)
    assert json.loads(text) == {HOSTILE: [HOSTILE, "\u00e5"]}
    assert "\u00e5" in text
