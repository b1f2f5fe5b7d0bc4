"""The texts of public notes as `texts.yaml` gives them, checked: a note with a hole in it never reaches a customer."""

from collections.abc import Iterator

from jsm_sla_bot.config.document import Document, Path, Place
from jsm_sla_bot.config.folder import Folder
from jsm_sla_bot.config.problem import Problem
from jsm_sla_bot.config.schema.texts import TextsShape
from jsm_sla_bot.config.templates import Slip, named_facts, slips
from jsm_sla_bot.plan.public.facts import FACTS, Fact
from jsm_sla_bot.plan.public.kind import NoteKind
from jsm_sla_bot.plan.public.texts import SHIPPED, Texts, paragraphs_of

LONGEST = 2000
"""So many characters a text may have: a customer reads no more, and all kinds together fit into one comment."""
SHORTEST_NAME = 4
"""Shorter names of organizations are words of any text."""


def texts_of(shape: TextsShape) -> Texts:
    """Return the texts: the shipped ones with those of the file in their place."""
    given = {kind: getattr(shape, kind.value) for kind in NoteKind}
    own = {kind: text for kind, text in given.items() if text}
    return Texts({**SHIPPED.templates, **own})


def text_problems(document: Document) -> Iterator[Problem]:
    """Yield every mistake in the texts, with the place of the very word."""
    for kind in NoteKind:
        template = document.find((kind.value,))
        if isinstance(template, str) and template.strip():
            yield from _problems(document, kind, template)


def customers_named(folder: Folder) -> Iterator[str]:
    """Warn of a text that names an organization: every customer reads it (D18)."""
    document = folder.public_texts
    entries = folder.organizations.mappings(("organizations",))
    names = sorted({str(entry.get("name")).strip() for _, entry in entries})
    for kind in NoteKind:
        template = document.find((kind.value,))
        said = template.casefold() if isinstance(template, str) else ""
        for name in names:
            if len(name) >= SHORTEST_NAME and name.casefold() in said:
                where = f"{document.shown_as}:{document.line((kind.value,))}"
                yield f"{where}: the text {kind} names the organization {name!r}, and every customer reads it"


def _problems(
    document: Document, kind: NoteKind, template: str
) -> Iterator[Problem]:
    path: Path = (kind.value,)
    facts = FACTS[kind]
    found = [*slips(template, facts)]
    for slip in found:
        yield _at(document, path, slip)
    for fact in facts:
        if fact.is_mandatory and not found:
            yield from _unsaid(document, path, template, fact)
    if len(template) > LONGEST:
        yield document.key_problem(
            path,
            found=f"{len(template):,} characters",
            expected=f"a text of at most {LONGEST:,}",
        )


def _unsaid(
    document: Document, path: Path, template: str, fact: Fact
) -> Iterator[Problem]:
    """Yield that a mandatory fact is not named, or only where another may leave out its line."""
    lines = [
        named_facts(line)
        for lines in paragraphs_of(template)
        for line in lines
        if fact.name in named_facts(line)
    ]
    wanted = f"{{{fact.name}}}, {fact.is_what}"
    if not lines:
        yield document.key_problem(
            path, found=f"no {{{fact.name}}}", expected=wanted
        )
        return
    emptied = [_may_empty(names, fact, path) for names in lines]
    if all(emptied):
        others = f"{{{emptied[0]}}}"
        yield document.key_problem(
            path,
            found=f"{{{fact.name}}} only in a line that is left out where {others} is empty",
            expected=f"{wanted}, in a line without {others}",
        )


def _may_empty(names: list[str], fact: Fact, path: Path) -> str:
    """Return another fact of the line that may be empty; an empty text where there is none."""
    kind = NoteKind(str(path[0]))
    empties = [
        one.name
        for one in FACTS[kind]
        if one.may_be_empty and one.name != fact.name
    ]
    return next((name for name in names if name in empties), "")


def _at(document: Document, path: Path, slip: Slip) -> Problem:
    place = _place(document, path, slip)
    return Problem(
        file=document.shown_as,
        line=place.line,
        column=place.column,
        path=str(path[0]),
        found=slip.found,
        expected=slip.expected,
        suggestion=slip.suggestion,
    )


def _place(document: Document, path: Path, slip: Slip) -> Place:
    """Return where the characters stand in the file, however the text is laid out there; else where the text begins."""
    begins = document.place(path)
    lines = document.text.splitlines(keepends=True)
    offset = sum(map(len, lines[: begins.line - 1])) + begins.column - 1
    for _ in range(slip.occurrence + 1):
        offset = document.text.find(slip.token, offset)
        if offset < 0:
            return begins
        offset += len(slip.token)
    start = offset - len(slip.token)
    before = document.text[:start]
    line = before.count("\n") + 1
    return Place(line, start - before.rfind("\n"))
