"""What can be wrong, and how it is said.

A ``Problem`` is one finding about somebody's input, with its place and a hint. A stage that finds
problems collects all of them and raises one ``InputError``; nothing is printed below ``cli``.

    DossierError          everything the press raises on purpose
    ├── InputError        problems in records, archive.yaml or a layout: exit status 1
    ├── UsageError        a command, option or name that cannot be meant: exit status 2
    └── SetupError        a system library or font is missing: exit status 1, with the line that installs it
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place in a file. Line and column count from 1, in characters; 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``code`` is a short stable name in kebab-case, for tools and tests."""

    severity: Severity
    code: str
    where: Where
    message: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}"
        return f"{text} ({self.hint})" if self.hint else text


def reason_of(failure: OSError) -> str:
    """What the system says of a failure, to be put into a sentence."""
    return (failure.strerror or str(failure)).lower()


def error(code: str, where: Where | Path | str, message: str, hint: str = "") -> Problem:
    return Problem(Severity.ERROR, code, _place(where), message, hint)


def warning(code: str, where: Where | Path | str, message: str, hint: str = "") -> Problem:
    return Problem(Severity.WARNING, code, _place(where), message, hint)


def _place(where: Where | Path | str) -> Where:
    return where if isinstance(where, Where) else Where(str(where))


class DossierError(Exception):
    """Everything the press raises on purpose."""


class InputError(DossierError):
    """Problems in the input, all that were found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        return InputError, (self.problems,)


class UsageError(DossierError):
    """The command itself cannot be meant: an unknown layout, paper, theme or slug."""


class SetupError(DossierError):
    """The machine lacks something; the message is the line that installs it."""
