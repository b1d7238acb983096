"""Boxes: where pages are cut, what reaches over the cut, and whether anything does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ..pdf.look import Seen, SeenPage
from .spec import COVER, INTERIOR, Spec
from .verdict import MM, Box, Finding, Verdict, at

NEAR = 0.5
"""How far, in pt, a box may be off; 0.18 mm."""


def boxes(seen: Seen, spec: Spec) -> Verdict:
    """TrimBox within BleedBox within MediaBox on every page, all pages of a size, and bleed as asked."""
    findings = [finding for page in seen.pages for finding in _page(page, spec)]
    sizes = Counter((round(_width(page.trim), 1), round(_height(page.trim), 1)) for page in seen.pages)
    usual = sizes.most_common(1)[0][0]
    for page in seen.pages:
        width, height = _width(page.trim), _height(page.trim)
        if abs(width - usual[0]) > NEAR or abs(height - usual[1]) > NEAR:
            findings.append(Finding(page.number, f"this page is {_size(width, height)}, the others {_size(*usual)}"))
    if spec.trim and (abs(usual[0] * MM - spec.trim[0]) > NEAR * MM or abs(usual[1] * MM - spec.trim[1]) > NEAR * MM):
        findings.append(
            Finding(0, f"pages are {_size(*usual)}; {spec.trim[0]:.1f} x {spec.trim[1]:.1f} mm are expected")
        )
    return Verdict("boxes", "trim, bleed and media boxes", tuple(findings), _size(*usual))


def _page(page: SeenPage, spec: Spec) -> Iterator[Finding]:
    number = page.number
    if spec.bleed and not page.has_trim:
        yield Finding(number, "there is no TrimBox")
    if not _within(page.trim, page.bleed):
        yield Finding(number, "the TrimBox reaches out of the BleedBox")
    if not _within(page.bleed, page.media):
        yield Finding(number, "the BleedBox reaches out of the MediaBox")
    if page.rotation:
        yield Finding(number, f"the page is turned by {page.rotation} degrees")
    if spec.bleed is None:
        return
    left, right = edges(spec, number)
    asked = {"left": left, "bottom": spec.bleed.bottom, "right": right, "top": spec.bleed.top}
    there = dict(zip(asked, _around(page.trim, page.bleed), strict=True))
    for side, mm in asked.items():
        if abs(there[side] - mm) > NEAR * MM:
            yield Finding(number, f"bleed at the {side} is {there[side]:.2f} mm; {mm:.2f} are expected")
    if spec.marks == "none" and not _within(page.media, page.bleed):
        yield Finding(number, "the MediaBox is larger than the BleedBox; no marks are wanted")


def edges(spec: Spec, number: int) -> tuple[float, float]:
    """Bleed at the left and right of a page, in mm: odd pages of an interior are bound at the left."""
    if spec.bleed is None:
        return 0.0, 0.0
    if spec.part != INTERIOR or number % 2:
        return spec.bleed.inner, spec.bleed.outer
    return spec.bleed.outer, spec.bleed.inner


def filled(seen: Seen, spec: Spec) -> Verdict:
    """What crosses the cut reaches the bleed's edge: no white sliver where the knife is a little off.

    Nothing is cut at the binding of an interior.
    """
    if spec.bleed is None:
        return Verdict("bleed", "backgrounds reach into the bleed", asked=False)
    findings = []
    crossing = 0
    for page in seen.pages:
        bound = "" if spec.part != INTERIOR else "left" if page.number % 2 else "right"
        for trace in page.traces:
            if trace.kind not in ("area", "image") or trace.pattern or trace.colour.is_white:
                continue
            for side, index, sign in (("left", 0, -1), ("bottom", 1, -1), ("right", 2, 1), ("top", 3, 1)):
                edge, cut, limit = trace.box[index] * sign, page.trim[index] * sign, page.bleed[index] * sign
                if side == bound or limit - cut < NEAR or edge < cut - NEAR:
                    continue
                crossing += 1
                if edge < limit - NEAR:
                    findings.append(
                        Finding(page.number, f"something ends within the bleed at the {side}", at(page, trace.box))
                    )
    return Verdict("bleed", "backgrounds reach into the bleed", tuple(findings), f"{crossing} edges cross the cut")


def count(seen: Seen, spec: Spec) -> Verdict:
    """How many pages there are, whether sheets come out even, and blanks at the end."""
    findings = []
    pages = len(seen.pages)
    if pages % spec.multiple:
        findings.append(Finding(0, f"{pages} pages are no multiple of {spec.multiple}"))
    if spec.least and pages < spec.least:
        findings.append(Finding(0, f"{pages} pages are too few; at least {spec.least} are wanted"))
    if spec.most and pages > spec.most:
        findings.append(Finding(0, f"{pages} pages are too many; at most {spec.most} are wanted"))
    last = seen.pages[len(seen.pages) - spec.blank_at_end :] if spec.blank_at_end else ()
    findings += [Finding(page.number, "the book must end on a blank page") for page in last if not page.is_blank]
    title = "one page" if spec.part == COVER else "number of pages"
    return Verdict("pages", title, tuple(findings), f"{pages}")


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - NEAR
        and inner[1] >= outer[1] - NEAR
        and inner[2] <= outer[2] + NEAR
        and inner[3] <= outer[3] + NEAR
    )


def _around(inner: Box, outer: Box) -> tuple[float, float, float, float]:
    """How far one box reaches over another, in mm: left, bottom, right, top."""
    return (
        (inner[0] - outer[0]) * MM,
        (inner[1] - outer[1]) * MM,
        (outer[2] - inner[2]) * MM,
        (outer[3] - inner[3]) * MM,
    )


def _width(box: Box) -> float:
    return box[2] - box[0]


def _height(box: Box) -> float:
    return box[3] - box[1]


def _size(width: float, height: float) -> str:
    return f"{width * MM:.1f} x {height * MM:.1f} mm"
