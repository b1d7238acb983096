"""From a file to its YAML tree: YAML 1.2's core schema, with the place of everything.

One pass over the parser's *events*, with a stack of our own: neither deep nesting nor an alias bomb
reaches code that recurses or copies. Everything a record must not hold is refused here, with its
line, its column, a plain sentence and a hint: tags, duplicate keys, control characters, bytes that
are not UTF-8, bombs. What is wrong but leaves the tree readable is collected; the rest ends the pass.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from . import syntax, wording
from .problems import InputError, Problem, Where, error, reason_of
from .scalars import resolve

MAX_BYTES = 1 << 20
MAX_DEPTH = 50
MAX_ALIASED = 10_000

Steps = tuple[str | int, ...]
"""The way to a value: the keys and list indexes that lead to it."""
Data = dict[str, Any] | list[Any] | str | int | float | bool | None

BREAK = re.compile(r"\r\n|\r|\n")
UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: plain data, and where each thing in it stands. Paths are keys and list indexes."""

    path: Path
    name: str
    """The file as problems name it."""
    lines: tuple[str, ...]
    data: Any
    marks: Mapping[Steps, Where] = field(default_factory=dict)
    """Where each value begins. What came through an alias stands where it was written."""
    keys: Mapping[Steps, Where] = field(default_factory=dict)
    """Where each key begins, by the path of its value."""
    lexemes: Mapping[Steps, str] = field(default_factory=dict)
    """The source text of plain scalars that mean something other than text (``1984``, ``null``)."""

    def where(self, path: Steps) -> Where:
        """The place of a value, or of the nearest one around it."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, Where(self.name))


def load(path: Path, *, name: str = "") -> Source:
    """Read one file; ``name`` is what problems call it (default: the path). Raises ``InputError``."""
    name = name or str(path)
    return loads(_bytes(path, name, MAX_BYTES), path, name=name)


def text(path: Path, most: int = MAX_BYTES) -> str:
    """A file that is no YAML; what YAML may not hold is refused here, too. ``most`` in bytes. Raises ``InputError``."""
    name, problems = str(path), list[Problem]()
    clean = _characters(_decode(_bytes(path, name, most), name, most), name, problems)
    if problems:
        raise InputError(problems)
    return clean


def _bytes(path: Path, name: str, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputError([error("not-a-file", name, "this is not an ordinary file")])
            return file.read(most + 1)
    except OSError as reason:
        detail = reason_of(reason)
        raise InputError([error("unreadable", name, f"the file cannot be read: {detail}")]) from reason


def loads(text: str | bytes, path: Path, *, name: str = "") -> Source:
    """Read text that stands, or would stand, in ``path``. Raises ``InputError`` with all that was found."""
    name = name or str(path)
    problems: list[Problem] = []
    clean = _characters(_decode(text, name), name, problems)
    lines = tuple(BREAK.split(clean))
    source = _Reader(name, lines, problems).read(clean, path)
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.where))
    return source


def _decode(text: str | bytes, name: str, most: int = MAX_BYTES) -> str:
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(raw) > most:
        hint = "split it, or leave out what a page cannot show"
        raise InputError([error("too-large", name, f"the file is larger than {most >> 20} MiB", hint)])
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        bad = raw[reason.start : reason.start + 1] if reason.object is raw else reason.object[reason.start :][:1]
        before = BREAK.split(reason.object[: reason.start].decode("utf-8-sig"))
        hint = "save the file as UTF-8"
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            hint = "it looks like UTF-16; " + hint
        elif bad[0] >= 0xA0:
            hint = f'in Latin-1 this byte is "{bad.decode("latin-1")}"; ' + hint
        where = Where(name, len(before), len(before[-1]) + 1)
        raise InputError([error("not-utf-8", where, f"byte 0x{bad.hex().upper()} is not UTF-8", hint)]) from None


def _characters(text: str, name: str, problems: list[Problem]) -> str:
    """``text`` with every character that may not be in a file replaced, so that the pass can go on."""
    if not UNWANTED.search(text):
        return text
    for line, content in enumerate(BREAK.split(text), 1):
        found = UNWANTED.finditer(content)
        problems.extend(unwanted(match[0], Where(name, line, match.start() + 1)) for match in found)
    return UNWANTED.sub("\ufffd", text)


def unwanted(character: str, where: Where) -> Problem:
    """The problem of a character that no text may hold, written as itself or as an escape."""
    point = ord(character)
    code = f"U+{point:04X}"
    if character == "\0":
        return error("control-character", where, f"a NUL character ({code})", "delete it")
    if 0x202A <= point <= 0x202E or 0x2066 <= point <= 0x2069:
        called = unicodedata.name(character).lower()
        message = f"a bidi control ({code}, {called}) can make text read differently from what it says"
        return error("bidi-control", where, message, "delete it; the direction of letters is known without it")
    if point in (0x2028, 0x2029):
        return error("control-character", where, f"a Unicode line break ({code})", "use an ordinary line break")
    if point == 0xFEFF:
        return error("control-character", where, f"a byte order mark ({code}) inside the text", "delete it")
    return error("control-character", where, f"a control character ({code})", "delete it")


class _Stop(Exception):
    """What was found makes the rest of the file unreadable."""


@dataclass(slots=True)
class _Frame:
    """A collection that is still open."""

    node: dict[str, Any] | list[Any]
    path: Steps
    anchor: str | None
    start: int
    """How many nodes there were before it."""
    key: str | None = None
    height: int = 1


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Data
    path: Steps
    size: int
    height: int


class _Reader:
    """One pass over one file's events."""

    def __init__(self, name: str, lines: tuple[str, ...], problems: list[Problem]) -> None:
        self.name = name
        self.lines = lines
        self.problems = problems
        self.marks: dict[Steps, Where] = {}
        self.keys: dict[Steps, Where] = {}
        self.lexemes: dict[Steps, str] = {}
        self.anchors: dict[str, _Anchored | None] = {}
        self.stack: list[_Frame] = []
        self.root: Data = None
        self.nodes = 0
        self.aliased = 0

    def read(self, text: str, path: Path) -> Source:
        try:
            self._run(text)
        except _Stop:
            pass
        except yaml.MarkedYAMLError as reason:
            # a character that was replaced may well be what the parser stumbles over
            if not self.problems:
                self.problems.append(syntax.explain(reason, self.name, self.lines))
        return Source(path, self.name, self.lines, self.root, self.marks, self.keys, self.lexemes)

    def _run(self, text: str) -> None:
        documents = 0
        for event in _events(text):
            kind = event.__class__
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._open(event, {} if kind is MappingStartEvent else [])
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._close()
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                documents += 1
                if documents > 1:
                    message = "a second document begins here; a file holds one"
                    self._stop("many-documents", event, message, "move it to a file of its own, or delete this line")

    def _where(self, event: Any) -> Where:
        mark = event.start_mark
        return Where(self.name, mark.line + 1, mark.column + 1)

    def _complain(self, code: str, event: Any, message: str, hint: str = "") -> None:
        self.problems.append(error(code, self._where(event), message, hint))

    def _stop(self, code: str, event: Any, message: str, hint: str = "") -> None:
        self._complain(code, event, message, hint)
        raise _Stop

    def _place(self) -> Steps | None:
        """The path of the value that comes next; None where a key is due."""
        if not self.stack:
            return ()
        frame = self.stack[-1]
        if isinstance(frame.node, list):
            return (*frame.path, len(frame.node))
        return None if frame.key is None else (*frame.path, frame.key)

    def _put(self, value: Data) -> None:
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.node, list):
            frame.node.append(value)
        else:
            assert frame.key is not None
            frame.node[frame.key] = value
            frame.key = None

    def _tag(self, event: Any) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            message = f'a tag ("{tag[:40]}") is not allowed'
            self._complain("tag", event, message, "delete it; text that begins with an exclamation mark needs quotes")

    def _scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._tag(event)
        place = self._place()
        text: str = event.value
        value: Data = text
        if event.implicit[0]:  # plain, without a tag
            try:
                value = resolve(text)
            except ValueError as reason:
                self._complain("number-too-long", event, f"{reason} is more than can be reckoned with", "quote it")
        elif event.style == '"' and UNWANTED.search(text):
            for character in sorted(set(UNWANTED.findall(text))):
                self.problems.append(unwanted(character, self._where(event)))
        if place is None:
            self._key(event, value, text)
            return
        self.nodes += 1
        self.marks[place] = self._where(event)
        if value is not text:
            self.lexemes[place] = text
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(value, place, 1, 0)
        self._put(value)

    def _key(self, event: Any, value: Data, text: str) -> None:
        frame = self.stack[-1]
        if not isinstance(value, str):
            message = f"{text or 'nothing'} is not text; every key is text"
            self._complain("key-not-text", event, message, f'put it in quotes: "{text}"' if text else "name the key")
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchored(text, frame.path, 1, 0)
        path = (*frame.path, text)
        first = self.keys.get(path)
        if first is None:
            self.keys[path] = self._where(event)
        else:
            message = f"{wording.quoted(text) or 'the nameless key'} is given twice; the first is on line {first.line}"
            self._complain("duplicate-key", event, message, "delete one of them")
        frame.key = text

    def _open(self, event: Any, node: dict[str, Any] | list[Any]) -> None:
        self._tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._stop("too-deep", event, f"this is nested deeper than {MAX_DEPTH} levels", "no record needs so many")
        place = self._place()
        if place is None:
            what = "list" if isinstance(node, list) else "mapping"
            hint = "text that begins with [ or { needs quotes" if event.flow_style else "delete the question mark"
            self._complain("key-not-text", event, f"a {what} cannot be a key; every key is text", hint)
            # read on as if the collection were the value of a key without a name
            self.stack[-1].key = ""
            self.stack.append(_Frame(node, (*self.stack[-1].path, ""), event.anchor, self.nodes))
            self.stack[-1].height = -1
            return
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        self.nodes += 1
        self.marks[place] = self._where(event)
        self.stack.append(_Frame(node, place, event.anchor, self.nodes - 1))

    def _close(self) -> None:
        frame = self.stack.pop()
        if frame.height < 0:
            return
        if frame.anchor is not None:
            self.anchors[frame.anchor] = _Anchored(frame.node, frame.path, self.nodes - frame.start, frame.height)
        if self.stack and self.stack[-1].height >= 0:
            self.stack[-1].height = max(self.stack[-1].height, frame.height + 1)
        self._put(frame.node)

    def _alias(self, event: Any) -> None:
        name = event.anchor
        place = self._place()
        if place is None:
            hint = "write the key out; text that begins with an asterisk needs quotes"
            self._complain("key-not-text", event, f"an alias (*{name}) cannot be a key", hint)
            self.stack[-1].key = ""
            return
        self.marks[place] = self._where(event)
        if name not in self.anchors:
            hint = "text that begins with an asterisk needs quotes"
            self._complain("unknown-alias", event, f"*{name} repeats something that is nowhere marked &{name}", hint)
            self._put(None)
            return
        anchored = self.anchors[name]
        if anchored is None:
            self._stop("endless-alias", event, f"*{name} stands inside what it repeats", "write it out")
            return
        self.aliased += anchored.size
        if self.aliased > MAX_ALIASED:
            message = f"aliases repeat more than {MAX_ALIASED:,} values in this file"
            self._stop("alias-bomb", event, message, "write out what is meant")
        if len(self.stack) + anchored.height > MAX_DEPTH:
            message = f"*{name} nests deeper than {MAX_DEPTH} levels here"
            self._stop("too-deep", event, message, "write out what is meant")
        self.nodes += anchored.size
        if self.stack and self.stack[-1].height >= 0:
            self.stack[-1].height = max(self.stack[-1].height, anchored.height + 1)
        self._repeat(anchored, place)
        self._put(anchored.value)

    def _repeat(self, anchored: _Anchored, place: Steps) -> None:
        """Give what an alias repeats its places again, under the alias's own path."""
        waiting: list[tuple[Data, Steps, Steps]] = [(anchored.value, anchored.path, place)]
        while waiting:
            value, old, new = waiting.pop()
            if old in self.marks:
                self.marks[new] = self.marks[old]
            if old in self.keys and new != place:
                self.keys[new] = self.keys[old]
            if old in self.lexemes:
                self.lexemes[new] = self.lexemes[old]
            if isinstance(value, dict):
                waiting.extend((child, (*old, key), (*new, key)) for key, child in value.items())
            elif isinstance(value, list):
                waiting.extend((child, (*old, index), (*new, index)) for index, child in enumerate(value))


def _events(text: str) -> Iterator[Any]:
    loader = getattr(yaml, "CLoader", yaml.Loader)
    parser = loader(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()
