"""Finished pages onto what is printed: cut to a house's bleed, with marks, padded; or two to a side, or scaled.

Lengths are mm. What only a screen needs (outline, links, structure, attachments) stays behind.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Pdf, Stream

from ..layouts import LARGEST_PAPER
from ..problems import UsageError
from .operators import Box
from .syntax import numbers

PT = 72 / 25.4
ROOM, REACH, WEIGHT = 10.0, 5.0, 0.25
"""mm around the bleed for marks, the length of a mark, and its weight in pt."""
AWAY = 1.0
"""mm between a page's bleed and its marks."""

_KEPT = {"/Type", "/Pages", "/OutputIntents"}
_PAGE = {"/Type", "/Parent", "/MediaBox", "/TrimBox", "/BleedBox", "/Resources", "/Contents", "/Rotate", "/UserUnit"}


@dataclass(frozen=True, slots=True)
class Margin:
    """How far something reaches over the trim at each side, in mm."""

    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A page (from 1; 0 is none) on a side of a sheet, moved toward the fold by ``shift`` mm."""

    page: int
    shift: float = 0.0


def interior(data: bytes, recto: Margin, verso: Margin, *, marks: bool, total: int, title: str) -> bytes:
    """Pages one by one, each reaching over its trim as its side says; blanks make up the ``total``.

    With ``marks``, crop and registration marks stand outside the bleed.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _strip(pdf)
        first = pdf.pages[0]
        trim = _trim(first)
        for _ in range(total - len(pdf.pages)):
            _blank(pdf, trim)
        for number, page in enumerate(pdf.pages, 1):
            _cut(pdf, page, recto if number % 2 else verso, marks)
        return _saved(pdf, title)


def booklet(
    data: bytes, sides: Iterable[tuple[Cell, Cell]], size: tuple[float, float], *, folds: bool, title: str
) -> bytes:
    """Two pages to a side of a sheet of ``size``, unscaled, each against the fold in the middle."""
    width, height = (round(length * PT, 4) for length in size)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _strip(pdf)
        forms, trims = _as_forms(pdf)
        there = len(pdf.pages)
        for number, (left, right) in enumerate(sides):
            page = _page(pdf, width, height)
            page.obj.TrimBox = page.obj.BleedBox = page.obj.MediaBox
            held, said = Dictionary(), b""
            for name, cell, is_left in (("/L", left, True), ("/R", right, False)):
                if not cell.page:
                    continue
                box = trims[cell.page - 1]
                across, up = box[2] - box[0], box[3] - box[1]
                shift = cell.shift * PT
                x = width / 2 - across + shift if is_left else width / 2 - shift
                half = (0.0, width / 2) if is_left else (width / 2, width / 2)
                held[name] = forms[cell.page - 1]
                said += b"q %b 0 %b %b re W n 1 0 0 1 %b %b cm %b Do Q\n" % (
                    *(numbers([one]) for one in (half[0], half[1], height, x - box[0], (height - up) / 2 - box[1])),
                    name.encode(),
                )
            if folds and number % 2 == 0:
                said += _folds(width, height)
            page.obj.Resources = Dictionary(XObject=held)
            page.obj.Contents = Stream(pdf, said)
        del pdf.pages[:there]
        return _saved(pdf, title)


def cover(boards: tuple[bytes, bytes], wrap: bytes, spine: float, bleed: float, *, marks: bool, title: str) -> bytes:
    """Back board, spine, front board in one sheet, with what lies over them. Lengths are mm."""
    with Pdf.new() as pdf:
        with pikepdf.open(io.BytesIO(wrap)) as one:
            trim = _trim(one.pages[0])
        page = _page(pdf, trim[2], trim[3])
        page.obj.TrimBox = _array(trim)
        held, said = Dictionary(), b""
        width, reach = (trim[2] - trim[0] - spine * PT) / 2, bleed * PT
        places = {
            "/B": (boards[0], -reach, 0.0, width),
            "/F": (boards[1], width + spine * PT, width + spine * PT, trim[2]),
        }
        for name, (data, from_x, x, to_x) in places.items():
            held[name] = _whole_form(pdf, data)
            until = to_x + (reach if name == "/F" else 0.0)
            clip = numbers([from_x, -reach, until - from_x, trim[3] + 2 * reach])
            said += b"q %b re W n 1 0 0 1 %b 0 cm %b Do Q\n" % (clip, numbers([x]), name.encode())
        held["/W"] = _whole_form(pdf, wrap)
        page.obj.Resources = Dictionary(XObject=held)
        page.obj.Contents = Stream(pdf, said + b"/W Do\n")
        _cut(pdf, page, Margin(bleed, bleed, bleed, bleed), marks)
        return _saved(pdf, title)


def _whole_form(pdf: Pdf, data: bytes) -> Any:
    """The first page of another file as a form, with its bleed."""
    with pikepdf.open(io.BytesIO(data)) as one:
        form = pdf.copy_foreign(one.make_indirect(one.pages[0].as_form_xobject(handle_transformations=False)))
        form["/BBox"] = Array([float(edge) for edge in one.pages[0].mediabox])
        if "/Group" in form:
            del form["/Group"]
        return form


def scaled(data: bytes, size: tuple[float, float], free: float, *, multiple: int, title: str) -> bytes:
    """Each page in the middle of a sheet of ``size``, made small enough to leave ``free`` mm on every side."""
    width, height = (round(length * PT, 4) for length in size)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        _strip(pdf)
        forms, trims = _as_forms(pdf)
        there = len(pdf.pages)
        for form, box in zip(forms, trims, strict=True):
            across, up = box[2] - box[0], box[3] - box[1]
            factor = min((width - 2 * free * PT) / across, (height - 2 * free * PT) / up, 1.0)
            x, y = (width - factor * across) / 2, (height - factor * up) / 2
            page = _page(pdf, width, height)
            page.obj.TrimBox = page.obj.BleedBox = page.obj.MediaBox
            page.obj.Resources = Dictionary(XObject=Dictionary(P=form))
            place = numbers([factor, 0, 0, factor, x - factor * box[0], y - factor * box[1]])
            page.obj.Contents = Stream(pdf, b"q %b cm /P Do Q" % place)
        for _ in range(-there % multiple):
            page = _page(pdf, width, height)
            page.obj.TrimBox = page.obj.BleedBox = page.obj.MediaBox
        del pdf.pages[:there]
        return _saved(pdf, title)


def joined(files: Sequence[bytes], multiple: int) -> bytes:
    """Files one after the other, each beginning on the front of a sheet."""
    with Pdf.new() as pdf:
        for data in files:
            with pikepdf.open(io.BytesIO(data)) as one:
                pdf.pages.extend(one.pages)
                for _ in range(-len(one.pages) % multiple):
                    _blank(pdf, _trim(one.pages[-1]))
        return _saved(pdf, "")


def pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def size(data: bytes) -> tuple[float, float]:
    """Width and height in mm of the first page, trimmed."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        left, bottom, right, top = _trim(pdf.pages[0])
        return round((right - left) / PT, 3), round((top - bottom) / PT, 3)


def _strip(pdf: Pdf) -> None:
    for key in set(pdf.Root.keys()) - _KEPT:
        del pdf.Root[key]
    if "/OutputIntents" in pdf.Root:
        del pdf.Root.OutputIntents
    for page in pdf.pages:
        for key, value in (("/MediaBox", page.mediabox), ("/Resources", page.resources)):
            page.obj[key] = value
        for key in set(page.obj.keys()) - _PAGE:
            if key == "/CropBox" and "/TrimBox" not in page.obj:
                page.obj.TrimBox = page.obj.CropBox
            del page.obj[key]


def _trim(page: Any) -> Box:
    left, bottom, right, top = (float(one) for one in page.obj.get("/TrimBox", page.mediabox))
    return left, bottom, right, top


def _page(pdf: Pdf, width: float, height: float) -> Any:
    """A page of that size in pt. Raises UsageError for one that no PDF can have (ISO 32000-1, table C.1)."""
    if not max(width, height) <= LARGEST_PAPER * PT:
        size = f"{width / PT:.0f} x {height / PT:.0f} mm"
        raise UsageError(
            f"a sheet of {size} is larger than a page of a PDF may be, which is {LARGEST_PAPER:g} mm either way"
        )
    return pdf.add_blank_page(page_size=(width, height))


def _blank(pdf: Pdf, trim: Box) -> None:
    page = _page(pdf, trim[2] - trim[0], trim[3] - trim[1])
    page.obj.MediaBox = page.obj.TrimBox = Array(list(trim))


def _cut(pdf: Pdf, page: Any, over: Margin, marks: bool) -> None:
    left, bottom, right, top = _trim(page)
    bleed = (left - over.left * PT, bottom - over.bottom * PT, right + over.right * PT, top + over.top * PT)
    room = ROOM * PT if marks else 0.0
    media = (bleed[0] - room, bleed[1] - room, bleed[2] + room, bleed[3] + room)
    page.obj.TrimBox = _array((left, bottom, right, top))
    page.obj.BleedBox, page.obj.MediaBox = _array(bleed), _array(media)
    if not marks:
        return
    clip = numbers([bleed[0], bleed[1], bleed[2] - bleed[0], bleed[3] - bleed[1]])
    before = pdf.make_indirect(Stream(pdf, b"q %b re W n\n" % clip))
    after = pdf.make_indirect(Stream(pdf, b"\nQ\n" + _marks((left, bottom, right, top), bleed)))
    said = page.obj.get("/Contents", Array())
    page.obj.Contents = Array([before, *(said if isinstance(said, Array) else [said]), after])


def _array(box: Box) -> Array:
    return Array([round(one, 4) for one in box])


def _marks(trim: Box, bleed: Box) -> bytes:
    """Crop marks at the corners, and a registration mark in the middle of each side, in all inks alike."""
    away, long = AWAY * PT, REACH * PT
    lines = []
    for x in (trim[0], trim[2]):
        lines += [(x, bleed[1] - away, x, bleed[1] - away - long), (x, bleed[3] + away, x, bleed[3] + away + long)]
    for y in (trim[1], trim[3]):
        lines += [(bleed[0] - away, y, bleed[0] - away - long, y), (bleed[2] + away, y, bleed[2] + away + long, y)]
    x, y = (trim[0] + trim[2]) / 2, (trim[1] + trim[3]) / 2
    half = long / 2
    centres = [
        (x, bleed[1] - away - half), (x, bleed[3] + away + half), (bleed[0] - away - half, y),
        (bleed[2] + away + half, y),
    ]  # fmt: skip
    said = b"/Artifact BMC\nq 0 G %b w\n" % numbers([WEIGHT])
    for line in lines:
        said += b"%b m %b l S\n" % (numbers(line[:2]), numbers(line[2:]))
    for cx, cy in centres:
        said += b"%b m %b l S %b m %b l S\n" % (
            numbers([cx - half, cy]), numbers([cx + half, cy]), numbers([cx, cy - half]), numbers([cx, cy + half]),
        ) + _ring(cx, cy, half * 0.6)  # fmt: skip
    return said + b"Q\nEMC\n"


def _ring(x: float, y: float, radius: float) -> bytes:
    bend = radius * 0.5523
    return b"%b m %b c %b c %b c %b c S\n" % (
        numbers([x + radius, y]),
        numbers([x + radius, y + bend, x + bend, y + radius, x, y + radius]),
        numbers([x - bend, y + radius, x - radius, y + bend, x - radius, y]),
        numbers([x - radius, y - bend, x - bend, y - radius, x, y - radius]),
        numbers([x + bend, y - radius, x + radius, y - bend, x + radius, y]),
    )


def _folds(width: float, height: float) -> bytes:
    """Short dashes at the fold's ends, which the folded edge hides."""
    x, long = width / 2, REACH * PT
    return b"/Artifact BMC\nq 0 G %b w [1 1] 0 d %b m %b l S %b m %b l S Q\nEMC\n" % (
        numbers([WEIGHT]), numbers([x, 0]), numbers([x, long]), numbers([x, height - long]), numbers([x, height]),
    )  # fmt: skip


def _as_forms(pdf: Pdf) -> tuple[list[Any], list[Box]]:
    forms, trims = [], []
    for page in pdf.pages:
        trims.append(_trim(page))
        form = pdf.make_indirect(page.as_form_xobject(handle_transformations=False))
        form["/BBox"] = _array(trims[-1])
        if "/Group" in form:
            del form["/Group"]
        forms.append(form)
    return forms, trims


def _saved(pdf: Pdf, title: str) -> bytes:
    for key in list(pdf.docinfo.keys()) if "/Info" in pdf.trailer else []:
        del pdf.docinfo[key]
    if title:
        pdf.docinfo["/Title"] = title
        pdf.docinfo["/Producer"] = "dossier"
    pdf.remove_unreferenced_resources()
    file = io.BytesIO()
    pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()
