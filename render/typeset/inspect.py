"""A look at laid-out pages: what a careful printer would send back. Knows boxes, not records.

Lengths are WeasyPrint's CSS pixels; findings speak of mm. Nothing is laid out or changed here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from weasyprint import Document

from . import fit

MM = 25.4 / 96
SLACK = 0.5 / MM
"""How far something may lie outside without being noticed: half a millimetre, a frame's width and a rounding."""

SHORT = 1 / 3
"""Share of its type area under which a page that is not the last counts as short."""

SMALL = 0.5
"""Share of a type area under which a row or a card fits on one page and should stand on one."""

_ITEMS = ("tr", "article", "figure")
"""Elements that are read as one: a table's rows, cards and tags, strips and drawings."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_ANYWHERE: Rectangle = -1e9, -1e9, 1e9, 1e9


@dataclass(frozen=True, slots=True)
class Finding:
    """``section`` is the id of the section it lies in, ``page`` counts from 1, ``text`` are words that stand there."""

    code: str
    section: str
    page: int
    detail: str
    text: str = ""


@dataclass(slots=True)
class _Piece:
    """What one page holds of an item or a heading."""

    page: int
    section: str
    box: Any

    @property
    def height(self) -> float:
        return float(self.box.margin_height())

    @property
    def text(self) -> str:
        return _text(self.box)


@dataclass(slots=True)
class _Seen:
    """What a walk over the pages collects, in their order."""

    overflows: dict[tuple[Any, int, str], tuple[float, Finding]] = field(default_factory=dict)
    """How far the worst line or box of an element is out, in mm, with what there is to say of it."""
    headings: list[_Piece] = field(default_factory=list)
    lowest: dict[tuple[str, int], float] = field(default_factory=dict)
    """The foot of the lowest line or drawing of a section on a page, headings apart."""
    items: dict[Any, list[_Piece]] = field(default_factory=dict)
    siblings: dict[tuple[Any, str], list[Any]] = field(default_factory=lambda: defaultdict(list))
    """Items in order, by the element around them and their own tag."""
    opening: dict[int, str] = field(default_factory=dict)
    """The section that each page begins with."""


def inspect(document: Document) -> list[Finding]:
    """Everything there is to remark on, page by page."""
    seen = _Seen()
    pages = [page._page_box for page in document.pages]
    for number, page in enumerate(pages, 1):
        _Page(seen, page, number).walk()
    half = min(page.height for page in pages) * SMALL
    over = [finding for _, finding in seen.overflows.values()]
    found = [*over, *_short(seen, pages), *_stranded(seen), *_split(seen, half), *_alone(seen, half)]
    return sorted(dict.fromkeys(found), key=lambda finding: finding.page)


class _Page:
    """The walk over one page's boxes."""

    def __init__(self, seen: _Seen, box: Any, number: int) -> None:
        self.seen, self.box, self.number = seen, box, number
        x, y = box.content_box_x(), box.content_box_y()
        self.area: Rectangle = x, y, x + box.width, y + box.height
        self.trim: Rectangle = 0, 0, box.margin_width(), box.margin_height()

    def walk(self) -> None:
        for child in self.box.children:
            if child.element_tag == "html":
                self._inside(child, _ANYWHERE, "", self.area, False)

    def _inside(self, box: Any, holder: Rectangle, section: str, limits: Rectangle, in_heading: bool) -> None:
        """``holder`` is what the boxes around leave free, ``limits`` the type area (the trim, if placed freely)."""
        if box.element_tag not in ("html", "body"):
            holder = _common(holder, _padding_box(box))
        for child in box.children:
            self._box(child, box, holder, section, limits, in_heading)

    def _box(self, box: Any, parent: Any, holder: Rectangle, section: str, limits: Rectangle, in_heading: bool) -> None:
        kind = type(box).__name__
        if kind == "LineBox":
            self._line(box, parent, holder, section, limits, in_heading)
            return
        if kind == "AbsolutePlaceholder":
            box, holder, limits = box._box, _ANYWHERE, self.trim
            self._within(box, _border_box(box), self.trim, section, "page")
        elif box.is_in_normal_flow():
            self._flowing(box, holder, section, limits, in_heading)
        element = box.element
        if element is not None and element is not parent.element:
            tag = box.element_tag
            if tag == "section" and element.get("id"):
                section = element.get("id")
            elif tag == "h2":
                in_heading = True
                self.seen.headings.append(_Piece(self.number, section, box))
            elif tag in _ITEMS and not getattr(parent, "is_header", False) and box.is_in_normal_flow():
                self._item(box, parent, section)
        if hasattr(box, "children"):
            self._inside(box, holder, section, limits, in_heading)

    def _flowing(self, box: Any, holder: Rectangle, section: str, limits: Rectangle, in_heading: bool) -> None:
        own = _border_box(box)
        if hasattr(box, "replacement"):
            self._lower(section, own[3], in_heading)
        if hasattr(box, "replacement") or _painted(box):
            self._stays(box, own, holder, section, limits)

    def _line(
        self, line: Any, parent: Any, holder: Rectangle, section: str, limits: Rectangle, in_heading: bool
    ) -> None:
        inner = [child for child in line.children if type(child).__name__ != "AbsolutePlaceholder"]
        words = [child for child in inner if not _empty(child)]
        if words:
            left = min(child.position_x for child in words)
            right = max(child.position_x + child.margin_width() for child in words)
            own = left, line.position_y, right, line.position_y + line.height
            self._lower(section, own[3], in_heading)
            self._stays(line, own, holder, section, limits)
        for child in line.children:
            if hasattr(child, "children"):
                self._inline(child, parent, section, limits, in_heading)

    def _inline(self, box: Any, parent: Any, section: str, limits: Rectangle, in_heading: bool) -> None:
        """What stands in a line: only blocks of its own have a width to keep to."""
        kind = type(box).__name__
        if kind == "AbsolutePlaceholder":
            self._box(box, parent, self.trim, section, limits, in_heading)
        elif kind == "InlineBox":
            for child in box.children:
                if hasattr(child, "children"):
                    self._inline(child, parent, section, limits, in_heading)
        else:
            self._inside(box, _ANYWHERE, section, limits, in_heading)

    def _stays(self, box: Any, own: Rectangle, holder: Rectangle, section: str, limits: Rectangle) -> None:
        if self._within(box, own, holder, section, "box"):
            self._within(box, own, limits, section, "page" if limits is self.trim else "type area")

    def _within(self, box: Any, own: Rectangle, limits: Rectangle, section: str, what: str) -> bool:
        """Whether a rectangle stays where it should; if not, that is a finding."""
        over = max(limits[0] - own[0], limits[1] - own[1], own[2] - limits[2], own[3] - limits[3])
        if over <= SLACK:
            return True
        place = box.element, self.number, what
        if over <= self.seen.overflows.get(place, (0.0,))[0]:
            return False
        text = _text(box)
        detail = f"{_name(box, text)} leaves its {what} by {over * MM:.1f} mm"
        self.seen.overflows[place] = over, Finding("overflow", section, self.number, detail, text)
        return False

    def _item(self, box: Any, parent: Any, section: str) -> None:
        pieces = self.seen.items.get(box.element)
        if pieces is None:
            pieces = self.seen.items[box.element] = []
            self.seen.siblings[parent.element, box.element_tag].append(box.element)
        pieces.append(_Piece(self.number, section, box))

    def _lower(self, section: str, foot: float, in_heading: bool) -> None:
        self.seen.opening.setdefault(self.number, section)
        if not in_heading:
            place = section, self.number
            self.seen.lowest[place] = max(foot, self.seen.lowest.get(place, 0.0))


def _short(seen: _Seen, pages: list[Any]) -> Iterator[Finding]:
    for number, page in enumerate(pages[:-1], 1):
        # A page of another kind than the last one, such as a cover, is as full as it is meant to be.
        if page.page_type.name != pages[-1].page_type.name or page.page_type.blank:
            continue
        share = fit.used(page)
        if share < SHORT:
            detail = f"the page is only {share:.0%} full, since what comes next does not fit on the rest of it"
            yield Finding("short-page", seen.opening.get(number + 1, ""), number, detail)


def _stranded(seen: _Seen) -> Iterator[Finding]:
    for heading in seen.headings:
        here = seen.lowest.get((heading.section, heading.page), 0.0)
        goes_on = any(section == heading.section and page > heading.page for section, page in seen.lowest)
        if here < heading.box.position_y + heading.height + 1 and goes_on:
            detail = f"the heading “{_shortened(heading.text)}” stands at the foot with nothing after it"
            yield Finding("stranded-heading", heading.section, heading.page, detail)


def _split(seen: _Seen, half: float) -> Iterator[Finding]:
    for pieces in seen.items.values():
        if pieces[0].page < pieces[-1].page and sum(piece.height for piece in pieces) < half:
            first = pieces[0]
            text = next((piece.text for piece in pieces if piece.text), "")
            detail = f"the item “{_shortened(text)}” is broken over two pages though it would fit on one"
            yield Finding("split", first.section, first.page, detail, text)


def _alone(seen: _Seen, half: float) -> Iterator[Finding]:
    for elements in seen.siblings.values():
        if len(elements) < 2:
            continue
        before, last = (seen.items[element] for element in elements[-2:])
        if before[-1].page < last[0].page and sum(piece.height for piece in (*before, *last)) < half:
            text = last[0].text
            detail = f"“{_shortened(text)}” stands alone on its page, away from the items before it"
            yield Finding("alone", last[0].section, last[0].page, detail, text)


def _common(one: Rectangle, other: Rectangle) -> Rectangle:
    """What two rectangles share."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


def _padding_box(box: Any) -> Rectangle:
    x, y = box.padding_box_x(), box.padding_box_y()
    return x, y, x + box.padding_width(), y + box.padding_height()


def _border_box(box: Any) -> Rectangle:
    x, y = box.border_box_x(), box.border_box_y()
    return x, y, x + box.border_width(), y + box.border_height()


def _painted(box: Any) -> bool:
    """Whether one would see the box itself: a frame, a ground, a picture behind it."""
    style = box.style
    if any(style[f"border_{side}_width"] for side in ("top", "right", "bottom", "left")):
        return True
    return bool(style["background_color"].alpha > 0 or style["background_image"] != (("none", None),))


def _empty(box: Any) -> bool:
    return type(box).__name__ == "TextBox" and not box.text.strip()


def _text(box: Any) -> str:
    """The words in a box, from its own lines."""
    words, stack = [], [box]
    while stack:
        one = stack.pop()
        if type(one).__name__ == "TextBox":
            words.append(one.text)
        else:
            stack.extend(reversed(getattr(one, "children", ())))
    return " ".join(" ".join(words).split())


def _shortened(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _name(box: Any, text: str) -> str:
    """What people call a box: its words, what a drawing shows, else its tag and classes."""
    if text:
        return f"“{_shortened(text)}”"
    if box.element is not None and box.element.get("alt"):
        return f"the drawing “{_shortened(box.element.get('alt'))}”"
    classes = (box.element.get("class") or "").split() if box.element is not None else []
    return f"a box ({'.'.join((box.element_tag, *classes))})"
