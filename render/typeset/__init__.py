"""Sheet -> Part: fitting, PDF, and what was seen while making it. The only importer of weasyprint."""

from __future__ import annotations

import io
import logging
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydyf

from ..fonts import Face
from ..home import HOME, Moves
from ..problems import InputError, Problem, SetupError, error, warning
from ..record import Laid, Part, Sheet
from ..standards import DEFAULT, Standard

try:
    # WeasyPrint prints advice of its own where a library is missing; results belong on stdout, nothing else.
    with redirect_stdout(io.StringIO()):
        from weasyprint import CSS, HTML, Document
        from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetchingError
except OSError as lack:
    raise SetupError(
        f"a system library is missing ({lack}). Debian, Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
        "libharfbuzz-subset0; macOS: brew install pango"
    ) from lack

from . import archival, fit, inspect, remarks, spare, structure
from .door import Door
from .drawn import Drawings, Images

_LOGGER = logging.getLogger("weasyprint")


class _Fonts(FontConfiguration):  # type: ignore[misc]  # weasyprint ships no types
    """The faces of a stylesheet. They are closed once it is parsed: a page that brings its own is noticed."""

    closed = False
    spoilt = False

    def add_font_face(self, *arguments: Any) -> None:
        self.spoilt |= self.closed
        super().add_font_face(*arguments)


@dataclass(frozen=True, slots=True)
class _Style:
    """A parsed stylesheet with its fonts, and what was seen and read on the way."""

    css: CSS
    fonts: _Fonts
    problems: tuple[Problem, ...]
    read: frozenset[Path]


class Typesetter:
    """Sets sheets of one kind: keeps fonts and parsed stylesheets from one to the next.

    ``roots`` are the folders that files may be read from (archive, layout), ``moved`` where they are called otherwise,
    ``standard`` what the files claim.
    """

    def __init__(
        self, faces: Sequence[Face], roots: Sequence[Path] = (), moved: Moves = (), standard: Standard = DEFAULT
    ) -> None:
        self._standard = standard
        self._options = {"pdf_variant": standard.variant, "pdf_tags": True, "pdf_identifier": True}
        self._drawings = Drawings()
        self._door = Door(faces, roots, moved)
        self._parsed: dict[str, _Style] = {}

    def typeset(self, sheet: Sheet, *, density: str = "") -> Part:
        """The finished PDF. Without ``density`` the one that fits best is found, starting from the sheet's own."""
        with _overheard(sheet.slug) as problems, self._door.reading() as read:
            if density:
                layouts, chosen, document = 1, density, self._lay_out(sheet, density)
            else:
                layouts, chosen, document = self._fit(sheet)
            spared = spare.spare(document) or spare.is_without(document, sheet.html)
            archival.keep_in(document)
            archival.claim(document, self._standard)
            with warnings.catch_warnings():
                # WeasyPrint 70 leaves the file of its colour profile open (pdf/__init__.py).
                warnings.simplefilter("ignore", ResourceWarning)
                pdf = self._written(document, sheet)
        style = self._parsed[sheet.styles[chosen]]
        return Part(
            slug=sheet.slug,
            pdf=pdf,
            pages=len(document.pages),
            density=chosen,
            layouts=layouts,
            spared=spared,
            problems=tuple(dict.fromkeys((*style.problems, *remarks.with_places(problems, sheet)))),
            remarks=remarks.warnings(inspect.inspect(document), sheet),
            read=sheet.read | style.read | read,
            laid=tuple(_laid(page._page_box) for page in document.pages),
        )

    def heights(self, sheet: Sheet, density: str) -> dict[str, float]:
        """The height in mm of every section by its id, over all its pages: what ``room`` is measured from."""
        found: dict[str, float] = {}
        for page in self._lay_out(sheet, density).pages:
            for name, height in fit.sections(page._page_box):
                found[name] = found.get(name, 0.0) + height
        return found

    def _written(self, document: Document, sheet: Sheet) -> bytes:
        with structure.watched() as origins:

            def finish(_: Document, pdf: pydyf.PDF) -> None:
                archival.finish(pdf, origins)
                if sheet.coarse:
                    archival.coarsen(pdf)

            return bytes(document.write_pdf(finisher=finish, **self._options))

    def _fit(self, sheet: Sheet) -> tuple[int, str, Document]:
        documents: dict[str, Document] = {}
        fills: dict[str, fit.Fill] = {}
        density: str | None = sheet.density
        while density is not None:
            documents[density] = self._lay_out(sheet, density)
            fills[density] = fit.measure(documents[density])
            density = fit.next_try(fills)
        chosen = min(fills, key=lambda name: fills[name].rank)
        return len(documents), chosen, documents[chosen]

    def _lay_out(self, sheet: Sheet, density: str) -> Document:
        self._door.art = sheet.art
        html = HTML(string=sheet.html, base_url="about:blank", url_fetcher=self._door)
        text = sheet.styles[density]
        try:
            style = self._style(text)
            images = Images(sheet.art, self._drawings)
            given = {"font_config": style.fonts, "cache": images, **self._options}
            document = html.render(stylesheets=[style.css], **given)
            if spare.stands_alone(document):
                document = html.render(stylesheets=[style.css, CSS(string=spare.WITHOUT)], **given)
            return document
        except URLFetchingError as refused:
            # WeasyPrint 70 goes on without any other file it cannot have, but not without a colour profile.
            raise InputError([error("refused", sheet.slug, str(refused))]) from refused

    def _style(self, text: str) -> _Style:
        if text in self._parsed and self._parsed[text].fonts.spoilt:
            del self._parsed[text]
        if text not in self._parsed:
            with _only_our_fonts():
                fonts = _Fonts()
            with _overheard("") as problems, self._door.reading() as read:
                css = CSS(string=text, font_config=fonts, url_fetcher=self._door, base_url="about:blank")
            fonts.closed = True
            self._parsed[text] = _Style(css, fonts, tuple(problems), frozenset(read))
        return self._parsed[text]


def _laid(page_box: Any) -> Laid:
    return Laid(page_box.page_type.name or "", round(fit.used(page_box) * page_box.height * 25.4 / 96, 2))


@contextmanager
def _only_our_fonts() -> Iterator[None]:
    """Let fontconfig know no folder of the system while a font configuration is made."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(HOME / "fonts" / "empty.conf")
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _overheard(slug: str) -> Iterator[list[Problem]]:
    """Collects what WeasyPrint only logs: unknown CSS, missing anchors, images and glyphs."""
    problems: list[Problem] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            message = re.sub(r"\s+", " ", record.getMessage())
            problems.append(warning("weasyprint", slug or "stylesheet", message))

    ear = Ear(logging.WARNING)
    handlers, propagate = _LOGGER.handlers[:], _LOGGER.propagate
    _LOGGER.handlers, _LOGGER.propagate = [ear], False
    try:
        yield problems
    finally:
        _LOGGER.handlers, _LOGGER.propagate = handlers, propagate
