"""A tile of warning stripes, to be repeated sideways."""

from __future__ import annotations

from .pen import Palette, box, fill, polygon, svg


def draw(palette: Palette, *, w: float = 6.0, h: float = 3.6) -> str:
    """Stripes at 45 degrees, as wide as the gaps between them."""
    stripes = "".join(polygon([(x, h), (x + h, 0), (x + h + w / 2, 0), (x + w / 2, h)]) for x in (-w, 0.0))
    return svg(w, h, fill(box(0, 0, w, h), palette["haz_bg"]), fill(stripes, palette["haz_fg"]))
