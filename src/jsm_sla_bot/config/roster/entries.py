"""The text of `organizations.yaml` entry by entry: only the lines of an entry that changes are written again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.error import YAMLError

_WIDTH = 10_000
_MARGIN = "  "
"""So far to the right ruamel writes a list that stands alone."""
_ORGANIZATIONS = "organizations"
_WINDOWS = "\r\n"


@dataclass(frozen=True, slots=True)
class Place:
    """The lines of one entry, from `start` to before `end`; comments and blank lines after it are not among them."""

    start: int
    end: int


@dataclass(slots=True)
class Entries:
    """The entries of one text. Where an entry can't be read alone, the whole text is written again when it changes."""

    text: str
    document: Any = field(init=False)
    _lines: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read the text, which has to be that of a good file; its lines may end as Windows ends them."""
        text = self.text.replace(_WINDOWS, "\n")
        self.document = _yaml().load(text)
        self._lines = text.splitlines(keepends=True)

    @property
    def listed(self) -> Any:  # noqa: ANN401 - ruamel's own list of maps
        """The entries as ruamel has them, in order."""
        return self.document[_ORGANIZATIONS]

    def alone(self, number: int) -> Any | None:  # noqa: ANN401 - ruamel's own list of maps
        """Return a list of the one entry, read off its own lines; None where it can't be read alone."""
        if not self._is_block:
            return None
        place = self._place(number)
        try:
            found = _yaml().load("".join(self._lines[place.start : place.end]))
        except YAMLError:
            return None
        is_one = isinstance(found, CommentedSeq) and len(found) == 1
        return found if is_one and found[0] == self.listed[number] else None

    def replaced(self, changed: dict[int, Any], added: Sequence[Any]) -> str:
        """Return the text with these entries in place of those of these numbers, and new ones at the end."""
        lines = list(self._lines)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        end = self._end()
        new = [line for each in added for line in self._written([each])]
        lines[end:end] = new
        for number in sorted(changed, reverse=True):
            place = self._place(number)
            lines[place.start : place.end] = self._written(changed[number])
        return self._ended("".join(lines))

    def whole(self) -> str:
        """Return the text of the document as it is now."""
        written = StringIO()
        _yaml().dump(self.document, written)
        return self._ended(written.getvalue())

    def _ended(self, text: str) -> str:
        """Return a text with its lines ended as they were."""
        if _WINDOWS not in self.text:
            return text
        return text.replace("\n", _WINDOWS)

    @property
    def can_grow(self) -> bool:
        """Whether an entry can be added behind the last one."""
        return self._is_block

    @property
    def _is_block(self) -> bool:
        entries = self.listed
        is_list = isinstance(entries, CommentedSeq) and len(entries) > 0
        return is_list and not entries.fa.flow_style()

    def _place(self, number: int) -> Place:
        entries = self.listed
        start = entries.lc.item(number)[0]
        is_last = number + 1 == len(entries)
        end = self._end() if is_last else entries.lc.item(number + 1)[0]
        while end > start + 1 and _is_remark(self._lines[end - 1]):
            end -= 1
        return Place(start, end)

    def _end(self) -> int:
        """Return the number of the line after the list: where the next key of the file stands, if there is one."""
        own = self.document.lc.key(_ORGANIZATIONS)[0]
        keys = [self.document.lc.key(each)[0] for each in self.document]
        return min(
            (each for each in keys if each > own), default=len(self._lines)
        )

    def _written(self, one: Any) -> list[str]:  # noqa: ANN401 - ruamel's own list of maps
        """Return the lines of an entry, as far to the right as the others stand."""
        written = StringIO()
        _yaml().dump(one, written)
        first = self._lines[self.listed.lc.item(0)[0]]
        margin = " " * (len(first) - len(first.lstrip(" ")))
        lines = written.getvalue().splitlines(keepends=True)
        return [
            f"{margin}{each.removeprefix(_MARGIN)}" if each.strip() else each
            for each in lines
        ]


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
