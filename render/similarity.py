"""How alike two specimens read, as a whole number from 0 to 100.

The measure is the cosine of two vectors of weighted terms (Salton and Buckley 1988, "Term-weighting approaches in
automatic text retrieval", Information Processing & Management 24: logarithm of the frequency in the text, times the
inverse document frequency of Sparck Jones 1972, normalized by length). Fields count by ``WEIGHTS``: a term's
frequencies in them are added up with these weights before the logarithm is taken (Robertson, Zaragoza and Taylor 2004,
"Simple BM25 extension to multiple weighted fields", CIKM). The logarithm is to base 2, rounded down, plus one.

The document frequencies are those of ``similarity.weights.txt``, which ships and does not change with an archive: a
match depends on the two records and on the titles of their families and divisions in ``archive.yaml``, so that no
other record of an archive moves it. A term that is not listed there counts as one seen in a single record.

Terms are the casefolded words of two letters or more, of any script, without accents and other combining marks; in
scripts that put no spaces between words, pairs of neighbouring letters. Stop words are left out for English only, and
English plurals are cut by the S-stemmer (Harman 1991, "How effective is suffixing?", JASIS 42).

All of this is arithmetic of whole numbers, up to one division at the end: it is exact, symmetric and the same in every
process.
"""

from __future__ import annotations

import functools
import heapq
import itertools
import operator
import re
import sys
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log, sqrt
from pathlib import Path

from .text import REDACTED

TABLE = Path(__file__).with_name("similarity.weights.txt")

WEIGHTS = (4, 2, 1, 4, 4)
"""How often a word counts that stands once in the title, the summary, the sections, the tags, the taxon."""

UNLISTED = 26
"""The weight of a term that the table does not list: that of one in a single record of 36."""

HALF = 0.0703
"""The cosine that is half way up the scale. ``tests/bench/weights.py`` says what it must be."""

_RARE = 32
"""A term is rare when fewer than one specimen in so many has it. It bounds what the index takes."""

_STRETCH = 128
"""Specimens of nearly the same length that an index looks through at once, if one of them may be among the closest."""

_GROUP = 6
_KEPT = 4096
"""How many sums of groups an index keeps: of 10,000 specimens, 80 MB."""

_WORD = re.compile(r"[^\W_]{2,}")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Thai and Lao, Burmese, Khmer, kana, Han."""

_STOP_WORDS = """a about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each every few for from further had has
    have having he her here hers him his how if in into is it its itself just like may me might more most must
    my never no nor not now of off on once one only or other our ours out over own per same she should so some
    such than that the their theirs them then there these they this those through to too under until up upon
    us very via was we were what when where whether which while who whom whose why will with within without
    would yet you your yours
    aren couldn didn doesn don hadn hasn haven isn ll re shouldn ve wasn weren won wouldn
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Fields:
    """What of a specimen is compared, each field as texts."""

    title: str
    summary: str
    words: Iterable[str] = ()
    tags: Iterable[str] = ()
    taxon: Iterable[str] = ()
    """The titles of its family and division."""

    def weighed(self) -> Iterator[tuple[int, str]]:
        """Each field as one text, with its weight."""
        texts = ((self.title,), (self.summary,), self.words, self.tags, self.taxon)
        return zip(WEIGHTS, map("\n".join, texts), strict=True)


@dataclass(frozen=True, slots=True)
class Terms:
    """A specimen's terms, numbered by its ``Vocabulary``, and their levels, which are logarithms of frequencies."""

    numbers: array[int]
    levels: bytes
    square: int
    """The weighted product with itself."""


class Vocabulary:
    """Turns texts into terms that can be compared with each other."""

    def __init__(self) -> None:
        self.weights: list[int] = []
        """Of the terms by their numbers."""
        self._numbers: dict[str, int] = {}
        self._known: dict[str, tuple[int, ...]] = {}

    def terms(self, fields: Fields) -> Terms:
        found: defaultdict[int, int] = defaultdict(int)
        for weight, text in fields.weighed():
            for word, count in Counter(words(text)).items():
                numbers = self._known.get(word)
                for number in self._learn(word) if numbers is None else numbers:
                    found[number] += weight * count
        # A level of 255 would take a text of more letters than there are atoms.
        levels = bytes(count.bit_length() for count in found.values())
        square = sum(self.weights[number] * level * level for number, level in zip(found, levels, strict=True))
        return Terms(array("I", found), levels, square)

    def product(self, one: Terms, other: Terms) -> int:
        """The weighted product of two specimens' terms."""
        mine, weights = dict(zip(one.numbers, one.levels, strict=True)), self.weights
        pairs = zip(other.numbers, other.levels, strict=True)
        return sum(weights[number] * mine[number] * level for number, level in pairs if number in mine)

    def match(self, one: Terms, other: Terms) -> int:
        """The match of two specimens, 0 to 100."""
        return scaled(self.cosine(one, other))

    def cosine(self, one: Terms, other: Terms) -> float:
        return _cosine(self.product(one, other), one.square, other.square)

    def _learn(self, word: str) -> tuple[int, ...]:
        numbers = []
        for term in terms_of(word):
            if term not in self._numbers:
                self._numbers[term] = len(self.weights)
                self.weights.append(_table().get(term, UNLISTED))
            numbers.append(self._numbers[term])
        self._known[word] = tuple(numbers)
        return self._known[word]


class Index:
    """Specimens by their terms, to find the closest to each of them without comparing every pair.

    The levels that a frequent term has in all specimens are one long number with a lane for each specimen: adding up
    such numbers adds up all lanes at once. No lane overflows, since no product is larger than the largest square
    (Cauchy and Schwarz). Sums of terms that often come together are kept, by groups of ``_GROUP`` (Arlazarov, Dinic,
    Kronrod and Faradzev 1970, "On economical construction of the transitive closure of a directed graph"). A rare term
    has a list of specimens.
    """

    def __init__(self, specimens: Mapping[str, Terms], vocabulary: Vocabulary) -> None:
        self._slugs = sorted(specimens, key=lambda slug: (specimens[slug].square, slug))
        self._places = {slug: place for place, slug in enumerate(self._slugs)}
        self._terms = [specimens[slug] for slug in self._slugs]
        self._roots = [sqrt(one.square) or 1.0 for one in self._terms]
        most = max((one.square for one in self._terms), default=0)
        self._lane = next(code for code in "HIQ" if most < 1 << 8 * array(code).itemsize)
        self._size = array(self._lane).itemsize * len(self._slugs)
        self._rare: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._sums: dict[tuple[int, ...], int] = {}
        for place, one in enumerate(self._terms):
            for number, level in zip(one.numbers, one.levels, strict=True):
                self._rare[number].append((place, vocabulary.weights[number] * level))
        for number in [number for number, found in self._rare.items() if len(found) * _RARE > len(self._slugs)]:
            lanes = array(self._lane, bytes(self._size))
            for place, value in self._rare.pop(number):
                lanes[place] = value
            self._sums[number,] = int.from_bytes(lanes.tobytes(), sys.byteorder)
        self._most = len(self._sums) + _KEPT

    def closest(self, slug: str, count: int) -> list[tuple[str, int]]:
        """The slugs closest to one specimen and their matches, the closest first; of equals the first by name."""
        own = self._places[slug]
        products = self._products(self._terms[own])
        products[own] = 0
        starts = range(0, len(self._slugs), _STRETCH)
        # Roots rise from place to place: in a stretch none is smaller than the first.
        bounds = sorted((max(products[start : start + _STRETCH]) / self._roots[start], start) for start in starts)
        best: list[tuple[float, str]] = []
        while bounds and (len(best) <= count or bounds[-1][0] >= -best[-1][0]):
            _, start = bounds.pop()
            stretch = slice(start, start + _STRETCH)
            scores = map(operator.truediv, products[stretch], self._roots[stretch])
            best = heapq.nsmallest(
                count + 1, [*best, *zip(map(operator.neg, scores), self._slugs[stretch], strict=True)]
            )
        found = [other for _, other in best if other != slug]
        return [(other, self._match(products, own, self._places[other])) for other in found[:count]]

    def _match(self, products: array[int], own: int, place: int) -> int:
        return scaled(_cosine(products[place], self._terms[own].square, self._terms[place].square))

    def _products(self, one: Terms) -> array[int]:
        """The weighted product with each specimen."""
        rare: list[tuple[int, int]] = []
        common: defaultdict[int, list[int]] = defaultdict(list)
        for number, level in zip(one.numbers, one.levels, strict=True):
            if number in self._rare:
                rare.append((number, level))
            else:
                common[level].append(number)
        total = sum(level * sum(map(self._sum, _groups(numbers))) for level, numbers in common.items())
        products = array(self._lane, total.to_bytes(self._size, sys.byteorder))
        for number, level in rare:
            for place, value in self._rare[number]:
                products[place] += level * value
        return products

    def _sum(self, numbers: tuple[int, ...]) -> int:
        found = self._sums.get(numbers)
        if found is None:
            found = sum(self._sums[number,] for number in numbers)
            if len(self._sums) < self._most:
                self._sums[numbers] = found
        return found


def _groups(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    """Neighbours among the numbers of terms: words that first stood beside each other."""
    return (tuple(group) for _, group in itertools.groupby(sorted(numbers), lambda number: number // _GROUP))


def weight(holders: int, records: int) -> int:
    """The weight of a term that some of so many records have: twice the square of its inverse document frequency.

    The square, since it is a factor of both vectors; twice, to keep a half when it is rounded; and one at least, so
    that every text is like itself.
    """
    return max(1, round(2 * log(records / holders) ** 2))


def _cosine(product: int, square: int, other_square: int) -> float:
    return product / sqrt(square * other_square) if product else 0.0


def scaled(cosine: float) -> int:
    """A cosine on the scale from 0 to 100: steep at first and flat at the end, as cosines of texts crowd near 0.

    With ``HALF`` as it is, one pair in twenty of the archive that ships comes to 80 or more. Only what reads the same,
    but for the order of its words, comes to 100.
    """
    square, half = cosine * cosine, HALF * HALF
    return 100 if cosine >= 1 else min(99, round(100 * square * (1 + half) / (square + half)))


def terms_of(word: str) -> tuple[str, ...]:
    """The terms that one of ``words`` stands for: none for a stop word."""
    if _UNSPACED.search(word):
        return tuple(map("".join, itertools.pairwise(word)))
    stem = _stem(word)
    return () if word in _STOP or stem in _STOP else (stem,)


def words(text: str) -> list[str]:
    """The words of a text as they are compared, before they become terms."""
    text = text.replace(REDACTED, " ").casefold()
    if not text.isascii():
        text = _marks().sub("", unicodedata.normalize("NFKD", text))
    found: list[str] = _WORD.findall(text)
    return found


@functools.cache
def _marks() -> re.Pattern[str]:
    """Combining marks, joiners and soft hyphens: what stands inside words and is no letter."""
    inside = (chr(code) for code in range(0xAD, 0x1_0000))
    return re.compile(f"[{''.join(c for c in inside if unicodedata.category(c) in _MARKS)}]+")


_MARKS = {"Mn", "Mc", "Me", "Cf"}


@functools.cache
def _table() -> dict[str, int]:
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return {term: int(weight) for weight, *terms in lines for term in terms}


def _stem(word: str) -> str:
    """Harman's S-stemmer: ``policies`` is ``policy``, ``engineers`` is ``engineer``."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
