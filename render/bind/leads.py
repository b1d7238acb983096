"""Links and marks: what leads from one place of the book to another is settled when all places are known."""

from __future__ import annotations

from collections.abc import Mapping

from ..paginate import Plan
from ..pdf import syntax
from ..pdf.faces import Faces
from ..pdf.leaf import Box, Link, Mark, Page
from . import words
from .copies import Copy
from .trees import Line, Parents
from .types import Binding


class Leads:
    def __init__(self, plan: Plan, binding: Binding, faces: Faces, parents: Parents) -> None:
        self._plan, self._binding, self._faces, self._parents = plan, binding, faces, parents
        self._first: Mapping[str, int] = plan.first()

    def link(self, copy: Copy, link: Link, move: tuple[float, float], bodies: list[Line]) -> int:
        """An annotation, moved with its page; where it leads is settled here."""
        kind, _, name = link.target.partition(":")
        action = self._action(kind, name)
        number = copy.numbers[link.number]
        bodies.append((number, self._annotation(link.rect, move, copy.numbers[link.owner], action)))
        return number

    def mark(
        self, copy: Copy, mark: Mark, move: tuple[float, float], bodies: list[Line], on: Page, form: int = 0
    ) -> bytes:
        """The operators that write a mark's words. Without a page to lead to it is an element without content.

        In a ``form`` they are written where the form has them, and moved with it.
        """
        numbers = copy.numbers
        page = numbers[on.number]
        target = f"matter:{mark.name}" if mark.kind == "matter" else mark.name
        place = self._first.get(target)
        element = b"<</Type/StructElem/S%b/P %d 0 R/Pg %d 0 R%b>>"
        if place is None:
            bodies.append((numbers[mark.element], element % (b"/Span", numbers[mark.parent], page, b"/K[]")))
            return b""
        label = self._plan.spots[place].label
        content = b"<</Type/MCR/Pg %d 0 R/Stm %d 0 R/MCID %d>>" % (page, form, mark.mcid) if form else b"%d" % mark.mcid
        kids = b"/K[%b %d 0 R]" % (content, numbers[mark.objr])
        bodies.append((numbers[mark.element], element % (b"/Link", numbers[mark.parent], page, kids)))
        objr = b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (numbers[mark.link], page)
        bodies.append((numbers[mark.objr], objr))
        said = mark.text.replace("{}", label)
        action = b"/Dest%b/Contents%b" % (syntax.literal(target.encode()), syntax.string(said))
        bodies.append((numbers[mark.link], self._annotation(mark.rect, move, numbers[mark.element], action)))
        written = words.operators(self._faces, mark, said, 0.0 if form else move[0])
        return b"/Link<</MCID %d>>BDC\n%bEMC\n" % (mark.mcid, written)

    def _action(self, kind: str, name: str) -> bytes:
        """Where a link leads: a place in the book, else an address."""
        if kind == "uri":
            return _to_web(name, name)
        target = f"matter:{name}" if kind == "matter" else name
        if kind == "dest" or target in self._first:
            title = self._binding.titles.get(target, name)
            return b"/Dest%b/Contents%b" % (syntax.literal(target.encode()), syntax.string(title))
        url = self._binding.urls.get(name, "")
        return _to_web(url, self._binding.titles.get(name, url)) if url else b""

    def _annotation(self, rect: Box, move: tuple[float, float], owner: int, action: bytes) -> bytes:
        left, bottom, right, top = rect
        dx, dy = move
        moved = syntax.numbers((left + dx, min(bottom, top) + dy, right + dx, max(bottom, top) + dy))
        body = b"<</Type/Annot/Subtype/Link/Rect[%b]/BS<</W 0>>/F 4/StructParent %d%b>>"
        return body % (moved, self._parents.key(owner), action)


def _to_web(url: str, title: str) -> bytes:
    return b"/A<</S/URI/URI%b>>/Contents%b" % (syntax.string(url), syntax.string(title))
