"""Finished dossiers for tests: each is made once in a run, whichever test or worker asks first.

press.make(SPECIMENS, SEED)                                  the seed on A4 in colour
press.make(EXTREMES, "forty", paper="a5", theme="mono")
archive(tmp_path, {"clerk": {"summary": "Files."}})          a small archive of one's own
"""

from __future__ import annotations

import functools
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from render import compose, fonts, layouts, link, load, output, pipeline, settings, validate
from render.compose import Setting
from render.layouts import Layout, Paper
from render.record import Dossier, Part, Record, Sheet
from render.settings import Archive
from render.typeset import Document, Typesetter, fit

ROOT = Path(__file__).resolve().parent.parent
SPECIMENS = ROOT / "specimens"
EXTREMES = ROOT / "tests" / "archives" / "extremes"
SEED = "junior-ai-lifecycle-management-best-practices-specialist"
MM = 25.4 / 96
"""A CSS pixel, which WeasyPrint counts in, as mm."""


@dataclass(frozen=True, slots=True)
class Block:
    """A box of a laid-out page that belongs to an element: where it stands, in mm from the page's upper left corner.

    ``section`` is the key of the section it lies in; ``row`` counts the element among those of its tag and section
    (an element that goes on overleaf keeps its number).
    """

    tag: str
    classes: frozenset[str]
    section: str
    row: int
    x: float
    y: float
    width: float
    height: float

    @property
    def foot(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Face:
    """One page as it was laid out. ``used`` is the share of its type area down to the lowest line."""

    used: float
    blocks: tuple[Block, ...]

    def of(self, tag: str, *classes: str) -> list[Block]:
        return [block for block in self.blocks if block.tag == tag and block.classes.issuperset(classes)]


@dataclass(frozen=True, repr=False)
class Made:
    """A dossier with all that it was made from."""

    dossier: Dossier
    archive: Archive
    paper: Paper
    sheet: Sheet
    part: Part
    faces: tuple[Face, ...]

    @property
    def pdf(self) -> bytes:
        return self.part.pdf

    def __repr__(self) -> str:
        return f"<{self.part.slug} on {self.paper.name}, {self.part.density}, {self.part.pages} pages>"


class Watched(Typesetter):
    """A typesetter that keeps what it has laid out, by density."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting.faces, setting.layout.roots)
        self.laid_out: dict[str, Document] = {}

    def _lay_out(self, sheet: Sheet, density: str) -> Document:
        self.laid_out[density] = super()._lay_out(sheet, density)
        return self.laid_out[density]


class Press:
    """Makes dossiers (the fixture ``press``); ``shelf`` is a folder that all workers of a run share."""

    def __init__(self, shelf: Path) -> None:
        self._shelf = shelf
        self._made: dict[str, Made] = {}

    def make(
        self, folder: Path, slug: str, *, paper: str = "a4", theme: str = "colour", layout: str = "folder"
    ) -> Made:
        """A specimen of an archive in a setting, its density fitted."""
        name = "-".join((folder.name, slug, layout, theme, paper.replace(" ", "_"))) + ".pickle"
        if name not in self._made:
            path = self._shelf / name
            if path.is_file():
                self._made[name] = pickle.loads(path.read_bytes())
            else:
                self._made[name] = set_in(folder, slug, setting(paper, theme, layout))
                output.write(path, pickle.dumps(self._made[name]))
        return self._made[name]


def set_in(folder: Path, slug: str, chosen: Setting) -> Made:
    """One specimen laid out and painted, with what was seen on the way."""
    opened, dossiers = opened_archive(folder, chosen.layout)
    sheet = compose.compose(dossiers[slug], opened, chosen)
    typesetter = _typesetter(chosen)
    typesetter.laid_out.clear()
    part = typesetter.typeset(sheet)
    document = typesetter.laid_out[part.density]
    typesetter.laid_out.clear()
    return Made(dossiers[slug], opened, chosen.paper, sheet, part, _faces(document))


def setting(
    paper: str = "a4",
    theme: str = "colour",
    layout: str = "folder",
    shelves: tuple[Path, ...] = (),
    font_dirs: tuple[Path, ...] = (),
) -> Setting:
    found = layouts.find(layout, shelves)
    return Setting(found, theme, found.paper(paper), fonts.faces(font_dirs))


def slugs(folder: Path) -> list[str]:
    found = [path.stem for path in settings.specimens(folder)]
    assert found, f"no specimens in {folder}"
    return found


@functools.lru_cache(32)
def opened_archive(folder: Path, layout: Layout) -> tuple[Archive, dict[str, Dossier]]:
    """Every dossier of an archive by its slug."""
    opened = settings.read(folder)
    covered = fonts.coverage(fonts.faces())
    records = [validate.validate(load.load(path), opened, layout.sections, covered) for path in _files(folder)]
    return opened, {dossier.record.slug: dossier for dossier in link.link(records, opened)}


def record(folder: Path, slug: str, layout: Layout | None = None) -> Record:
    return opened_archive(folder, layout or layouts.find("folder"))[1][slug].record


def archive(folder: Path, specimens: Mapping[str, Mapping[str, Any]], **data: Any) -> Path:
    """Write an archive; what a specimen or archive.yaml must have is filled in."""
    folder.mkdir(parents=True, exist_ok=True)
    head = {"title": "The Test Registry", "base_url": "https://files.example.org/", **data}
    _write(folder / "archive.yaml", {key: value for key, value in head.items() if value is not None})
    for slug, keys in specimens.items():
        core = {"title": slug.replace("-", " ").title(), "summary": "Stands in for a role.", "family": "unfiled"}
        _write(folder / f"{slug}.yaml", {**core, **keys})
    return folder


def printed(outcome: pipeline.Outcome) -> list[bytes]:
    """The PDFs that came of an order, in its order."""
    found = [path.read_bytes() for path in outcome.files if path.suffix == ".pdf"]
    assert found, outcome.problems
    return found


def raw(folder: Path, slug: str) -> dict[str, Any]:
    """A specimen's YAML as plain data, to change something in it."""
    found = load.load(folder / f"{slug}.yaml").data
    assert isinstance(found, dict)
    return dict(found)


def example(layout: Layout, key: str) -> Any:
    """A section's own example, as plain data."""
    return load.load(layout.sections[key].folder / "example.yaml").data


def _write(path: Path, data: Mapping[str, Any]) -> None:
    path.write_text(yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False), encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    return settings.specimens(folder)


@functools.lru_cache(6)
def _typesetter(chosen: Setting) -> Watched:
    return Watched(chosen)


def _faces(document: Document) -> tuple[Face, ...]:
    counted: dict[tuple[str, str], dict[Any, int]] = {}
    return tuple(Face(fit.used(page._page_box), tuple(_blocks(page._page_box, "", counted))) for page in document.pages)


def _blocks(box: Any, section: str, counted: dict[tuple[str, str], dict[Any, int]]) -> Iterator[Block]:
    for child in getattr(box, "children", ()):
        if type(child).__name__ == "MarginBox":
            continue
        element, inside = getattr(child, "element", None), section
        own = element is not None and child.element_tag == getattr(element, "tag", None) and element is not box.element
        if own:
            if element.tag == "section" and "sec" in (element.get("class") or "").split():
                inside = element.get("id").rpartition("-")[2]
            numbers = counted.setdefault((inside, element.tag), {})
            row = numbers.setdefault(element, len(numbers))
            classes = frozenset((element.get("class") or "").split())
            frame = (child.border_box_x(), child.border_box_y(), child.border_width(), child.border_height())
            yield Block(element.tag, classes, inside, row, *(length * MM for length in frame))
        yield from _blocks(child, inside, counted)
