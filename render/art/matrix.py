"""A matrix of relations by family: a cell's shade; and what the table of its counts says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from .pen import Palette, box, fill, hatch, stroke, svg

SHADES = ("paper", "tint", "tint2", "g2", "g3")
"""Palette tokens by shade, from none to most."""
_MOST = 16
"""How many specimens are listed as the most named."""


def draw(palette: Palette, *, shade: int, w: float = 8.0, h: float = 6.0) -> str:
    """A cell's ground. Where the palette has no fills, it is hatched the closer, the higher the shade."""
    colour = palette[SHADES[shade]]
    if palette["tint"] != palette["paper"]:
        return svg(w, h, fill(box(0, 0, w, h), colour))
    return svg(w, h, stroke(hatch(0, 0, w, h, 4.2 - 0.8 * shade), palette["faint"], 0.25) if shade else "")


def places(*, links: Sequence[Sequence[int]], families: Sequence[int], count: int, room: int) -> dict[str, Any]:
    """What the table says: ``rows`` of ``cells`` (``count`` and ``shade``) with their ``total``, the ``totals`` of the
    columns, the ``most`` named specimens as pairs of number and times, and how many are ``unnamed``.

    ``links`` are pairs of specimens' numbers, ``families`` has each specimen's, ``count`` is how many there are. Of
    more families than there is ``room`` for, those with the fewest links are one, the last; ``kept`` are the others.
    """
    kept = _kept(Counter(families[end] for link in links for end in link), count, room)
    line = {family: place for place, family in enumerate(kept)}
    found = Counter((line.get(families[a], len(kept)), line.get(families[b], len(kept))) for a, b in links)
    peak = max((times for ends, times in found.items() if max(ends) < len(kept)), default=1)
    named = Counter(b for _, b in links)
    lines = range(len(kept) + (len(kept) < count))

    def cell(row: int, column: int) -> dict[str, int]:
        here = found[row, column]
        return {"count": here, "shade": min(len(SHADES) - 1, -(-here * (len(SHADES) - 1) // peak)) if here else 0}

    table = [[cell(row, column) for column in lines] for row in lines]
    return {
        "kept": kept,
        "rows": [{"cells": cells, "total": sum(one["count"] for one in cells)} for cells in table],
        "totals": [sum(cells[column]["count"] for cells in table) for column in lines],
        "most": sorted(named.items(), key=lambda item: (-item[1], item[0]))[:_MOST],
        "unnamed": len(families) - len(named),
    }


def _kept(ends: Counter[int], count: int, room: int) -> list[int]:
    """The families that have lines of their own, in order."""
    if count <= room:
        return list(range(count))
    return sorted(sorted(range(count), key=lambda family: (-ends[family], family))[: room - 1])
