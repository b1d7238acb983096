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
import subprocess
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
import shutil, sys, time
import typst
living, output, *versions = sys.argv[1:]
shutil.copyfile(versions[0], living)
compiler = typst.Compiler(living)
for version in versions:
    shutil.copyfile(version, living)
    start = time.perf_counter()
    compiler.compile(output=output)
    print(time.perf_counter() - start, flush=True)
"""
"""Sets one version after another in one process, which remembers what did not change, as `typst watch` does."""


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

    def press(self, *options: str) -> list[str]:
        base = [sys.executable, "-m", "render", "anthology", "--archive", str(self.folder / "archive")]
        return [*base, "--output", str(self.folder / "out"), "--cache", str(self.folder / "cache"), *options]

    def fresh(self, *options: str) -> Run:
        """The book with nothing kept."""
        run(["rm", "-rf", str(self.folder / "cache"), str(self.folder / "out")])
        return run(self.press(*options))

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


def large(shop: Shop, each: float, one: float, what: str) -> float:
    """A thousand: the cost of each, an edit, nothing changed. ``one`` are the seconds of one document, estimated.

    Returns the seconds of the cold run.
    """
    cold = shop.fresh()
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
    return cold.wall


def against_one(few: Shop, many: Shop, counts: Counts) -> list[float]:
    """Both sizes against one document. Returns the seconds of each with nothing kept."""
    cold, one = small(few, counts.runs)
    step = Shop.open(few.folder.parent / "step", counts.step)
    run(step.press("--html", str(step.folder / "book.html")))
    double = run(step.one_document()[0]).wall
    # A straight line through both: kinder to one document, whose memory grows, too.
    estimate = one + (double - one) / (counts.step - counts.few) * (counts.many - counts.few)
    what = f"from {one:.0f} s at {counts.few} and {double:.0f} s at {counts.step}"
    return [cold, large(many, cold / counts.few, estimate, what)]


def typst(shop: Shop, cold: float) -> None:
    """The same words in a plain Typst layout: contents, a heading and paragraphs for each dossier.

    ``cold`` are the seconds of our book with nothing kept.
    """
    script, living, pdf = (shop.folder / name for name in ("set_plain.py", "book.typ", "typst.pdf"))
    script.write_text(TYPST)
    versions = [shop.folder / f"book-{number}.typ" for number in range(4)]
    run(shop.press())
    ours: list[float] = []
    for number, version in enumerate(versions):
        if number:
            shop.edit(100 + number)
            ours.append(run(shop.press()).wall)
        version.write_text(_typst_source(shop), "utf-8")
    command = [sys.executable, str(script), str(living), str(pdf)]
    anew = [run([*command, str(version)]).wall for version in versions[1:]]
    said = subprocess.run([*command, *map(str, versions)], capture_output=True, check=True, text=True).stdout
    watched = [float(seconds) for seconds in said.split()][1:]
    print(f"{shop.count:,} dossiers, against the same words set plainly by Typst, without our layout")
    print(line("nothing kept, fitted", [cold], [median(anew)], "s", "no limit"))
    print(line("one dossier edited, Typst anew", ours, anew, "s", "no limit"))
    print(line("one dossier edited, Typst watching", ours, watched, "s", "no limit"), flush=True)


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
        colds = [shop.fresh().wall for shop in (few, many)] if asked.typst else against_one(few, many, counts)
        if importlib.util.find_spec("typst"):
            for shop, cold in zip((few, many), colds, strict=True):
                typst(shop, cold)
        else:
            print("Typst is not installed here (pip install typst), so it was not measured")


if __name__ == "__main__":
    main()
