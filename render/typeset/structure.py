"""The structure tree as readers want it: an element for each thing, however many pages and boxes it is made of.

WeasyPrint 70 (``pdf/tags.py``) writes an element for each box. A paragraph that goes on overleaf is two, the head of a
table is there again on every page, and a section that is laid out as a table is four within one another. It also
leaves out the scope of head cells, the heads of cells under one that spans several columns, and the language of
passages. Its tree is mended once it is made, before it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pydyf
from weasyprint.pdf import tags

_BROKEN = frozenset(
    (
        *("/Part", "/Art", "/Sect", "/Div", "/P", "/BlockQuote", "/Caption", "/NonStruct"),
        *("/L", "/LI", "/LBody", "/Table", "/TBody", "/TR", "/TD", "/TH"),
    )
)
"""Roles of what may go on overleaf."""

_REPEATED = frozenset(("/THead", "/TFoot"))
"""Roles of what is printed again on every page that its table goes on to."""

Elements = dict[bytes, Any]
"""Structure elements by their reference."""


@dataclass
class Origins:
    """Which box of HTML each structure element was made of, in the order of the pages."""

    found: list[tuple[Any, str, Any]] = field(default_factory=list)
    """The element of HTML, its name with that of a pseudo-element, the structure element."""


@contextmanager
def watched() -> Iterator[Origins]:
    """Notes what elements are made of while a PDF is written."""
    origins = Origins()
    build = tags._build_box_tree

    def noting(box: Any, *arguments: Any) -> Iterator[Any]:
        inner = getattr(box, "_box", box)
        for made in build(box, *arguments):
            if inner.element is not None and inner.element_tag not in ("html", "body"):
                origins.found.append((inner.element, inner.element_tag, made))
            yield made

    tags._build_box_tree = noting
    try:
        yield origins
    finally:
        tags._build_box_tree = build


def mend(pdf: pydyf.PDF, origins: Origins) -> list[Any]:
    """Join what belongs together; the elements that are printed again and are to be released."""
    elements: Elements = {one.reference: one for one in pdf.objects if _is_element(one)}
    held = sorted((one for one in origins.found if one[2].get("S")), key=lambda one: int(one[2].number))
    sources = {made.reference: (source, name) for source, name, made in held}
    again: Elements = {}
    below: set[bytes] = set()
    first: dict[tuple[Any, str, str], Any] = {}
    for source, name, made in held:
        role, above = made["S"], elements[made["P"]]
        begun = first.setdefault((source, name, role), made)
        if above.reference in again or above.reference in below:
            below.add(made.reference)
        elif above["S"] == role and sources.get(above.reference) == (source, name):
            _dissolve(made, above, elements)
        elif begun is not made and role in _REPEATED:
            above["K"].remove(made.reference)
            again[made.reference] = made
        elif begun is not made and role in _BROKEN:
            _go_on(begun, made, elements)
        elif (lang := source.get("lang")) and sources.get(above.reference, (None,))[0] is not source:
            made["Lang"] = pydyf.String(lang)
    for table in [one for one in elements.values() if one.get("S") == "/Table"]:
        _name_heads(table, elements)
    return list(again.values())


def _is_element(one: Any) -> bool:
    return isinstance(one, dict) and one.get("Type") == "/StructElem"


def _dissolve(made: Any, above: Any, elements: Elements) -> None:
    """Put what an element holds in its own place in the one above."""
    if any(isinstance(kid, int) for kid in made["K"]):
        return
    at = above["K"].index(made.reference)
    above["K"][at : at + 1] = made["K"]
    _rename_parent(made["K"], above, elements)
    made.clear()


def _go_on(begun: Any, made: Any, elements: Elements) -> None:
    """Put what an element holds at the end of the one that it goes on from."""
    if any(isinstance(kid, int) for kid in made["K"]):
        return
    elements[made["P"]]["K"].remove(made.reference)
    begun["K"].extend(made["K"])
    _rename_parent(made["K"], begun, elements)
    made.clear()


def _rename_parent(kids: Iterable[Any], parent: Any, elements: Elements) -> None:
    for kid in kids:
        if kid in elements:
            elements[kid]["P"] = parent.reference


@dataclass(frozen=True)
class _Cell:
    element: Any
    columns: range
    rows: range
    is_column_head: bool

    @property
    def is_head(self) -> bool:
        return bool(self.element["S"] == "/TH")


def _name_heads(table: Any, elements: Elements) -> None:
    """Give head cells their scope (ISO 32000-1, table 349), and every other cell the names of its heads."""
    cells = list(_cells(table, elements))
    across: dict[int, list[int]] = {}
    down: dict[int, list[int]] = {}
    names: list[pydyf.String] = []
    for cell in (cell for cell in cells if cell.is_head):
        for place in cell.columns if cell.is_column_head else cell.rows:
            (down if cell.is_column_head else across).setdefault(place, []).append(len(names))
        names.append(pydyf.String(f"{table.number}-{len(names)}"))
        cell.element["ID"] = names[-1]
        cell.element["A"]["Scope"] = "/Column" if cell.is_column_head else "/Row"
    for cell in (cell for cell in cells if not cell.is_head):
        own = [head for row in cell.rows for head in across.get(row, ())]
        own += [head for column in cell.columns for head in down.get(column, ())]
        cell.element["A"]["Headers"] = pydyf.Array(names[head] for head in dict.fromkeys(own))


def _cells(table: Any, elements: Elements) -> Iterator[_Cell]:
    """The cells of a table with the columns and rows they take."""
    taken: set[tuple[int, int]] = set()
    for number, (row, in_head) in enumerate(_rows(table, elements)):
        column = 0
        for cell in (elements[kid] for kid in row["K"] if kid in elements):
            if cell["S"] not in ("/TH", "/TD"):
                continue
            while (number, column) in taken:
                column += 1
            attributes = cell["A"]
            columns = range(column, column + attributes.get("ColSpan", 1))
            rows = range(number, number + attributes.get("RowSpan", 1))
            taken |= {(down, across) for down in rows for across in columns}
            yield _Cell(cell, columns, rows, in_head)
            column = columns.stop


def _rows(above: Any, elements: Elements, in_head: bool = False) -> Iterator[tuple[Any, bool]]:
    for kid in (elements[kid] for kid in above["K"] if kid in elements):
        if kid.get("S") == "/TR":
            yield kid, in_head
        elif kid.get("S") in ("/THead", "/TBody", "/TFoot"):
            yield from _rows(kid, elements, kid["S"] == "/THead")
