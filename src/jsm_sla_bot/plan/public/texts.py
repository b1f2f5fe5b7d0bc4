"""The texts of public notes: lines with named facts in braces, plain English without internal words (R14, D18).

A blank line parts paragraphs; lines within one are joined. A line that names a fact which is empty is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from jsm_sla_bot.plan import customer_sentences as said
from jsm_sla_bot.plan.blocks import Block, Link, Paragraph, Span, plain_text
from jsm_sla_bot.plan.public.kind import NoteKind

LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)'\]]")
"""An address in a text: what customers can follow. Marks that end a sentence are no part of it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A template for each kind of public note."""

    templates: Mapping[NoteKind, str]

    def paragraphs(
        self, kind: NoteKind, facts: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Return the paragraphs of a note with its facts in them. Raises KeyError for a fact that is missing."""
        return tuple(map(plain_text, self.blocks(kind, facts)))

    def blocks(
        self, kind: NoteKind, facts: Mapping[str, str]
    ) -> tuple[Block, ...]:
        """Return the paragraphs with their links. Only the text's own addresses are links, none that a fact brings.

        Raises KeyError for a fact that is missing.
        """
        paragraphs = paragraphs_of(self.templates[kind])
        kept = [_full_lines(lines, facts) for lines in paragraphs]
        return tuple(_block(lines, facts) for lines in kept if lines)


def paragraphs_of(template: str) -> list[list[str]]:
    """Return the paragraphs of a template, each as its lines."""
    paragraphs: list[list[str]] = [[]]
    for line in template.splitlines():
        if line.strip():
            paragraphs[-1].append(line.strip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return [lines for lines in paragraphs if lines]


def named_in(template: str) -> list[str]:
    """Return the facts that a template names, in order. Raises ValueError for braces that do not match."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def _full_lines(lines: list[str], facts: Mapping[str, str]) -> list[str]:
    """Return the lines that name no empty fact."""
    return [
        line for line in lines if all(facts[name] for name in named_in(line))
    ]


def _block(lines: list[str], facts: Mapping[str, str]) -> Block:
    template = " ".join(lines)
    spans = tuple(_spans(template, facts))
    if any(isinstance(span, Link) for span in spans):
        return Paragraph(spans)
    return template.format_map(facts)


def _spans(template: str, facts: Mapping[str, str]) -> Iterator[Span]:
    """Yield the text between addresses with its facts, and the addresses."""
    end = 0
    for link in LINK.finditer(template):
        if before := template[end : link.start()]:
            yield before.format_map(facts)
        yield Link(link[0].format_map(facts))
        end = link.end()
    if after := template[end:]:
        yield after.format_map(facts)


_REGISTERED = f"""\
Your request {{key}} is registered with severity {{severity}}.
{said.MEANING}
{{severity_change}}

{said.TARGET}
{said.DUE}
"""
_CALL_US = f"""\
{{severity_change}}
{said.PLEASE_CALL}
Once you call, a first response is owed within {{call_target}}, counted from {{counts_from}}.
If you do not call, it is due {{due}} ({{target}}).
"""
_ETA = f"""\
{said.EXPECTED}

Until now we expected to solve it by {{old_eta}}.
"""
_RESOLVED = """\
Your request {key} is closed.

Is something left to be done? {reopen}
"""
_REMINDER = f"""\
Your request {{key}} is still open.
{{awaited}}

{said.REMINDED_ON}
{said.CLOSES}
{{keep_open}}

{{reopen}}
"""
_CLOSING = f"""\
We have had no answer from you, so we close your request {{key}}.

{said.REOPENS_UNTIL}
A later comment here asks us to reopen it.
"""
SHIPPED = Texts(
    {
        NoteKind.REGISTERED: _REGISTERED,
        NoteKind.CALL_US: _CALL_US,
        NoteKind.ETA: _ETA,
        NoteKind.RESOLVED: _RESOLVED,
        NoteKind.REMINDER: _REMINDER,
        NoteKind.CLOSING: _CLOSING,
    }
)
"""The texts that hold unless the configuration has others."""
