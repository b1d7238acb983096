"""A burnt lower right corner: ragged bands of brown, then a bite in the colour of the page."""

from __future__ import annotations

import math

from .pen import Palette, Point, fill, line, num, polygon, rng, stroke, svg


def draw(palette: Palette, *, seed: str, index: int = 0, w: float = 26.0, h: float = 11.5) -> str:
    """Varies by seed and by the strip's number. Nothing is drawn above the diagonal, so text may come near."""
    r = rng("scorch", seed, index)
    count, foot = r.randint(10, 15), h - 1.2
    reach = r.uniform(0.72, 1.0)
    bow = r.uniform(1.0, 1.75)
    steps = [i / (count - 1) for i in range(count)]
    ragged = [r.uniform(-0.7, 0.7) for _ in range(count)]
    start = w * (1 - reach)

    def edge(depth: float, slack: float) -> list[Point]:
        left = start + depth * r.uniform(2.6, 3.6)
        points = []
        for t, wander in zip(steps, ragged, strict=True):
            rise = (foot - depth * 1.7) * reach**0.5 * math.sin(t * math.pi / 2) ** bow
            points.append((left + (w + 0.3 - left) * t, foot - rise + wander + r.uniform(-slack, slack)))
        return points

    edges = [edge(0, 0), edge(r.uniform(0.6, 0.9), 0.12), edge(r.uniform(1.2, 1.45), 0.12), edge(1.9, 0.1)]
    bands = ""
    for outer, inner, token in zip(edges, edges[1:], ("burn1", "burn2", "burn3"), strict=False):
        bands += fill(polygon([*outer, *reversed(inner)]), palette.get(token, ""))
    last = edges[-1]
    bite = line(last) + f"V{num(h + 0.6)}H{num(last[0][0] - 3)}V{num(foot + 0.5)}Z"
    return svg(w, h, bands, fill(bite, palette["paper"]), stroke(line(last), palette.get("burn_line", ""), 0.25))
