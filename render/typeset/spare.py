"""Furniture that is printed only where there is room for it.

An absolutely placed element with ``data-spare="MM"`` takes no room of its own. Where it would reach further than so
many millimetres below the type area it is left out, rather than printed over the foot of the page.
"""

from __future__ import annotations

from typing import Any

from weasyprint import Document

_PX = 96 / 25.4


def spare(document: Document) -> bool:
    """Take out of the laid-out pages what has no room there; whether there was any."""
    boxes = [page._page_box for page in document.pages]
    return sum(_prune(box, box.content_box_y() + box.height) for box in boxes) > 0


def _prune(box: Any, foot: float) -> int:
    """How many boxes were taken out."""
    children = getattr(box, "children", ())
    kept = [child for child in children if not _overruns(child, foot)]
    if len(kept) < len(children):
        box.children = kept
    return len(children) - len(kept) + sum(_prune(child, foot) for child in kept)


def _overruns(box: Any, foot: float) -> bool:
    allowed = box.element.get("data-spare") if hasattr(box.element, "get") else None
    if allowed is None or not box.is_absolutely_positioned():
        return False
    return _lowest(box) > foot + float(allowed) * _PX


def _lowest(box: Any) -> float:
    """The lowest corner of a box in px, turned as it is printed."""
    left, top = box.border_box_x(), box.border_box_y()
    corners = [(left + dx * box.border_width(), top + dy * box.border_height()) for dx in (0, 1) for dy in (0, 1)]
    matrix = box.transformation_matrix
    return float(max(matrix.transform_point(x, y)[1] if matrix else y for x, y in corners))
