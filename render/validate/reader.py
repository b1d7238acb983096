"""Reads the strings of a file as running text, and notes what in them cannot be read, reached or printed."""

from __future__ import annotations

import bisect
import functools
import unicodedata
from collections.abc import Callable, Collection, Mapping
from typing import Any

from .. import inline, wording
from ..load import Source, Steps
from ..problems import Problem, Where, error
from ..record import Value
from ..relations import slugs
from ..text import Text

Covered = Callable[[int], bool]
_SPACE = " \t\r\n"


def not_on_file(what: str, slug: str, where: Where, on_file: Collection[str]) -> Problem:
    """The problem of a slug that names nothing; ``what`` is what names it, ``specimen`` or ``[[…]]``."""
    near = wording.nearest(slug, on_file)
    hint = f'did you mean "{near}"?' if near else f"file it as {slug}.yaml"
    if what == "specimen" and not near:
        hint += ", or give the role in words: title, summary and match"
    return error("not-on-file", where, f"{what} names {slug}, which is not on file", hint)


class Reader:
    """Turns strings into ``Text``, and notes what in them cannot be read or printed."""

    def __init__(self, source: Source, covered: Covered | None, on_file: Collection[str] | None = None) -> None:
        self.source = source
        self.covered = covered
        self.on_file = on_file
        self.slug = source.path.stem
        self.problems: list[Problem] = []

    def value(self, value: Any, path: Steps) -> Value:
        if isinstance(value, str):
            return self.text(value, path)
        if isinstance(value, dict):
            return {key: self.value(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner, (*path, index)) for index, inner in enumerate(value)]
        plain: int | float | bool | None = value
        return plain

    def text(self, words: str, path: Steps) -> Text:
        bare = words.strip(_SPACE)
        if words and not words.strip():
            message = f"{wording.named(path)} is empty"
            where = self.source.where(path)
            self.problems.append(error("no-value", where, message, "write it, or leave the key out"))
        try:
            text = inline.parse(bare, self.slug, path)
        except inline.MarkError as reason:
            where = self._place_of(path, bare[reason.offset : reason.offset + 2], bare[: reason.offset])
            self.problems.append(error("unclosed-mark", where, reason.message, reason.hint))
            return Text("")
        if self.covered is not None and not text.isascii():
            self._print(text, path, self.covered)
        if self.on_file is not None and "[[" in bare:
            for slug in dict.fromkeys(slugs(text.spans)):
                if slug not in self.on_file:
                    where = self._place_of(path, f"[[{slug}", "")
                    self.problems.append(not_on_file("[[…]]", slug, where, self.on_file))
        return text

    def relatives(self, related: Value) -> None:
        """Hold the specimens that [11] names against what is on file."""
        if self.on_file is None or not isinstance(related, list):
            return
        for index, item in enumerate(related):
            slug = item.get("specimen") if isinstance(item, Mapping) else None
            if isinstance(slug, str) and slug not in self.on_file:
                where = self.source.where(("related", index, "specimen"))
                self.problems.append(not_on_file("specimen", str(slug), where, self.on_file))

    def _print(self, words: str, path: Steps, covered: Covered) -> None:
        """Note the first character that no font has; how many more there are is said with it."""
        composed = unicodedata.normalize("NFC", words)
        lacking = [c for c in dict.fromkeys(composed) if not c.isascii() and not _invisible(c) and not covered(ord(c))]
        if not lacking:
            return
        first = lacking[0]
        called = unicodedata.name(first, "").lower()
        message = f"no font has U+{ord(first):04X}" + (f" ({called})" if called else "")
        if len(lacking) > 1:
            message += f", nor {len(lacking) - 1} other{'s' if len(lacking) > 2 else ''} in this value"
        where = self._place_of(path, first, "")
        hint = "add a font that has it with --font-dir, or write it otherwise"
        self.problems.append(error("no-glyph", where, message, hint))

    @functools.cached_property
    def _starts(self) -> list[Where]:
        """Where every value and key of the file begins, in its order."""
        return sorted({*self.source.marks.values(), *self.source.keys.values()})

    def _place_of(self, path: Steps, wanted: str, before: str) -> Where:
        """Where ``wanted`` stands in the file, when the value's source shows it; else the value's place.

        ``before`` is what precedes it in the value: it is skipped as often as it holds ``wanted`` itself.
        """
        start = self.source.where(path)
        after = bisect.bisect_right(self._starts, start)
        end = self._starts[after] if after < len(self._starts) else None
        skip = before.count(wanted)
        for number in range(start.line, (end.line if end else len(self.source.lines)) + 1):
            line = self.source.lines[number - 1]
            column = start.column - 1 if number == start.line else 0
            stop = end.column - 1 if end and number == end.line else len(line)
            while (column := line.find(wanted, column, stop)) >= 0:
                if skip == 0:
                    return Where(start.file, number, column + 1)
                skip -= 1
                column += len(wanted)
        return start


def _invisible(character: str) -> bool:
    """Whether a character shapes its neighbours and leaves no mark of its own."""
    return unicodedata.category(character) == "Cf" or "\ufe00" <= character <= "\ufe0f"
