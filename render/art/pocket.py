"""A library's pocket of manila paper, glued to a page at its foot: what a card stands in."""

from __future__ import annotations

from .pen import Palette, line, num, outlined, rng, stroke, svg


def draw(palette: Palette, *, w: float = 88.0, h: float = 54.0, dip: float = 9.0, seed: str = "pocket") -> str:
    """The front of the pocket, ``w`` x ``h`` mm; its upper edge dips by ``dip`` in the middle."""
    x1, y1 = w - 0.2, h - 0.2
    edge = (
        f"M.2 .2C{num(w * 0.2)} .4 {num(w * 0.34)} {num(dip)} {num(w / 2)} {num(dip)}"
        f"C{num(w * 0.66)} {num(dip)} {num(w * 0.8)} .4 {num(x1)} .2V{num(y1 - 1.2)}L{num(x1 - 1.2)} {num(y1)}"
        f"H1.4L.2 {num(y1 - 1.2)}Z"
    )
    folds = (
        line([(3.4, 1.4), (3.4, y1)]) + line([(w - 3.4, 1.4), (w - 3.4, y1)]) + line([(0.2, h - 3.6), (x1, h - 3.6)])
    )
    fibres = ""
    if palette["manila"] != palette["paper"]:
        r = rng("pocket", seed)
        for _ in range(26):
            x, y = r.uniform(4, w - 6), r.uniform(dip + 2, h - 4)
            fibres += line([(x, y), (x + r.uniform(-1.4, 1.4), y + r.uniform(-0.8, 0.8))])
    return svg(
        w,
        h,
        outlined(edge, palette["manila_lt"], palette["manila_line"], 0.3, join="round"),
        stroke(folds, palette["manila_score"], 0.22),
        stroke(fibres, palette["manila_score"], 0.14),
    )
