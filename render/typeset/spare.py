"""Furniture that is printed only where there is room for it.

An absolutely placed element with ``data-spare="MM"`` takes no room of its own. Where it would reach further than so
many millimetres below the type area it is left out, rather than printed over the foot of the page. An element with
``data-alone`` takes room, but not a page of its own: where nothing else would stand on the last page it is left out,
and what has ``data-instead`` is shown.
"""

from __future__ import annotations

from typing import Any

from weasyprint import Document

_PX = 96 / 25.4


WITHOUT = "[data-alone]{display:none!important}[data-instead]{display:block!important}"


def spare(document: Document) -> bool:
    """Take out of the laid-out pages what has no room there; whether there was any."""
    boxes = [page._page_box for page in document.pages]
    return sum(_prune(box, box.content_box_y() + box.height) for box in boxes) > 0


def stands_alone(document: Document) -> bool:
    """Whether the last of several pages holds nothing but what does not ask for a page of its own."""
    last = document.pages[-1]._page_box
    return len(document.pages) > 1 and _has(last, "data-alone") and not _needed(last)


def is_without(document: Document, html: str) -> bool:
    """Whether what may not stand alone is missing from the pages laid out of ``html``."""
    return " data-alone" in html and not any(_has(page._page_box, "data-alone") for page in document.pages)


def _needed(box: Any) -> bool:
    """Whether words or drawings stand in a box that must be there."""
    if type(box).__name__ == "MarginBox" or _attribute(box, "data-alone") is not None:
        return False
    if hasattr(box, "replacement") or (type(box).__name__ == "TextBox" and box.text.strip()):
        return True
    return any(_needed(child) for child in getattr(box, "children", ()))


def _has(box: Any, name: str) -> bool:
    return _attribute(box, name) is not None or any(_has(child, name) for child in getattr(box, "children", ()))


def _attribute(box: Any, name: str) -> str | None:
    found: str | None = box.element.get(name) if hasattr(box.element, "get") else None
    return found


def _prune(box: Any, foot: float) -> int:
    """How many boxes were taken out."""
    children = getattr(box, "children", ())
    kept = [child for child in children if not _overruns(child, foot)]
    if len(kept) < len(children):
        box.children = kept
    return len(children) - len(kept) + sum(_prune(child, foot) for child in kept)


def _overruns(box: Any, foot: float) -> bool:
    allowed = _attribute(box, "data-spare")
    if allowed is None or not box.is_absolutely_positioned():
        return False
    return _lowest(box) > foot + float(allowed) * _PX


def _lowest(box: Any) -> float:
    """The lowest corner of a box in px, turned as it is printed."""
    left, top = box.border_box_x(), box.border_box_y()
    corners = [(left + dx * box.border_width(), top + dy * box.border_height()) for dx in (0, 1) for dy in (0, 1)]
    matrix = box.transformation_matrix
    return float(max(matrix.transform_point(x, y)[1] if matrix else y for x, y in corners))
