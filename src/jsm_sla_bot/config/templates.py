"""What is wrong with the template of a text, character by character: braces, facts, and what is no plain text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jsm_sla_bot.plan.public.facts import Fact
from jsm_sla_bot.text.nearest import nearest

_BRACES = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|[{}]")
_BY_ITSELF = re.compile(r"\{([^{}!:.\[]+)[!:.\[][^{}]*\}")
"""A fact with something after its name that formats it, or looks into it."""
_MARKUP = re.compile(
    r"(?P<html><[A-Za-z/!][^\s<>]*>?)"
    r"|(?P<entity>&(?:[A-Za-z]+|#\w+);)"
    r"|(?P<link>\[[^\[\]\n]*(?:\]\(|\|)https?://[^\s()\[\]]*[)\]])"
)
_ADDRESS = re.compile(r"https?://[^\s()\[\]|]*")
_PLAIN = "plain text: a note shows HTML as it is written"


@dataclass(frozen=True, slots=True)
class Slip:
    """A mistake in a template: which characters, which of the places where they stand, and what is right."""

    token: str
    occurrence: int
    found: str
    expected: str
    suggestion: str | None = None


def slips(template: str, facts: Sequence[Fact]) -> Iterator[Slip]:
    """Yield the mistakes of a template that can name these facts, in order."""
    names = [fact.name for fact in facts]
    for brace in _BRACES.finditer(template):
        slip = _of_braces(brace, names)
        if slip:
            yield slip
    for markup in _MARKUP.finditer(template):
        yield _of_markup(markup)


def named_facts(text: str) -> list[str]:
    """Return the names in braces, whether they are facts or not."""
    found = [brace[0] for brace in _BRACES.finditer(text)]
    return [
        one[1:-1] for one in found if len(one) > len("{}") and one[0] == "{"
    ]


def _of_braces(brace: re.Match[str], names: Sequence[str]) -> Slip | None:
    sign = brace[0]
    if sign in {"{{", "}}"} or sign[1:-1] in names:
        return None
    if sign in {"{", "}"}:
        other = "}" if sign == "{" else "{"
        expected = (
            f"a fact such as {{{names[0]}}}, or {sign * 2} for the sign itself"
        )
        return _slip(brace, f"{sign!r} without its {other!r}", expected)
    if formatted := _BY_ITSELF.fullmatch(sign):
        name = formatted[1]
        expected = f"the fact by itself, {{{name}}}"
        return _slip(brace, repr(sign), expected)
    meant = nearest(sign[1:-1], names)
    listed = ", ".join(f"{{{name}}}" for name in names)
    suggestion = f"{{{meant}}}" if meant else None
    return _slip(
        brace, f"the unknown fact {sign}", f"one of {listed}", suggestion
    )


def _of_markup(markup: re.Match[str]) -> Slip:
    if markup["link"]:
        address = _ADDRESS.search(markup[0])
        expected = "the address by itself: it becomes a link"
        suggestion = address[0] if address else None
        return _slip(markup, repr(markup[0]), expected, suggestion)
    what = "the HTML entity" if markup["entity"] else "the HTML"
    return _slip(markup, f"{what} {markup[0]}", _PLAIN)


def _slip(
    match: re.Match[str],
    found: str,
    expected: str,
    suggestion: str | None = None,
) -> Slip:
    token = match[0]
    before = match.string[: match.start()].count(token)
    return Slip(token, before, found, expected, suggestion)
