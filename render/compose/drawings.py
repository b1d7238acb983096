"""What templates call to draw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from .. import art, filters
from ..art import lettering


class Drawings:
    """``art`` in templates: drawings by name in the theme's palette, kept under their addresses.

    ``voices`` says which face stands in for another, by role.
    """

    def __init__(self, palette: Mapping[str, str], voices: Mapping[str, str] = MappingProxyType({})) -> None:
        self._palette, self._voices = palette, voices
        self.drawn: dict[str, str] = {}

    def url(self, name: str, **data: Any) -> str:
        """The address of a drawing, for CSS ``url()``."""
        with lettering.voiced(self._voices):
            svg = art.draw(name, self._palette, **data)
        address = f"art:{hashlib.sha256(svg.encode()).hexdigest()[:16]}"
        self.drawn[address] = svg
        return address

    def img(self, name: str, alt: str, cls: str = "", **data: Any) -> Markup:
        """An ``<img>`` of a drawing; ``alt`` says what it shows and cannot be empty."""
        if not alt.strip():
            raise ValueError(f"the drawing {name} has no alt; what only decorates belongs into the stylesheet")
        attribute = Markup(' class="{}"').format(cls) if cls else Markup("")
        return Markup('<img src="{}" alt="{}"{}>').format(self.url(name, **data), filters.plain(alt), attribute)

    def height(self, name: str, **data: Any) -> float:
        """The height in mm of a drawing that finds its own."""
        with lettering.voiced(self._voices):
            return art.height(name, **data)

    def places(self, name: str, **data: Any) -> Any:
        """Where a drawing puts what words are set over it."""
        with lettering.voiced(self._voices):
            return art.places(name, **data)

    def fit(
        self, text: str, role: str, sizes: Sequence[float], width: float, height: float, leading: float = 1.2
    ) -> dict[str, Any]:
        """The largest size in pt whose greedy wrap fits a box in mm, with the lines it makes."""
        with lettering.voiced(self._voices):
            size = lettering.fit(str(text), role, sizes, width, height, leading)
            return {"size": size, "lines": lettering.wrap(str(text), role, size * lettering.PT, width)}
