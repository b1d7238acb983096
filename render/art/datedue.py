"""A charge-out card: ruled columns under a red line."""

from __future__ import annotations

from collections.abc import Sequence

from .pen import Palette, columns, outlined, round_box, ruled, stroke, svg

_HEAD, _PITCH = 14.0, 7.0


def draw(
    palette: Palette,
    *,
    w: float = 78.0,
    h: float = 120.0,
    rows: int = 13,
    splits: Sequence[float] = (0.3, 0.78),
) -> str:
    """``splits`` are where columns end, as shares of the width."""
    rules = ruled(0.15, w - 0.15, (_HEAD + _PITCH * (i + 1) for i in range(rows)))
    rules += columns(_HEAD, h - 0.15, (w * share for share in splits))
    return svg(
        w,
        h,
        outlined(round_box(0.15, 0.15, w - 0.3, h - 0.3, 1.2), palette["card"], palette["ink"], 0.3),
        stroke(rules, palette["form"], 0.2),
        stroke(ruled(0.15, w - 0.15, [_HEAD]), palette["red"], 0.6),
    )
