"""Drawings as WeasyPrint paints them, painted once: the same drawing at the same size is the same PDF operators again.

A third of a dossier's time goes into its SVG. Folder, sheet, seal, tags and the like are the same in every dossier, so
a warm process need neither parse nor trace them twice. Only drawings of bare paths are kept: text would have to tell
each document which glyphs it uses.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from pydyf import _to_bytes
from weasyprint.images import SVGImage

MOST = 256
"""Drawings kept; a layout in one density has about forty, and a dossier adds ten of its own."""

_MORE = re.compile(r"<(?!/|svg |g[ >]|path |clipPath )|opacity|style")
"""Anything but bare paths and groups of them: what may need more of a document than operators."""


class Drawing(SVGImage):  # type: ignore[misc]  # weasyprint ships no types
    """An SVG of bare paths. What ``draw`` appends to a stream depends on its size alone."""

    def __init__(self, svg: str, address: str) -> None:
        super().__init__(ET.fromstring(svg), address, None, None)
        self._painted: dict[tuple[float, float], bytes] = {}

    def draw(self, stream: Any, concrete_width: float, concrete_height: float, _style: Any) -> None:
        size = concrete_width, concrete_height
        # Saved, and known: what stands between can be copied from stream to stream as it is.
        stream.push_state()
        stream._current_color = stream._current_color_stroke = None
        stream._current_alpha = stream._current_alpha_stroke = None
        stream.set_alpha(1.0, stroke=True, fill=True)  # under the name that SVG gives it: A1.0, not A1
        if size in self._painted:
            stream.stream.append(self._painted[size])
        else:
            begin = len(stream.stream)
            super().draw(stream, concrete_width, concrete_height, _style)
            self._painted[size] = b"\n".join(map(_to_bytes, stream.stream[begin:]))
        stream.pop_state()


class Drawings:
    """The drawings a process keeps, by address; the least recently used go."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Drawing] = OrderedDict()

    def of(self, address: str, svg: str) -> Drawing:
        drawing = self._kept.get(address)
        if drawing is None:
            drawing = self._kept[address] = Drawing(svg, address)
        self._kept.move_to_end(address)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return drawing


class Images(dict[str, Any]):
    """WeasyPrint's image cache for one document: knows the sheet's drawings of bare paths from the start."""

    def __init__(self, art: Mapping[str, str], drawings: Drawings) -> None:
        super().__init__()
        self._art, self._drawings = art, drawings

    def __contains__(self, address: object) -> bool:
        return super().__contains__(address) or self._is_bare(address)

    def __getitem__(self, address: str) -> Any:
        if not super().__contains__(address) and self._is_bare(address):
            self[address] = self._drawings.of(address, self._art[address])
        return super().__getitem__(address)

    def _is_bare(self, address: object) -> bool:
        return isinstance(address, str) and address in self._art and not _MORE.search(self._art[address])
