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
    """Least squares of height on (1, items, characters / 100), no coefficient below zero.

    Errors count relative to the height's root, so that a few long sections do not decide alone.
    """
    terms = [0, 1, 2]
    while True:
        solution = _normal([_weighted(row, terms) for row in rows])
        if min(solution) >= 0:
            break
        terms.pop(solution.index(min(solution)))
    found = [0.0, 0.0, 0.0]
    for term, value in zip(terms, solution, strict=True):
        found[term] = round(value, 1)
    return found


def _weighted(row: tuple[float, int, int], terms: list[int]) -> tuple[list[float], float]:
    height, characters, items = row
    values = (1.0, float(items), characters / 100)
    return [values[term] / height**0.5 for term in terms], height**0.5


def _normal(rows: list[tuple[list[float], float]]) -> list[float]:
    """Solve the normal equations by elimination (three unknowns at most)."""
    size = len(rows[0][0])
    table = [
        [sum(row[i] * row[j] for row, _ in rows) for j in range(size)] + [sum(row[i] * y for row, y in rows)]
        for i in range(size)
    ]
    for i in range(size):
        pivot = table[i][i] or 1e-9
        table[i] = [value / pivot for value in table[i]]
        for j in range(size):
            if j != i:
                table[j] = [a - table[j][i] * b for a, b in zip(table[j], table[i], strict=True)]
    return [row[-1] for row in table]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--measure", action="store_true")
    measure() if options.parse_args().measure else predict()
