"""`silence`: tell nobody outside Jira of a request, or of an organization, for a while. Works on the journal alone."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated

import typer

from jsm_sla_bot.cli.console import fail, out, plainly
from jsm_sla_bot.config.durations import long_span
from jsm_sla_bot.config.word import WordError
from jsm_sla_bot.daemon.clock import SystemClock
from jsm_sla_bot.journal.opening import existing_journal
from jsm_sla_bot.plan.wording import minute_text
from jsm_sla_bot.ports.journal import Marks, Silence, Silences
from jsm_sla_bot.settings.single import read_journal_url

_ABOUT = re.compile(r"[A-Z][A-Z0-9_]+-\d+|[1-9]\d*")
_SPACELESS = re.compile(r"(?<=\d)(?=[a-z])")


@plainly
def silence(
    about: Annotated[
        str | None,
        typer.Argument(
            help="A request's key or an organization's id; left out: list them."
        ),
    ] = None,
    span: Annotated[
        str | None,
        typer.Option("--for", help="How long, such as 2h or '3 days'."),
    ] = None,
    why: Annotated[
        str, typer.Option("--why", help="Why, for the others who look.")
    ] = "",
    end: Annotated[
        bool, typer.Option("--end", help="End it before its time.")
    ] = False,
) -> None:
    """Tell nobody outside Jira of a request, or of an organization's requests, for a while; left alone, list who.

    Notes, fields and escalations in Jira go on. What is still at risk or late when the silence ends is told then.
    """
    now = SystemClock().now()
    with existing_journal(
        read_journal_url(), changing=about is not None
    ) as journal:
        if about is not None:
            new = None if end else _asked(about, span, why, now)
            _keep(journal, about, new, now)
        _list(_lasting(journal, now), now)


def _asked(about: str, span: str | None, why: str, now: datetime) -> Silence:
    if not _ABOUT.fullmatch(about):
        fail(
            f"{about!r} is neither a request's key such as SUP-12 nor an organization's id such as 42"
        )
    if not span or not why.strip():
        fail("give how long and why: --for 2h --why 'known, fix at noon'")
    try:
        lasts = long_span(_SPACELESS.sub(" ", span))
    except WordError as error:
        fail(f"--for {span!r}: expected {error.expected}")
    return Silence(about, now + lasts, why.strip())


def _keep(
    journal: Marks, about: str, new: Silence | None, now: datetime
) -> None:
    others = [each for each in _lasting(journal, now) if each.about != about]
    kept = [*others, new] if new else others
    journal.remember(Silences(tuple(kept)))


def _lasting(journal: Marks, now: datetime) -> Sequence[Silence]:
    kept = journal.recall(Silences)
    return kept.lasting(now) if kept else ()


def _list(lasting: Sequence[Silence], now: datetime) -> None:
    for line in _lines(lasting, now):
        out.print(line, markup=False, soft_wrap=True)


def _lines(lasting: Sequence[Silence], now: datetime) -> Iterator[str]:
    if not lasting:
        yield "nothing is silenced"
    zone = now.tzinfo
    for each in sorted(lasting, key=lambda one: one.until):
        until = minute_text(each.until, zone) if zone else ""
        yield f"{each.about} is silenced until {until}: {each.why}"
