"""The shape of `texts.yaml`: what public notes say, each kind in the shipped words unless it is named (R14, D18)."""

from pydantic import ConfigDict
from pydantic.config import JsonDict

from jsm_sla_bot.config.schema.base import Shape, Text


def _may_be_empty(schema: JsonDict) -> None:
    """Let an editor take a file that holds comments only, as loading does."""
    schema["type"] = ["object", "null"]


class TextsShape(Shape):
    """The texts of public notes. A line is a sentence, a blank line parts paragraphs, braces name facts: `{due}`."""

    model_config = ConfigDict(json_schema_extra=_may_be_empty)

    registered: Text | None = None
    """The request is registered: its number, severity, target and due time."""
    call_us: Text | None = None
    """Please call: what the customer gains by it, and what holds otherwise."""
    eta: Text | None = None
    """The ETA, and each change of it."""
    resolved: Text | None = None
    """The request is closed, and how to have it reopened."""
    reminder: Text | None = None
    """The request waits for the customer: what is awaited, the next step, how to keep it open."""
    closing: Text | None = None
    """The request is closed without an answer, and until when a comment reopens it."""
