"""The body of an evidence tag below its head, longer than any text; the box it stands in cuts it off."""

from __future__ import annotations

from .pen import Palette, box, columns, fill, stroke, svg


def draw(palette: Palette, *, w: float, h: float = 140.0) -> str:
    body = fill(box(0.18, 0, w - 0.36, h), palette["tag"])
    return svg(w, h, body, stroke(columns(0, h, (0.18, w - 0.18)), palette["tag_line"], 0.26))
