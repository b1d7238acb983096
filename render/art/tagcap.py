"""The head of an evidence tag: clipped corners, a reinforced eye, string tied through it."""

from __future__ import annotations

from .pen import Palette, circle, num, outlined, rng, stroke, svg

_CORNER = 7.0
_EYE = 5.0


def draw(palette: Palette, *, w: float, h: float = 11.0, seed: str = "tag", index: int = 0) -> str:
    """``index`` is the tag's number: each string lies differently. ``tagbody`` continues it below."""
    r, cx = rng("tagcap", seed, index), w / 2
    edge = palette["tag_line"]
    head = f"M.18 {num(h)}V{num(_CORNER)}L{num(_CORNER)} .2H{num(w - _CORNER)}L{num(w - 0.18)} {num(_CORNER)}V{num(h)}"
    side = r.choice((-1, 1))
    a, b = r.uniform(-4, 6), r.uniform(-3, 3)

    def curve(dx: float, dy: float, *points: tuple[float, float]) -> str:
        path = " ".join(f"{num(cx + side * x)} {num(_EYE + y)}" for x, y in points)
        return f"M{num(cx + side * dx)} {num(_EYE + dy)}C{path}"

    string = curve(-0.2, -0.3, (-1, -3), (4 + a, -3.5), (8 + a, -5.4))
    string += curve(0.3, -0.3, (1, -2), (6 + a, -2.4), (13 + b, -4.4))
    ends = ((1.6, r.uniform(0.3, 0.9)), (3.2, r.uniform(-0.4, 0.3)), (4.6, -1.0))
    string += "c" + " ".join(f"{num(side * x)} {num(y)}" for x, y in ends)
    return svg(
        w,
        h,
        outlined(head, palette["tag"], edge, 0.26),
        outlined(circle(cx, _EYE, 2.7), palette["tag_ring"], edge, 0.2),
        outlined(circle(cx, _EYE, 1.25), palette["paper"], edge, 0.2),
        stroke(string, palette["string"], 0.42, cap="round"),
    )
