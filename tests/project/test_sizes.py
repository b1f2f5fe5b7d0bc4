"""Nothing in the source is too large to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

MOST_LINES = 300
MOST_NODES = 250
"""Of a function, counted in nodes of its syntax tree: lines can be filled."""


def modules(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each module of the bot and the sandbox."""
    for path in sorted((root / "src").rglob("*.py")):
        yield path.relative_to(root).as_posix(), path.read_text("utf-8")


def size(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many nodes a body has, without the contexts that every name carries."""
    nodes = [node for part in function.body for node in ast.walk(part)]
    return sum(not isinstance(node, ast.expr_context) for node in nodes)


def test_a_module_is_read_at_once(root: Path) -> None:
    """A module that outgrows this holds two ideas, each with a name of its own."""
    lines = {name: text.count("\n") for name, text in modules(root)}
    assert {
        name: count for name, count in lines.items() if count > MOST_LINES
    } == {}


def test_a_function_does_one_thing(root: Path) -> None:
    """A function that is short because three ideas share a line is not short."""
    sizes = {
        f"{name}:{node.lineno} {node.name}": size(node)
        for name, text in modules(root)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {
        name: count for name, count in sizes.items() if count > MOST_NODES
    } == {}
