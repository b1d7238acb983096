"""What was seen on pages, said to whoever writes records: with the place in the file and what helps."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ..problems import Problem, Where, warning
from ..record import Sheet
from .inspect import Finding

_HINTS = {
    "overflow": "shorten it, or give a long word a place to break (a hyphen, a space)",
    "short-page": "shorten or split the entry that comes next, or let the layout break it",
    "stranded-heading": "the layout should keep a heading with what follows it (break-after: avoid)",
    "split": "the layout should keep it whole (break-inside: avoid)",
    "alone": "the layout should keep the last two together (break-after: avoid), or add or leave out a line before",
}

_OF_DRAWINGS = "the layout leaves it less room than it takes"

_GLYPH = re.compile(r"^\.notdef glyph .*\(U\+([0-9A-F]{4,6})\)$")

_MENDED = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u00ad": ""})


def warnings(findings: Iterable[Finding], sheet: Sheet) -> tuple[Problem, ...]:
    """Findings as warnings, each at the string it is about, else at its section, else at the file."""
    found = []
    for one in findings:
        section = one.section.removeprefix(f"{sheet.slug}-")
        place = next(_holding(sheet, section, one.text), None) or _of_section(sheet, section)
        hint = _HINTS[one.code] if one.text or one.code != "overflow" else _OF_DRAWINGS
        found.append(warning(one.code, place, f"page {one.page}: {one.detail}", hint))
    return tuple(dict.fromkeys(found))


def with_places(problems: Iterable[Problem], sheet: Sheet) -> Iterator[Problem]:
    """The same problems; those about a missing glyph say where in the record it is asked for."""
    for problem in problems:
        if match := _GLYPH.match(problem.message):
            yield from _glyph(chr(int(match[1], 16)), sheet)
        else:
            yield problem


def _glyph(character: str, sheet: Sheet) -> Iterator[Problem]:
    name = unicodedata.name(character, "").lower()
    message = f"no font has U+{ord(character):04X}" + (f" ({name})" if name else "") + "; an empty box is printed"
    hint = "add a font that has it with --font-dir, or write it otherwise"
    holders = [place.where for place in sheet.places if character in unicodedata.normalize("NFC", place.text)]
    if not holders:
        message, holders = f"{message}, for a word that is not the record's own", [_of_section(sheet, "")]
    yield from (warning("missing-glyph", where, message, hint) for where in holders)


def _holding(sheet: Sheet, section: str, text: str) -> Iterator[Where]:
    """The strings of a section that hold a printed text, then those within it, then those that hold its longest word.

    The cover belongs to no section; what stands there may come from any.
    """
    printed = _folded(text)
    longest = _folded(max(re.findall(r"\w{4,}", text), key=len, default=""))
    places = [(_folded(place.text), place.where) for place in sheet.places if section in ("", place.section)]
    if printed:
        yield from (where for held, where in places if printed in held)
        inner = [(len(held), where) for held, where in places if len(held) > 3 and held in printed]
        yield from (where for _, where in sorted(inner, key=lambda one: -one[0]))
    if longest:
        yield from (where for held, where in places if longest in held)


def _of_section(sheet: Sheet, section: str) -> Where:
    """Where a section begins, or the file, whose place comes first."""
    own = [place.where for place in sheet.places if place.section in ("", section) and not place.text]
    return own[-1] if own else Where(sheet.slug)


def _folded(text: str) -> str:
    """Without what typesetting changes: capitals, quotation marks, dashes, hyphens and spaces."""
    return re.sub(r"[\s-]+", "", text.translate(_MENDED).casefold())
