"""The structure tree of a finished file as it is stored: what `finished.tags` leaves out, and nothing of the text.

tree = read(pdf)
tree.top.all("TH"), tree.parts, tree.links
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

Number = tuple[int, int]
"""An object's number and generation."""


@dataclass(frozen=True)
class Node:
    """A structure element. ``notes`` are annotations, ``marks`` the content it holds itself."""

    role: str
    number: Number
    kids: tuple[Node, ...] = ()
    alt: str = ""
    lang: str = ""
    name: str = ""
    """Its identifier."""
    headers: tuple[str, ...] = ()
    scope: str = ""
    spans: tuple[int, int] = (1, 1)
    """Columns and rows that a cell takes."""
    marks: tuple[tuple[int, int, int], ...] = ()
    """Page from 0, object number of the form that it is in or 0, number of the mark."""
    notes: tuple[Number, ...] = ()

    def walk(self) -> Iterator[Node]:
        yield self
        for kid in self.kids:
            yield from kid.walk()

    def all(self, *roles: str) -> list[Node]:
        """Every element of these roles below this one, in reading order."""
        return [node for node in self.walk() if node.role in roles]

    @property
    def is_empty(self) -> bool:
        return not any(node.marks or node.notes for node in self.walk())


@dataclass(frozen=True, slots=True)
class Link:
    """An annotation: what it says, and the element that the parent tree leads to from it."""

    number: Number
    page: int
    contents: str
    owner: Number
    owner_role: str


@dataclass(frozen=True)
class Tree:
    """``top`` is the document element; ``owners`` are the elements that the parent tree names for pages' marks."""

    top: Node
    lang: str
    links: tuple[Link, ...]
    owners: dict[tuple[int, int, int], Number] = field(default_factory=dict)

    @property
    def parts(self) -> list[Node]:
        """What a book is bound from."""
        return [kid for kid in self.top.kids if kid.role == "Art"]


def read(pdf: bytes) -> Tree:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = {page.obj.objgen: index for index, page in enumerate(document.pages)}
        root = document.Root.StructTreeRoot
        (top,) = _listed(root.K)
        parents = pikepdf.NumberTree(root.ParentTree)
        links, owners = [], {}
        for index, page in enumerate(document.pages):
            for mark, owner in enumerate(_listed(parents[int(page.obj.StructParents)])):
                if isinstance(owner, pikepdf.Dictionary):
                    owners[index, 0, mark] = owner.objgen
            for note in page.obj.get("/Annots", ()):
                owner = parents[int(note.StructParent)]
                contents = str(note.get("/Contents", ""))
                links.append(Link(note.objgen, index, contents, owner.objgen, str(owner.S)[1:]))
        return Tree(_node(top, pages, -1), str(document.Root.get("/Lang", "")), tuple(links), owners)


def _node(source: pikepdf.Object, pages: dict[Number, int], page: int) -> Node:
    page = pages[source.Pg.objgen] if "/Pg" in source else page
    kids, marks, notes = [], [], []
    for kid in _listed(source.get("/K", [])):
        if not isinstance(kid, pikepdf.Dictionary):
            marks.append((page, 0, int(kid)))
        elif kid.get("/Type") == "/MCR":
            place = pages[kid.Pg.objgen] if "/Pg" in kid else page
            marks.append((place, kid.Stm.objgen[0] if "/Stm" in kid else 0, int(kid.MCID)))
        elif kid.get("/Type") == "/OBJR":
            notes.append(kid.Obj.objgen)
        else:
            assert kid.P.objgen == source.objgen, f"{kid.S} does not name its parent"
            kids.append(_node(kid, pages, page))
    attributes = [one for one in _listed(source.get("/A", [])) if isinstance(one, pikepdf.Dictionary)]
    return Node(
        role=str(source.S)[1:],
        number=source.objgen,
        kids=tuple(kids),
        alt=str(source.get("/Alt", "")),
        lang=str(source.get("/Lang", "")),
        name=str(source.get("/ID", "")),
        headers=tuple(str(one) for held in attributes for one in held.get("/Headers", ())),
        scope="".join(str(held.get("/Scope", ""))[1:] for held in attributes),
        spans=(_span(attributes, "/ColSpan"), _span(attributes, "/RowSpan")),
        marks=tuple(marks),
        notes=tuple(notes),
    )


def _span(attributes: list[pikepdf.Dictionary], name: str) -> int:
    return max((int(held.get(name, 1)) for held in attributes), default=1)


def _listed(found: pikepdf.Object) -> list[pikepdf.Object]:
    return list(found) if isinstance(found, pikepdf.Array) else [found]
