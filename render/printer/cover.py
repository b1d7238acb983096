"""The cover of a book: its two boards, and between them a spine as wide as the pages are thick."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .. import compose, matter
from ..art import ean
from ..desk import Desk
from ..impose import padded
from ..layouts import Paper
from ..matter import Contents
from ..pdf import sheets
from ..presets import Cover, Interior
from ..problems import InputError, UsageError, error
from ..record import Matter
from ..text import Text

TEMPLATE = "print-cover"


@dataclass(frozen=True, slots=True)
class Wrap:
    """What a cover is made for. ``spine`` is mm, 0 for what pages and stock make it."""

    pages: int
    stock: str = ""
    spine: float = 0.0
    is_proof: bool = False


@dataclass(frozen=True, slots=True)
class Measures:
    """A cover's numbers, in mm."""

    trim: tuple[float, float]
    """Of one board."""
    spine: float
    has_text: bool

    @property
    def size(self) -> tuple[float, float]:
        """Of the whole, trimmed."""
        return round(2 * self.trim[0] + self.spine, 4), self.trim[1]


def measures(asked: Cover, paper: Paper, wrap: Wrap) -> Measures:
    """Raises UsageError for an unknown paper stock."""
    computed = asked.spine.width(wrap.pages, wrap.stock)
    spine = wrap.spine or computed
    return Measures((paper.width, paper.height), spine, asked.spine.has_text(wrap.pages, spine))


def count(interior: Interior, pages: int) -> int:
    """The pages that are printed, blanks with them."""
    return padded(pages, interior.multiple, interior.blank_at_end)


def cover(desk: Desk, contents: Contents, asked: Cover, wrap: Wrap) -> tuple[bytes, Measures]:
    """The cover as one page, in the colours it was drawn in.

    Raises UsageError for a layout without covers, InputError for an ISBN that is none or a template that fails.
    """
    from ..typeset import Typesetter

    names = contents.layout.book.get("covers", {})
    if not {"front", "back"} <= set(names):
        raise UsageError(f"layout {contents.layout.name} has no front and back covers to print")
    made = measures(asked, desk.paper, wrap)
    whole = replace(desk.paper, name="cover", width=made.size[0], holes=())
    typesetter = Typesetter(desk.faces, (desk.archive.root, *desk.layout.roots))

    def typeset(piece: Matter, paper: Paper) -> bytes:
        setting = compose.Setting(desk.layout, desk.theme, paper, desk.faces)
        return typesetter.typeset(compose.matter(piece, contents.archive, setting), density="normal").pdf

    boards = {one.item.key: one.item for one in matter.bound(contents, covers=True) if isinstance(one.item, Matter)}
    front, back = boards[names["front"]], boards[names["back"]]
    back = replace(back, data={**back.data, "kept_free": True})
    over = _over(contents, asked, wrap, made)
    pdf = sheets.cover(
        (typeset(back, desk.paper), typeset(front, desk.paper)),
        typeset(over, whole),
        made.spine,
        asked.bleed,
        marks=asked.marks == "crop",
        title=contents.name,
    )
    return pdf, made


def _over(contents: Contents, asked: Cover, wrap: Wrap, made: Measures) -> Matter:
    """Spine and barcode, which lie over both boards."""
    archive, area = contents.archive, asked.barcode
    isbn = archive.isbn
    try:
        digits = ean.digits(isbn) if isbn else ""
    except ValueError as reason:
        raise InputError([error("isbn", archive.where("isbn"), str(reason))]) from reason
    data = {
        "book": {"title": Text(contents.name), "edition": Text(archive.edition)},
        "trim": made.trim[0],
        "spine": made.spine,
        "inset": asked.spine.text_inset,
        "has_text": made.has_text,
        "isbn": isbn,
        "digits": digits,
        "barcode": {
            "width": area.width,
            "height": area.height,
            "from_spine": area.from_spine,
            "from_bottom": area.from_bottom,
        },
        "safety": asked.safety,
        "proof": wrap.is_proof,
        "pages": wrap.pages,
        "stock": wrap.stock or asked.spine.stock,
    }
    return Matter(TEMPLATE, TEMPLATE, Text(contents.name), contents.lang, data=data)
