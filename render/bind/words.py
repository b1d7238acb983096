"""Words that binding sets: folios, running heads, page numbers. Real text in the faces of the parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..bidi import ordered, visual
from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import Mark

FIELD = "field"
"""The kind of mark that shows something of its page; any other shows where another piece begins."""

_CUT = "…"
_SLACK = 0.5
"""Points by which words may be wider than their field, which was made to the width of such words."""


def operators(faces: Faces, mark: Mark, text: str, dx: float) -> bytes:
    """What draws a text in a mark's field, moved right by ``dx`` pt.

    A running head that is too long is cut; a page number is not, it is set smaller.
    """
    font, glyphs = _set(faces, mark, text)
    room = mark.right - mark.x + _SLACK
    while mark.kind == FIELD and _width(faces, mark, font, glyphs) > room and len(text) > 1:
        text = text.removesuffix(_CUT)[:-1].rstrip() + _CUT
        font, glyphs = _set(faces, mark, text)
    if not glyphs:
        return b""
    if (wide := _width(faces, mark, font, glyphs)) > room:
        mark = replace(mark, size=mark.size * room / wide, spacing=mark.spacing * room / wide)
    free = mark.right - mark.x - _width(faces, mark, font, glyphs)
    x = mark.x + dx + {"left": 0.0, "center": free / 2}.get(mark.align, free)
    shown = b"".join(b"%04x" % glyph for glyph in glyphs)
    spaced = b" %b Tc" % syntax.number(mark.spacing) if mark.spacing else b""
    return b"q BT /%b %b Tf%b %b 1 0 0 1 %b %b Tm <%b> Tj ET Q\n" % (
        *(font.encode(), syntax.number(mark.size), spaced, mark.colour.encode()),
        *(syntax.number(x), syntax.number(mark.y), shown),
    )


def _set(faces: Faces, mark: Mark, text: str) -> tuple[str, list[int]]:
    """The face and the glyphs, from left to right; Arabic is joined if a face has the forms for it."""
    joined = visual(text)
    font, glyphs = faces.set(mark.font, joined)
    return (font, glyphs) if len(glyphs) == len(joined) else faces.set(mark.font, ordered(text))


def _width(faces: Faces, mark: Mark, font: str, glyphs: Sequence[int]) -> float:
    return faces.width(font, glyphs) * mark.size / 1000 + mark.spacing * max(0, len(glyphs) - 1)
