"""Puts values into a file of the configuration: only their own characters change, so comments and layout stay."""

from collections.abc import Mapping

import yaml


def with_values(text: str, changes: Mapping[str, str]) -> str:
    """Return the YAML with the scalars at these dotted paths replaced; what it was is kept as a comment.

    Raises KeyError for a path that leads to no scalar of the file.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:
        message = "the file is empty"
        raise KeyError(message)
    spans = []
    for path, value in changes.items():
        node = _at(root, path)
        spans.append((node.start_mark.index, node.end_mark.index, value))
    for start, end, value in sorted(spans, reverse=True):
        was = text[start:end]
        text = f"{text[:start]}{value}{_with_comment(text[end:], was)}"
    return text


def _at(root: yaml.Node, path: str) -> yaml.ScalarNode:
    node = root
    for key in path.split("."):
        node = _child(node, key, path)
    if not isinstance(node, yaml.ScalarNode):
        raise KeyError(path)
    return node


def _child(node: yaml.Node, key: str, path: str) -> yaml.Node:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                found: yaml.Node = value
                return found
    raise KeyError(path)


def _with_comment(rest: str, was: str) -> str:
    """Return what follows a value, the former value as a comment where the line ends with it."""
    line, _, _ = rest.partition("\n")
    if line.strip():
        return rest
    return f" # {was}{rest}"
