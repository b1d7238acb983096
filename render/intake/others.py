"""The other records, found by title as a text happens to write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from .words import same

_LIKE = 0.8
"""Of two spellings of a word, more than this is one word: ``Procurment``, not ``Senior`` for ``Junior`` (0.67)."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record that a title leads to. ``guess`` says why when the title is not quite the record's own."""

    slug: str
    guess: str = ""


class Others:
    """Slugs by title, and what is said of each record by slug."""

    def __init__(self, titles: Iterable[tuple[str, str]] = (), told: Mapping[str, str] | None = None) -> None:
        """``titles``: title and slug of each record. ``told``: a summary by slug."""
        self.told = dict(told or {})
        self._exact: dict[str, list[str]] = {}
        self._near: dict[tuple[int, int, str], list[tuple[tuple[str, ...], str, str]]] = {}
        for title, slug in titles:
            slugs = self._exact.setdefault(same(title), [])
            if slug in slugs:
                continue
            slugs.append(slug)
            words = _words(title)
            for place, word in enumerate(words):
                self._near.setdefault((len(words), place, word), []).append((words, title, slug))
            if len(words) == 1:
                self._near.setdefault((1, 0, ""), []).append((words, title, slug))

    def named(self, title: str, *, besides: str = "") -> Named | None:
        """The record a title names: its own title, else the nearest if one is near. ``besides``: never guessed."""
        slugs = self._exact.get(same(title), [])
        if slugs:
            also = f"{', '.join(slugs[1:])} {'has' if len(slugs) == 2 else 'have'} this title, too"
            return Named(slugs[0], also if slugs[1:] else "")
        words = _words(title)
        ranked = sorted(
            {
                (-_likeness(words, other), known, slug)
                for other, known, slug in self._candidates(words)
                if slug != besides
            }
        )
        near = [candidate for candidate in ranked if candidate[0]]
        if not near or (len(near) > 1 and near[0][0] == near[1][0]):
            return None
        return Named(near[0][2], f"the text says {title}; on file is {near[0][1]}")

    def _candidates(self, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, str]]:
        """Titles of as many words that share one of the rarest: with so few to differ, one of them must be the same."""
        if len(words) == 1:
            yield from self._near.get((1, 0, ""), ())
            return
        shelves = [self._near.get((len(words), place, word), []) for place, word in enumerate(words)]
        for shelf in sorted(shelves, key=len)[: _slips(words) + 1]:
            yield from shelf


def _slips(words: tuple[str, ...]) -> int:
    """How many words of a title may be misspelt."""
    return max(1, len(words) // 3)


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """How near two titles of as many words are: 0 for two roles, 1 for one but for its punctuation."""
    unlike = [(mine, theirs) for mine, theirs in zip(one, other, strict=True) if mine != theirs]
    if len(unlike) > _slips(one) or any(char.isdigit() for pair in unlike for word in pair for char in word):
        return 0.0
    ratios = [SequenceMatcher(None, mine, theirs, autojunk=False).ratio() for mine, theirs in unlike]
    return 0.0 if any(ratio <= _LIKE for ratio in ratios) else 1 - sum(1 - ratio for ratio in ratios) / len(one)


def _words(title: str) -> tuple[str, ...]:
    """The words of a title without what two people write differently: hyphens, marks, ``&`` for ``and``."""
    plain = re.sub(r"['’./\-‐‑]", "", same(title)).replace("&", " and ")
    return tuple(re.findall(r"[^\W_]+", plain))
