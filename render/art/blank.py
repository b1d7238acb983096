"""A page left blank on purpose: ruled lines, struck through with the pen, and the words that say so."""

from __future__ import annotations

from .lettering import line, measure
from .pen import Palette, box, fill, page, rng, ruled, smooth, stroke

_SIZE, _SPACING = 3.2, 0.5


def draw(
    palette: Palette, *, pw: float, ph: float, words: str, seed: str = "blank", margin: float = 24.0, bleed: float = 0.0
) -> str:
    r = rng("blank", seed)
    size = min(_SIZE, _SIZE * (pw - 2 * margin) / (measure(words, "form", _SIZE, _SPACING) + 12))
    long = measure(words, "form", size, _SPACING)
    x0, y0 = pw - margin - r.uniform(0, 3), 40.0 + r.uniform(0, 4)
    x1, y1 = margin + r.uniform(0, 3), ph - 34 - r.uniform(0, 4)
    bend = [(x0 + (x1 - x0) * t + r.uniform(-1.2, 1.2), y0 + (y1 - y0) * t) for t in (0.3, 0.7)]
    return page(
        pw,
        ph,
        bleed,
        stroke(ruled(margin, pw - margin, range(40, int(ph) - 30, 9)), palette["faint"], 0.18),
        stroke(smooth([(x0, y0), *bend, (x1, y1)], closed=False), palette["pen"], 0.5, cap="round"),
        fill(box((pw - long) / 2 - 6, ph / 2 - 8, long + 12, 13), palette["paper"]),
        line(pw / 2, ph / 2, words, "form", size, palette["form"], anchor="middle", spacing=_SPACING),
    )
