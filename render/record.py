"""The nouns of the house, one type for each stage. All frozen: nothing is changed on its way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .problems import Problem, Where
from .text import Text

Value = Text | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""What a section's YAML holds after validation: plain data whose strings are ``Text``."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family of the taxonomy, with the division it belongs to."""

    key: str
    title: Text
    note: Text = Text("")
    division: str = ""
    division_title: Text = Text("")


@dataclass(frozen=True, slots=True)
class Record:
    """One specimen's YAML, validated. ``sections`` keeps the order of their numbers."""

    slug: str
    path: Path
    title: Text
    summary: Text
    family: str
    file_number: str
    fiche: str
    lang: str
    tags: tuple[str, ...] = ()
    sections: Mapping[str, Value] = field(default_factory=dict)
    places: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict, compare=False)
    """Where each value stands in the file, by its path (``("related", 0, "specimen")``)."""

    def where(self, *path: str | int) -> Where:
        """The place of a value, or of the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Where(str(self.path)))


@dataclass(frozen=True, slots=True)
class Reference:
    """One related specimen as a card shows it. ``slug`` is empty for a role that is not on file."""

    title: Text
    summary: Text
    match: int
    slug: str = ""
    file_number: str = ""
    url: str = ""
    lang: str = ""
    """What its words are in; empty for the language of whoever names it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A dossier of the archive that names this one: as related, by a link, or because they are close."""

    slug: str
    file_number: str
    title: Text
    url: str = ""
    lang: str = ""
    """What its title is in."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term for an index, in plain words. ``kind`` is ``term`` or ``alias``, ``section`` the key it is from."""

    kind: str
    text: str
    section: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """A record together with what it takes from the rest of the archive."""

    record: Record
    family: Family
    url: str = ""
    related: tuple[Reference, ...] = ()
    titles: Mapping[str, Text] = field(default_factory=dict)
    """Titles of the specimens that ``[[slug]]`` links in this record lead to."""
    tongues: Mapping[str, str] = field(default_factory=dict)
    """The languages of those titles."""
    urls: Mapping[str, str] = field(default_factory=dict)
    cited: tuple[Citation, ...] = ()
    """Who names it in the whole archive, by file number."""
    terms: tuple[Term, ...] = ()
    """What an index names of it, in the order of its sections."""

    @property
    def slug(self) -> str:
        return self.record.slug

    @property
    def place(self) -> str:
        """Where what is wrong with it is to be mended."""
        return str(self.record.path)


@dataclass(frozen=True, slots=True)
class Matter:
    """A piece of a book that is no dossier: the contents, a divider, a letter of the index."""

    key: str
    """Its name within the book, such as ``contents`` or ``divider-ai-and-data``."""
    template: str
    """The file in the layout's ``matter`` folder, without ``.html``."""
    title: Text
    lang: str
    bare: bool = False
    """Whether its key is that of the whole book: a dossier's stand-in, or what lies under the pages."""
    slips: bool = False
    """Whether its pages are placed on pages of the book together, as lines of an index are."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """Plain data for the template: strings, ``Text``, numbers, lists and mappings of them."""

    @property
    def slug(self) -> str:
        return self.key

    @property
    def place(self) -> str:
        return f"matter/{self.template}.html"


Item = Dossier | Matter
"""What can be typeset."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a string of a record stands. Without ``text``: a section, and without ``section``: the record itself."""

    section: str
    text: str
    where: Where


@dataclass(frozen=True, slots=True)
class Sheet:
    """A dossier as HTML, with all that WeasyPrint needs to set it. Markup exists from here on."""

    slug: str
    html: str
    styles: Mapping[str, str]
    """CSS by density (``tight``, ``normal``, ``roomy``); one text for all dossiers of a layout, theme and paper."""
    art: Mapping[str, str]
    """SVG by the ``art:`` address that ``html`` and ``styles`` use."""
    density: str
    """The density predicted from character counts."""
    lang: str
    read: frozenset[Path] = frozenset()
    laid: tuple[Laid, ...] = ()
    """Its pages in order."""
    """Every file the sheet was made from."""
    places: tuple[Place, ...] = ()
    """Where what it shows stands in the record's file, for those who find something wrong with a page."""
    coarse: bool = False
    """Whether its pages are drawn with no more decimals than an eye can see."""


@dataclass(frozen=True, slots=True)
class Laid:
    """One page as it was laid out: the name its ``@page`` rule goes by, and the height in mm its content takes."""

    name: str
    used: float


@dataclass(frozen=True, slots=True)
class Part:
    """A finished PDF and what was seen while it was made."""

    slug: str
    pdf: bytes
    pages: int
    density: str
    layouts: int
    """How many times it was laid out before one was accepted."""
    spared: bool = False
    """Whether furniture was left out for want of room."""
    problems: tuple[Problem, ...] = ()
    """What went wrong without stopping it: CSS that is not understood, an image that is not there."""
    remarks: tuple[Problem, ...] = ()
    """What a look at the pages would find: a short page, a stranded heading, text out of its box."""
    read: frozenset[Path] = frozenset()
    laid: tuple[Laid, ...] = ()
    """Its pages in order."""
