"""The torn edge of a teletype strip: a tile to be repeated sideways, or one piece as wide as the strip."""

from __future__ import annotations

from typing import Literal

from .pen import Palette, fill, line, num, rng, stroke, svg


def draw(
    palette: Palette,
    *,
    seed: str,
    index: int = 0,
    edge: Literal["top", "bottom"] = "top",
    w: float = 28.0,
    h: float = 1.75,
) -> str:
    """``index`` is the strip's number on its page: no two tear alike. The tile's ends meet."""
    r = rng("torn", seed, index, edge)
    count = max(4, round(w * r.uniform(0.85, 1.15)))
    xs = [w * (i + (r.uniform(-0.35, 0.35) if 0 < i < count else 0)) / count for i in range(count + 1)]
    # A tear alternates between fibres that hold and fibres that give.
    ys = [h * (r.uniform(0.08, 0.5) if i % 2 else r.uniform(0.3, 0.92)) for i in range(count)]
    ys.append(ys[0])
    points = [(x, y if edge == "top" else h - y) for x, y in zip(xs, ys, strict=True)]
    inside = h if edge == "top" else 0.0
    body = f"M0 {num(inside)}L{line(points)[1:]}L{num(w)} {num(inside)}Z"
    return svg(w, h, fill(body, palette["strip"]), stroke(line(points), palette["strip_line"], 0.22))
