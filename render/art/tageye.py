"""The eye at the left of a book-size evidence tag, with its string."""

from __future__ import annotations

from .pen import Palette, circle, num, outlined, rng, stroke, svg


def draw(palette: Palette, *, w: float = 13.0, h: float = 12.0, seed: str = "eye", index: int = 0) -> str:
    r, cx, cy = rng("tageye", seed, index), 6.0, h / 2
    a, b = r.uniform(-1.2, 1.2), r.uniform(-1.0, 1.6)
    string = (
        f"M{num(cx)} {num(cy)}C{num(cx - 2)} {num(cy - 2.4)} 2.4 {num(cy - 3.4 + a)} 0 {num(cy - 3 + a)}"
        f"M{num(cx)} {num(cy + 0.3)}C{num(cx - 2)} {num(cy + 0.6)} 2.2 {num(cy - 1 + b)} 0 {num(cy + 0.4 + b)}"
    )
    return svg(
        w,
        h,
        outlined(circle(cx, cy, 2.6), palette["tag_ring"], palette["tag_line"], 0.2),
        outlined(circle(cx, cy, 1.2), palette["paper"], palette["tag_line"], 0.2),
        stroke(string, palette["string"], 0.42, cap="round"),
    )
