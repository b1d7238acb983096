"""Lettering: text measured with the faces' own advance widths, and placed.

Sizes and widths are in millimetres unless said otherwise. A character that a face lacks is taken from the next
face of the same tone (``CHAINS``), so nothing is left to the machine's fonts. Kerning is ignored: WeasyPrint sets
SVG text letter by letter, and in running text kerning only makes lines shorter.
"""

from __future__ import annotations

import functools
import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import Literal

from ..bidi import visual
from ..fonts import Face, faces
from .pen import num

PT = 25.4 / 72
"""Millimetres in a point."""

CHAINS = {
    "type": ("type", "fallback"),
    "type-bold": ("type-bold", "fallback"),
    "form": ("form", "fallback"),
    "form-medium": ("form-medium", "fallback"),
    "elite": ("elite", "type", "fallback"),
    "stencil": ("stencil", "form", "fallback"),
    "hand": ("hand", "elite", "type", "fallback"),
}
"""Which faces letter a role, first choice first."""

_voices: ContextVar[Mapping[str, str]] = ContextVar("voices", default={})  # noqa: B039 - never written to

Anchor = Literal["start", "middle", "end"]
_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}
_BREAKS_AFTER = "-/\u2013\u2014"


@dataclass(frozen=True, slots=True)
class Metrics:
    """Advance widths of a face in em, by code point."""

    face: Face
    advances: dict[int, float]


@contextmanager
def voiced(voices: Mapping[str, str]) -> Iterator[None]:
    """While this lasts, roles are lettered by those that ``voices`` gives them: a rendition does with fewer faces."""
    before = _voices.set(voices)
    try:
        yield
    finally:
        _voices.reset(before)


def _cast(role: str) -> str:
    return _voices.get().get(role, "elite" if role == "title" else role)


@functools.cache
def metrics(role: str) -> Metrics:
    """The face of a role with its widths. Raises KeyError when no such face ships."""
    from fontTools.ttLib import TTFont

    face = next((face for face in faces() if face.role == role), None)
    if face is None:
        raise KeyError(role)
    with TTFont(face.path, lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return Metrics(face, {point: widths[glyph][0] / em for point, glyph in font.getBestCmap().items()})


@functools.lru_cache(8192)
def _place(role: str, char: str) -> tuple[str, float]:
    """The role whose face has a character, and the character's advance in em."""
    point, chain = ord(char), CHAINS[role]
    if point > 0x2FF and char.isalpha() and not unicodedata.name(char, "").startswith("LATIN"):
        # A text face has a stray Greek letter or two; a word is not mixed from two faces for them.
        chain = chain[-1:]
    for link in chain:
        advance = metrics(link).advances.get(point)
        if advance is not None:
            return link, advance
    # Left to a face of the user's own; full width or a fallback letter's width is the best guess.
    return chain[-1], 1.0 if unicodedata.east_asian_width(char) in "WF" else 0.6


@functools.lru_cache(4096)
def _em(text: str, role: str) -> float:
    total, link = 0.0, role
    for char in text:
        if char == " ":
            # Pango sets a space in the face of what stands before it.
            total += metrics(link).advances[ord(" ")]
            continue
        link, advance = _place(role, char)
        total += advance
    return total


def measure(text: str, role: str, size: float, spacing: float = 0.0) -> float:
    """The width of one line; ``spacing`` lies between letters only."""
    return _em(text, _cast(role)) * size + spacing * max(0, len(text) - 1)


def wrap(text: str, role: str, size: float, width: float, spacing: float = 0.0) -> list[str]:
    """Greedy lines: broken at spaces and after hyphens, dashes and slashes. A longer word stands on its own line."""
    lines: list[str] = []
    current = ""
    for piece in _pieces(text):
        trial = current + piece
        if current and measure(trial.rstrip(" "), role, size, spacing) > width:
            lines.append(current.rstrip(" "))
            current = piece
        else:
            current = trial
    return [*lines, current.rstrip(" ")] if current.strip(" ") else lines


def fits(text: str, role: str, size: float, width: float, height: float, leading: float) -> bool:
    """Whether the greedy lines at ``size`` fit a box; ``leading`` is the line height in sizes."""
    lines = wrap(text, role, size, width)
    return len(lines) * size * leading <= height and all(measure(line, role, size) <= width for line in lines)


def fit(text: str, role: str, sizes: Sequence[float], width: float, height: float, leading: float = 1.2) -> float:
    """The largest of ``sizes`` (in points) whose greedy lines fit ``width`` x ``height`` mm, else the smallest."""
    for size in sorted(sizes, reverse=True):
        if fits(text, role, size * PT, width, height, leading):
            return size
    return min(sizes)


def chopped(text: str, role: str, size: float, width: float) -> list[str]:
    """Lines as ``wrap`` makes them, with words that are too long cut where the line is full."""
    lines = []
    for whole in wrap(text, role, size, width):
        rest = whole
        while measure(rest, role, size) > width and len(rest) > 1:
            cut = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or measure(rest[:n] + "-", role, size) <= width)
            lines.append(rest[:cut] + "-")
            rest = rest[cut:]
        lines.append(rest)
    return lines


def line(
    x: float,
    y: float,
    text: str,
    role: str,
    size: float,
    colour: str,
    *,
    anchor: Anchor = "start",
    spacing: float = 0.0,
) -> str:
    """One line of text on the baseline ``y``. One element for each face it needs, which is nearly always one."""
    text = visual(text)
    x -= _SHARE[anchor] * measure(text, role, size, spacing)
    extra = f' letter-spacing="{num(spacing)}"' if spacing else ""
    out = []
    for link, run in _runs(text, role):
        if run.strip():
            out.append(f'<text x="{num(x)}" y="{num(y)}"{_font(link, role, size, colour)}{extra}>{escape(run)}</text>')
        x += _em(run, _cast(role)) * size + spacing * len(run)
    return "".join(out)


def labels(
    items: Iterable[tuple[float, float, str, Anchor]], role: str, size: float, colour: str, spacing: float = 0.0
) -> str:
    """Many short labels as one element with a place for each letter: an element costs more than a letter."""
    placed: dict[str, tuple[list[str], list[str], list[str]]] = {}
    for place, y, text, anchor in items:
        x = place - _SHARE[anchor] * measure(text, role, size, spacing)
        for char in visual(text):
            link, advance = _place(_cast(role), char)
            if not char.isspace():
                xs, ys, chars = placed.setdefault(link, ([], [], []))
                xs.append(num(x))
                ys.append(num(y))
                chars.append(char)
            x += advance * size + spacing
    return "".join(
        f'<text x="{" ".join(xs)}" y="{" ".join(ys)}"{_font(link, role, size, colour)}>{escape("".join(chars))}</text>'
        for link, (xs, ys, chars) in placed.items()
    )


def around(
    cx: float, cy: float, radius: float, text: str, role: str, size: float, colour: str, spacing: float = 0.0
) -> str:
    """Words set round a circle, their middle at its top: one element with a place and a turn for each letter."""
    angle = -measure(text, role, size, spacing) / 2 / radius
    placed: dict[str, list[tuple[str, str, str, str]]] = {}
    for char in visual(text):
        link, advance = _place(_cast(role), char)
        turn = angle + advance * size / 2 / radius
        # A letter turns about its left end, which lies half an advance before its middle.
        x = cx + radius * math.sin(turn) - advance * size / 2 * math.cos(turn)
        y = cy - radius * math.cos(turn) - advance * size / 2 * math.sin(turn)
        if not char.isspace():
            placed.setdefault(link, []).append((num(x), num(y), num(math.degrees(turn)), char))
        angle += (advance * size + spacing) / radius
    out = ""
    for link, letters in placed.items():
        xs, ys, turns, chars = (list(column) for column in zip(*letters, strict=True))
        places = f'x="{" ".join(xs)}" y="{" ".join(ys)}" rotate="{" ".join(turns)}"'
        out += f"<text {places}{_font(link, role, size, colour)}>{escape(''.join(chars))}</text>"
    return out


def _font(link: str, role: str, size: float, colour: str) -> str:
    face = metrics(link).face
    font = f' font-family="{face.family}" font-weight="{face.weight}" font-size="{num(size)}" fill="{colour}"'
    if face.weight < 600 <= metrics(_cast(role)).face.weight:
        # A bold face is eked out with a regular one: thicken its strokes.
        font += f' stroke="{colour}" stroke-width="{num(size * 0.045)}"'
    return font


def accented(text: str) -> bool:
    """Whether a capital carries a mark above it, and so stands higher than the cap height."""
    return any(char.isupper() and len(unicodedata.normalize("NFD", char)) > 1 for char in text)


def _runs(text: str, role: str) -> list[tuple[str, str]]:
    """The text cut where the face changes."""
    runs: list[tuple[str, str]] = []
    for char in text:
        link = _place(_cast(role), char)[0]
        if runs and runs[-1][0] == link:
            runs[-1] = (runs[-1][0], runs[-1][1] + char)
        else:
            runs.append((link, char))
    return runs


def _pieces(text: str) -> list[str]:
    """What a line may be broken into; each piece keeps its trailing space or hyphen."""
    pieces = [""]
    for i, char in enumerate(text):
        pieces[-1] += char
        inside = 0 < i < len(text) - 1 and text[i - 1].isalnum() and text[i + 1].isalpha()
        if char == " " or (char in _BREAKS_AFTER and inside) or _parts(text[i : i + 2]):
            pieces.append("")
    return [piece for piece in pieces if piece]


def _parts(pair: str) -> bool:
    """Whether a line may end between two letters that are written without spaces."""
    wide = len(pair) == 2 and not pair.isascii() and all(unicodedata.east_asian_width(char) == "W" for char in pair)
    return wide and pair[0].isalnum() and pair[1].isalnum() and max(pair) < "\uac00"


def trimmed(text: str, role: str, size: float, width: float, spacing: float = 0.0) -> str:
    """The text, or as much of it as fits the width with an ellipsis."""
    if measure(text, role, size, spacing) <= width:
        return text
    while text and measure(text + "\u2026", role, size, spacing) > width:
        text = text[:-1]
    return text.rstrip() + "\u2026"
