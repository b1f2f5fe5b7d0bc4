"""Atlassian's document format, as far as a comment needs it: text in, text out."""

from __future__ import annotations

from functools import lru_cache

from jsm_sandbox.state.json_types import Json, JsonObject, as_list, as_object

_BETWEEN = {
    "doc": "\n",
    "bulletList": "\n",
    "orderedList": "\n",
    "blockquote": "\n",
    "table": "\n",
    "tableRow": " | ",
}
"""What stands between the parts of a node."""


@lru_cache(maxsize=1000)
def from_text(text: str) -> JsonObject:
    """Make a document of plain text, one paragraph a line; the same words are the same object."""
    paragraphs = [_paragraph(line) for line in text.splitlines() or [""]]
    return {
        "type": "doc",
        "version": 1,
        "content": paragraphs,
    }


def _paragraph(line: str) -> JsonObject:
    content = [{"type": "text", "text": line}] if line else []
    return {"type": "paragraph", "content": content}


def is_document(value: Json) -> bool:
    """Return whether a value may pass for a document."""
    if not isinstance(value, dict):
        return False
    return (
        value.get("type") == "doc"
        and value.get("version") == 1
        and isinstance(value.get("content"), list)
    )


def to_text(value: Json) -> str:
    """Read the words of a document, a plain text or anything odd."""
    if isinstance(value, str):
        return value
    node = as_object(value)
    if "text" in node:
        return str(node["text"])
    if node.get("type") == "hardBreak":
        return "\n"
    if node.get("type") == "mention":
        return str(as_object(node.get("attrs")).get("text") or "@somebody")
    words = [to_text(child) for child in as_list(node.get("content"))]
    return _BETWEEN.get(str(node.get("type")), "").join(words)
