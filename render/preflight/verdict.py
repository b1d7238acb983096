"""What preflight finds: a verdict for every check, with the page and the place of what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..pdf.look import SeenPage
from ..problems import Problem, Where, error

MM = 25.4 / 72
SHOWN = 5
"""How many findings of a check a table shows; the JSON has them all."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """``page`` counts from 1, 0 is the whole file; ``place`` is in mm from the trimmed page's upper left corner."""

    page: int
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``asked`` says whether the preset wants it; ``note`` is what was seen, in a few words."""

    key: str
    title: str
    findings: tuple[Finding, ...] = ()
    note: str = ""
    asked: bool = True

    @property
    def passed(self) -> bool:
        return not self.findings


@dataclass(frozen=True, slots=True)
class Report:
    """All verdicts on one file."""

    file: str
    preset: str
    part: str
    pages: int
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        return all(verdict.passed for verdict in self.verdicts)

    def problems(self) -> list[Problem]:
        """What failed, as problems of the file."""
        return [
            error(f"preflight-{verdict.key}", Where(self.file), _said(finding))
            for verdict in self.verdicts
            for finding in verdict.findings
        ]

    def data(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return {
            "file": self.file,
            "preset": self.preset,
            "part": self.part,
            "pages": self.pages,
            "passed": self.passed,
            "checks": [
                {
                    "check": verdict.key,
                    "title": verdict.title,
                    "result": "not asked" if not verdict.asked else "pass" if verdict.passed else "fail",
                    "note": verdict.note,
                    "findings": [
                        {"page": one.page or None, "place": one.place, "message": one.message}
                        for one in verdict.findings
                    ],
                }
                for verdict in self.verdicts
            ],
        }

    def table(self) -> str:
        """For people: a line a check, and below a check that failed the first of what is wrong."""
        width = max(len(verdict.title) for verdict in self.verdicts)
        lines = [f"{self.file} for {self.preset}, {self.part}, {self.pages} {'page' if self.pages == 1 else 'pages'}"]
        for verdict in self.verdicts:
            result = "-" if not verdict.asked else "pass" if verdict.passed else "FAIL"
            lines.append(f"  {verdict.title:<{width}}  {result:<4}  {verdict.note}".rstrip())
            lines += [f"      {_said(one)}" for one in verdict.findings[:SHOWN]]
            if len(verdict.findings) > SHOWN:
                lines.append(f"      and {len(verdict.findings) - SHOWN} more")
        return "\n".join(lines)


def _said(finding: Finding) -> str:
    place = ", ".join(part for part in (f"page {finding.page}" if finding.page else "", finding.place) if part)
    return f"{place}: {finding.message}" if place else finding.message


def at(page: SeenPage, box: Box) -> str:
    """Where a box is: its middle, in mm from the left and upper edge of the trimmed page."""
    x = ((box[0] + box[2]) / 2 - page.trim[0]) * MM
    y = (page.trim[3] - (box[1] + box[3]) / 2) * MM
    return f"{x:.0f} mm from the left, {y:.0f} mm from the top"


def once(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Without what is said twice about a page."""
    return tuple({(one.page, one.place, one.message): one for one in found}.values())
