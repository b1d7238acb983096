"""The one door for reads from outside: what HTML, CSS and SVG ask for comes through here or not at all."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import TTFont
from weasyprint.urls import URLFetcher, URLFetcherResponse

from ..fonts import Face
from ..home import Moves, moved

_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".css": "text/css"}


class Refused(ValueError):
    """An address that leads out of the house."""


class Door(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Serves drawings (``art:``), faces (``font:``), ``data:`` and files under ``roots``; refuses all else.

    ``moves`` are the folders that pages call by their names on another machine.
    """

    def __init__(self, faces: Sequence[Face], roots: Sequence[Path] = (), moves: Moves = ()) -> None:
        super().__init__(allowed_protocols=("data",))
        self._faces = faces
        self._roots = tuple(root.resolve() for root in roots)
        self._moves = moves
        self.art: Mapping[str, str] = {}
        self._read: set[Path] = set()

    @contextmanager
    def reading(self) -> Iterator[set[Path]]:
        """Collects the files read meanwhile."""
        outer, self._read = self._read, set()
        try:
            yield self._read
        finally:
            self._read = outer

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        scheme = url.partition(":")[0].lower()
        match scheme:
            case "art" if url in self.art:
                return URLFetcherResponse(url, self.art[url].encode(), {"Content-Type": "image/svg+xml"})
            case "font" if url[5:].isdecimal() and int(url[5:]) < len(self._faces):
                path = self._faces[int(url[5:])].path
                self._read.add(path)
                return URLFetcherResponse(url, _unpacked(path.read_bytes()), {"Content-Type": "font/ttf"})
            case "data":
                answer = super().fetch(url, headers)
                return URLFetcherResponse(url, _unpacked(answer.read()), answer.headers)
            case "file":
                return self._file(url)
        raise Refused(f"{url[:80]} is not within the archive, the layout or the fonts")

    def _file(self, url: str) -> URLFetcherResponse:
        parts = urlsplit(url)
        path = moved(Path(unquote(parts.path)), self._moves).resolve()
        if parts.netloc or not any(path.is_relative_to(root) for root in self._roots) or not path.is_file():
            raise Refused(f"{url[:80]} is not within the archive, the layout or the fonts")
        self._read.add(path)
        kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
        # WeasyPrint reads a picture again by the address in the answer, and cuts it up differently from us.
        return URLFetcherResponse(path.as_uri(), _unpacked(path.read_bytes()), {"Content-Type": kind})


def _unpacked(data: bytes) -> bytes:
    """A WOFF as OpenType, else what is given. WeasyPrint would put the time of day into an unpacked one's ``head``."""
    if not data.startswith(b"wOFF"):
        return data
    unpacked = io.BytesIO()
    with TTFont(io.BytesIO(data), recalcTimestamp=False) as font:
        font.flavor = font.flavorData = None
        font.save(unpacked)
    return unpacked.getvalue()
