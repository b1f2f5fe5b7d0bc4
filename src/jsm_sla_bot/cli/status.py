"""`status` and `allow`: how the daemon stands, read from its journal, and a person's word on what it holds back."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from jsm_sla_bot import app
from jsm_sla_bot.cli.console import fail, out, plainly
from jsm_sla_bot.plan import wording
from jsm_sla_bot.policy.load import load
from jsm_sla_bot.ports import Entry, Failure, Mark, PassReport
from jsm_sla_bot.record import SqlJournal, open_journal
from jsm_sla_bot.settings import read_settings

PASSES = 10
UPCOMING = timedelta(days=1)


@plainly
def status(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Show how the daemon stands: watermark and lag, agenda, requests set aside or left alone, passes, limiter.

    Reads the journal only, so it works beside a running daemon and after one has ended. Asks no Jira.
    """
    journal = open_journal(read_settings().journal_url)
    try:
        found = standing(journal, app.SystemClock().now())
    finally:
        journal.close()
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    out.print(_head(found))
    daemon = found["daemon"]
    parts = (_passes(found["passes"]), _set_aside(found["set_aside"]), _left(found["left"]))
    for table in (*parts, _calls(daemon.get("calls", {}))):
        if table.row_count:
            out.print()
            out.print(table)


@plainly
def allow() -> None:
    """Let through, once, what the daemon holds back: a policy over its budget, a first contact, vanished requests.

    Look at `jsm-sla-bot plan` first. The word is for the policy as it is in the configuration folder now; the
    daemon takes it at its next poll.
    """
    settings = read_settings()
    policy = load(settings.config_dir).policy.hash
    journal = open_journal(settings.journal_url)
    try:
        done = list(allowed(journal, policy))
    finally:
        journal.close()
    if not done:
        fail("nothing is held back")
    for line in done:
        out.print(line, markup=False, soft_wrap=True)


def allowed(journal: SqlJournal, policy: str) -> Iterator[str]:
    """Give a person's word for that policy and for requests that are gone; yield what was let through."""
    held, _, why = (journal.recall(Mark.REFUSED) or "").partition(" ")
    if held and held != policy:
        fail(f"the policy that is held back is {held}, the configuration folder now has {policy}: it is judged first")
    if held or journal.recall(Mark.ADMITTED) is None:
        journal.remember(Mark.ALLOWED, policy)
        yield f"policy {policy} is let through once" + (f"; it was held back: {why}" if why else "")
    if gone := journal.recall(Mark.GONE):
        journal.remember(Mark.GONE_ALLOWED, "yes")
        yield f"believed to be gone: {gone.split(':', 1)[0]}"


def standing(journal: SqlJournal, now: datetime) -> dict[str, Any]:
    """Return how the daemon stands as plain data; instants in UTC, spans in seconds."""
    watermark, upcoming = journal.watermark(), journal.next_change_at()
    held, _, why = (journal.recall(Mark.REFUSED) or "").partition(" ")
    return {
        "now": _utc(now),
        "watermark": _utc(watermark),
        "lag_seconds": round((now - watermark).total_seconds()) if watermark else None,
        "policy": journal.recall(Mark.ADMITTED),
        "held_back": {"policy": held, "because": why} if held else None,
        "gone": journal.recall(Mark.GONE),
        "agenda": {
            "next": _utc(upcoming),
            "overdue": len(journal.agenda(now)),
            "within_a_day": len(journal.agenda(now + UPCOMING)),
        },
        "open_requests": len(journal.open_ids()),
        "set_aside": [_failure(one) for one in journal.set_aside_requests()],
        "left": [_remark(one) for one in journal.remarked()],
        "passes": [_pass(one) for one in journal.passes(PASSES)],
        "daemon": json.loads(journal.recall(Mark.FACTS) or "{}"),
    }


def _failure(one: Failure) -> dict[str, Any]:
    return {"key": one.key or one.id, "reason": one.reason, "failures": one.failures, "retry_at": _utc(one.retry_at)}


def _remark(one: Entry) -> dict[str, Any]:
    return {"key": one.key, "because": one.remark}


def _pass(one: PassReport) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "started": _utc(one.started),
        "seconds": round((one.ended - one.started).total_seconds(), 3),
        "read": one.read,
        "differing": one.differing,
        "writes": one.writes,
        "set_aside": one.set_aside,
        "outcome": "failed" if one.failed else "refused" if one.refused else "done",
        "because": one.failed or one.refused,
    }


def _utc(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if instant else None


def _head(found: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    daemon, agenda, lag, aside = found["daemon"], found["agenda"], found["lag_seconds"], found["set_aside"]
    behind = f"{wording.duration_text(timedelta(seconds=lag))} behind" if lag is not None else "no pass completed yet"
    rows = {
        "Site": daemon.get("site"),
        "Identity": daemon.get("identity"),
        "Last word": _utc(datetime.fromisoformat(daemon["at"])) if "at" in daemon else None,
        "Watermark": f"{found['watermark'] or '-'} ({behind})",
        "Clock skew": f"{round(daemon['skew_seconds'], 1) + 0.0:+.1f} s" if "skew_seconds" in daemon else None,
        "Policy": found["policy"],
        "Held back": found["held_back"] and f"{found['held_back']['policy']}: {found['held_back']['because']}",
        "Vanished": found["gone"],
        "Agenda": f"next {agenda['next'] or '-'}, {agenda['overdue']} overdue, {agenda['within_a_day']} within a day",
        "Requests": f"{found['open_requests']} open, {len(aside)} set aside, {len(found['left'])} left alone",
        "Problems": "; ".join(f"{what}: {why}" for what, why in daemon.get("problems", {}).items()) or "none known",
    }
    for name, told in rows.items():
        if told:
            table.add_row(name, str(told))
    return table


def _passes(passes: Sequence[dict[str, Any]]) -> Table:
    columns = ("pass", "started", "seconds", "read", "differing", "writes", "set aside", "outcome")
    table = Table(*columns, box=None, padding=(0, 1, 0, 0))
    for column in table.columns[:-1]:
        column.no_wrap = column.header != "set aside"
    table.columns[-1].min_width, table.columns[-1].overflow = len(columns[-1]), "fold"
    for one in passes:
        told = [one[name.replace(" ", "_")] for name in ("kind", *columns[1:])]
        table.add_row(*map(str, told[:-1]), f"{one['outcome']}{': ' + one['because'] if one['because'] else ''}")
    return table


def _set_aside(failures: Sequence[dict[str, Any]]) -> Table:
    table = Table("set aside", "failures", "again at", "because", box=None, padding=(0, 2, 0, 0))
    for one in failures:
        table.add_row(one["key"], str(one["failures"]), one["retry_at"], one["reason"])
    return table


def _left(remarks: Sequence[dict[str, Any]]) -> Table:
    table = Table("left as it is", "because", box=None, padding=(0, 2, 0, 0))
    for one in remarks:
        table.add_row(one["key"], one["because"])
    return table


def _calls(calls: dict[str, dict[str, float]]) -> Table:
    table = Table("endpoint", "calls", "waited for the limiter (s)", box=None, padding=(0, 2, 0, 0))
    for endpoint, one in sorted(calls.items(), key=lambda item: -item[1]["calls"]):
        table.add_row(endpoint, str(one["calls"]), str(one["waited_seconds"]))
    return table
