"""Values that a file for the environment passed on as they stood: in quotes, or with a name that nobody filled in."""

import re

QUOTES = frozenset("\"'`\u2018\u2019\u201c\u201d")
"""What people put around a value; a shell takes them off, most other readers do not."""

_PLACEHOLDER = re.compile(
    r"\$\w+|\$\{[^}]*\}|\$\([^)]*\)|\$?\{\{.*\}\}|%\w+%|<[^<>]*>"
)
"""`$NAME`, `${NAME}`, `$(NAME)`, `{{ name }}`, `${{ name }}`, `%NAME%`, `<name>`: the whole value, nothing else."""


def is_quoted(text: str) -> bool:
    """Tell whether quotes stand around a text."""
    return len(text) > 1 and QUOTES.issuperset({text[0], text[-1]})


def is_placeholder(text: str) -> bool:
    """Tell whether a text is only the name of a value, which something should have put in its place."""
    return _PLACEHOLDER.fullmatch(text) is not None


def in_quotes(variable: str) -> str:
    """Return the sentence for a variable whose quotes have to go."""
    return f"{variable} is in quotes, which count as a part of it: leave them out, as in a file for docker --env-file"


def not_filled_in(variable: str) -> str:
    """Return the sentence for a variable that holds the name of a value; the name is not shown."""
    return f"{variable} holds the name of a value, which nothing has put in its place: write the value itself"
