"""A bound book read back by programs that did not write it: words by poppler, links by PDFium, codes by ZXing.

book = Book(path.read_bytes(), pdftotext)
book.sides[12].label, book.sides[12].words, book.sides[12].links
book.begins("sdet-file-number")
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import html
import io
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pressroom import SPECIMENS

from render import raster
from render.api import Archive
from render.orders import Keeping
from render.raster import Code

PT = 25.4 / 72
DPI = 200
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>')


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its box in mm from the page's upper left corner."""

    text: str
    left: float
    top: float
    right: float
    foot: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.foot) / 2


@dataclass(frozen=True, slots=True)
class Link:
    """A link's rectangle in mm, the words that stand in it, and the page (from 0) or the address it leads to."""

    text: str
    left: float
    top: float
    right: float
    foot: float
    page: int | None
    uri: str


@dataclass(frozen=True)
class Side:
    """A page of the book. ``index`` counts from 0, so that even ones are rectos; ``label`` is what a viewer shows."""

    index: int
    label: str
    width: float
    height: float
    words: tuple[Word, ...]
    links: tuple[Link, ...]

    @property
    def verso(self) -> bool:
        return self.index % 2 == 1

    @property
    def text(self) -> str:
        """Everything on it, without blanks and hyphens."""
        return squeezed(word.text for word in self.words)

    def band(self, top: float, foot: float) -> list[Word]:
        """The words between two heights, from left to right."""
        return sorted((word for word in self.words if top <= word.middle[1] <= foot), key=lambda word: word.left)


@dataclass(frozen=True, slots=True)
class Bookmark:
    title: str
    level: int
    page: int


def shipped(folder: Path) -> Path:
    """The shipped archive bound into ``folder``, with its parts kept in ``cache``. Whoever comes second waits."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "anthology.pdf").is_file():
            made = Archive(SPECIMENS).anthology(output=folder, keeping=Keeping(folder / "cache"))
            assert made.file, made.outcome.problems
    return folder


class Book:
    """A PDF, read when it is asked for. ``pdftotext`` is the program's path."""

    def __init__(self, pdf: bytes, pdftotext: str) -> None:
        self.pdf, self._pdftotext = pdf, pdftotext

    @functools.cached_property
    def sides(self) -> tuple[Side, ...]:
        words = list(self._words())
        document = pypdfium2.PdfDocument(self.pdf)
        found = []
        for index, (width, height, some) in enumerate(words):
            page = document[index]
            links = tuple(_links(document, page, some))
            found.append(Side(index, document.get_page_label(index), width, height, some, links))
            page.close()
        assert len(found) == len(document) > 0
        document.close()
        return tuple(found)

    @functools.cached_property
    def outline(self) -> tuple[Bookmark, ...]:
        """Every line of the outline, from top to bottom; levels count from 0."""
        document = pypdfium2.PdfDocument(self.pdf)
        found = []
        for one in document.get_toc():
            place = one.get_dest()
            assert place is not None, one.get_title()
            index = place.get_index()
            assert index is not None, one.get_title()
            found.append(Bookmark(one.get_title(), one.level, index))
        document.close()
        return tuple(found)

    @functools.cached_property
    def names(self) -> dict[str, int]:
        """Named destinations and the pages they lead to."""
        with pikepdf.open(io.BytesIO(self.pdf)) as document:
            pages = {page.obj.objgen: index for index, page in enumerate(document.pages)}
            tree = pikepdf.NameTree(document.Root.Names.Dests)
            return {str(name): pages[place[0].objgen] for name, place in tree.items()}

    @functools.cached_property
    def codes(self) -> tuple[tuple[Code, ...], ...]:
        """What a reader of codes sees on every page at 200 dpi."""
        return tuple(tuple(raster.codes(image, DPI)) for image in raster.pages(self.pdf, DPI))

    def begins(self, code: str) -> int:
        """The page that bears a code: a file number is on its cover sheet, a drawer's address on its divider."""
        (index,) = [index for index, codes in enumerate(self.codes) if code in [one.text for one in codes]]
        return index

    def headed(self, title: str) -> int:
        """The one page whose words begin with a title."""
        wanted = squeezed([title])
        (index,) = [side.index for side in self.sides if side.text.startswith(wanted)]
        return index

    def _words(self) -> Iterator[tuple[float, float, tuple[Word, ...]]]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "book.pdf"
            path.write_bytes(self.pdf)
            command = [self._pdftotext, "-bbox", str(path), "-"]
            listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for width, height, body in _PAGE.findall(listed):
            words = tuple(
                Word(html.unescape(text), *(float(length) * PT for length in box)) for *box, text in _WORD.findall(body)
            )
            yield float(width) * PT, float(height) * PT, words


def squeezed(words: Iterable[str]) -> str:
    """Words as one, in small letters: blanks are guessed where letters are spaced, hyphens are a line's."""
    return re.sub(r"[\s\x02\xad\u2010-]+", "", "".join(words)).casefold()


def rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words by their lines, from top to bottom, each from left to right."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda one: one.foot):
        if found and abs(found[-1][0].foot - word.foot) < 1.2:
            found[-1].append(word)
        else:
            found.append([word])
    return [sorted(row, key=lambda one: one.left) for row in found]


def _links(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, words: tuple[Word, ...]) -> Iterator[Link]:
    edge, _, _, head = page.get_mediabox()
    position, link, rect = ctypes.c_int(0), pdfium.FPDF_LINK(), pdfium.FS_RECTF()
    while pdfium.FPDFLink_Enumerate(page.raw, ctypes.byref(position), ctypes.byref(link)):
        assert pdfium.FPDFLink_GetAnnotRect(link, ctypes.byref(rect))
        left, right = sorted(((rect.left - edge) * PT, (rect.right - edge) * PT))
        top, foot = sorted(((head - rect.top) * PT, (head - rect.bottom) * PT))
        inside = [one for one in words if left <= one.middle[0] <= right and top <= one.middle[1] <= foot]
        text = " ".join(word.text for row in rows(inside) for word in row)
        place = pdfium.FPDFLink_GetDest(document.raw, link)
        index = pdfium.FPDFDest_GetDestPageIndex(document.raw, place) if place else -1
        action = pdfium.FPDFLink_GetAction(link)
        yield Link(text, left, top, right, foot, None if index < 0 else index, _address(document, action))


def _address(document: pypdfium2.PdfDocument, action: object) -> str:
    length = pdfium.FPDFAction_GetURIPath(document.raw, action, None, 0) if action else 0
    if not length:
        return ""
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFAction_GetURIPath(document.raw, action, buffer, length)
    return buffer.value.decode()
