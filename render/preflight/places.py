"""Pictures, codes and margins: fine enough, large enough, far enough from the knife."""

from __future__ import annotations

from ..pdf.look import Seen, SeenPage, Trace
from .spec import COVER, INTERIOR, Spec
from .verdict import MM, Box, Finding, Verdict, at, once

NEAR = 0.2
"""mm that something may stand too far out: glyphs' boxes are estimates."""


def pictures(seen: Seen, spec: Spec) -> Verdict:
    least = spec.checks.ppi
    title = f"pictures of {least:g} ppi or more" if least else "resolution of pictures"
    if not least:
        return Verdict("pictures", title, asked=False)
    found = [(page, trace) for page in seen.pages for trace in page.traces if trace.kind == "image"]
    findings = once(
        Finding(page.number, f"a picture of {trace.size:.0f} ppi", at(page, trace.box))
        for page, trace in found
        if trace.size < least - 0.5 and not (trace.picture and trace.picture.qr)
    )
    coarsest = min((trace.size for _, trace in found), default=0.0)
    return Verdict("pictures", title, findings, f"coarsest {coarsest:.0f} ppi" if found else "no raster pictures")


def codes(seen: Seen, spec: Spec) -> Verdict:
    least = spec.checks.qr_module
    title = f"QR modules of {least:g} mm or more" if least else "QR codes"
    if not least:
        return Verdict("codes", title, asked=False)
    found = [(page, trace) for page in seen.pages for trace in page.traces if trace.kind == "code"]
    findings = once(
        Finding(page.number, f"a QR code with modules of {trace.size * MM:.2f} mm", at(page, trace.box))
        for page, trace in found
        if trace.size * MM < least - 0.005
    )
    finest = min((trace.size * MM for _, trace in found), default=0.0)
    return Verdict("codes", title, findings, f"{len(found)} codes, finest {finest:.2f} mm" if found else "no codes")


def margins(seen: Seen, spec: Spec) -> Verdict:
    """Text, pictures and tagged drawings stay inside. Rules, stripes and thumb tabs need not."""
    title = "nothing within the safety margin"
    if spec.safety is None:
        return Verdict("margins", title, asked=False)
    findings = []
    for page in seen.pages:
        safe = _safe(page, spec)
        for trace in page.traces:
            if not _counts(trace, page):
                continue
            over = max(safe[0] - trace.box[0], safe[1] - trace.box[1], trace.box[2] - safe[2], trace.box[3] - safe[3])
            if over * MM > NEAR:
                message = (
                    f"{'text' if trace.kind == 'text' else 'a picture'} reaches {over * MM:.1f} mm into the margin"
                )
                findings.append(Finding(page.number, message, at(page, trace.box)))
    inner = "" if spec.part == COVER else f", {spec.safety.inner:.1f} at the binding"
    return Verdict("margins", title, once(findings), f"{spec.safety.outer:.1f} mm{inner}")


def _safe(page: SeenPage, spec: Spec) -> Box:
    assert spec.safety is not None
    left, right = spec.safety.inner, spec.safety.outer
    if spec.part == INTERIOR and page.number % 2 == 0:
        left, right = right, left
    x, y, u, v = page.trim
    return x + left / MM, y + spec.safety.bottom / MM, u - right / MM, v - spec.safety.top / MM


def _counts(trace: Trace, page: SeenPage) -> bool:
    """Whether it would be a loss if it were cut off."""
    if trace.box[2] <= page.trim[0] or trace.box[0] >= page.trim[2]:
        return False  # printers' marks stand outside
    if trace.box[3] <= page.trim[1] or trace.box[1] >= page.trim[3]:
        return False
    if trace.kind == "text":
        return not (trace.role == "artifact" and trace.drawing is not None and _crosses(trace.drawing, page))
    if trace.kind == "image":
        return trace.role != "artifact" and not _crosses(trace.box, page)
    return trace.kind == "code"


def _crosses(box: Box, page: SeenPage) -> bool:
    """Whether a drawing is cut on purpose: it reaches over an edge."""
    left, bottom, right, top = page.trim
    return box[0] < left or box[1] < bottom or box[2] > right or box[3] > top
