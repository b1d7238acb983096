"""A box to be ticked, and the tick."""

from __future__ import annotations

from typing import Literal

from .pen import Palette, box, line, outlined, rng, stroke, svg


def draw(
    palette: Palette, *, state: Literal["ticked", "open", "tick"] = "ticked", size: float = 3.1, seed: str = ""
) -> str:
    """A box of ``size`` mm, ticked or open, or the tick alone. With a seed the tick is that hand's own."""
    r, s = rng("tickbox", seed), size / 3.1
    wander = 0.25 if seed else 0.0
    parts = []
    if state != "tick":
        parts.append(outlined(box(0.5, 1, size, size), palette["card"], palette["ink"], 0.24))
    if state != "open":
        points = ((1.1, 2.5), (2.1, 3.6), (4.4, 0.6))
        tick = [((x + r.uniform(-wander, wander)) * s, (y + r.uniform(-wander, wander)) * s) for x, y in points]
        parts.append(stroke(line(tick), palette["pen"], 0.5, cap="round"))
    return svg(size + 1.6, size + 1.2, *parts)
