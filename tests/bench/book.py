"""The book: bound from parts against the same book as one WeasyPrint document. Also what an edit costs, and Typst.

python tests/bench/book.py             100 and 1,000 dossiers, some forty minutes
python tests/bench/book.py --quick     12 and 36, to see that it works
python tests/bench/book.py --typst     with Typst, if its Python package is installed
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from timing import Run, run

from render import load, settings

ROOT = Path(__file__).parents[2]
EDITED = "sdet"

ONE_DOCUMENT = """
import sys
from weasyprint import HTML
HTML(filename=sys.argv[1]).write_pdf(sys.argv[2], pdf_variant="pdf/a-3a", pdf_tags=True)
"""

TYPST = """
import sys
import typst
typst.compile(sys.argv[1], output=sys.argv[2])
"""


@dataclass(frozen=True)
class Counts:
    few: int
    step: int
    """What one document is extrapolated from, for ``many``."""
    many: int
    runs: int


FULL, QUICK = Counts(100, 200, 1000, 3), Counts(12, 24, 36, 1)


@dataclass(frozen=True)
class Shop:
    """An archive of as many dossiers as wanted: those that ship, again and again under new names."""

    folder: Path
    count: int

    @classmethod
    def open(cls, folder: Path, count: int) -> Shop:
        archive = folder / "archive"
        archive.mkdir(parents=True)
        shipped = sorted(settings.specimens(ROOT / "specimens"), key=lambda path: (path.stem != EDITED, path.stem))
        (archive / settings.ARCHIVE).write_text((ROOT / "specimens" / settings.ARCHIVE).read_text("utf-8"), "utf-8")
        slugs = {path.stem for path in shipped}
        for number in range(count):
            path, again = shipped[number % len(shipped)], number // len(shipped)
            text = path.read_text("utf-8")
            text = re.sub(r"^file_number:.*\n", "", text, flags=re.MULTILINE)
            for slug in sorted(slugs, key=len, reverse=True) if again else ():
                text = re.sub(rf"(specimen: |\[\[){slug}\b", rf"\g<1>{slug}-{again}", text)
            name = f"{path.stem}-{again}" if again else path.stem
            (archive / f"{name}.yaml").write_text(text, "utf-8")
        _close(archive)
        return cls(folder, count)

    def press(self, *options: str, cache: str = "cache") -> list[str]:
        base = [sys.executable, "-m", "render", "anthology", "--archive", str(self.folder / "archive")]
        return [*base, "--output", str(self.folder / "out"), "--cache", str(self.folder / cache), *options]

    def fresh(self, *options: str) -> Run:
        """The book with nothing kept."""
        run(["rm", "-rf", str(self.folder / "cold"), str(self.folder / "out")])
        return run(self.press(*options, cache="cold"))

    def one_document(self) -> tuple[list[str], Path]:
        """The command that sets the book as one document, and the PDF it makes."""
        page, script, pdf = self.folder / "book.html", self.folder / "one.py", self.folder / "one.pdf"
        script.write_text(ONE_DOCUMENT)
        return [sys.executable, str(script), str(page), str(pdf)], pdf

    @property
    def edited(self) -> Path:
        return self.folder / "archive" / f"{EDITED}.yaml"

    @property
    def book(self) -> Path:
        return self.folder / "out" / "anthology.pdf"

    def edit(self, times: int) -> None:
        """Lengthen one dossier by a page and more."""
        text = self.edited.read_text("utf-8")
        before = re.compile(r"  - name: Instrument .*\n    description: >-\n      .*\n")
        more = "".join(f"  - name: Instrument {times}-{n}\n    description: >-\n      {WORDS}\n" for n in range(8))
        self.edited.write_text(before.sub("", text).replace("metrics:\n", f"metrics:\n{more}", 1), "utf-8")


WORDS = "Counts what was counted before, in the unit that was left over, and reports the difference as a trend. " * 3


def _close(archive: Path) -> None:
    """Relations that lead out of a small archive lead to its first records instead."""
    on_file = {path.stem for path in archive.glob("*.yaml")}
    for path in archive.glob("*.yaml"):
        if path.stem == "archive":
            continue
        text = path.read_text("utf-8")
        named = re.findall(r"specimen: ([a-z0-9-]+)", text) + re.findall(r"\[\[([a-z0-9-]+)", text)
        for slug in set(named) - on_file:
            text = re.sub(rf"(specimen: |\[\[){slug}\b", rf"\g<1>{EDITED}", text)
        path.write_text(text, "utf-8")


def unchanged_files(shop: Shop) -> int:
    """How many records load: a bench that measures errors measures nothing."""
    return sum(bool(load.load(path).data) for path in settings.specimens(shop.folder / "archive"))


def line(what: str, ours: Sequence[float], baseline: Sequence[float], unit: str, limit: str) -> str:
    ratio = (
        median(x / y for x, y in zip(ours, baseline, strict=True))
        if len(ours) == len(baseline)
        else median(ours) / median(baseline)
    )
    return (
        f"  {what:34} {median(ours):9.2f} {unit} against {median(baseline):9.2f} {unit}  ratio {ratio:6.3f}  ({limit})"
    )


def small(shop: Shop, runs: int) -> tuple[float, float]:
    """Cold, edited and unchanged against one document, in turn. Returns seconds of a cold run and of one document."""
    command, pdf = shop.one_document()
    run(shop.press("--html", str(shop.folder / "book.html")))
    fit, off, one = [], [], []
    for _ in range(runs):
        fit.append(shop.fresh())
        off.append(shop.fresh("--fit", "off"))
        one.append(run(command))
    size, theirs = shop.book.stat().st_size, pdf.stat().st_size
    run(shop.press())
    edits, again = [], []
    for number in range(2 * runs + 1):
        shop.edit(number)
        edits.append(run(shop.press()))
        again.append(run(shop.press()))
    walls = [each.wall for each in one]
    print(f"{shop.count} dossiers, two processes, against one document in one process; medians of {runs} runs, in turn")
    print(line("nothing kept, fitted", [r.wall for r in fit], walls, "s", "at most 0.75, aim 0.6"))
    print(line("nothing kept, --fit off", [r.wall for r in off], walls, "s", "at most 0.6, aim 0.5"))
    print(line("largest process", [r.memory for r in fit], [r.memory for r in one], "MiB", "at most 0.5"))
    print(line("one dossier edited", [r.wall for r in edits], walls, "s", "at most 0.08, aim 0.05"))
    print(line("nothing changed", [r.wall for r in again], walls, "s", "at most 0.01"))
    print(line("size of the file", [size / 1e6], [theirs / 1e6], "MB", "at most 1.1, aim 1.0"), flush=True)
    return median(r.wall for r in fit), median(walls)


def large(shop: Shop, each: float, one: float, what: str) -> None:
    """A thousand: the cost of each, an edit, nothing changed. ``one`` are the seconds of one document, estimated."""
    cold = shop.fresh()
    run(shop.press())
    edits, again = [], []
    for number in range(3):
        shop.edit(number)
        edits.append(run(shop.press()))
        again.append(run(shop.press()))
    print(f"{shop.count:,} dossiers; one document estimated at {one:.0f} s {what}")
    print(line("a dossier, nothing kept, fitted", [cold.wall / shop.count], [each], "s", "at most 1.15"))
    print(line("one dossier edited", [r.wall for r in edits], [one], "s", "at most 0.03"))
    print(line("nothing changed", [r.wall for r in again], [one], "s", "no limit"))
    print(f"  largest process {max(cold.memory, *(r.memory for r in edits)):.0f} MiB", flush=True)


def typst(shop: Shop) -> None:
    """The same words in a plain Typst layout: contents, a heading and paragraphs for each dossier."""
    source, script = shop.folder / "book.typ", shop.folder / "set_plain.py"
    script.write_text(TYPST)
    command = [sys.executable, str(script), str(source), str(shop.folder / "typst.pdf")]
    source.write_text(_typst_source(shop), "utf-8")
    cold = [run(command).wall for _ in range(3)]
    run(shop.press())
    ours = []
    for number in range(3):
        shop.edit(100 + number)
        ours.append(run(shop.press()).wall)
    source.write_text(_typst_source(shop), "utf-8")
    print(
        line(f"one edit at {shop.count:,}, Typst plain", ours, [median(cold)], "s", "Typst starts anew each time"),
        flush=True,
    )


def _typst_source(shop: Shop) -> str:
    parts = ['#set page(width: 152.4mm, height: 228.6mm, numbering: "1")\n#set text(size: 8.6pt)\n#outline()\n']
    for path in settings.specimens(shop.folder / "archive"):
        data = load.load(path).data
        parts.append(f"#pagebreak()\n= #{json.dumps(str(data['title']), ensure_ascii=False)}\n")
        parts += [f"#{json.dumps(text, ensure_ascii=False)}\n\n" for text in _strings(data)]
    return "".join(parts)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    kids = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for kid in kids for text in _strings(kid)]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer dossiers and runs")
    options.add_argument("--typst", action="store_true", help="only the comparison with Typst")
    asked = options.parse_args()
    counts = QUICK if asked.quick else FULL
    with tempfile.TemporaryDirectory() as name:
        few, many = Shop.open(Path(name, "few"), counts.few), Shop.open(Path(name, "many"), counts.many)
        assert unchanged_files(few) == counts.few, "the archive is not what it should be"
        if not asked.typst:
            cold, one = small(few, counts.runs)
            step = Shop.open(Path(name, "step"), counts.step)
            run(step.press("--html", str(step.folder / "book.html")))
            double = run(step.one_document()[0]).wall
            # A straight line through both: kinder to one document, whose memory grows, too.
            estimate = one + (double - one) / (counts.step - counts.few) * (counts.many - counts.few)
            large(
                many,
                cold / counts.few,
                estimate,
                f"from {one:.0f} s at {counts.few} and {double:.0f} s at {counts.step}",
            )
        if importlib.util.find_spec("typst"):
            for shop in (few, many):
                typst(shop)
        else:
            print("Typst is not installed here (pip install typst), so it was not measured")


if __name__ == "__main__":
    main()
