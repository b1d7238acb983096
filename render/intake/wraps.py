"""Undoes an editor's hard line breaks: ``… a sentence that was`` / ``broken at column 80``.

A breaker puts a word on the next line when it does not fit. So a line was broken off where the next line's first word
would not have fitted, and nowhere else. That a text was broken at all shows by lines that begin small: nearly all of
them then follow a line that was full.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from .lines import Line
from .words import finished

WIDEST = 132
"""Columns. What reaches farther was not broken by an editor."""
_SIGNS = 3
"""So many small beginnings after full lines make a text a broken one, if they are four in five of all there are."""
_BEGINS = re.compile(r"[\[*→#]|[-•·▪◦‣–—]+ |\d{1,3}[.)] |[A-Z]{4,} [A-Z]{4,}")
"""How a line begins that goes on with nothing."""
_QUOTES = '"“„«'
_SOURCE = re.compile(r"(?:^|[\"”»]\s*)(?:—|–|--?)\s?\w")
"""How the line after a complaint reads."""
_SMALL = frozenset(["from", "into", "over", "with"])
"""Longer words that titles leave small."""


def joined(lines: Sequence[Line]) -> tuple[list[Line], int]:
    """The lines as they were before they were broken, and the width they were broken at; 0 when they were not."""
    width = max((line.width for line in lines), default=0)
    small = [(line, after) for line, after in pairwise(lines) if after.text[:1].islower() and not after.gap]
    full = [after for line, after in small if _full(line, after, width)]
    if width > WIDEST or len(full) < _SIGNS or len(full) * 5 < len(small) * 4:
        return list(lines), 0
    whole: list[Line] = []
    for number, line in enumerate(lines):
        last = lines[number - 1] if number else line
        following = lines[number + 1] if number + 1 < len(lines) else None
        if number and _full(last, line, width) and _goes_on(whole[-1].text, line, following, width):
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}")
        else:
            whole.append(line)
    return whole, width


def _full(line: Line, after: Line, width: int) -> bool:
    return line.width + 1 + len(after.text.split(" ", 1)[0]) > width


def _goes_on(said: str, line: Line, following: Line | None, width: int) -> bool:
    """Whether ``line`` can be the rest of ``said``, whose last line was full."""
    if line.gap:
        return False
    if said.rfind("[") > said.rfind("]"):
        return True
    if said.isupper() or line.text.isupper() or _BEGINS.match(line.text):
        return False
    if _is_name(said) and line.text[0].isupper() and not _is_name(line.text):
        return False
    if line.text[0] in _QUOTES and (finished(said) or _SOURCE.search(said)):
        return False
    # a short line that ends no sentence is the next thing's name
    short = following is None or not _full(line, following, width)
    return not (finished(said) and short and not finished(line.text))


def _is_name(text: str) -> bool:
    """Whether ``text`` is written as titles are, every long word with a capital."""
    words = [word for word in re.findall(r"[^\W\d_]{4,}", text) if word not in _SMALL]
    return bool(words) and all(word[0].isupper() for word in words)
