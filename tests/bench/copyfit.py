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
from render.record import Dossier, Value
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
    """Heights of every section at normal density against its items and lines."""
    layout = layouts.find("folder")
    rows: dict[tuple[str, str], list[tuple[float, Value]]] = defaultdict(list)
    for name in ("a4", "letter", "a5", "6x9in"):
        paper = layout.papers()[name]
        setting = compose.Setting(layout, "colour", paper, fonts.faces())
        typesetter = Typesetter(setting.faces)
        for archive, dossier in dossiers(layout):
            sheet = compose.compose(dossier, archive, setting)
            heights = typesetter.heights(sheet, "normal")
            for key, value in copyfit.shown(dossier).items():
                taken = heights.get(f"{sheet.slug}-{key}")
                # A section over many pages holds the waste at their feet.
                if taken and taken < 2 * paper.area:
                    rows[key, "wide" if paper.wide else "narrow"].append((taken, value))
    for key in layout.sections:
        for kind in ("wide", "narrow"):
            room, error = _best_room(rows[key, kind])
            values = f"own: {room.own}, item: {room.item}, line: {room.line}, measure: {room.measure}"
            values += ", beside: true" if room.beside else ""
            print(f"{key:16} {kind:7} {{{values}}}  # off by {error:.0%}")


def _best_room(rows: list[tuple[float, Value]]) -> tuple[copyfit.Room, float]:
    """The room that explains the heights best, and the root of its mean squared relative error."""
    candidates = []
    for width in range(20, 120, 3):
        for beside in (False, True):
            table = [(taken, *copyfit.extent(value, width, beside)) for taken, value in rows]
            own, item, line = _solve(table)
            off = mean(((own + item * items + line * lines) / taken - 1) ** 2 for taken, items, lines in table) ** 0.5
            candidates.append((off, width, beside, copyfit.Room(own, item, line, width, beside)))
    off, _, _, room = min(candidates, key=lambda one: one[:3])
    return room, off


def _solve(rows: list[tuple[float, int, int]]) -> list[float]:
    """Least squares of height on (1, items, lines), no coefficient below zero."""
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
    """Errors count relative to the height, so that a few long sections do not decide alone."""
    height, items, lines = row
    values = (1.0, float(items), float(lines))
    return [values[term] / height for term in terms], 1.0


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
