"""What the map of relations is read by: one thread or one pin of it."""

from __future__ import annotations

from typing import Literal

from .pen import Palette, circle, fill, outlined, svg

Kind = Literal["across", "within", "named", "unnamed"]


def draw(palette: Palette, *, kind: Kind, w: float = 9.0, h: float = 3.4) -> str:
    """A thread between families or within one; a pin that threads end at, or one that none does."""
    y = h / 2
    if kind in ("across", "within"):
        taper = f"M0 {y - 0.36:.2f}C{w * 0.4:.2f} {y - 0.9:.2f} {w * 0.6:.2f} {y + 0.5:.2f} {w} {y}"
        back = f"C{w * 0.6:.2f} {y + 0.6:.2f} {w * 0.4:.2f} {y - 0.3:.2f} 0 {y + 0.36:.2f}Z"
        inside = "rule" if palette["red"] == palette["ink"] else "form"
        return svg(w, h, fill(taper + back, palette["red" if kind == "across" else inside]))
    if kind == "unnamed":
        return svg(w, h, outlined(circle(w / 2, y, 0.85), palette["paper"], palette["ink"], 0.3))
    pins = "".join(circle(w * x, y, r) for x, r in ((0.16, 0.85), (0.42, 1.15), (0.76, 1.5)))
    gleams = "".join(
        circle(w * x - 0.3 * r, y - 0.3 * r, 0.22 * r) for x, r in ((0.16, 0.85), (0.42, 1.15), (0.76, 1.5))
    )
    return svg(w, h, outlined(pins, palette["red"], palette["ink"], 0.2), fill(gleams, palette["card"]))
