"""A record as YAML text that reads well: short values plain, long ones folded, comments where something was guessed.

Only this fixed shape is written (mappings, lists, scalars in block style), so that each value can carry its comment.
Plain where YAML 1.2 *and* 1.1 read the same text; ``>-`` for what does not fit a line; JSON's quotes for the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..scalars import resolve

WIDTH = 118
"""Longest line, in characters, unless one word is longer."""

_PLAIN_START = re.compile(r"[^\W_]|[(/.$§№]")
_YAML_11 = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value. ``guess`` says where it came from when nobody said it in so many words."""

    value: str | int | float | None
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values, in the order in which they are written."""

    items: tuple[tuple[str, Node], ...]
    guess: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    items: tuple[Node, ...]
    guess: str = ""


Node = Leaf | Table | Rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One top-level key and the remarks written under it. Without a node only the remarks are written."""

    key: str
    node: Node | None
    remarks: tuple[str, ...] = ()


def write(entries: Sequence[Entry], opening: Sequence[str] = ()) -> str:
    """The whole file. An empty line stands before each collection at the top level."""
    lines = [*map(comment, opening)]
    for entry in entries:
        if not isinstance(entry.node, Leaf) and lines:
            lines.append("")
        if entry.node is not None:
            lines.extend(_pair(entry.key, entry.node, ""))
        lines.extend(map(comment, entry.remarks))
    return "\n".join(lines) + "\n"


def comment(text: str) -> str:
    return f"# {text}"


def guesses(entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Every guess with the path of its value, as ``("org_chart.aliases", "taken apart …")``."""
    for entry in entries:
        if entry.node is not None:
            yield from _guesses(entry.key, entry.node)


def _guesses(path: str, node: Node) -> Iterator[tuple[str, str]]:
    if node.guess:
        yield path, node.guess
    if isinstance(node, Table):
        for key, child in node.items:
            yield from _guesses(f"{path}.{key}", child)
    elif isinstance(node, Rows):
        for number, child in enumerate(node.items):
            yield from _guesses(f"{path}[{number}]", child)


def _pair(key: str, node: Node, indent: str) -> list[str]:
    head = f"{indent}{key}:"
    remark = f"  # guessed: {node.guess}" if node.guess else ""
    if isinstance(node, Leaf):
        return _scalar(head, node, indent + "  ")
    if not node.items:
        return [f"{head} {'{}' if isinstance(node, Table) else '[]'}{remark}"]
    return [head + remark, *_block(node, indent + "  ")]


def _block(node: Table | Rows, indent: str) -> Iterator[str]:
    if isinstance(node, Table):
        for key, child in node.items:
            yield from _pair(key, child, indent)
        return
    for child in node.items:
        if isinstance(child, Leaf):
            yield from _scalar(f"{indent}-", child, indent + "  ")
            continue
        if child.guess:
            yield f"{indent}# guessed: {child.guess}"
        first, *others = _block(child, indent + "  ")
        yield f"{indent}- {first[len(indent) + 2 :]}"
        yield from others


def _scalar(head: str, leaf: Leaf, indent: str) -> list[str]:
    remark = f"  # guessed: {leaf.guess}" if leaf.guess else ""
    if not isinstance(leaf.value, str):
        return [f"{head} {_number(leaf.value)}{remark}"]
    text = leaf.value if plain(leaf.value) else json.dumps(leaf.value, ensure_ascii=False)
    if len(head) + 1 + len(text) <= WIDTH or not _foldable(leaf.value):
        return [f"{head} {text}{remark}"]
    return [f"{head} >-{remark}", *_fold(leaf.value, indent)]


def _number(value: float | None) -> str:
    return "null" if value is None else repr(value)


def plain(text: str) -> bool:
    """Whether ``text`` needs no quotes in block context, under YAML 1.2 and under 1.1."""
    return (
        bool(_PLAIN_START.match(text))
        and text == text.strip()
        and ": " not in text
        and " #" not in text
        and not text.endswith(":")
        and not any(char < " " or char == "\x7f" for char in text)
        and _is_text(text)
        and text.lower() not in _YAML_11
        and not _SEXAGESIMAL.fullmatch(text)
        and not _DATE.match(text)
    )


def _is_text(text: str) -> bool:
    try:
        return isinstance(resolve(text), str)
    except ValueError:
        return False


def _foldable(text: str) -> bool:
    """Whether folding gives the same text back: single spaces only, none at the ends, no line breaks."""
    return (
        " " in text
        and text == " ".join(text.split(" "))
        and "  " not in text
        and not re.search(r"^\s|\s$|[\t\n\r]", text)
    )


def _fold(text: str, indent: str) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(indent) + len(line) + 1 + len(word) > WIDTH:
            yield indent + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield indent + line
