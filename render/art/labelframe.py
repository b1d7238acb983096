"""A gummed file label: a card, a red rule inside its edge, rules for the fields."""

from __future__ import annotations

from collections.abc import Sequence

from .pen import Palette, box, columns, outlined, ruled, stroke, svg

ROWS = ((36.0, 3), (25.6, 1), (12.1, 3))
_INSET = 1.7


def draw(palette: Palette, *, w: float, h: float, rows: Sequence[tuple[float, int]] = ROWS) -> str:
    """``rows`` of fields from the top: where each begins above the foot, in mm, and how many fields it has."""
    tops = [h - up for up, _ in rows]
    rules = ruled(_INSET, w - _INSET, tops)
    for top, foot, (_, fields) in zip(tops, [*tops[1:], h - _INSET], rows, strict=True):
        rules += columns(top, foot, (w * i / fields + 0.6 for i in range(1, fields)))
    return svg(
        w,
        h,
        outlined(box(0.1, 0.1, w - 0.2, h - 0.2), palette["card"], palette["manila_line"], 0.18),
        stroke(rules, palette["form"], 0.2),
        stroke(box(_INSET, _INSET, w - 2 * _INSET, h - 2 * _INSET), palette["label_line"], 0.48),
    )
