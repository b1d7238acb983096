"""How a book is bound, and what leads into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..fonts import Face
from ..imprint import Imprint

PT = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A line of the outline. ``key`` is the piece it leads to; ``inner`` adds that piece's own bookmarks below it."""

    title: str
    key: str = ""
    kids: tuple[Heading, ...] = ()
    inner: bool = False


@dataclass(frozen=True)
class Binding:
    """How a book is bound. Lengths are in mm."""

    about: Imprint
    faces: tuple[Face, ...]
    outline: tuple[Heading, ...]
    pages: Mapping[str, Mapping[str, object]]
    """By the name of a page: ``mirror: false`` for one that is the same on both sides, ``furniture`` under it."""
    mirror: float = 0.0
    """How far a verso's content stands to the right of where its part has it."""
    gutter: float = 0.0
    """How much wider the inner margin is made."""
    bleed: bool = False
    """Whether pages keep their bleed; otherwise they are cropped to the trim."""
    urls: Mapping[str, str] = field(default_factory=dict)
    """Where a specimen is to be found that is not in this book."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What a link to a specimen is called."""
