"""A book of 400 pages for print: imposed, cut for a house, put into four inks, and checked, each in seconds.

python tests/bench/printing.py            400 pages, meant to take less than ten seconds each
python tests/bench/printing.py --quick    40 pages, to see that it works
python tests/bench/printing.py BOOK.pdf   of a book that is there, its pages repeated up to 400
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf

from render import anthology, preflight, presets, synthetic
from render.impose import booklet
from render.orders import Order
from render.pdf import colour, sheets
from render.pdf.sheets import Cell, Margin

LIMIT = 10.0
EIGHTH = 3.175


def book(count: int) -> bytes:
    """An anthology of made-up records with its bleed, of at least so many pages."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        synthetic.archive(root / "archive", max(3, count // 7))
        order = Order(archive=root / "archive", output=root, fit=False)
        made = anthology.make(order, anthology.Volume(cover=False, bleed=True, file=root / "book.pdf"))
        if made.file is None:
            sys.exit("\n".join(map(str, made.outcome.problems)))
        return made.file.read_bytes()


def exactly(data: bytes, count: int) -> bytes:
    """So many pages: the book's, again from the first where they do not suffice, as pages of their own."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        there = len(pdf.pages)
        for number in range(there, count):
            pdf.pages.append(pdf.pages[number % there])
        del pdf.pages[count:]
        file = io.BytesIO()
        pdf.save(file)
        return file.getvalue()


def timed(name: str, work: Callable[[], bytes | preflight.Report]) -> tuple[float, bytes | preflight.Report]:
    began = time.perf_counter()
    made = work()
    seconds = time.perf_counter() - began
    size = f"{len(made) / 1e6:.1f} MB" if isinstance(made, bytes) else ""
    print(f"{name:<34} {seconds:6.2f} s  {size}".rstrip(), flush=True)
    return seconds, made


def main() -> int:
    count = 40 if "--quick" in sys.argv else 400
    named = [Path(one) for one in sys.argv[1:] if not one.startswith("-")]
    data = exactly(named[0].read_bytes() if named else book(count), count)
    print(f"{count} pages, {len(data) / 1e6:.1f} MB")
    sides = [
        (Cell(one.left.page, one.left.shift), Cell(one.right.page, one.right.shift)) for one in booklet(count, 16, 0.1)
    ]
    recto, verso = Margin(EIGHTH, EIGHTH, 0, EIGHTH), Margin(EIGHTH, EIGHTH, EIGHTH, 0)
    inks = colour.Inks("cmyk", text="black", limit=240, profile=presets.PROFILE)
    worst = 0.0

    def step(name: str, work: Callable[[], bytes | preflight.Report]) -> bytes:
        nonlocal worst
        seconds, made = timed(name, work)
        worst = max(worst, seconds)
        return made if isinstance(made, bytes) else b""

    open_size = (304.8, 228.6)
    folded = step(
        "imposed, signatures of 16", lambda: sheets.booklet(data, sides, open_size, folds=True, title="Bench")
    )
    step("preflight of the sheets", lambda: preflight.judge(folded, "booklet.pdf", presets.find("booklet")))
    cut = step("cut for a house", lambda: sheets.interior(data, recto, verso, marks=False, total=count, title="Bench"))
    step("preflight for kdp", lambda: preflight.judge(cut, "interior.pdf", presets.find("kdp")))
    inked = step("in four inks", lambda: colour.converted(cut, inks, "interior.pdf"))
    final = step("as PDF/X-1a", lambda: colour.as_pdfx(inked, presets.PROFILE, "Bench", "2026-11-01"))
    spark = presets.find("ingramspark")
    step("preflight for ingramspark", lambda: preflight.judge(final, "interior.pdf", replace(spark)))
    print(f"slowest {worst:.2f} s; {LIMIT:g} s are meant")
    return 0


if __name__ == "__main__":
    sys.exit(main())
