"""How alike two specimens read, as a whole number from 0 to 100.

For each of three fields (title, summary, everything else) the cosine of the two sets of terms is taken:
shared terms divided by the geometric mean of both counts. It is also known as the Ochiai coefficient
(Ochiai 1957, "Zoogeographical studies on the soleoid fishes found in Japan", Bull. Jap. Soc. Sci. Fish. 22;
as a measure for texts: Salton and McGill 1983, "Introduction to Modern Information Retrieval", chapter 6).
The match is the fields' mean, weighted 2 : 1 : 2. It is symmetric, 100 for two equal texts, and depends
on nothing but these two: no other record of the archive moves it.

Terms are casefolded words of two letters or more, without stop words; English plurals are cut by the S-stemmer
(Harman 1991, "How effective is suffixing?", JASIS 42).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import sqrt

from .text import REDACTED

WEIGHTS = (2, 1, 2)
"""Of title, summary, and all other words."""

Terms = tuple[int, ...]
"""A field each: the set of its terms, as the bits of one number."""

_WORD = re.compile(r"[^\W_]{2,}")
_STOP_WORDS = """a about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each every few for from further had has
    have having he her here hers him his how if in into is it its itself just like may me might more most must
    my never no nor not now of off on once one only or other our ours out over own per same she should so some
    such than that the their theirs them then there these they this those through to too under until up upon
    us very via was we were what when where whether which while who whom whose why will with within without
    would yet you your yours
"""
_STOP = frozenset(_STOP_WORDS.split())


class Vocabulary:
    """Turns texts into sets of terms that can be compared with each other."""

    def __init__(self) -> None:
        self._bits: dict[str, int] = {}

    def terms(self, title: str, summary: str, words: Iterable[str]) -> Terms:
        return tuple(self._set(text) for text in (title, summary, "\n".join(words)))

    def _set(self, text: str) -> int:
        found = 0
        for word in set(_WORD.findall(text.replace(REDACTED, " ").casefold())) - _STOP:
            found |= 1 << self._bits.setdefault(_stem(word), len(self._bits))
        return found


def match(one: Terms, other: Terms) -> int:
    """The match of two sets of terms from one ``Vocabulary``, 0 to 100. A field that both lack does not count."""
    total = 0.0
    weights = 0
    for mine, theirs, weight in zip(one, other, WEIGHTS, strict=True):
        if mine or theirs:
            weights += weight
            if shared := (mine & theirs).bit_count():
                total += weight * shared / sqrt(mine.bit_count() * theirs.bit_count())
    return round(100 * total / weights) if weights else 0


def _stem(word: str) -> str:
    """Harman's S-stemmer: ``policies`` is ``policy``, ``engineers`` is ``engineer``."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
