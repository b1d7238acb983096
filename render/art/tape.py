"""A piece of adhesive tape with torn ends."""

from __future__ import annotations

from .pen import Palette, line, outlined, polygon, rng, stroke, svg


def draw(palette: Palette, *, seed: str, index: int = 0, w: float = 20.0, h: float = 6.0) -> str:
    """Opaque: the palette's ``tape`` is what the tape and the paper under it make together."""
    r = rng("tape", seed, index)
    teeth = r.randint(6, 8)
    start, end = r.uniform(0, w * 0.12), w - r.uniform(0, w * 0.12)
    left = [(start + r.uniform(0, 0.7), 0.1 + (h - 0.2) * i / teeth) for i in range(teeth + 1)]
    right = [(end - r.uniform(0, 0.7), 0.1 + (h - 0.2) * i / teeth) for i in range(teeth, -1, -1)]
    creases = ""
    for _ in range(r.randint(1, 3)):
        x = r.uniform(start + 2, end - 3)
        creases += line([(x, 0.3), (x + r.uniform(-1.2, 1.2), h - 0.3)])
    return svg(
        w,
        h,
        outlined(polygon([*reversed(left), *reversed(right)]), palette["tape"], palette["tape_line"], 0.15),
        stroke(creases, palette["tape_line"], 0.12),
    )
