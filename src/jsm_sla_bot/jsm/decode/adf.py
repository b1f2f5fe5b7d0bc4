"""Atlassian Document Format: the shape in which v3 takes and shows rich text."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsm_sla_bot.jsm.json_values import Json, clean, mapping, text
from jsm_sla_bot.plan.blocks import (
    Block,
    Heading,
    Link,
    Mention,
    Paragraph,
    Span,
    Table,
    plain_text,
)

_DEEPEST = 50
_LEVEL = 4
"""The level of a heading: small, as a comment is."""
_BLOCKS = frozenset(
    {"paragraph", "heading", "blockquote", "codeBlock", "listItem", "tableRow"}
)


def document(blocks: Iterable[Block]) -> dict[str, Any]:
    """Build a document of these blocks, without the blank ones; line breaks within a paragraph stay.

    An indented paragraph is text to be copied as it is: a block of code.
    """
    return {
        "type": "doc",
        "version": 1,
        "content": [
            _block(block) for block in blocks if plain_text(block).strip()
        ],
    }


def plain(value: Json) -> str | None:
    """Read a document (or plain text) as text, a line for each block; None where there is nothing."""
    if isinstance(value, str):
        return text(value)
    lines = "".join(_pieces(value, _DEEPEST)).split("\n")
    return "\n".join(line for line in lines if line.strip()).strip() or None


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Table():
            return _table(block)
        case Heading():
            heading = _paragraph([block.text])
            return {**heading, "type": "heading", "attrs": {"level": _LEVEL}}
        case Paragraph():
            return _paragraph(block.spans)
        case str() if block.startswith("  "):
            code = {"type": "text", "text": block}
            return {"type": "codeBlock", "content": [code]}
        case str():
            return _paragraph([block.strip()])


def _table(table: Table) -> dict[str, Any]:
    head = _row("tableHeader", table.head)
    rows = [_row("tableCell", row) for row in table.rows]
    return {"type": "table", "content": [head, *rows]}


def _row(kind: str, cells: Iterable[str]) -> dict[str, Any]:
    content = [
        {"type": kind, "content": [_paragraph([each.strip()])]}
        for each in cells
    ]
    return {"type": "tableRow", "content": content}


def _paragraph(spans: Iterable[Span]) -> dict[str, Any]:
    content = [node for span in spans for node in _span(span)]
    return {"type": "paragraph", "content": content}


def _span(span: Span) -> Iterator[dict[str, Any]]:
    """Yield a person whom Jira notifies, a link, or text with its line breaks."""
    if isinstance(span, Mention):
        attributes = {"id": span.account, "text": span.text}
        yield {"type": "mention", "attrs": attributes}
        return
    if isinstance(span, Link):
        mark = {"type": "link", "attrs": {"href": span.address}}
        yield {"type": "text", "text": span.text, "marks": [mark]}
        return
    for number, line in enumerate(span.splitlines()):
        if number:
            yield {"type": "hardBreak"}
        if line:
            yield {"type": "text", "text": line}


def _pieces(value: Json, depth: int) -> Iterator[str]:
    node = mapping(value)
    if isinstance(node.get("text"), str):
        yield clean(node["text"])
    if node.get("type") == "hardBreak":
        yield "\n"
    if node.get("type") == "mention":
        yield text(mapping(node.get("attrs")).get("text")) or ""
    children = node.get("content")
    if depth and isinstance(children, list):
        for child in children:
            yield from _pieces(child, depth - 1)
    if text(node.get("type")) in _BLOCKS:
        yield "\n"
