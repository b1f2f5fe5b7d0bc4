"""Questions and answers as lines of JSON: a line that can't be read is named, and stops no other."""

import codecs
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import typer

from jsm_sla_bot.cli.console import QuestionError, json_text

MOST_SHOWN = 60


def lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file (`-` is standard input); raises QuestionError when it can't be read.

    Bytes that are no UTF-8 become escapes that JSON does not know, so that only their line is in error.
    """
    try:
        with (
            sys.stdin.buffer if str(path) == "-" else path.open("rb") as opened
        ):
            for line in opened:
                yield (
                    line.removeprefix(codecs.BOM_UTF8)
                    .decode("utf-8", "backslashreplace")
                    .strip()
                )
    except OSError as error:
        raise QuestionError(
            f"{path} can't be read: {error.strerror}"
        ) from error


def read(line: str) -> dict[str, object]:
    """Read one line as a JSON object; raises QuestionError."""
    try:
        given = json.loads(line, object_pairs_hook=_once_each)
    except json.JSONDecodeError as error:
        raise QuestionError(
            f"not JSON: {error.msg} at column {error.colno}"
        ) from None
    except QuestionError:
        raise
    except (ValueError, RecursionError):
        raise QuestionError(
            "not JSON that can be read: a number is too long or the nesting too deep"
        ) from None
    if not isinstance(given, dict):
        raise QuestionError(f"found {shown(given)}, expected a JSON object")
    return given


def write(answer: Mapping[str, object]) -> None:
    """Print one JSON object on a line of its own, in UTF-8 whatever the terminal speaks."""
    typer.echo(json_text(answer).encode("utf-8", "backslashreplace"))


def shown(value: object) -> str:
    """Return a value as it was given, cut where it would fill the screen."""
    text = json.dumps(value, ensure_ascii=False)
    return (
        text
        if len(text) <= MOST_SHOWN
        else f"{text[:MOST_SHOWN]}\N{HORIZONTAL ELLIPSIS}"
    )


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = [name for name, _ in pairs]
    for name in set(names):
        if names.count(name) > 1:
            raise QuestionError(f"the key {shown(name)} stands twice")
    return dict(pairs)
