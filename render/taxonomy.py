"""The taxonomy with what is filed under it: divisions and families in the order of archive.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from .record import Family
from .settings import UNFILED, Archive
from .text import Text
from .validate import Filed


@dataclass(frozen=True, slots=True)
class Branch:
    """A family, and how many specimens are filed under it; ``specimens`` are None where they are not listed."""

    family: Family
    count: int
    specimens: tuple[Filed, ...] | None


@dataclass(frozen=True, slots=True)
class Division:
    key: str
    title: Text
    families: tuple[Branch, ...]

    @property
    def count(self) -> int:
        return sum(branch.count for branch in self.families)


def tree(filed: Iterable[Filed], archive: Archive) -> tuple[Division, ...]:
    """Every division with its families and their specimens, in the order of ``filed``.

    ``unfiled`` is there if something is, or if the taxonomy places it.
    """
    under: dict[str, list[Filed]] = {family.key: [] for family in archive.families}
    for one in filed:
        if one.family in under:
            under[one.family].append(one)
    divisions: dict[str, list[Branch]] = {}
    for family in archive.families:
        found = tuple(under[family.key])
        if found or family.key != UNFILED or family.division != UNFILED:
            divisions.setdefault(family.division, []).append(Branch(family, len(found), found))
    return tuple(
        Division(key, branches[0].family.division_title, tuple(branches)) for key, branches in divisions.items()
    )


def in_outline(divisions: Iterable[Division]) -> tuple[Division, ...]:
    """The tree with counts, without specimens."""
    return tuple(
        replace(one, families=tuple(replace(branch, specimens=None) for branch in one.families)) for one in divisions
    )


def as_text(divisions: Iterable[Division]) -> Iterator[str]:
    """The tree in lines: counts, keys as a selection takes them, titles."""
    found = list(divisions)
    width = max((len(branch.family.key) for division in found for branch in division.families), default=0)
    for division in found:
        yield f"{division.count:4}  {division.title} ({division.key})"
        for branch in division.families:
            yield f"{branch.count:8}  {branch.family.key:<{width}}  {branch.family.title}"
            for one in branch.specimens or ():
                yield f"{'':10}{one.title} ({one.slug})"


def as_data(divisions: Iterable[Division]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "key": division.key,
            "title": str(division.title),
            "count": division.count,
            "families": [_branch(branch) for branch in division.families],
        }
        for division in divisions
    ]


def _branch(branch: Branch) -> dict[str, Any]:
    family = branch.family
    data = {"key": family.key, "title": str(family.title), "note": str(family.note), "count": branch.count}
    if branch.specimens is None:
        return data
    return data | {"specimens": [{"slug": one.slug, "title": str(one.title)} for one in branch.specimens]}
