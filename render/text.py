"""Running text: what a string of a record says once its inline markup is understood.

``Text`` is a ``str`` whose value is the plain reading (what belongs in a bookmark, a file name or
JSON) and whose ``spans`` are what a page shows. Redacted words never enter either: a ``Redacted``
span holds the length of its bar only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Self

REDACTED = "[redacted]"


@dataclass(frozen=True, slots=True)
class Plain:
    text: str


@dataclass(frozen=True, slots=True)
class Emphasis:
    """``*words*``: underlined, a typewriter has no italics."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """``**words**``."""

    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Redacted:
    """``||words||``: an empty bar of ``width`` em (3 to 9), derived from slug and position, not from the words."""

    width: float


@dataclass(frozen=True, slots=True)
class Link:
    """``[[slug]]`` or ``[[slug|shown words]]``; without shown words ``spans`` is empty: the target's title is shown."""

    slug: str
    spans: tuple[Span, ...]


Span = Plain | Emphasis | Strong | Redacted | Link


class Text(str):
    """The plain reading of a string, with its spans. A string without markup has one ``Plain`` span."""

    __slots__ = ("spans",)
    spans: tuple[Span, ...]

    def __new__(cls, plain: str, spans: tuple[Span, ...] | None = None) -> Self:
        self = super().__new__(cls, plain)
        self.spans = spans if spans is not None else ((Plain(plain),) if plain else ())
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[str, tuple[Span, ...]]]:
        return type(self), (str(self), self.spans)


def fill(words: str, /, **values: Any) -> str:
    """Put values into the {places} of a fixed word or sentence.

    Only plain names are filled: a stranger's words cannot reach into an object.
    """
    return re.sub(r"\{([a-z_]+)\}", lambda match: str(values[match[1]]), words)
