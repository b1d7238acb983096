"""Reference pictures: pages compared with what they looked like when somebody last approved them.

``pytest tests/test_pictures.py --renew-pictures`` replaces the references; nothing else does. A failure leaves
expected, found and difference side by side in ``out/pictures/index.html``.

The pictures hold for the Pango and HarfBuzz they were made with (``versions.json``). Where others are installed
glyphs land a hair's breadth elsewhere, so only page counts and the first and last words of every page are compared.
"""

from __future__ import annotations

import ctypes
import html
import json
import shutil
import sys
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finished import words
from PIL import Image, ImageChops, ImageOps

from render import raster

ROOT = Path(__file__).resolve().parent.parent
DPI = 60
TOLERANCE = 40
"""How far a channel may be off (of 255) before a pixel counts as different."""
BLOCK = 8
CROWDED = 0.15
"""Share of a block of 8 by 8 pixels that may differ: an edge rounded otherwise is thin, a change is dense."""
ALLOWED = 0.0005
"""Share of a page's pixels that may differ."""
BEGINNING, END = 40, 100
"""How many letters of a page's beginning and end are kept; running heads come last."""
KINDS = ("expected", "found", "difference")
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pages that differ</title>
<style>body{font:14px sans-serif}div{display:flex;gap:8px}figure{margin:0;width:32%}
img{width:100%;border:1px solid}</style>
"""


@dataclass(frozen=True)
class Difference:
    name: str
    reason: str


def versions() -> dict[str, str]:
    """The libraries that decide where a glyph lands."""
    from weasyprint.text.ffi import pango

    harfbuzz = ctypes.CDLL("libharfbuzz.0.dylib" if sys.platform == "darwin" else "libharfbuzz.so.0")
    harfbuzz.hb_version_string.restype = ctypes.c_char_p
    number = pango.pango_version()
    return {
        "pango": f"{number // 10000}.{number // 100 % 100}.{number % 100}",
        "harfbuzz": harfbuzz.hb_version_string().decode(),
    }


@dataclass(frozen=True)
class Album:
    """Reference pictures in one folder, and the folder where the differences are shown."""

    references: Path = ROOT / "tests" / "references"
    report: Path = ROOT / "out" / "pictures"

    def open(self) -> None:
        """Forget what an earlier run has found."""
        shutil.rmtree(self.report, ignore_errors=True)

    @property
    def made_elsewhere(self) -> bool:
        """Whether there are references, made with other libraries than those installed."""
        return self._read("versions.json") not in ({}, versions())

    def renew(self, name: str, pdf: bytes, only: Collection[int] = ()) -> None:
        """Take every page of a PDF (or those of ``only``, from 1) for what it should look like."""
        self.references.mkdir(parents=True, exist_ok=True)
        for path in self._stored(name).values():
            path.unlink()
        for number, image in _pages(pdf, only).items():
            image.save(self._path(name, number), optimize=True)
        self._write("words.json", {**self._read("words.json"), name: _ends(pdf, only)})
        self._write("versions.json", versions())

    def compare(self, name: str, pdf: bytes, only: Collection[int] = ()) -> list[Difference]:
        """Compare the pages with their pictures."""
        found, stored = _pages(pdf, only), self._stored(name)
        differences = []
        for number in sorted(found.keys() | stored.keys()):
            expected = Image.open(stored[number]).convert("RGB") if number in stored else None
            difference = self._differ(f"{name}-{number}", expected, found.get(number))
            if difference:
                differences.append(difference)
        self._show(differences)
        return differences

    def compare_words(self, name: str, pdf: bytes, only: Collection[int] = ()) -> list[Difference]:
        """Compare how many pages there are, and with which words they begin and end."""
        expected, found = self._read("words.json").get(name), _ends(pdf, only)
        if expected == found:
            return []
        if expected is None:
            return [Difference(name, "there is no reference of it")]
        return [Difference(name, f"pages begin and end with {found}, not {expected}")]

    def _differ(self, name: str, expected: Image.Image | None, found: Image.Image | None) -> Difference | None:
        if expected is None or found is None:
            self._keep(name, expected, found, None)
            return Difference(name, "this page is gone" if found is None else "there is no reference of this page")
        if expected.size != found.size:
            self._keep(name, expected, found, None)
            return Difference(name, f"the page measures {found.size}, not {expected.size} pixels")
        off = _off(expected, found)
        share = off.histogram()[255] / (off.width * off.height)
        crowded = off.reduce(BLOCK).getextrema()[1] / 255
        if share <= ALLOWED and crowded <= CROWDED:
            return None
        self._keep(name, expected, found, off)
        return Difference(name, f"{share:.3%} of the page differs, {crowded:.0%} of its worst spot")

    def _keep(self, name: str, *images: Image.Image | None) -> None:
        self.report.mkdir(parents=True, exist_ok=True)
        for kind, image in zip(KINDS, images, strict=True):
            if image is not None:
                image.save(self.report / f"{name}.{kind}.png")

    def _show(self, differences: list[Difference]) -> None:
        """Add to the report what has been found."""
        if not differences:
            return
        path = self.report / "found.json"
        known = dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}
        known |= {difference.name: difference.reason for difference in differences}
        path.write_text(json.dumps(known, indent=1), encoding="utf-8")
        shown = "".join(self._row(name, reason) for name, reason in sorted(known.items()))
        (self.report / "index.html").write_text(HEAD + shown, encoding="utf-8")

    def _row(self, name: str, reason: str) -> str:
        figures = "".join(
            f'<figure><figcaption>{kind}</figcaption><img src="{name}.{kind}.png" alt="{kind}"></figure>'
            for kind in KINDS
            if (self.report / f"{name}.{kind}.png").exists()
        )
        return f"<h2>{html.escape(name)}</h2><p>{html.escape(reason)}</p><div>{figures}</div>"

    def _stored(self, name: str) -> dict[int, Path]:
        return {int(path.stem.rpartition("-")[2]): path for path in self.references.glob(f"{name}-[0-9]*.png")}

    def _path(self, name: str, number: int) -> Path:
        return self.references / f"{name}-{number}.png"

    def _read(self, name: str) -> dict[str, Any]:
        path = self.references / name
        return dict(json.loads(path.read_text("utf-8"))) if path.is_file() else {}

    def _write(self, name: str, data: dict[str, Any]) -> None:
        text = json.dumps(dict(sorted(data.items())), indent=1, ensure_ascii=False)
        (self.references / name).write_text(text + "\n", encoding="utf-8")


def _off(expected: Image.Image, found: Image.Image) -> Image.Image:
    """White where a channel is off by more than the tolerance."""
    bands = ImageChops.difference(expected, found).split()
    worst = bands[0]
    for band in bands[1:]:
        worst = ImageChops.lighter(worst, band)
    return worst.point(lambda value: 255 if value > TOLERANCE else 0)


def _pages(pdf: bytes, only: Collection[int]) -> dict[int, Image.Image]:
    """The pages in sixteen steps a channel, which halves the files and is finer than the tolerance."""
    return {
        number: ImageOps.posterize(image, 4)
        for number, image in enumerate(raster.pages(pdf, DPI), 1)
        if not only or number in only
    }


def _ends(pdf: bytes, only: Collection[int]) -> list[str]:
    """How every page begins and ends, without blanks: those are guessed where letters are spaced."""
    pages = ["".join(page) for number, page in enumerate(words(pdf), 1) if not only or number in only]
    return [f"{page[:BEGINNING]} … {page[-END:]}" for page in pages]
