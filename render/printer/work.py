"""The printer at work: books cut for a house, folded, or scaled for the office; dossiers for the office."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from .. import anthology, desk, matter, output, pipeline, preflight
from ..impose import booklet, creep, padded
from ..orders import Order, Outcome, Progress
from ..pdf import colour, sheets
from ..preflight import COVER, INTERIOR, SHEETS
from ..presets import PROFILE, Edges, Ink
from ..problems import UsageError, warning
from . import cover, spool
from .job import Job, Printed


def make(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """The book for print. Raises UsageError for a stock, paper or signature that cannot be."""
    order = replace(order, book=True)
    if job.preset.interior:
        return _for_house(order, job, tell)
    return _folded(order, job, tell) if job.preset.booklet else _for_office(order, job, tell)


def dossiers(order: Order, job: Job, tell: Progress | None = None) -> Printed:
    """Single dossiers, each on sheets of its own. Raises UsageError for a preset that binds books."""
    asked = job.preset.office
    if asked is None:
        raise UsageError(f"preset {job.preset.name} is for books; single dossiers are printed with --for office")
    paper, size = _sheet(asked.papers, job.paper or order.paper or asked.paper)
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        outcome = pipeline.render(replace(order, output=Path(folder), paper=paper), tell)
        printed = Printed(replace(outcome, files=[]))
        for path in outcome.files if not outcome.failed else ():
            free = asked.printable if job.printable < 0 else job.printable
            data = sheets.scaled(path.read_bytes(), size, free, multiple=asked.multiple, title=path.stem)
            _finish(printed, job, data, path.name, SHEETS, asked.ink, size)
    return printed


def _for_house(order: Order, job: Job, tell: Progress | None) -> Printed:
    asked, board = job.preset.interior, job.preset.cover
    assert asked is not None
    assert board is not None
    printed, data = _bound(order, anthology.Volume(cover=False, bleed=True), tell)
    if data is None:
        return printed
    opened = desk.open_desk(order, Outcome())
    assert opened is not None
    paper = opened.paper
    total = cover.count(asked, sheets.pages(data))
    wrap = cover.Wrap(total, job.stock, job.spine)
    made = cover.measures(board, paper, wrap)
    shift = asked.shift(total, paper.left, paper.right)
    if shift:
        again, data = _bound(order, anthology.Volume(cover=False, bleed=True, gutter=shift), tell)
        assert data is not None
        printed.stats["typeset again"] = again.stats["typeset"]
    inner = round(paper.left + shift, 3)
    if asked.gutter(total) > inner + 0.01:
        message = (
            f"the house advises an inner margin of {asked.gutter(total):.1f} mm for {total} pages; it is {inner:.1f}"
        )
        hint = f"binding moves the type area by {shift:.1f} mm, as far as the outer margin allows"
        printed.outcome.problems.append(warning("gutter", str(job.preset.path), message, hint))
    contents = _contents(opened, order)
    about = contents.name, contents.archive.date
    recto, verso = _reaches(asked.bleed)
    data = sheets.interior(data, recto, verso, marks=asked.marks == "crop", total=total, title=contents.name)
    printed.remarks += [
        f"{total} pages, {total - printed.stats['pages']} of them blanks added; inner margin {inner:.1f} mm",
        _of_cover(made, job.stock or board.spine.stock),
    ]
    printed.stats |= {"printed": total, "shift": shift, "spine": made.spine, "cover": list(made.size)}
    size = (paper.width, paper.height)
    _finish(printed, job, data, "interior.pdf", INTERIOR, asked.ink, size, about)
    wrapped, _ = cover.cover(opened, contents, board, wrap)
    _finish(printed, job, wrapped, "cover.pdf", COVER, board.ink, made.size, about)
    if job.is_proof:
        proof, _ = cover.cover(opened, contents, board, replace(wrap, is_proof=True))
        printed.files.append(output.write(job.folder / "cover-proof.pdf", proof))
    return printed


def _folded(order: Order, job: Job, tell: Progress | None) -> Printed:
    """Sheets to be folded, covers and all; what is blank stands before the back cover."""
    asked = job.preset.booklet
    assert asked is not None
    paper, size = _sheet(asked.papers, job.paper or asked.paper)
    printed, data = _bound(replace(order, paper=asked.pages.get(paper, paper)), anthology.Volume(), tell)
    printed.sides = spool.SHORT
    if data is None:
        return printed
    pages = sheets.pages(data)
    total = padded(pages, 4)
    thickness = asked.thickness if job.thickness < 0 else job.thickness
    try:
        sides = booklet(total, job.signature, thickness)
    except ValueError as reason:
        raise UsageError(str(reason)) from reason

    def cell(place: int, shift: float) -> sheets.Cell:
        return sheets.Cell(place if place < pages else pages if place == total else 0, shift)

    placed = [(cell(side.left.page, side.left.shift), cell(side.right.page, side.right.shift)) for side in sides]
    made = sheets.booklet(data, placed, size, folds=asked.marks == "fold", title=anthology.NAME)
    inward = creep(total, job.signature, thickness)
    printed.remarks.append(
        f"{total} pages, {total - pages} of them blanks added, on {len(sides) // 2} sheets; "
        f"signatures: {sides[-1].signature}; creep {inward:.1f} mm; turn sheets over the short edge"
    )
    printed.stats |= {"printed": total, "sheets": len(sides) // 2, "creep": inward}
    _finish(printed, job, made, "booklet.pdf", SHEETS, asked.ink, size)
    return printed


def _for_office(order: Order, job: Job, tell: Progress | None) -> Printed:
    asked = job.preset.office
    assert asked is not None
    paper, size = _sheet(asked.papers, job.paper or asked.paper)
    printed, data = _bound(replace(order, paper=order.paper or paper), anthology.Volume(), tell)
    if data is None:
        return printed
    free = asked.printable if job.printable < 0 else job.printable
    made = sheets.scaled(data, size, free, multiple=asked.multiple, title=anthology.NAME)
    printed.stats["printed"] = sheets.pages(made)
    _finish(printed, job, made, "interior.pdf", SHEETS, asked.ink, size)
    return printed


def _bound(order: Order, volume: anthology.Volume, tell: Progress | None) -> tuple[Printed, bytes | None]:
    """The book's file, and what it took."""
    with tempfile.TemporaryDirectory(prefix="dossier-") as folder:
        file = Path(folder) / "book.pdf"
        book = anthology.make(order, replace(volume, file=file), tell)
        book.outcome.files.clear()
        stats = {"typeset": len(book.stats.dossiers) + len(book.stats.pieces), "kept": book.stats.taken}
        printed = Printed(book.outcome, stats=stats | {"pages": book.stats.pages})
        return printed, file.read_bytes() if book.file else None


def _contents(opened: desk.Desk, order: Order) -> matter.Contents:
    with desk.without_collector():
        found = desk.dossiers(opened, Outcome())
    return matter.contents(opened.archive, opened.layout, opened.faces, order.edition, found)


def _of_cover(made: cover.Measures, stock: str) -> str:
    text = "with text" if made.has_text else "without text"
    width, height = made.size
    spine = f"spine {made.spine:.2f} mm ({made.spine / 25.4:.4f} in) on {stock}, {text}"
    return f"{spine}; cover {width:.1f} x {height:.1f} mm"


def _reaches(bleed: Edges) -> tuple[sheets.Margin, sheets.Margin]:
    """Bleed of right-hand and of left-hand pages."""
    return (
        sheets.Margin(bleed.top, bleed.bottom, bleed.inner, bleed.outer),
        sheets.Margin(bleed.top, bleed.bottom, bleed.outer, bleed.inner),
    )


def _sheet(papers: Any, name: str) -> tuple[str, tuple[float, float]]:
    if name not in papers:
        raise UsageError(f"no sheet {name!r} for this preset; there are: {', '.join(papers)}")
    return name, papers[name]


def _finish(
    printed: Printed,
    job: Job,
    data: bytes,
    name: str,
    part: str,
    ink: Ink,
    size: tuple[float, float],
    about: tuple[str, str] = ("", ""),
) -> None:
    """Colour a file as asked, write it, and check what was written. ``about`` is the book's title and date."""
    path = job.folder / name
    checks = job.preset.checks
    if ink.space in ("grey", "cmyk"):
        inks = colour.Inks(ink.space, text=ink.text, limit=checks.ink, profile=PROFILE)
        data = colour.converted(data, inks, str(path))
    if ink.standard:
        data = colour.as_pdfx(data, PROFILE, *about)
    printed.files.append(output.write(path, data))
    printed.reports.append(preflight.judge(data, str(path), job.preset, part, size))
