"""`status` and `allow`: how the daemon stands, read from its journal, and a person's word on what it holds back."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from jsm_sla_bot.cli.console import fail, json_text, out, plainly
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.journal.opening import existing_journal, why_not_written
from jsm_sla_bot.journal.sql import SqlJournal
from jsm_sla_bot.plan import wording
from jsm_sla_bot.ports.journal import Entry, Failure, Mark, PassReport
from jsm_sla_bot.settings.single import read_config_dir, read_journal_url
from jsm_sla_bot.text.outside import LONGEST_MESSAGE, outside

PASSES = 10
UPCOMING = timedelta(days=1)
MINUTE = 60
SCHEMA = 1
"""The version of what `--json` prints: keys are added without a word, a change of meaning counts it up."""

SILENCE, POLLS, POLL = timedelta(minutes=2), 3, timedelta(minutes=1)
"""A daemon that has said nothing for so long and three polls more (of a minute, if unknown) is not at work."""

FACTS = (
    "at",
    "site",
    "identity",
    "policy",
    "poll_seconds",
    "skew_seconds",
    "problems",
    "warnings",
    "calls",
)
"""What a daemon tells of itself; null where it has not."""


@plainly
def status(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object.")
    ] = False,
) -> None:
    """Show how the daemon stands: watermark and lag, agenda, requests set aside or left alone, passes, limiter.

    Reads the journal only, so it works beside a running daemon and after one has ended. Asks no Jira, and needs no
    other setting than the journal's.
    """
    url = read_journal_url()
    with existing_journal(url) as journal:
        found = standing(journal, SystemClock().now())
    found["journal"] = {"trouble": why_not_written(url)}
    if as_json:
        typer.echo(json_text(found, indent=2))
        return
    out.print(_head(found))
    daemon = found["daemon"]
    parts = (
        _passes(found["passes"]),
        _set_aside(found["set_aside"]),
        _left(found["left"]),
    )
    for table in (*parts, _calls(daemon["calls"] or {})):
        if table.row_count:
            out.print()
            out.print(table)


@plainly
def allow() -> None:
    """Let through, once, what the daemon holds back: a policy over its budget, a first contact, vanished requests.

    Look at `jsm-sla-bot plan` first. The word is for the policy as it is in the configuration folder now; the
    daemon takes it at its next poll.
    """
    from jsm_sla_bot.config.load import load  # noqa: PLC0415 - `status` is quicker without it

    policy = load(read_config_dir()).policy.hash
    with existing_journal(read_journal_url(), changing=True) as journal:
        done = list(allowed(journal, policy))
        known = done or journal.passes(1)
    if not known:
        fail("nothing is held back: no daemon has kept this journal yet")
    if not done:
        fail("nothing is held back: see `jsm-sla-bot status`")
    for line in done:
        out.print(line, markup=False, soft_wrap=True)


def allowed(journal: SqlJournal, policy: str) -> Iterator[str]:
    """Give a person's word for that policy and for requests that are gone; yield what was let through."""
    held, _, why = (journal.recall(Mark.REFUSED) or "").partition(" ")
    if held and held != policy:
        fail(
            f"the policy that is held back is {held}, the configuration folder now has {policy}: it is judged first"
        )
    if held:
        journal.remember(Mark.ALLOWED, policy)
        yield f"policy {policy} is let through once; it was held back: {why}"
    if gone := journal.recall(Mark.GONE):
        journal.remember(Mark.GONE_ALLOWED, journal.recall(Mark.GONE_IDS) or "")
        yield f"believed to be gone: {gone.split(':', 1)[0]}"


def standing(journal: SqlJournal, now: datetime) -> dict[str, Any]:
    """Return how the daemon stands as plain data; instants in UTC, spans in seconds."""
    watermark, upcoming = journal.watermark(), journal.next_change_at()
    held, _, why = (journal.recall(Mark.REFUSED) or "").partition(" ")
    return {
        "version": SCHEMA,
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
        "daemon": _daemon(json.loads(journal.recall(Mark.FACTS) or "{}"), now),
    }


def _daemon(told: dict[str, Any], now: datetime) -> dict[str, Any]:
    at = told.get("at")
    age = now - datetime.fromisoformat(at) if at else None
    poll = told.get("poll_seconds")
    patience = SILENCE + POLLS * (POLL if poll is None else timedelta(seconds=poll))
    return {
        **dict.fromkeys(FACTS),
        **told,
        "age_seconds": None if age is None else max(0, round(age.total_seconds())),
        "at_work": None if age is None else age <= patience,
    }


def _failure(one: Failure) -> dict[str, Any]:
    return {
        "key": one.key or one.id,
        "reason": one.reason,
        "failures": one.failures,
        "retry_at": _utc(one.retry_at),
    }


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
        "outcome": one.outcome,
        "because": one.because,
    }


def _utc(instant: datetime | None) -> str | None:
    return (
        instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if instant
        else None
    )


def _head(found: dict[str, Any]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    daemon, agenda, aside = found["daemon"], found["agenda"], found["set_aside"]
    rows = {
        "Site": daemon["site"],
        "Identity": daemon["identity"],
        "Last word": _last_word(daemon),
        "Warning": None if daemon["at_work"] else "no daemon seems to be at work here",
        "Journal": found.get("journal", {}).get("trouble"),
        "Watermark": f"{found['watermark'] or '-'} ({_behind(found['lag_seconds'])})",
        "Clock skew": None
        if daemon["skew_seconds"] is None
        else f"{round(daemon['skew_seconds'], 1) + 0.0:+.1f} s",
        "Policy": found["policy"],
        "Held back": found["held_back"]
        and f"{found['held_back']['policy']}: {found['held_back']['because']}",
        "Vanished": found["gone"],
        "Agenda": f"next {agenda['next'] or '-'}, {agenda['overdue']} overdue, {agenda['within_a_day']} within a day",
        "Requests": f"{found['open_requests']} open, {len(aside)} set aside, {len(found['left'])} left alone",
        "Problems": "; ".join(
            f"{what}: {why}" for what, why in (daemon["problems"] or {}).items()
        )
        or "none known",
        "Site lacks": "; ".join(daemon["warnings"] or ()),
    }
    for name, told in rows.items():
        if told:
            table.add_row(name, outside(told, LONGEST_MESSAGE))
    return table


def _last_word(daemon: dict[str, Any]) -> str:
    if daemon["at"] is None:
        return "none"
    return f"{_utc(datetime.fromisoformat(daemon['at']))} ({_span(daemon['age_seconds'])} ago)"


def _behind(lag: int | None) -> str:
    return "no pass completed yet" if lag is None else f"{_span(lag)} behind"


def _span(seconds: int) -> str:
    """Return a span as people read it; below a minute in seconds."""
    return (
        f"{seconds} s"
        if seconds < MINUTE
        else wording.duration_text(timedelta(seconds=seconds))
    )


def _passes(passes: Sequence[dict[str, Any]]) -> Table:
    columns = (
        "pass",
        "started",
        "seconds",
        "read",
        "differing",
        "writes",
        "set aside",
        "outcome",
    )
    table = Table(*columns, box=None, padding=(0, 1, 0, 0))
    for column in table.columns[:-1]:
        column.no_wrap = column.header != "set aside"
    table.columns[-1].min_width, table.columns[-1].overflow = len(columns[-1]), "fold"
    for one in passes:
        told = [one[name.replace(" ", "_")] for name in ("kind", *columns[1:])]
        table.add_row(
            *map(str, told[:-1]),
            outside(
                f"{one['outcome']}{': ' + one['because'] if one['because'] else ''}",
                LONGEST_MESSAGE,
            ),
        )
    return table


def _set_aside(failures: Sequence[dict[str, Any]]) -> Table:
    table = Table(
        "set aside", "failures", "again at", "because", box=None, padding=(0, 2, 0, 0)
    )
    for one in failures:
        table.add_row(one["key"], str(one["failures"]), one["retry_at"], one["reason"])
    return table


def _left(remarks: Sequence[dict[str, Any]]) -> Table:
    table = Table("left as it is", "because", box=None, padding=(0, 2, 0, 0))
    for one in remarks:
        table.add_row(one["key"], one["because"])
    return table


def _calls(calls: dict[str, dict[str, float]]) -> Table:
    table = Table(
        "endpoint",
        "calls",
        "waited for the limiter (s)",
        box=None,
        padding=(0, 2, 0, 0),
    )
    for endpoint, one in sorted(calls.items(), key=lambda item: -item[1]["calls"]):
        table.add_row(outside(endpoint), str(one["calls"]), str(one["waited_seconds"]))
    return table
