"""Copyfitting: how much room a dossier will take, from character counts alone.

Each section's ``section.yaml`` says what it takes at normal density (``room``, for wide and narrow paper). The
numbers were measured from laid-out pages; ``tests/bench/copyfit.py --measure`` measures them again. The estimate
chooses the density that is laid out first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from .layouts import Layout, Paper
from .record import Dossier, Value

FULL = 0.55
"""Share of the last page's type area from which a dossier counts as well filled (the design's section 8)."""

SCALE = {"tight": 0.93, "normal": 1.0, "roomy": 1.08}
"""Height of the same text against normal density; drawings keep theirs."""

LEAN = 0.955
"""What of the sections' heights remains when gaps at the feet of pages fall away."""

WASTE = 0.02
"""Share that is lost at the feet of pages where a row or a box did not fit; twice that is not rare."""

NEAR = 0.04
"""Pages by which a text may seem too long and be tried all the same: estimates are that wrong."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a section takes, in mm: for itself, for each item of its lists, for each line of ``measure`` characters.

    ``beside``: the strings of one item stand side by side, so that the longest decides.
    """

    own: float
    item: float
    line: float
    measure: int
    beside: bool = False


DEFAULT = {"wide": Room(16, 2, 4.4, 75), "narrow": Room(16, 2, 4.2, 55)}


def predict(dossier: Dossier, layout: Layout, paper: Paper) -> str:
    """The density most likely to be accepted: tight, normal or roomy."""
    return best(height(dossier, layout, paper) * LEAN / paper.area)


def best(content: float) -> str:
    """The density for so many pages of content at normal density: fewest pages, then the fullest last one."""
    ends = {density: ending(content * scale) for density, scale in SCALE.items()}
    if ends["normal"][1] >= FULL:
        return "normal"
    return min(ends, key=lambda density: (ends[density][0], -ends[density][1]))


def ending(content: float) -> tuple[int, float]:
    """How many pages a content of so many pages' height comes to, and how full the last one is."""
    length = content * (1 + WASTE)
    pages = max(1, ceil(length - NEAR))
    return pages, min(1.0, length - pages + 1)


def height(dossier: Dossier, layout: Layout, paper: Paper) -> float:
    """Estimated height in mm at normal density; two sections in one row count as the taller one."""
    taken = {key: _height(room(layout, key, paper), value) for key, value in shown(dossier).items()}
    for key in list(taken):
        partner = layout.sections[key].pair
        if paper.wide and partner in taken:
            taken[key] = max(taken[key], taken.pop(partner))
    return float(layout.furniture.get("room", 0.0)) + sum(taken.values())


def shown(dossier: Dossier) -> dict[str, Value]:
    """The values of the sections as a page shows them: related specimens with the words of those they name."""
    values = dict(dossier.record.sections)
    if "related" in values:
        values["related"] = [{"title": one.title, "summary": one.summary} for one in dossier.related]
    return values


def room(layout: Layout, key: str, paper: Paper) -> Room:
    kind = "wide" if paper.wide else "narrow"
    told: Mapping[str, Any] = layout.sections[key].room
    return Room(**told[kind]) if kind in told else DEFAULT[kind]


def extent(value: Value, measure: int, beside: bool) -> tuple[int, int]:
    """Items in all lists of a value, and lines of ``measure`` characters in its strings."""
    match value:
        case str():
            return 0, -(-len(value) // measure)
        case Mapping():
            inner = [extent(item, measure, beside) for item in value.values()]
            lines = [pair[1] for pair in inner]
            return sum(pair[0] for pair in inner), max(lines, default=0) if beside else sum(lines)
        case list() | tuple():
            inner = [extent(item, measure, beside) for item in value]
            return len(value) + sum(pair[0] for pair in inner), sum(pair[1] for pair in inner)
    return 0, 0


def _height(room: Room, value: Value) -> float:
    items, lines = extent(value, room.measure, room.beside)
    return room.own + room.item * items + room.line * lines
