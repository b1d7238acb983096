"""Type: fonts in the file, letters and lines that hold on paper, text knocked out of a four-colour ground."""

from __future__ import annotations

from ..pdf.look import Seen, SeenPage, Trace
from .spec import Spec
from .verdict import Finding, Verdict, at, once

ROUNDING = 0.015
"""pt that a size may be short of its name."""
SMALL = 12.0
"""pt below which text is too thin to be left out of four inks that never lie quite on one another."""
FEW = 0.03
"""Share of an ink below which a press prints next to nothing."""


def fonts(seen: Seen, spec: Spec) -> Verdict:
    title = "fonts embedded and subset"
    if not spec.checks.embedded:
        return Verdict("fonts", title, asked=False)
    findings = [Finding(0, f"font {font.name} is not in the file") for font in seen.fonts if not font.is_embedded]
    findings += [
        Finding(0, f"font {font.name} is in the file with all its glyphs, not as a subset")
        for font in seen.fonts
        if font.is_embedded and not font.is_subset
    ]
    return Verdict("fonts", title, once(findings), f"{len(seen.fonts)} fonts")


def sizes(seen: Seen, spec: Spec) -> Verdict:
    least = spec.checks.type
    title = f"type of {least:g} pt or more" if least else "type size"
    if not least:
        return Verdict("type", title, asked=False)
    texts = [(page, trace) for page in seen.pages for trace in page.traces if trace.kind == "text"]
    findings = once(
        Finding(page.number, f"text of {trace.size:.2g} pt", at(page, trace.box))
        for page, trace in texts
        if trace.size < least - ROUNDING
    )
    smallest = min((trace.size for _, trace in texts), default=0.0)
    return Verdict("type", title, findings, f"smallest {smallest:.2f} pt" if texts else "no text")


def lines(seen: Seen, spec: Spec) -> Verdict:
    """Strokes, and areas so thin that they are lines."""
    least = spec.checks.line
    title = f"lines of {least:g} pt or more" if least else "lines"
    if not least:
        return Verdict("lines", title, asked=False)
    drawn = [(page, trace) for page in seen.pages for trace in page.traces if trace.kind in ("line", "area")]
    drawn = [(page, trace) for page, trace in drawn if not trace.colour.is_white and not _is_speck(trace)]
    findings = once(
        Finding(page.number, f"a line of {trace.size:.2g} pt", at(page, trace.box))
        for page, trace in drawn
        if trace.size < least - ROUNDING
    )
    thinnest = min((trace.size for _, trace in drawn), default=0.0)
    return Verdict("lines", title, findings, f"thinnest {thinnest:.2f} pt" if drawn else "none")


def _is_speck(trace: Trace) -> bool:
    """Whether an area is nothing to see: an empty one, or a dot no longer than a line is thick."""
    if trace.kind != "area":
        return False
    left, bottom, right, top = trace.box
    return trace.size <= 0 or max(right - left, top - bottom) < 1.0


def knocked_out(seen: Seen, spec: Spec) -> Verdict:
    """White or coloured text of few points on a ground of all four inks. Black alone prints over its ground."""
    title = "no small text left out of four inks"
    if spec.ink.space != "cmyk":
        return Verdict("knocked-out", title, asked=False)
    findings = [finding for page in seen.pages for finding in _left_out(page)]
    return Verdict("knocked-out", title, once(findings))


def _left_out(page: SeenPage) -> list[Finding]:
    grounds: list[Trace] = []
    found = []
    for trace in page.traces:
        if trace.kind in ("area", "image", "shading"):
            grounds.append(trace)
        elif trace.kind == "text" and trace.size < SMALL and not _is_black(trace):
            under = next((ground for ground in reversed(grounds) if _covers(ground, trace)), None)
            if under and _is_rich(under):
                what = "white" if trace.colour.is_white else "coloured"
                message = f"{what} text of {trace.size:.2g} pt on a ground of four inks"
                found.append(Finding(page.number, message, at(page, trace.box)))
    return found


def _covers(ground: Trace, text: Trace) -> bool:
    x, y = (text.box[0] + text.box[2]) / 2, (text.box[1] + text.box[3]) / 2
    return ground.box[0] <= x <= ground.box[2] and ground.box[1] <= y <= ground.box[3]


def _is_rich(ground: Trace) -> bool:
    if ground.picture and not ground.picture.is_mask:
        return ground.colour.family == "cmyk" and ground.picture.ink > 100
    return ground.colour.family == "cmyk" and len(ground.colour.values) == 4 and min(ground.colour.values) >= FEW


def _is_black(text: Trace) -> bool:
    """Whether text is in black alone, which is printed over what lies below it."""
    if text.colour.space in ("DeviceCMYK", "ICC CMYK") and len(text.colour.values) == 4:
        return max(text.colour.values[:3]) < 0.005 and text.colour.values[3] > 0.5
    return text.colour.space == "DeviceGray" and text.colour.values[0] < 0.5
