"""Slips of what is opened and closed: quotes, brackets, braces, the commas and escapes in them."""

from collections.abc import Callable

from jsm_sla_bot.config.syntax.scene import (
    CLOSERS,
    QUOTES,
    Scene,
    Slip,
    is_odd,
    is_quoted,
)


def _escape(scene: Scene) -> Slip | None:
    """Find an escape that is none; a parser stops at its backslash, or behind it."""
    for at in (scene.column, scene.column - 1):
        if _is_escape(scene, at):
            escape = scene.text(scene.line)[at : at + 2]
            return scene.slip(
                scene.line,
                at,
                found=f"the escape '{escape}'",
                expected="single quotes around a text with a backslash",
            )
    return None


def _is_escape(scene: Scene, at: int) -> bool:
    if at < 0:
        return False
    line = scene.text(scene.line)
    return line.startswith("\\", at) and is_quoted(line[:at])


def _comma(scene: Scene) -> Slip | None:
    if scene.sign != ",":
        return None
    return scene.slip_here(
        found="a comma without an entry before it",
        expected="one comma between two entries",
    )


def _unclosed(scene: Scene) -> Slip | None:
    """Find a quote, bracket or brace that nothing closes: the part that the parser could not finish."""
    if scene.began is None:
        return None
    number, column = scene.began
    sign = scene.text(number)[column : column + 1]
    if sign in QUOTES and scene.line > number:
        return _open_quote(scene, number, column)
    if sign in CLOSERS and scene.sign != CLOSERS[sign]:
        closer = CLOSERS[sign]
        return scene.slip(
            number,
            column,
            found=f"a '{sign}' that is not closed, or an entry in it that is no plain one",
            expected=f"entries with a comma between them, then '{closer}'; texts with ':' or ',' in quotes",
        )
    return None


def _open_quote(scene: Scene, number: int, column: int) -> Slip:
    quote = scene.text(number)[column]
    return scene.slip(
        number,
        column,
        found=f"a quote {quote} without an end",
        expected=f"a {quote} at the end of the text",
    )


def _closed_twice(scene: Scene) -> Slip | None:
    if scene.sign not in CLOSERS.values():
        return None
    return scene.slip_here(
        found=f"a '{scene.sign}' that closes nothing",
        expected=f"no '{scene.sign}' here",
    )


def _after_quotes(scene: Scene) -> Slip | None:
    """Find text behind quotes that are closed, or that close what a line above left open."""
    before = scene.before.rstrip()
    quote = before[-1:]
    if quote not in QUOTES:
        return None
    if is_odd(before, quote):
        return _opened_above(scene, quote)
    if not scene.rest.strip():
        return None
    return scene.slip_here(
        found="text after the end of the quotes",
        expected="quotes around the whole text",
    )


def _opened_above(scene: Scene, quote: str) -> Slip | None:
    """Find the line above whose quote is not closed, so that the next one closes it."""
    for number in scene.above():
        line = scene.text(number)
        if is_odd(line, quote):
            return _open_quote(scene, number, line.rindex(quote))
    return None


LOOKS: tuple[Callable[[Scene], Slip | None], ...] = (
    _escape,
    _comma,
    _unclosed,
    _closed_twice,
    _after_quotes,
)
"""In the order in which they are asked, after those of `signs`."""
