"""Fitting: how full the pages of a layout are, and which density is worth a try next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from weasyprint import Document

from ..copyfit import FULL, SCALE, WASTE, ending

WORTH = 0.1
"""Share of a last page that a fuller one must promise to be worth another layout."""

SHORT = 1 / 3
"""Share of a last page below which the third density is tried, too."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What a layout came to.

    ``last`` is the used share of the last page's type area, ``content`` what all sheets behind the cover hold.
    """

    pages: int
    last: float
    content: float

    @property
    def rank(self) -> tuple[int, float]:
        """Fewest pages first, then the fullest last page."""
        return self.pages, -self.last

    def promise(self, scale: float) -> tuple[int, float]:
        """Sheets behind the cover, and the last one's share, if the same took ``scale`` of the height.

        Estimated both without the blank feet of pages, which may go, and with them, which may stay: fewer sheets win.
        """
        return min(ending(self.content * scale), ending((self.pages - 2 + self.last) * scale / (1 + WASTE)))


def measure(document: Document) -> Fill:
    """Reads pages and their fill from the laid-out boxes. A cover is a page like any other."""
    shares = [used(page._page_box) for page in document.pages]
    return Fill(len(shares), shares[-1], sum(shares[1:]))


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

    Good enough is normal density with a well filled last page, or any density where no other promises fewer pages or,
    while the last page is not well filled, a fuller one. What another density promises is estimated from the height of
    the best one: a short page or a stranded line is worth an estimate's error, a look for its own sake is not.
    """
    density = min(tried, key=lambda name: tried[name].rank)
    best = tried[density]
    if (len(tried) == 2 and best.last >= SHORT) or best.pages <= 2 or (density == "normal" and best.last >= FULL):
        return None
    promises = {other: best.promise(SCALE[other] / SCALE[density]) for other in SCALE if other not in tried}
    saving = [other for other, (sheets, _) in promises.items() if sheets + 1 < best.pages]
    if saving:
        # What blank feet took here they may take there: the tightest is the likeliest to save a page.
        return min(saving, key=SCALE.__getitem__)
    fuller = [
        other for other, (sheets, last) in promises.items() if sheets + 1 == best.pages and last > best.last + WORTH
    ]
    return max(fuller, key=lambda other: promises[other][1]) if fuller and best.last < FULL else None
