"""The file as such: its size, a lock, annotations."""

from __future__ import annotations

from ..pdf.look import Seen
from .spec import Spec
from .verdict import Finding, Verdict


def size(seen: Seen, spec: Spec) -> Verdict:
    limit = spec.checks.size
    note = f"{seen.size / 1e6:.1f} MB"
    if not limit:
        return Verdict("size", "file size", note=note, asked=False)
    findings = (Finding(0, f"the file has {seen.size:,} bytes"),) if seen.size > limit else ()
    return Verdict("size", f"file of {limit / 1e6:,.0f} MB or less", findings, note)


def lock(seen: Seen, _: Spec) -> Verdict:
    findings = (Finding(0, "the file is encrypted"),) if seen.is_locked else ()
    return Verdict("lock", "not encrypted", findings)


def notes(seen: Seen, spec: Spec) -> Verdict:
    title = "no annotations"
    if not spec.checks.bare:
        return Verdict("annotations", title, asked=False)
    findings = tuple(
        Finding(page.number, f"there are annotations: {', '.join(sorted(set(page.annotations)))}")
        for page in seen.pages
        if page.annotations
    )
    return Verdict("annotations", title, findings)
