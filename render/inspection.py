"""Checks on a finished PDF that need its pixels or its bytes: codes that do not decode, a file that is too large.

Needs the ``check`` extra. What can be seen before a PDF is written is among ``Part.remarks`` already.
"""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterator

from . import raster
from .layouts import Layout
from .problems import Problem, SetupError, Where, warning
from .record import Dossier, Part
from .settings import Archive

DPI = 200
"""As coarse as an office scanner or an older telephone's camera sees a page."""

BASE_BYTES, BASE_PAGES, PAGE_BYTES = 200_000, 4, 25_000
"""The size budget: a dossier of four pages with its fonts and drawings takes 170 kB, a page more about 15."""

PACKAGES = {"PIL": "pillow", "pypdfium2": "pypdfium2", "zxingcpp": "zxing-cpp"}
"""What the extra consists of: packages by the name they are imported under."""

INSTALL = "pip install 'dossier-press[check]'"


def look(dossier: Dossier, part: Part, layout: Layout, archive: Archive) -> list[Problem]:
    """What is wrong with a dossier's finished file. Raises SetupError when the libraries for it are missing."""
    require()
    return [*_size(dossier, part), *_unreadable(part, meant(dossier, layout, archive))]


def require() -> None:
    """Raise SetupError, with the line that installs it, unless the extra is there."""
    if lacking := [package for name, package in PACKAGES.items() if importlib.util.find_spec(name) is None]:
        raise SetupError(f"looking at pages needs {', '.join(lacking)}. Run: {INSTALL}")


def budget(pages: int) -> int:
    """Bytes that a dossier of so many pages may take."""
    return BASE_BYTES + PAGE_BYTES * max(0, pages - BASE_PAGES)


def meant(dossier: Dossier, layout: Layout, archive: Archive) -> list[tuple[str, Where]]:
    """The texts of the QR codes a dossier should show in a layout, with the places they come from.

    Its own, one for each related specimen on file, and the way to the whole taxonomy.
    """
    record, shown = dossier.record, layout.furniture
    if not shown.get("codes"):
        return []
    found = [(one.url, record.where("related", index)) for index, one in enumerate(dossier.related)]
    if shown.get("file_codes"):
        found.insert(0, (dossier.url, Where(str(record.path))))
        if shown.get("taxon_code") and shown.get("disposition"):
            found.append((archive.base_url, archive.where("base_url")))
    return [(url, where) for url, where in found if url]


def _unreadable(part: Part, wanted: list[tuple[str, Where]]) -> Iterator[Problem]:
    """Codes that were meant and are not read from the pages as they print."""
    left = Counter(url for url, _ in wanted)
    if not left:
        return
    for image in raster.pages(part.pdf, DPI):
        left.subtract(code.text for code in raster.codes(image, DPI) if code.format == "QRCode")
    for url, where in wanted:
        if left[url] > 0:
            left[url] -= 1
            message = f"the QR code of {url} cannot be read from the page at {DPI} dots an inch"
            hint = (
                "something covers it or stands too near, or the layout left it out; a shorter address makes it coarser"
            )
            yield warning("qr-unreadable", where, message, hint)


def _size(dossier: Dossier, part: Part) -> Iterator[Problem]:
    allowed = budget(part.pages)
    if len(part.pdf) > allowed:
        message = f"the file takes {len(part.pdf):,} bytes; {part.pages} pages may take {allowed:,}"
        hint = "pictures of the layout are the likeliest cause: prefer drawings, or make them smaller"
        yield warning("size", str(dossier.record.path), message, hint)
