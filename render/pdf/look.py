"""A look at any PDF, as preflight needs it: boxes, fonts, what is painted where, transparency, output intents.

Read from the file itself, with nothing taken on trust. Lengths are pt, boxes as the file says them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from ..problems import InputError, error
from .inks import Colour
from .lettering import Font
from .operators import Box, content
from .painted import Painter
from .trace import Trace

__all__ = ["Colour", "Font", "Intent", "Seen", "SeenPage", "Trace", "look"]

_STREAM = re.compile(r"^stream <[^>]*>: ")
"""What pikepdf calls a file that it was handed as bytes."""


@dataclass(frozen=True, slots=True)
class Intent:
    """An output intent. ``components`` counts the channels of its profile, 0 without one."""

    kind: str
    identifier: str
    components: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page: its boxes, what is painted, what of it is transparent, and its annotations' kinds."""

    number: int
    media: Box
    crop: Box
    bleed: Box
    trim: Box
    has_trim: bool
    """Whether the file itself says where the page is cut."""
    rotation: int
    traces: tuple[Trace, ...]
    blends: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted but white areas."""
        return all(trace.kind == "area" and trace.colour.is_white for trace in self.traces)


@dataclass(frozen=True, slots=True)
class Seen:
    size: int
    version: str
    pages: tuple[SeenPage, ...]
    fonts: tuple[Font, ...]
    intents: tuple[Intent, ...]
    standard: str
    """What the document information says of PDF/X, such as ``PDF/X-1a:2001``."""
    trapped: str
    is_locked: bool
    title: str


def look(data: bytes, name: str) -> Seen:
    """Read a PDF; ``name`` is what problems call it. Raises InputError for what is none, or has no pages."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            painter = Painter()
            pages = tuple(_pages(pdf, painter))
            if not pages:
                raise InputError([error("no-pages", name, "there are no pages in this file")])
            info: Any = pdf.docinfo if "/Info" in pdf.trailer else {}
            return Seen(
                size=len(data),
                version=pdf.pdf_version,
                pages=pages,
                fonts=tuple(painter.fonts.found.values()),
                intents=tuple(_intents(pdf)),
                standard=str(info.get("/GTS_PDFXConformance", info.get("/GTS_PDFXVersion", ""))),
                trapped=str(info.get("/Trapped", "")).lstrip("/"),
                is_locked=pdf.is_encrypted,
                title=str(info.get("/Title", "")),
            )
    except pikepdf.PasswordError as reason:
        raise InputError([error("locked", name, "the file is locked with a password")]) from reason
    except (pikepdf.PdfError, ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError) as reason:
        said = _STREAM.sub("", str(reason))
        raise InputError([error("not-a-pdf", name, f"this file cannot be read as a PDF: {said}")]) from reason


def _pages(pdf: pikepdf.Pdf, painter: Painter) -> Iterator[SeenPage]:
    for number, page in enumerate(pdf.pages, 1):
        media = _box(page.mediabox)
        crop = _box(page.obj.get("/CropBox", page.mediabox))
        bleed = _box(page.obj.get("/BleedBox", crop))
        has_trim = "/TrimBox" in page.obj
        trim = _box(page.obj.get("/TrimBox", crop))
        resources = page.obj.get("/Resources", _inherited(page.obj, "/Resources"))
        traces = tuple(painter.page(content(page.obj), page, resources))
        blends = set(painter.used)
        if _is_transparent(page.obj):
            blends.add("a transparency group")
        kinds = tuple(str(one.get("/Subtype", ""))[1:] for one in page.obj.get("/Annots", []))
        turned = int(page.obj.get("/Rotate", _inherited(page.obj, "/Rotate") or 0)) % 360
        yield SeenPage(number, media, crop, bleed, trim, has_trim, turned, traces, tuple(sorted(blends)), kinds)


def _is_transparent(page: Any) -> bool:
    group = page.get("/Group")
    return isinstance(group, pikepdf.Dictionary) and group.get("/S") == "/Transparency"


def _inherited(page: Any, key: str) -> Any:
    parent, steps = page.get("/Parent"), 0
    while parent is not None and steps < 64:
        if key in parent:
            return parent[key]
        parent, steps = parent.get("/Parent"), steps + 1
    return None


def _intents(pdf: pikepdf.Pdf) -> Iterator[Intent]:
    for intent in pdf.Root.get("/OutputIntents", []):
        profile = intent.get("/DestOutputProfile")
        components = int(profile.get("/N", 0)) if profile is not None else 0
        kind, identifier = str(intent.get("/S", ""))[1:], str(intent.get("/OutputConditionIdentifier", ""))
        yield Intent(kind, identifier, components)


def _box(found: Any) -> Box:
    left, bottom, right, top = (float(one) for one in found)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)
