"""[Dossier] -> [Matter]: what a book says besides its dossiers, in the order that its layout gives.

A piece holds words, never a folio: it stays as it is when pages move.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import terms
from .editions import Edition, Part
from .fonts import Face
from .layouts import Layout
from .paginate import BODY, COVER, FRONT
from .problems import InputError, error
from .record import Dossier, Family, Item, Matter
from .settings import Archive
from .text import Text, fill

INDEX, LETTER = "index", "index-letter"
"""The index is a heading with slips below it: a part for each letter."""


BLANK = "matter:blank"


@dataclass(frozen=True, slots=True)
class Selected:
    """The parts of the archive that were asked for, and those to be left out; none asked for is all."""

    asked: tuple[Part, ...] = ()
    left_out: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Contents:
    """What is bound: families in the taxonomy's order, each with its dossiers by title."""

    archive: Archive
    """With the title and edition that the book bears."""
    layout: Layout
    faces: tuple[Face, ...]
    selected: Selected
    drawers: tuple[tuple[Family, tuple[Dossier, ...]], ...]

    @property
    def name(self) -> str:
        """What the book is called."""
        if not self.selection:
            return self.archive.title
        return f"{self.archive.title}: {fill(self.words['title']['selected'], selection=self.selection)}"

    @functools.cached_property
    def selection(self) -> str:
        """What of the archive is in the book, in words; empty for all of it."""
        asked, left = (", ".join(map(self._said, parts)) for parts in (self.selected.asked, self.selected.left_out))
        left = fill(self.words["title"]["without"], selection=left) if left else ""
        return " ".join(filter(None, (asked, left)))

    def _said(self, part: Part) -> str:
        """A part of a selection by the title of what it names."""
        names = {("family", one.key): one.title for one in self.archive.families}
        names |= {("division", one.division): one.division_title for one in self.archive.families}
        names |= {("", one.slug): one.record.title for one in self.dossiers}
        return str(names.get((part.kind, part.name), part.name))

    @property
    def dossiers(self) -> tuple[Dossier, ...]:
        return tuple(dossier for _, drawer in self.drawers for dossier in drawer)

    @property
    def lang(self) -> str:
        return self.archive.lang

    @property
    def words(self) -> Mapping[str, Any]:
        """Raises InputError for a layout that has none for its book."""
        found: Mapping[str, Any] = self.layout.words(self.lang).get("matter") or {}
        if not {"titles", "title"} <= found.keys():
            message = "a layout with a book needs words for it: matter, with titles and title"
            hint = "write them into words/en.yaml, or extend anthology, which has them"
            raise InputError([error("layout-data", self.layout.find("layout.yaml"), message, hint)])
        return found

    @property
    def titles(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.words["titles"]
        return found


@dataclass(frozen=True, slots=True)
class Bound:
    """Something to be bound, in its order: a piece of matter or a dossier. ``side`` is where it has to begin."""

    item: Matter | Dossier
    counted: str
    side: str = ""
    family: str = ""


def contents(
    archive: Archive, layout: Layout, faces: tuple[Face, ...], edition: Edition, dossiers: Sequence[Dossier]
) -> Contents:
    """What is bound of an archive, whose title and edition are those that the book bears."""
    selected = Selected(edition.asked.parts + edition.only.parts, edition.exclude.parts)
    return Contents(archive, layout, faces, selected, drawers(archive, dossiers))


def key(item: Item) -> str:
    """What a part goes by in a book: a slug, ``matter:NAME``, or ``FURNITURE/FAMILY``."""
    return item.slug if isinstance(item, Dossier) or item.bare else f"matter:{item.key}"


def is_index(item: Item) -> bool:
    """Whether it is the index's heading, behind which the letters stand."""
    return isinstance(item, Matter) and item.key == INDEX


def drawers(archive: Archive, dossiers: Sequence[Dossier]) -> tuple[tuple[Family, tuple[Dossier, ...]], ...]:
    """Dossiers by family, in the taxonomy's order; within one by title."""
    found: dict[str, list[Dossier]] = {}
    for dossier in sorted(dossiers, key=lambda one: (str(one.record.title).casefold(), one.record.slug)):
        found.setdefault(dossier.record.family, []).append(dossier)
    return tuple((family, tuple(found[family.key])) for family in archive.families if family.key in found)


def bound(contents: Contents, *, covers: bool) -> list[Bound]:
    """Everything that is bound, in order."""
    book = contents.layout.book
    boards = book.get("covers", {}) if covers else {}
    items = [Bound(_piece(contents, boards["front"]), COVER, "recto")] if "front" in boards else []
    items += [_listed(contents, entry, FRONT) for entry in book.get("front", ())]
    for number, (family, dossiers) in enumerate(contents.drawers, 1):
        items.append(Bound(_divider(contents, number, family, dossiers), BODY, "recto", family.key))
        items += [Bound(dossier, BODY, "", family.key) for dossier in dossiers]
    items += [_listed(contents, entry, BODY) for entry in book.get("back", ())]
    if "back" in boards:
        items.append(Bound(_piece(contents, boards["back"]), COVER, "verso"))
    return items


def furniture(contents: Contents) -> list[Matter]:
    """What lies under the pages: one piece for the whole book, or one for each family."""
    rules = contents.layout.book.get("pages", {}).values()
    wanted = {str(page["furniture"]): bool(page.get("by_family")) for page in rules if "furniture" in page}
    families = [(number, family.key, family.title) for number, (family, _) in enumerate(contents.drawers, 1)]
    made = []
    for template, by_family in sorted(wanted.items()):
        for number, name, title in families if by_family else [(0, "", Text(contents.name))]:
            data = {"number": number, "count": len(families), "family": title}
            made.append(Matter(f"{template}/{name}", template, title, contents.lang, data=data, bare=True))
    return made


def blank(contents: Contents) -> Matter:
    return _piece(contents, str(contents.layout.book["blank"]))


def withdrawn(contents: Contents, dossier: Dossier, reason: str) -> Matter:
    """The sheet that stands in for a dossier that cannot be made."""
    data = _shown(dossier) | {"reason": reason}
    template = str(contents.layout.book["withdrawn"])
    return Matter(dossier.slug, template, dossier.record.title, contents.lang, data=data, bare=True)


def letters(contents: Contents) -> list[Matter]:
    """A part for each letter of the index: an edit that changes the words of one typesets that one."""
    by_letter: dict[str, list[dict[str, Any]]] = {}
    for entry in terms.index(contents.dossiers, contents.lang):
        line = {"text": Text(entry.text), "see": Text(entry.see), "targets": list(entry.targets), "lang": entry.lang}
        by_letter.setdefault(entry.letter, []).append(line)
    return [
        Matter(
            f"{LETTER}-{letter}",
            LETTER,
            Text(letter),
            contents.lang,
            slips=True,
            data={"letter": letter, "entries": some},
        )
        for letter, some in by_letter.items()
    ]


def named(contents: Contents) -> tuple[list[tuple[str, Text]], list[tuple[str, Text]]]:
    """Keys and titles of the pieces that contents and outline name: those behind the contents, and the back matter."""
    book, titles = contents.layout.book, contents.titles
    front = [entry["matter"] for entry in book.get("front", ())]
    behind = front[front.index("contents") :] if "contents" in front else []
    back = [entry["matter"] for entry in book.get("back", ())]
    found = [[(f"matter:{one}", Text(str(titles[one]))) for one in some if one in titles] for some in (behind, back)]
    return found[0], found[1]


def _listed(contents: Contents, entry: Mapping[str, str], counted: str) -> Bound:
    return Bound(_piece(contents, entry["matter"]), counted, entry.get("side", ""))


def _piece(contents: Contents, template: str) -> Matter:
    key, name = template, "index-head" if template == INDEX else template
    make = _DATA.get(template)
    data = make(contents) if make else {}
    return Matter(key, name, _title(contents, key), contents.lang, slips=template == INDEX, data=data)


def _title(contents: Contents, key: str) -> Text:
    return Text(str(contents.titles.get(key, contents.name)))


def _divider(contents: Contents, number: int, family: Family, dossiers: Sequence[Dossier]) -> Matter:
    data = {
        "number": number,
        "count": len(contents.drawers),
        "family": {
            "key": family.key,
            "title": family.title,
            "note": family.note,
            "division_title": family.division_title,
        },
        "specimens": [_shown(dossier) for dossier in dossiers],
        "url": f"{contents.archive.base_url}#{family.key}" if contents.archive.base_url else "",
    }
    key = f"divider-{family.key}"
    return Matter(key, str(contents.layout.book["divider"]), family.title, contents.lang, data=data)


def _shown(dossier: Dossier) -> dict[str, Any]:
    record = dossier.record
    return {"slug": record.slug, "title": record.title, "file_number": record.file_number, "lang": record.lang}


def _counts(contents: Contents) -> dict[str, Any]:
    divisions = {family.division for family, _ in contents.drawers}
    return {
        "book": {"title": contents.archive.title, "edition": contents.archive.edition},
        "divisions": len(divisions),
        "families": len(contents.drawers),
        "specimens": len(contents.dossiers),
        "selection": contents.selection,
    }


def _colophon(contents: Contents) -> dict[str, Any]:
    names = dict.fromkeys(face.family for face in contents.faces if face.role != "fallback")
    return _counts(contents) | {"faces": list(names)}


def _contents(contents: Contents) -> dict[str, Any]:
    front, back = named(contents)
    listed = [
        [{"key": key.removeprefix("matter:"), "title": title} for key, title in some] for some in (front[1:], back)
    ]
    return {"front": listed[0], "divisions": list(_divisions(contents)), "back": listed[1]}


def _divisions(contents: Contents) -> Iterator[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    division: dict[str, Any] = {"key": None}
    for number, (family, dossiers) in enumerate(contents.drawers, 1):
        if division["key"] != family.division:
            division = {"key": family.division, "title": family.division_title, "families": []}
            listed.append(division)
        shown = [_shown(dossier) for dossier in dossiers]
        division["families"].append({"key": family.key, "title": family.title, "number": number, "specimens": shown})
    yield from listed


def _how_to_read(contents: Contents) -> dict[str, Any]:
    return {"paragraphs": [Text(part.strip()) for part in contents.archive.how_to_read.split("\n\n") if part.strip()]}


def _register(contents: Contents) -> dict[str, Any]:
    numbers = {family.key: number for number, (family, _) in enumerate(contents.drawers, 1)}
    rows = []
    for dossier in sorted(contents.dossiers, key=lambda one: str(one.record.title).casefold()):
        sections = dossier.record.sections
        salary, risk = sections.get("salary"), sections.get("flight_risk")
        rows.append(
            _shown(dossier)
            | {
                "family": dossier.family.title,
                "number": numbers[dossier.record.family],
                "salary": {key: salary[key] for key in ("amount", "currency")} if isinstance(salary, dict) else None,
                "percent": risk.get("percent") if isinstance(risk, dict) else None,
            }
        )
    return {"rows": rows}


def _map(contents: Contents) -> dict[str, Any]:
    number = {dossier.record.slug: place for place, dossier in enumerate(contents.dossiers)}
    families = {family.key: place for place, (family, _) in enumerate(contents.drawers)}
    return {
        "families": [family.title for family, _ in contents.drawers],
        "nodes": [_shown(dossier) | {"family": families[dossier.record.family]} for dossier in contents.dossiers],
        "links": [
            [number[dossier.record.slug], number[other.slug]]
            for dossier in contents.dossiers
            for other in dossier.related
            if other.slug in number
        ],
    }


def _cover(contents: Contents) -> dict[str, Any]:
    return _counts(contents) | {"families": [family.title for family, _ in contents.drawers]}


_DATA: Mapping[str, Callable[[Contents], dict[str, Any]]] = {
    "title": _counts,
    "half-title": _counts,
    "colophon": _colophon,
    "contents": _contents,
    "how-to-read": _how_to_read,
    "register": _register,
    "map": _map,
    "cover-front": _counts,
    "cover-back": _cover,
}
"""What a template is given, by its name; one that is not listed says the same in every book."""
