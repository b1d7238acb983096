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
    for _ in range(r.randint(0, 2)):
        x, lean = r.uniform(start + 4, end - 4), r.uniform(1.2, 3.4) * r.choice((-1, 1))
        creases += line([(x, 0.2), (x + lean, h - 0.2)])
    return svg(
        w,
        h,
        outlined(polygon([*reversed(left), *reversed(right)]), palette["tape"], palette["tape_line"], 0.15),
        stroke(creases, palette["tape_line"], 0.12),
    )
