"""Words that run from the right, where letters are placed one by one: joined, and in the order they stand in.

WeasyPrint sets SVG text letter by letter, from the left, each as if it stood alone, and binding sets running heads
so. There Arabic letters are exchanged for the presentation forms that Unicode has of them, by the joining that these
forms tell (a letter with an initial form joins the next one), and runs from the right are turned round. It is the
part of the Unicode Bidirectional Algorithm (UAX #9) that a label needs: one line, no embeddings.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping

_FORMS = (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)
_RIGHT, _LEFT, _FIGURES = ("R", "AL"), ("L",), ("EN", "AN")
_ALEF = "\u0622\u0623\u0625\u0627"
_LAM = "\u0644"


def visual(text: str) -> str:
    """The text as its letters stand from left to right, joined."""
    return ordered(_joined(text)) if _runs_right(text) else text


def ordered(text: str) -> str:
    """The same for a face without presentation forms: each letter as it stands alone."""
    if not _runs_right(text):
        return text
    levels = _levels(text)
    turned = list(zip(text, levels, strict=True))
    for level in range(max(levels), 0, -1):
        turned = _turn(turned, level)
    return "".join(_mirrored(char) if level % 2 else char for char, level in turned)


def _runs_right(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(char) in _RIGHT for char in text)


def _levels(text: str) -> list[int]:
    """The level of each letter: odd runs from the right. The first letter of all says which way the line runs."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    base = int(next(kind for kind in kinds if kind in (*_RIGHT, *_LEFT)) in _RIGHT)
    level_of = {True: 1, False: 2 * base}
    levels: list[int] = []
    right: list[bool | None] = []
    last = bool(base)
    for kind in kinds:
        if kind in _RIGHT or kind in _LEFT:
            last = kind in _RIGHT
        figure = kind in _FIGURES
        known = figure or kind in _RIGHT or kind in _LEFT or kind == "NSM"
        right.append(last if known else None)
        levels.append(2 if figure and last else level_of[last])
    for at, one in enumerate(right):
        if one is None:
            before = next((side for side in right[at::-1] if side is not None), bool(base))
            after = next((side for side in right[at:] if side is not None), bool(base))
            levels[at] = level_of[before] if before == after else base
    return levels


def _turn(letters: list[tuple[str, int]], level: int) -> list[tuple[str, int]]:
    turned: list[tuple[str, int]] = []
    run: list[tuple[str, int]] = []
    for letter in [*letters, ("", -1)]:
        if letter[1] >= level:
            run.append(letter)
        else:
            turned += run[::-1]
            turned.append(letter)
            run = []
    return turned[:-1]


def _mirrored(char: str) -> str:
    return _MIRROR.get(char, char) if unicodedata.mirrored(char) else char


_MIRROR = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))


def _joined(text: str) -> str:
    """Arabic letters in the form that their neighbours give them; marks over them do not part them."""
    forms = _forms()
    out: list[str] = []
    for at, char in enumerate(text):
        own = forms.get(char)
        if own is None:
            out.append(char)
            continue
        before, after = _neighbour(text, at, -1), _neighbour(text, at, 1)
        if char in _ALEF and before == _LAM and text[at - 1] == _LAM:
            out.pop()
            linked = "initial" in forms.get(_neighbour(text, at - 1, -1), {})
            out.append(forms[_LAM + char]["final" if linked else "isolated"])
            continue
        joins_before = "final" in own and "initial" in forms.get(before, {})
        joins_after = "initial" in own and "final" in forms.get(after, {})
        name = ("medial" if joins_before else "initial") if joins_after else "final" if joins_before else "isolated"
        out.append(own.get(name, char))
    return "".join(out)


def _neighbour(text: str, at: int, step: int) -> str:
    at += step
    while 0 <= at < len(text) and unicodedata.combining(text[at]):
        at += step
    return text[at] if 0 <= at < len(text) else ""


@functools.cache
def _forms() -> Mapping[str, Mapping[str, str]]:
    """Presentation forms by letter (or lam with alef), then by name: isolated, initial, medial, final."""
    found: dict[str, dict[str, str]] = {}
    for first, last in _FORMS:
        for point in range(first, last + 1):
            name, *letters = unicodedata.decomposition(chr(point)).split() or [""]
            plain = "".join(chr(int(letter, 16)) for letter in letters)
            wanted = len(plain) == 1 or (len(plain) == 2 and plain[0] == _LAM and plain[1] in _ALEF)
            if name in ("<isolated>", "<initial>", "<medial>", "<final>") and wanted:
                found.setdefault(plain, {})[name[1:-1]] = chr(point)
    return found
