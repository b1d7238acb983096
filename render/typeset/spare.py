"""Furniture that is printed only where there is room for it.

An absolutely placed element with ``data-spare="MM"`` takes no room of its own. Where it would reach further than so
many millimetres below the type area it is left out, rather than printed over the foot of the page. An element with
``data-spare`` that takes room is left out where nothing else would stand on the last page.
"""

from __future__ import annotations

from typing import Any

from weasyprint import Document

_PX = 96 / 25.4


def spare(document: Document, html: str) -> bool:
    """Take out of the laid-out pages what has no room there; whether anything of ``html`` is left out."""
    boxes = [page._page_box for page in document.pages]
    pruned = sum(_prune(box, box.content_box_y() + box.height) for box in boxes)
    return pruned > 0 or (" data-spare=" in html and not any(map(_spared, boxes)))


def without_last(document: Document) -> Document:
    """The laid-out document without a last page that holds nothing but what can be spared."""
    last = document.pages[-1]._page_box
    if len(document.pages) < 2 or _needed(last) or not _spared(last):
        return document
    return document.copy(document.pages[:-1])


def _needed(box: Any) -> bool:
    """Whether words or drawings stand in a box that cannot be spared."""
    if type(box).__name__ == "MarginBox" or _allowance(box) is not None:
        return False
    if hasattr(box, "replacement") or (type(box).__name__ == "TextBox" and box.text.strip()):
        return True
    return any(_needed(child) for child in getattr(box, "children", ()))


def _spared(box: Any) -> bool:
    return _allowance(box) is not None or any(_spared(child) for child in getattr(box, "children", ()))


def _allowance(box: Any) -> str | None:
    found: str | None = box.element.get("data-spare") if hasattr(box.element, "get") else None
    return found


def _prune(box: Any, foot: float) -> int:
    """How many boxes were taken out."""
    children = getattr(box, "children", ())
    kept = [child for child in children if not _overruns(child, foot)]
    if len(kept) < len(children):
        box.children = kept
    return len(children) - len(kept) + sum(_prune(child, foot) for child in kept)


def _overruns(box: Any, foot: float) -> bool:
    allowed = _allowance(box)
    if allowed is None or not box.is_absolutely_positioned():
        return False
    return _lowest(box) > foot + float(allowed) * _PX


def _lowest(box: Any) -> float:
    """The lowest corner of a box in px, turned as it is printed."""
    left, top = box.border_box_x(), box.border_box_y()
    corners = [(left + dx * box.border_width(), top + dy * box.border_height()) for dx in (0, 1) for dy in (0, 1)]
    matrix = box.transformation_matrix
    return float(max(matrix.transform_point(x, y)[1] if matrix else y for x, y in corners))
