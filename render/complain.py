"""Problems as a person reads them on a terminal, as plain lines, and as JSON for tools.

On a terminal each problem has its source line with a caret under the place; elsewhere it is one line that
editors can parse. What comes from a file is shown without control characters: a record cannot steer a terminal.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

from .load import BREAK, MAX_BYTES, UNWANTED
from .problems import Problem, Severity
from .settings import Terminal, terminal

Lines = Callable[[str], Sequence[str]]
"""The source lines of a file by its name; an empty sequence when there are none."""

_STYLES = {"error": "1;31", "warning": "1;33", "place": "1", "caret": "1;32", "hint": "36"}
_FEW = 60
"""Columns below which a source line is not cut further."""


def print_problems(problems: Iterable[Problem], *, form: str = "text", stream: TextIO | None = None) -> None:
    """Say what is wrong: as text on standard error, as JSON (``form="json"``) on standard output."""
    listed = ordered(problems)
    if form == "json":
        out = stream or sys.stdout
        whole = {"files": [], "problems": [as_data(problem) for problem in listed]}
        _write(out, json.dumps(whole, indent=2, ensure_ascii=False))
    elif listed:
        out = stream or sys.stderr
        _write(out, as_text(listed, terminal(out), source_lines()))


def ordered(problems: Iterable[Problem]) -> list[Problem]:
    """By file, line and column; the same thing is said once."""
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.where)


def as_data(problem: Problem) -> dict[str, str | int]:
    """A problem as plain data, for JSON. Line and column are 0 where the whole file is meant."""
    return {
        "severity": str(problem.severity),
        "code": problem.code,
        "file": _near(problem.where.file),
        "line": problem.where.line,
        "column": problem.where.column,
        "message": problem.message,
        "hint": problem.hint,
    }


def as_text(problems: Iterable[Problem], shown: Terminal, lines: Lines) -> str:
    """All problems in the order of their places, errors after warnings, and how many there are."""
    listed = sorted(ordered(problems), key=lambda problem: problem.severity is Severity.ERROR)
    tell = _on_terminal if shown.width else _on_one_line
    return "\n".join([*(tell(problem, shown, lines) for problem in listed), summary(listed)])


def summary(problems: Sequence[Problem]) -> str:
    """``3 errors, 1 warning in 2 files``."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    counts = [_count(errors, "error"), _count(len(problems) - errors, "warning")]
    files = len({problem.where.file for problem in problems})
    said = ", ".join(count for count in counts if count)
    return f"{said} in {_count(files, 'file')}" if said else "no problems"


def source_lines() -> Lines:
    """Reads files from disk, each once; what cannot be read has no lines."""
    known: dict[str, Sequence[str]] = {}

    def lines(name: str) -> Sequence[str]:
        if name not in known:
            try:
                with Path(name).open("rb") as file:
                    known[name] = BREAK.split(file.read(MAX_BYTES).decode("utf-8-sig", "replace"))
            except (OSError, ValueError):
                known[name] = ()
        return known[name]

    return lines


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}" if number else ""


def _on_one_line(problem: Problem, shown: Terminal, lines: Lines) -> str:  # noqa: ARG001 - one of two alike
    hint = f" ({problem.hint})" if problem.hint else ""
    return _clean(f"{_place(problem)}: {problem.severity}: {problem.message}{hint}")


def _on_terminal(problem: Problem, shown: Terminal, lines: Lines) -> str:
    def style(name: str, words: str) -> str:
        return f"\x1b[{_STYLES[name]}m{words}\x1b[0m" if shown.colour else words

    severity = str(problem.severity)
    place = style("place", _clean(_place(problem)) + ":")
    told = [f"{place} {style(severity, severity + ':')} {_clean(problem.message)}"]
    source = lines(problem.where.file) if problem.where.line else ()
    if problem.where.line <= len(source) and problem.where.line:
        line, caret = _excerpt(source[problem.where.line - 1], problem.where.column, shown.width - 2)
        if line.strip():
            told += [f"  {line}", f"  {caret}{style('caret', '^')}"]
    if problem.hint:
        told.append(f"  {style('hint', 'hint:')} {_clean(problem.hint)}")
    return "\n".join(told) + "\n"


def _place(problem: Problem) -> str:
    where = problem.where
    name = _near(where.file)
    return f"{name}:{where.line}:{where.column}" if where.line else name


def _near(name: str) -> str:
    """A file's name, from the current folder when it lies below."""
    try:
        here = os.getcwd() + os.sep  # noqa: PTH109 - a string is compared, for a thousand names
    except FileNotFoundError:  # somebody deleted it meanwhile
        return name
    return name.removeprefix(here)


def _clean(words: str) -> str:
    return UNWANTED.sub("\ufffd", words.replace("\n", " ").replace("\r", " ").replace("\t", " "))


def _excerpt(line: str, column: int, width: int) -> tuple[str, str]:
    """A source line cut to ``width`` cells round ``column``, and the blanks that lead to the caret below it."""
    line = _clean(line)
    at = min(max(column - 1, 0), len(line))
    width = max(width, _FEW)
    start = 0
    while _cells(line[start:at]) > width * 2 // 3:
        start += max(1, (_cells(line[start:at]) - width * 2 // 3) // 2)
    stop = len(line)
    while stop > at + 1 and _cells(line[start:stop]) > width - 2:
        stop -= max(1, (_cells(line[start:stop]) - width + 2) // 2)
    head, tail = "…" if start else "", "…" if stop < len(line) else ""
    return head + line[start:stop] + tail, " " * (len(head) + _cells(line[start:at]))


def _cells(words: str) -> int:
    """How many cells of a terminal words take: wide East Asian characters two, combining ones none."""
    if words.isascii():
        return len(words)
    return sum(_width(character) for character in words)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _write(stream: TextIO, words: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(words.encode(encoding, "backslashreplace").decode(encoding) + "\n")
