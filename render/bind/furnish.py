"""What stands on every page beside its content: folios, running heads, thumb tabs, in the two ways of a spread."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable

from ..paginate import Spot
from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import Leaf
from ..pdf.writer import Writer
from ..problems import InputError, error
from . import words
from .copies import Copier
from .types import PT, Binding

_TAGGED = re.compile(rb"/\w+\s*<<\s*/MCID \d+\s*>>\s*BDC")


class Furniture:
    def __init__(
        self, writer: Writer, faces: Faces, copier: Copier, leaf_of: Callable[[str], Leaf], binding: Binding
    ) -> None:
        self._writer, self._faces, self._copier = writer, faces, copier
        self._leaf_of, self._binding = leaf_of, binding
        self._stencils: dict[tuple[str, bool], tuple[int, Leaf]] = {}

    def under(self, spot: Spot, forms: dict[bytes, int], edge: float) -> bytes:
        """The operators that draw what stands on every page, as an artifact; its form is put among ``forms``.

        ``edge`` is where the page's left edge is, in pt.
        """
        rules = self._binding.pages.get(spot.page.name, {})
        if "furniture" not in rules:
            return b""
        key = f"{rules['furniture']}/{spot.piece.family if rules.get('by_family') else ''}"
        if (key, spot.verso) not in self._stencils:
            self._stencil(key)
        number, leaf = self._stencils[key, spot.verso]
        page = leaf.pages[0 if spot.verso else 1]
        dx = edge + PT * self._binding.gutter * (-1 if spot.verso else 1)
        name = b"Fv" if spot.verso else b"Fr"
        said = {**spot.piece.fields, "folio": spot.label}
        shown = [(mark, mark.text.replace("{}", said.get(mark.name, ""))) for mark in page.marks]
        written = b"".join(words.operators(self._faces, mark, text, dx) for mark, text in shown)
        moved = b"1 0 0 1 %b 0 cm " % syntax.number(dx) if dx else b""
        forms[name] = number
        return b"/Artifact<</Type/Pagination>>BDC q %b/%b Do Q\n%bEMC\n" % (moved, name, written)

    def _stencil(self, key: str) -> None:
        """Both pages of a piece of furniture as forms. Raises InputError for one that is not of two pages."""
        leaf = self._leaf_of(key)
        if len(leaf.pages) != 2:
            message = f"furniture must come out as two pages, a verso and a recto, and has {len(leaf.pages)}"
            hint = "compare it with the one that ships"
            raise InputError([error("furniture", f"matter/{key.split('/')[0]}.html", message, hint)])
        copy = self._copier.number(key, leaf, [0] * len(leaf.pages))
        resources = self._writer.reserve()
        self._writer.objects([resources], [self._copier.resources(copy, {})])
        for verso, page, content in zip((True, False), leaf.pages, leaf.contents, strict=True):
            number = self._writer.reserve()
            entries = b"/Type/XObject/Subtype/Form/BBox[%b]/Resources %d 0 R" % (syntax.numbers(page.media), resources)
            plain = _TAGGED.sub(b"/Artifact BMC", zlib.decompress(content))
            self._writer.deflated(number, entries, plain)
            self._stencils[key, verso] = number, leaf
