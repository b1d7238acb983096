"""Redacted words are nowhere: not in the book, nor in its HTML, nor in anything that is kept for the next one."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from finished import opened_bytes, tags
from pressroom import SPECIMENS, archive
from test_standards import secret_record

from render import anthology, pipeline
from render.editions import edition
from render.orders import Keeping, Order

SECRET, OPEN = "inquereme", "Trireme"
"""A piece of every word that is redacted; a word beside them that is not, by which the searches prove themselves."""


def streams(data: bytes) -> Iterator[bytes]:
    """Whatever in these bytes is deflated, wherever it begins, and what is deflated in that."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", data):
        try:
            inner = zlib.decompressobj().decompress(data[match.start() :])
        except zlib.error:
            continue
        if inner:
            yield inner
            yield from streams(inner)


def holds(data: bytes, word: str) -> bool:
    """Whether bytes hold a word in any of the ways in which PDF, JSON or HTML writes one."""
    wide = word.encode("utf-16-be")
    ways = (word.encode(), wide, word.encode("utf-16-le"), wide.hex().encode(), word.encode().hex().encode())
    return any(way.lower() in data.lower() for way in ways)


def read(pdf: bytes) -> str:
    """The words of every page as a reader takes them out, without blanks and hyphens."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        textpage = page.get_textpage()
        found.append(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    return re.sub(r"[\s\x02\xad\ufffe\u2010-]+", "", "".join(found))


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A folder with the book of two records, its HTML, and what was kept; how many words are redacted."""
    folder = tmp_path_factory.mktemp("redacted")
    data, words = secret_record(SPECIMENS)
    data["title"] += f" of the {OPEN}"
    data["habitat"].append(f"Aboard *the {OPEN} ||Quinquereme-x||*, or [[other|a ||Quinquereme-y||]].")
    other = {"related": [{"specimen": "clerk", "match": 50}], "habitat": ["Near [[clerk]]."]}
    root = archive(folder / "files", {"clerk": data, "other": other})
    keeping = Keeping(folder / "kept")
    order = Order(root, jobs=1, output=folder / "out", html=folder / "book.html", fit=False, keeping=keeping)
    book = anthology.make(order, anthology.Volume())
    single = pipeline.render(replace(order, html=None, edition=edition("clerk")))
    assert not book.outcome.failed, book.outcome.problems
    assert not single.failed, single.problems
    return folder, len(words)


def test_the_book_holds_no_redacted_word(bound: tuple[Path, int]) -> None:
    """Streams, metadata, alternative text, bookmarks, names: every byte, unpacked; and what a reader takes out."""
    folder, words = bound
    assert words > 60
    pdf = (folder / "out" / "anthology.pdf").read_bytes()
    held = opened_bytes(pdf)
    assert holds(held, OPEN)
    assert not holds(held, SECRET)
    assert OPEN in read(pdf)
    assert SECRET not in read(pdf)
    document = pypdfium2.PdfDocument(pdf)
    outline = [one.get_title() for one in document.get_toc()]
    document.close()
    assert any(OPEN in title for title in outline)
    assert any("[redacted]" in title for title in outline)
    assert not any(SECRET in title for title in outline)
    told = [f"{tag.text} {tag.alt} {tag.keys}" for tag in tags(pdf).walk()]
    assert sum(OPEN in one for one in told) > 3
    assert not [one for one in told if SECRET in re.sub(r"[\s\x02\xad-]+", "", one)]
    with pikepdf.open(folder / "out" / "anthology.pdf") as opened:
        assert SECRET not in str(opened.open_metadata()) + repr(opened.docinfo)


def test_the_html_of_the_book_holds_none(bound: tuple[Path, int]) -> None:
    html = (bound[0] / "book.html").read_bytes()
    assert holds(html, OPEN)
    assert not holds(html, SECRET)


def test_nothing_that_is_kept_holds_one(bound: tuple[Path, int]) -> None:
    paths = [path for path in (bound[0] / "kept").rglob("*") if path.is_file()]
    assert len(paths) > 15
    unpacked = {path: [path.read_bytes(), *streams(path.read_bytes())] for path in paths}
    assert sum(len(pieces) - 1 for pieces in unpacked.values()) > len(paths), "pages are deflated"
    assert [path for path, pieces in unpacked.items() if any(holds(piece, OPEN) for piece in pieces)]
    assert [path for path, pieces in unpacked.items() if any(holds(piece, SECRET) for piece in pieces)] == []
    whole = [data[data.index(b"%PDF-") :] for data in (path.read_bytes() for path in paths) if b"\n%PDF-" in data]
    assert len(whole) == 1, "one dossier was made by itself"
    assert OPEN in read(whole[0])
    assert SECRET not in read(whole[0])
    assert not holds(opened_bytes(whole[0]), SECRET)
