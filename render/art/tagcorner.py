"""A clipped left corner of a book-size evidence tag, in the colour of the page."""

from __future__ import annotations

from typing import Literal

from .pen import Palette, fill, line, polygon, stroke, svg


def draw(palette: Palette, *, size: float = 5.0, at: Literal["top", "bottom"] = "top") -> str:
    cut = [(0.0, size), (size, 0.0)] if at == "top" else [(0.0, 0.0), (size, size)]
    corner = (0.0, 0.0) if at == "top" else (0.0, size)
    return svg(size, size, fill(polygon([*cut, corner]), palette["paper"]), stroke(line(cut), palette["tag_line"], 0.3))
