"""Atlassian Document Format: the shape in which v3 takes and shows rich text."""

from collections.abc import Iterable, Iterator
from typing import Any

from jsm_sla_bot.jsm.json_values import Json, clean, mapping, text

_DEEPEST = 50
_BLOCKS = frozenset(
    {"paragraph", "heading", "blockquote", "codeBlock", "listItem", "tableRow"}
)


def document(paragraphs: Iterable[str]) -> dict[str, Any]:
    """Build a document of plain paragraphs, without the blank ones; line breaks within one stay.

    An indented paragraph is text to be copied as it is: a block of code.
    """
    return {
        "type": "doc",
        "version": 1,
        "content": [_block(text) for text in paragraphs if text.strip()],
    }


def plain(value: Json) -> str | None:
    """Read a document (or plain text) as text, a line for each block; None where there is nothing."""
    if isinstance(value, str):
        return text(value)
    lines = "".join(_pieces(value, _DEEPEST)).split("\n")
    return "\n".join(line for line in lines if line.strip()).strip() or None


def _block(text: str) -> dict[str, Any]:
    if text.startswith("  "):
        return {
            "type": "codeBlock",
            "content": [{"type": "text", "text": text}],
        }
    return _paragraph(text)


def _paragraph(text: str) -> dict[str, Any]:
    content: list[dict[str, Any]] = []
    for line in text.strip().splitlines():
        if content:
            content.append({"type": "hardBreak"})
        if line:
            content.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": content}


def _pieces(value: Json, depth: int) -> Iterator[str]:
    node = mapping(value)
    if isinstance(node.get("text"), str):
        yield clean(node["text"])
    if node.get("type") == "hardBreak":
        yield "\n"
    children = node.get("content")
    if depth and isinstance(children, list):
        for child in children:
            yield from _pieces(child, depth - 1)
    if text(node.get("type")) in _BLOCKS:
        yield "\n"
