"""How well copyfitting predicts, and the room that sections take.

    python tests/bench/copyfit.py             layouts per dossier, on every paper
    python tests/bench/copyfit.py --measure   the numbers of `room` for each section.yaml, by least squares
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import mean

from render import compose, copyfit, fonts, layouts, link, load, settings, validate
from render.record import Dossier
from render.settings import Archive
from render.typeset import Typesetter

ROOT = Path(__file__).resolve().parent.parent.parent
ARCHIVES = (ROOT / "specimens", ROOT / "tests" / "archives" / "extremes")


def dossiers(layout: layouts.Layout) -> Iterator[tuple[Archive, Dossier]]:
    for folder in ARCHIVES:
        archive = settings.read(folder)
        records = [
            validate.validate(load.load(path), archive, layout.sections) for path in settings.specimens(archive.root)
        ]
        for dossier in link.link(records, archive):
            yield archive, dossier


def predict() -> None:
    layout = layouts.find("folder")
    for name, paper in layout.papers().items():
        setting = compose.Setting(layout, "colour", paper, fonts.faces())
        typesetter = Typesetter(setting.faces)
        counts = []
        for archive, dossier in dossiers(layout):
            sheet = compose.compose(dossier, archive, setting)
            part = typesetter.typeset(sheet)
            counts.append(part.layouts)
            fill = f"{sheet.density} -> {part.density}"
            print(f"  {name:10} {dossier.record.slug[:40]:40} {part.layouts} layouts {part.pages:3} pages  {fill}")
        print(f"{name}: {mean(counts):.2f} layouts a dossier")


def measure() -> None:
    """Heights of every section at normal density against its characters and items."""
    layout = layouts.find("folder")
    rows: dict[tuple[str, str], list[tuple[float, int, int]]] = defaultdict(list)
    for name in ("a4", "letter", "a5", "6x9in"):
        paper = layout.papers()[name]
        setting = compose.Setting(layout, "colour", paper, fonts.faces())
        typesetter = Typesetter(setting.faces)
        for archive, dossier in dossiers(layout):
            sheet = compose.compose(dossier, archive, setting)
            heights = typesetter.heights(sheet, "normal")
            for key, value in dossier.record.sections.items():
                taken = heights.get(f"{sheet.slug}-{key}")
                if taken:
                    rows[key, "wide" if paper.wide else "narrow"].append((taken, *copyfit.extent(value)))
    for key in layout.sections:
        for kind in ("wide", "narrow"):
            print(f"{key:16} {kind:7} {_solve(rows[key, kind])}")


def _solve(rows: list[tuple[float, int, int]]) -> list[float]:
    """Least squares of height on (1, items, characters / 100), no coefficient below zero."""
    import numpy

    terms = [0, 1, 2]
    heights = numpy.array([row[0] for row in rows])
    table = numpy.array([[1.0, row[2], row[1] / 100] for row in rows])
    while True:
        weights = 1 / numpy.sqrt(heights)
        solution, *_ = numpy.linalg.lstsq(table[:, terms] * weights[:, None], heights * weights, rcond=None)
        if (solution >= 0).all():
            break
        terms.pop(int(solution.argmin()))
    found = [0.0, 0.0, 0.0]
    for term, value in zip(terms, solution, strict=True):
        found[term] = round(float(value), 1)
    return found


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--measure", action="store_true")
    measure() if options.parse_args().measure else predict()
