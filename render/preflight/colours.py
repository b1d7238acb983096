"""Colour: no ink that the file should not hold, none too much of it, nothing transparent, an output intent."""

from __future__ import annotations

from collections.abc import Iterator

from ..pdf.look import Seen, SeenPage, Trace
from .spec import Spec
from .verdict import Finding, Verdict, at, once

SPACES = {"grey": {"DeviceGray"}, "cmyk": {"DeviceGray", "DeviceCMYK"}}
"""What may stand in a file, so that nothing is left to the printer's conversion."""
NAMES = {"text": "text", "line": "a line", "area": "an area", "image": "a picture", "shading": "a gradient"}
SLACK = 1.0
"""Percent of ink that rounding may add."""
BLACK = 0.005


def spaces(seen: Seen, spec: Spec) -> Verdict:
    wanted = spec.ink.space
    if wanted not in SPACES:
        return Verdict("colour", "colour spaces", note=_seen(seen), asked=False)
    allowed = SPACES[wanted] | {f"{space} palette" for space in SPACES[wanted]}
    findings = once(
        Finding(page.number, f"{NAMES[trace.kind]} in {trace.colour.space}", at(page, trace.box))
        for page, trace in _inked(seen)
        if trace.colour.space not in allowed
    )
    return Verdict("colour", f"nothing but {wanted}", findings, _seen(seen))


def text(seen: Seen, spec: Spec) -> Verdict:
    title = "text in black alone"
    if spec.ink.text != "black" or spec.ink.space != "cmyk":
        return Verdict("text-black", title, asked=False)
    findings = once(
        Finding(page.number, "text in more inks than black", at(page, trace.box))
        for page, trace in _inked(seen)
        if trace.kind == "text" and trace.colour.space == "DeviceCMYK" and max(trace.colour.values[:3]) > BLACK
    )
    return Verdict("text-black", title, findings)


def ink(seen: Seen, spec: Spec) -> Verdict:
    limit = spec.checks.ink
    if not limit:
        return Verdict("ink", "ink limit", asked=False)
    heavy = [(page, trace, _weight(trace)) for page, trace in _inked(seen)]
    findings = once(
        Finding(page.number, f"{NAMES[trace.kind]} with {weight:.0f} % of ink", at(page, trace.box))
        for page, trace, weight in heavy
        if weight > limit + SLACK
    )
    most = max((weight for *_, weight in heavy), default=0.0)
    return Verdict("ink", f"no more than {limit:g} % of ink", findings, f"most {most:.0f} %")


def transparency(seen: Seen, spec: Spec) -> Verdict:
    """Opacity, soft masks and blend modes; a mere group, too, where the standard allows none."""
    title = "no transparency"
    if not spec.checks.flattened:
        return Verdict("transparency", title, asked=False)
    findings = [
        Finding(page.number, f"there is {blend}")
        for page in seen.pages
        for blend in page.blends
        if spec.ink.standard or "group" not in blend
    ]
    return Verdict("transparency", title, tuple(findings))


def intent(seen: Seen, spec: Spec) -> Verdict:
    """PDF/X: the output intent with its profile, and what the document information must say."""
    title = "output intent"
    if not spec.ink.standard:
        return Verdict("intent", title, asked=False)
    findings = []
    for_print = [one for one in seen.intents if one.kind == "GTS_PDFX"]
    if not for_print:
        findings.append(Finding(0, "there is no output intent for PDF/X"))
    findings += [
        Finding(0, f"the profile of {one.identifier} has {one.components} channels, not four")
        for one in for_print
        if one.components not in (0, 4)
    ]
    if seen.standard.lower() != spec.ink.standard:
        findings.append(
            Finding(0, f"the file says it is {seen.standard or 'no PDF/X'}, not {spec.ink.standard.upper()}")
        )
    if seen.trapped not in ("True", "False"):
        findings.append(Finding(0, "the file does not say whether it is trapped"))
    if not seen.title:
        findings.append(Finding(0, "the file has no title"))
    if tuple(int(part) for part in seen.version.split(".")) > (1, 3) and "1a:2001" in spec.ink.standard:
        findings.append(Finding(0, f"the file is PDF {seen.version}; PDF/X-1a:2001 is 1.3"))
    note = for_print[0].identifier if for_print else ""
    return Verdict("intent", title, tuple(findings), note)


def _inked(seen: Seen) -> Iterator[tuple[SeenPage, Trace]]:
    """What is painted in a colour of its own: no patterns, whose parts count by themselves, and no masks."""
    for page in seen.pages:
        for trace in page.traces:
            if trace.kind in NAMES and trace.colour.space not in ("Pattern", ""):
                yield page, trace


def _weight(trace: Trace) -> float:
    return trace.picture.ink if trace.picture and not trace.picture.is_mask else trace.colour.ink


def _seen(seen: Seen) -> str:
    return ", ".join(sorted({trace.colour.space for _, trace in _inked(seen)}))
