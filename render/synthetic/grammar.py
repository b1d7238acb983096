"""Sentences from lists of words: an entry's ``{name}`` stands for an entry of the list of that name."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

from .. import load

Parts = tuple[str, ...]
"""An entry taken apart: plain text at even places, names of lists at odd ones."""

_WORDS = Path(__file__).with_name("words.yaml")
_SLOT = re.compile(r"\{(\w+)\}")
_ALL = (1 << 64) - 1


class Dice:
    """Numbers that look thrown and are the same for the same seed, on every machine and Python (SplitMix64)."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 0x632BE59BD9B4E019 + 0x9E3779B97F4A7C15 & _ALL

    def below(self, bound: int) -> int:
        """From 0 up to ``bound``, which is not among them."""
        self._state = self._state + 0x9E3779B97F4A7C15 & _ALL
        mixed = (self._state ^ self._state >> 30) * 0xBF58476D1CE4E5B9 & _ALL
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _ALL
        return (mixed ^ mixed >> 31) % bound


class Grammar:
    """The lists of ``words.yaml``."""

    def __init__(self) -> None:
        self.words: dict[str, list[str]] = load.load(_WORDS).data
        self._parts = {name: [tuple(_SLOT.split(entry)) for entry in entries] for name, entries in self.words.items()}

    def speaker(self, dice: Dice) -> Callable[[str], str]:
        """A function that says an entry of a list. Each list is gone through from a thrown place in a thrown order."""
        decks: dict[str, tuple[int, int]] = {}

        def draw(name: str) -> Parts:
            entries = self._parts[name]
            if name not in decks:
                decks[name] = dice.below(len(entries)), _step(dice, len(entries))
            place, step = decks[name]
            decks[name] = (place + step) % len(entries), step
            return entries[place]

        def say(name: str) -> str:
            # A capital's name asks for a capital: {Number} for an entry of `number`.
            parts = draw(name.lower())
            text = parts[0] + "".join(say(parts[i]) + parts[i + 1] for i in range(1, len(parts), 2))
            return text[:1].upper() + text[1:] if name[:1].isupper() else text

        return say


def _step(dice: Dice, length: int) -> int:
    """A stride that visits every place of a list before it comes back to one."""
    if length < 3:
        return 1
    while True:
        step = 1 + dice.below(length - 1)
        if math.gcd(step, length) == 1:
            return step
