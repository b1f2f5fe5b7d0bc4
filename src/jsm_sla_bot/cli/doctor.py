"""`doctor`: look at a site before the daemon does, and name everything that is wrong at once, with its remedy."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.text import Text

from jsm_sla_bot.cli import connected
from jsm_sla_bot.cli.console import (
    QuestionError,
    json_text,
    out,
    plainly,
    progress_shown,
    styled,
)
from jsm_sla_bot.doctor.check import Check
from jsm_sla_bot.doctor.checks import by_name, names
from jsm_sla_bot.doctor.look import Found
from jsm_sla_bot.doctor.verdict import Grade, Verdict
from jsm_sla_bot.ports.write_test import Trial
from jsm_sla_bot.text.nearest import nearest

FINDINGS = 2
"""The exit code where something is wrong."""
COULD_NOT_LOOK = 1
"""The exit code where nothing is known to be wrong, and not everything could be looked at."""
_STYLES = {
    Grade.OK: "green",
    Grade.WARNING: "yellow",
    Grade.PROBLEM: "bold red",
    Grade.SKIPPED: "dim",
}
_WIDTH = 22
_INDENT = " " * (_WIDTH + 11)


@plainly
def doctor(
    wanted: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME", help="Checks or groups; all where none is named."
        ),
    ] = None,
    listed: Annotated[
        bool,
        typer.Option("--list", help="Print the checks and what each proves."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object.")
    ] = False,
    write_test: Annotated[
        str | None,
        typer.Option(
            metavar="KEY",
            help="Write to this request all that the bot writes, and undo it.",
        ),
    ] = None,
) -> None:
    """Look at the site and report what would keep the bot from its work, each with its remedy.

    Reads only, in 40 calls at most. Exit code 0 when nothing is wrong, 2 with findings, 1 when it could not look.
    """
    checks = _chosen(wanted or [])
    if listed:
        _print_list(checks)
        return
    if write_test is not None:
        _try_writes(write_test, as_json=as_json)
        return
    with progress_shown(is_wanted=not as_json) as progress:
        found = connected.examined(checks, progress)
    if as_json:
        typer.echo(json_text(_as_json(found), indent=2))
    else:
        _print(found)
    if any(verdict.is_finding for _, verdict in found):
        raise typer.Exit(FINDINGS)
    if _unseen(found):
        raise typer.Exit(COULD_NOT_LOOK)


def _unseen(found: Found) -> Sequence[str]:
    """Return the names of the checks for which the site did not answer as it should."""
    return [check.name for check, verdict in found if verdict.has_failed]


def _chosen(wanted: Sequence[str]) -> Sequence[Check]:
    try:
        return by_name(wanted)
    except KeyError as error:
        raise _no_check(error.args[0]) from error


def _no_check(name: str) -> QuestionError:
    near = nearest(name, names())
    hint = f", did you mean {near}?" if near else ""
    return QuestionError(
        f"there is no check {name!r}{hint} See jsm-sla-bot doctor --list"
    )


def _print_list(checks: Sequence[Check]) -> None:
    for group in dict.fromkeys(each.group for each in checks):
        out.print(Text(group, style="bold"))
        for each in checks:
            if each.group is group:
                name = each.name.ljust(_WIDTH)
                out.print(
                    f"  {name} {each.proves} ({each.rules})", soft_wrap=True
                )


def _print(found: Found) -> None:
    for group in dict.fromkeys(check.group for check, _ in found):
        out.print(Text(group, style="bold"))
        for check, verdict in found:
            if check.group is group:
                _print_one(check, verdict)
    out.print()
    out.print(_closing(found), soft_wrap=True)


def _print_one(check: Check, verdict: Verdict) -> None:
    first = verdict.line
    if verdict.details:
        first = f"{verdict.details[0].what} ({check.rules})"
    line = _graded(verdict.grade)
    line.append(f"{check.name.ljust(_WIDTH)} ")
    line.append_text(styled(first, ""))
    out.print(line, soft_wrap=True)
    for number, detail in enumerate(verdict.details):
        if number:
            out.print(
                f"{_INDENT}{detail.what} ({check.rules})", soft_wrap=True
            )
        out.print(f"{_INDENT}  {detail.remedy}", soft_wrap=True)


def _graded(grade: Grade) -> Text:
    """Return the beginning of a line with its grade in colour."""
    line = Text("  ")
    line.append(grade.ljust(8), style=_STYLES[grade])
    return line


def _closing(found: Found) -> str:
    grades = [verdict.grade for _, verdict in found]
    skipped = grades.count(Grade.SKIPPED)
    rest = f"; {skipped} could not be looked at" if skipped else ""
    problems = grades.count(Grade.PROBLEM)
    warnings = grades.count(Grade.WARNING)
    if not problems and not warnings:
        if unseen := _unseen(found):
            names = ", ".join(unseen)
            return f"Nothing was found, but the site did not answer to {names}: look again."
        return f"Nothing is wrong{rest}."
    counts = f"{_counted(problems, 'problem')}, {_counted(warnings, 'warning')}{rest}"
    if not problems:
        return f"{counts}: nothing keeps the bot from its work."
    return f"{counts}: mend the problems first, from the top, then look again."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def _as_json(found: Found) -> dict[str, Any]:
    return {
        "ok": not any(
            verdict.is_finding or verdict.has_failed for _, verdict in found
        ),
        "checks": [
            {
                "name": check.name,
                "group": check.group,
                "grade": verdict.grade,
                "line": verdict.line,
                "rules": check.rules,
                "details": [
                    {"what": each.what, "remedy": each.remedy}
                    for each in verdict.details
                ],
            }
            for check, verdict in found
        ],
    }


def _try_writes(key: str, *, as_json: bool) -> None:
    with _ended_as_by_hand():
        trials = connected.tried(key)
    failed = [each for each in trials if each.failed]
    if as_json:
        rows = [{"what": each.what, "failed": each.failed} for each in trials]
        typer.echo(json_text({"ok": not failed, "trials": rows}, indent=2))
    else:
        for each in trials:
            _print_trial(each)
        closing = "every write went well; nothing is left of the test"
        if failed:
            closing = f"{len(failed)} of {len(trials)} writes failed; look at what is said of them"
        out.print(f"{closing}.", soft_wrap=True)
    if failed:
        raise typer.Exit(FINDINGS)


@contextmanager
def _ended_as_by_hand() -> Iterator[None]:
    """Let SIGTERM end the test as Ctrl-C does: what was written is taken back before the process ends."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_trial(trial: Trial) -> None:
    grade = Grade.PROBLEM if trial.failed else Grade.OK
    words = f"{trial.what}: {trial.failed}" if trial.failed else trial.what
    line = _graded(grade)
    line.append_text(styled(words, ""))
    out.print(line, soft_wrap=True)
