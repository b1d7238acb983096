"""Fitting: how full the pages of a layout are, and which density is worth a try next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from weasyprint import Document

from ..copyfit import FULL, SCALE

NEAR = 0.02
"""Share of a page by which an estimate from another density may be wrong."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What a layout came to. ``last`` is the used share of the last page's type area."""

    pages: int
    last: float

    @property
    def rank(self) -> tuple[int, float]:
        """Fewest pages first, then the fullest last page."""
        return self.pages, -self.last


def measure(document: Document) -> Fill:
    """Reads pages and the fill of the last one from the laid-out boxes. A cover is a page like any other."""
    return Fill(len(document.pages), used(document.pages[-1]._page_box))


def used(page_box: Any) -> float:
    """Share of a page's type area above its lowest line or box in normal flow."""
    low, stack = page_box.content_box_y(), [page_box]
    while stack:
        box = stack.pop()
        inner = [child for child in getattr(box, "children", ()) if _flows(child)]
        if inner:
            stack.extend(inner)
        elif box is not page_box and box.element_tag not in ("html", "body", "main"):
            low = max(low, box.position_y + (box.height if isinstance(box.height, int | float) else 0))
    share: float = (low - page_box.content_box_y()) / page_box.height
    return min(1.0, max(0.0, share))


def sections(page_box: Any) -> Iterator[tuple[str, float]]:
    """The id and outer height in mm of every ``section`` on a page."""
    stack = [page_box]
    while stack:
        box = stack.pop()
        if box.element_tag == "section" and box.element is not None and box.element.get("id"):
            yield box.element.get("id"), box.margin_height() * 25.4 / 96
        else:
            stack.extend(getattr(box, "children", ()))


def _flows(box: Any) -> bool:
    return type(box).__name__ != "MarginBox" and getattr(box, "is_in_normal_flow", lambda: False)()


def next_try(tried: Mapping[str, Fill]) -> str | None:
    """The density worth laying out next, or None when the best of those tried is good enough.

    From each layout the others are estimated by the height their type takes; one is tried only where the estimate is
    better than all that is known.
    """
    best = min(tried.values(), key=lambda fill: fill.rank)
    if best.pages <= 1 or (best.last >= FULL and not _wasteful(tried)):
        return None
    density, fill = min(tried.items(), key=lambda item: item[1].rank)
    # The cover and the last page's rest take no part: what flows is the pages between them and the last one's share.
    run = fill.pages - 2 + fill.last
    hopes = {}
    for other, scale in SCALE.items():
        if other in tried:
            continue
        length = run * scale / SCALE[density]
        pages = int(length - NEAR) + 1 if length > NEAR else 1
        hopes[other] = Fill(pages + 1, length - pages + 1)
    promising = {other: hope for other, hope in hopes.items() if hope.rank < (best.pages, -best.last - NEAR)}
    return min(promising, key=lambda other: promising[other].rank) if promising else None


def _wasteful(tried: Mapping[str, Fill]) -> bool:
    """Whether only a loose setting was tried, which a normal one might save a page of."""
    return set(tried) == {"roomy"} and next(iter(tried.values())).last < FULL
