"""What a note is made of: plain paragraphs, headings, paragraphs that mention people or hold links, tables."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Mention:
    """A person whom Jira notifies of a note; without a name the account's id is shown."""

    account: str
    name: str = ""

    @property
    def text(self) -> str:
        """What people read."""
        return f"@{self.name or self.account}"


@dataclass(frozen=True, slots=True)
class Link:
    """An address that the reader can follow; it is shown as it is."""

    address: str

    @property
    def text(self) -> str:
        """What people read."""
        return self.address


Span: TypeAlias = str | Mention | Link


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks below are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text in which people are mentioned, or with links."""

    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The paragraph without what makes Jira notify anybody."""
        return "".join(map(_words, self.spans))


@dataclass(frozen=True, slots=True)
class Table:
    """Cells of plain text under a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def text(self) -> str:
        """The table as lines, its cells parted by bars."""
        return "\n".join(" | ".join(row) for row in (self.head, *self.rows))


Block: TypeAlias = str | Heading | Paragraph | Table


def plain_text(block: Block) -> str:
    """Return a block as plain text."""
    return block if isinstance(block, str) else block.text


def _words(span: Span) -> str:
    return span if isinstance(span, str) else span.text
