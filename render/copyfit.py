"""Copyfitting: how much room a dossier will take, from character counts alone.

Each section's ``section.yaml`` may say what it takes at normal density (``room``, by wide and narrow
paper): millimetres for itself, for each item and for a hundred characters. They were measured from laid-out pages
(``tests/bench/copyfit.py`` measures them again). The estimate chooses the density that is laid out first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .layouts import Layout, Paper
from .record import Record, Value

FULL = 0.55
"""Share of the last page's type area from which a dossier counts as well filled (the design's section 8)."""

SCALE = {"tight": 0.90, "normal": 1.0, "roomy": 1.13}
"""Height of the same text against normal density."""

_DEFAULT_ROOM = {"wide": (14.0, 4.0, 6.0), "narrow": (14.0, 4.0, 8.5)}


def predict(record: Record, layout: Layout, paper: Paper) -> str:
    """The density most likely to be accepted: tight, normal or roomy."""
    return best(height(record, layout, paper) / paper.area)


def best(pages: float) -> str:
    """The density for a text that runs to so many pages at normal density: fewest pages, then the fullest last one."""
    ends = {density: pages * scale for density, scale in SCALE.items()}
    if _fill(ends["normal"]) >= FULL:
        return "normal"
    return min(ends, key=lambda density: (_count(ends[density]), -_fill(ends[density])))


def height(record: Record, layout: Layout, paper: Paper) -> float:
    """Estimated height in mm at normal density; two sections in one row count as the taller one."""
    taken = {}
    for key, value in record.sections.items():
        own, item, text = _room(layout.sections[key].room, paper)
        characters, items = extent(value)
        taken[key] = own + item * items + text * characters / 100
    for key in record.sections:
        partner = layout.sections[key].pair
        if paper.wide and partner in taken:
            taken[key] = max(taken[key], taken.pop(partner))
    return float(layout.furniture.get("room", 0.0)) + sum(taken.values())


def _room(room: Mapping[str, Any], paper: Paper) -> tuple[float, float, float]:
    kind = "wide" if paper.wide else "narrow"
    own, item, text = room.get(kind, _DEFAULT_ROOM[kind])
    return float(own), float(item), float(text)


def extent(value: Value) -> tuple[int, int]:
    """Characters in all strings of a value, and items in all its lists."""
    if isinstance(value, str):
        return len(value), 0
    if isinstance(value, Mapping):
        inner = [extent(item) for item in value.values()]
        return sum(pair[0] for pair in inner), sum(pair[1] for pair in inner)
    if isinstance(value, list | tuple):
        inner = [extent(item) for item in value]
        return sum(pair[0] for pair in inner), len(value) + sum(pair[1] for pair in inner)
    return 0, 0


def _count(pages: float) -> int:
    return max(1, -int(-pages // 1))


def _fill(pages: float) -> float:
    return pages - _count(pages) + 1
