"""What a finished file claims to be: PDF/A by its parts and levels, PDF/UA-1, both at once, or nothing.

Every file is tagged, whatever it claims. PDF/A-1 is not among them, since its files know no object streams, and
neither are PDF/A-4 and PDF/UA-2, whose rules CSS cannot reach.
"""

from __future__ import annotations

from dataclasses import dataclass

from .problems import UsageError


@dataclass(frozen=True, slots=True)
class Standard:
    """``part`` and ``level`` are those of PDF/A (ISO 19005); 0 and empty without it."""

    name: str
    part: int = 0
    level: str = ""
    accessible: bool = False
    """Whether it claims PDF/UA-1 (ISO 14289-1)."""

    @property
    def archival(self) -> bool:
        """Whether it claims PDF/A."""
        return self.part > 0

    @property
    def variant(self) -> str | None:
        """The name of what WeasyPrint is asked for."""
        if self.archival:
            return f"pdf/a-{self.part}{self.level.lower()}"
        return "pdf/ua-1" if self.accessible else None


DEFAULT = Standard("a-3a", 3, "A", accessible=True)

STANDARDS = {
    one.name: one
    for one in (
        DEFAULT,
        Standard("a-3b", 3, "B"),
        Standard("a-3u", 3, "U"),
        Standard("a-2a", 2, "A", accessible=True),
        Standard("a-2b", 2, "B"),
        Standard("a-2u", 2, "U"),
        Standard("ua-1", accessible=True),
        Standard("none"),
    )
}
"""By name. Level A asks for tags as PDF/UA-1 does, so those files claim both; B and U claim PDF/A alone."""


def find(name: str) -> Standard:
    """The standard of that name. Raises UsageError."""
    if name not in STANDARDS:
        raise UsageError(f"there is no standard {name}; there are {', '.join(STANDARDS)}")
    return STANDARDS[name]
