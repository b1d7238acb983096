"""Who sits for a portrait: traits drawn from a generator, and the tone of the photograph at any point.

The unit is the photograph's width; y grows downwards and ends near 1.2. Tone is 0 for paper, 1 for solid ink.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Hair = Literal["crop", "parted", "quiff", "curls", "bald", "fringe", "receding", "bob", "long", "bun"]
Dress = Literal["suit", "bow", "vest", "turtle", "lanyard", "hood", "blouse", "open"]
Beard = Literal["none", "full", "moustache", "goatee", "stubble"]
Backdrop = Literal["flash", "chart", "dark"]

_HAIR: tuple[Hair, ...] = ("crop", "parted", "quiff", "curls", "bald", "fringe", "receding", "bob", "long", "bun")
_DRESS: tuple[Dress, ...] = ("suit", "bow", "vest", "turtle", "lanyard", "hood", "blouse", "open")
_LONG_HAIR = ("bob", "long", "bun")


def smooth(low: float, high: float, value: float) -> float:
    """0 below ``low``, 1 above ``high``, and a soft step between."""
    t = max(0.0, min(1.0, (value - low) / (high - low)))
    return t * t * (3 - 2 * t)


def bump(value: float, width: float) -> float:
    return math.exp(-((value / width) ** 2))


@dataclass(frozen=True, slots=True)
class Sitter:
    """Traits of a sitter. ``light`` and ``part`` are -1 for left, 1 for right."""

    x: float
    y: float
    rx: float
    ry: float
    jaw: float
    shoulder: float
    skin: float
    hair: Hair
    hair_tone: float
    dress: Dress
    dress_tone: float
    beard: Beard
    glasses: Literal["none", "round", "square"]
    backdrop: Backdrop
    light: int
    part: int

    @property
    def eyes(self) -> float:
        return self.y - 0.1 * self.ry

    def tone(self, x: float, y: float) -> float:
        """The tone at a point, from the back to the front of the picture."""
        dx = x - self.x
        tone = self._behind(x, y)
        tone = self._hair_behind(dx, y, tone)
        tone = self._body(dx, y, tone)
        u, v = dx / self.rx, (y - self.y) / self.ry
        if v < 1.1 and abs(u) < 1.5:
            tone = self._ears(u, v, tone)
            if self._in_head(u, v):
                tone = self._face(u, v)
        if v < 0.9:
            tone = self._hair_before(u, v, tone)
        return max(0.0, min(1.0, tone))

    def _behind(self, x: float, y: float) -> float:
        reach = math.hypot(x - 0.5 + self.light * 0.06, (y - 0.5) * 0.8)
        tone = 0.015 + 0.20 * smooth(0.24, 0.80, reach) + 0.03 * y
        if self.backdrop == "chart":
            # Lines of a height chart, one row of dots each, every second one short.
            step = y / 0.0955
            if abs(step - round(step)) < 0.075 and (round(step) % 2 == 0 or x > 0.86):
                return max(tone, 0.40)
        if self.backdrop == "dark":
            return 0.25 + tone
        return tone

    def _in_head(self, u: float, v: float) -> bool:
        wide = 1.0 if v < 0 else 1 - (1 - self.jaw) * v * v
        return math.hypot(u / wide, v) < 1

    # ---- below the chin

    def _body(self, dx: float, y: float, tone: float) -> float:
        away = abs(dx)
        neck = self.rx * 0.62
        slope = 0.80 + 0.09 * (dx / self.shoulder) ** 2 + 0.26 * smooth(0.82, 1.08, away / self.shoulder)
        collar = 0.795 + away * 0.55
        on_neck = away < neck and self.y < y < 0.92
        if on_neck:
            shade = 0.30 * smooth(0.1, 1, self.light * dx / neck) + 0.22 * (1 - smooth(0.66, 0.75, y))
            tone = 0.22 + self.skin + shade
        if y > slope - 0.03 * (away < neck * 1.5) and not (on_neck and y < collar - 0.03) and (y > slope or y > collar):
            tone = self._dressed(dx, away, y, neck)
            return max(tone, 0.62) if away > 0.12 and y - slope < 0.014 else tone
        if self.dress == "turtle" and away < neck * 1.16 and y > 0.74:
            return 0.72 if int(dx * 60 + 50) % 2 else 0.95
        if self.dress == "hood" and away > neck * (1.05 - 2.2 * max(0.0, y - 0.74)):
            ring = math.hypot(dx / (neck * 1.95), (y - 0.80) / 0.155)
            if ring < 1:
                return 0.95 if ring > 0.74 else self.dress_tone - 0.24
        return tone

    def _dressed(self, dx: float, away: float, y: float, neck: float) -> float:
        cloth = self.dress_tone + 0.10 * self.light * dx
        opening = (1.14 - y) * 0.42
        match self.dress:
            case "suit" | "bow":
                return self._jacket(dx, away, y, opening, cloth)
            case "vest":
                if away < opening:
                    return 0.20 if away > 0.02 or int(y * 40) % 3 else 0.7
                return 0.98 if away < opening + 0.022 or 0.205 < away < 0.22 else cloth if away < 0.21 else 0.10
            case "turtle":
                if away < neck * 1.2 and y < 0.90:
                    return 0.72 if int(dx * 60 + 50) % 2 else 0.95
                return cloth
            case "lanyard":
                return self._lanyard(away, y, cloth)
            case "hood":
                cord = abs(away - 0.055) < 0.011 and 0.86 < y < 1.08
                return 0.1 if cord else cloth - 0.18 * (away < 0.03)
            case "blouse":
                neckline = math.hypot(dx / 0.17, (y - 0.78) / 0.20)
                beads = abs(math.hypot(dx / 0.15, (y - 0.80) / 0.135) - 1) < 0.09
                if beads and y > 0.82:
                    return 0.05 if int(dx * 50 + 50) % 2 else 0.8
                return 0.24 + self.skin + 0.2 * smooth(0, 0.16, self.light * dx) if neckline < 1 else cloth
            case "open":
                if away < opening * 0.55:
                    return 0.28 + self.skin
                return 0.12 if away < opening * 0.55 + 0.055 - (y - 0.8) * 0.12 else cloth

    def _jacket(self, dx: float, away: float, y: float, opening: float, cloth: float) -> float:
        if self.dress == "bow" and abs(y - 0.845) < 0.012 + away * 0.45 and away < 0.075:
            return 0.98 if away > 0.012 else 0.6
        if away < opening:
            knot = 0.030 + 0.020 * smooth(0.86, 1.1, y)
            if self.dress == "suit" and away < knot and y > 0.825:
                return 0.95 if int((dx * self.part + y) * 34) % 3 else 0.5
            button = self.dress == "bow" and away < 0.014 and int(y * 26) % 2 == 0 and y > 0.9
            return 0.8 if button else 0.08
        lapel = opening + 0.085 * smooth(0.80, 1.0, y)
        edge = abs(away - lapel) < 0.012 and y < 1.1
        return 0.55 if edge and cloth > 0.7 else 0.98 if edge or away < opening + 0.02 else cloth

    def _lanyard(self, away: float, y: float, cloth: float) -> float:
        if away < 0.085 and y > 1.08:
            printed = away < 0.06 and (1.125 < y < 1.15 or 1.175 < y < 1.19)
            return 0.75 if printed else 0.04
        if abs(away - (0.13 - (y - 0.80) * 0.36)) < 0.014:
            return 0.02 if cloth > 0.7 else 0.98
        placket = away < 0.075 - (y - 0.80) * 0.25
        return 0.28 + self.skin if placket else cloth

    # ---- the head

    def _ears(self, u: float, v: float, tone: float) -> float:
        if self.hair in ("bob", "long"):
            return tone
        for side in (-1, 1):
            if math.hypot((u - side * 1.03) / 0.16, (v - 0.08) / 0.23) < 1:
                return 0.30 + self.skin + 0.15 * side * self.light
        return tone

    def _face(self, u: float, v: float) -> float:
        tone = 0.08 + self.skin + 0.40 * smooth(-0.15, 1.0, self.light * u) + 0.10 * smooth(0.75, 1, math.hypot(u, v))
        tone += 0.20 * bump(v + 0.12, 0.13) * (abs(u) > 0.12)
        if 0 < v < 0.38:
            tone += 0.30 * bump(u - self.light * 0.10 * (0.4 + v), 0.09)
        tone += 0.36 * bump(v - 0.38, 0.05) * bump(u, 0.24)
        tone += 0.58 * bump(v - 0.60 - 0.05 * u * u, 0.04) * (abs(u) < 0.38)
        tone += 0.16 * bump(v - 0.74, 0.06) * bump(u, 0.3)
        tone = self._bearded(u, v, tone)
        if self.glasses != "none":
            power = 2 if self.glasses == "round" else 4
            rim = (abs((abs(u) - 0.44) / 0.36) ** power + abs((v - 0.03) / 0.27) ** power) ** (1 / power)
            if 0.76 < rim < 1.06 or (abs(u) < 0.1 and abs(v + 0.04) < 0.05):
                return 0.97
        return tone

    def _bearded(self, u: float, v: float, tone: float) -> float:
        lips = abs(u) < 0.27 and 0.53 < v < 0.68
        dark = self.hair_tone * 0.8 + 0.12 * self.light * u
        match self.beard:
            case "full":
                return max(tone, dark) if v > 0.36 - 0.3 * u * u * (abs(u) > 0.6) and not lips else tone
            case "stubble":
                return tone + 0.16 if v > 0.40 and not lips else tone
            case "moustache":
                return max(tone, dark) if abs(u) < 0.44 and 0.44 < v + 0.25 * u * u < 0.57 else tone
            case "goatee":
                chin = math.hypot(u / 0.36, (v - 0.82) / 0.24) < 1
                return max(tone, dark) if (chin or (abs(u) < 0.34 and 0.44 < v < 0.54)) and not lips else tone
            case "none":
                return tone

    def _hair_behind(self, dx: float, y: float, tone: float) -> float:
        u, v = dx / self.rx, (y - self.y) / self.ry
        strands = self.hair_tone + 0.10 * math.sin(26 * u + 3 * v) + 0.08 * self.light * u
        if self.hair == "long":
            wide = 1.24 + 0.16 * smooth(0, 1.5, v)
            return strands if -0.5 < v < 1.75 - 0.15 * abs(u) and abs(u) < wide else tone
        if self.hair == "bob":
            return strands if -0.5 < v < 0.80 and abs(u) < 1.30 + 0.08 * math.sin(v * 3) else tone
        if self.hair == "bun" and math.hypot(u / 0.46, (v + 1.22) / 0.30) < 1:
            return self.hair_tone + 0.06 * math.sin(20 * u)
        if self.hair == "curls":
            edge = 1.34 + 0.07 * math.sin(11 * math.atan2(v + 0.15, u))
            if math.hypot(u / 1.02, (v + 0.22) / 0.86) < edge and v < 0.42:
                return self.hair_tone + 0.14 * math.sin(19 * u) * math.sin(15 * v)
        return tone

    def _hair_before(self, u: float, v: float, tone: float) -> float:
        crown = 1.20 if self.hair == "quiff" and v < -0.3 else 1.13
        inside = math.hypot(u / 1.10, (v + 0.05) / crown) < 1
        if not inside:
            return tone
        strands = self.hair_tone + 0.12 * math.sin(22 * u + 7 * v) + 0.12 * self.light * u
        if self.hair == "parted" and abs(u - self.part * 0.42) < 0.05 and v < -0.6:
            return 0.2 + self.skin
        if self.hair == "curls":
            strands = self.hair_tone + 0.14 * math.sin(19 * u) * math.sin(15 * v)
        return strands if _HAIRLINES[self.hair](u, v, self.part) else tone


_HAIRLINES: dict[Hair, Callable[[float, float, int], bool]] = {
    "crop": lambda u, v, _: v < -0.62 + 0.30 * u * u or _sides(u, v),
    "parted": lambda u, v, part: v < -0.50 - 0.26 * u * part or _sides(u, v),
    "quiff": lambda u, v, part: v < -0.66 + 0.12 * math.sin(5 * u + part) or (abs(u) > 0.9 and v < 0),
    "curls": lambda u, v, _: v < -0.52 + 0.10 * math.sin(13 * u) or (abs(u) > 0.88 and v < 0.35),
    "bald": lambda _u, _v, _part: False,
    "fringe": lambda u, v, _: abs(u) > 0.84 and -0.42 < v < 0.20,
    "receding": lambda u, v, _: v < -0.82 + 0.9 * u * u * (abs(u) > 0.3) or (abs(u) > 0.88 and v < 0.1),
    "bob": lambda u, v, _: v < -0.44 + 0.14 * u * u or (abs(u) > 0.80 and v < 0.8),
    "long": lambda u, v, part: v < -0.74 + 0.52 * abs(u + 0.25 * part) or (abs(u) > 0.84 and v < 0.9),
    "bun": lambda u, v, _: v < -0.60 + 0.35 * u * u,
}
"""Whether a point of the head is hair: u across and v down, from its middle, and the side of the parting."""


def _sides(u: float, v: float) -> bool:
    return abs(u) > 0.86 and v < 0.05


def pose(r: random.Random) -> Sitter:
    """A sitter's traits. Beards and long hair do not meet, and the bald are seldom fair."""
    hair = r.choice(_HAIR)
    bearded = hair not in _LONG_HAIR and r.random() < 0.5
    beards: tuple[Beard, ...] = ("full", "moustache", "goatee", "stubble")
    dress = r.choice([d for d in _DRESS if d != "blouse"] if bearded else _DRESS)
    return Sitter(
        x=0.5 + r.uniform(-0.015, 0.015),
        y=0.475 + r.uniform(-0.012, 0.012),
        rx=r.uniform(0.162, 0.192),
        ry=r.uniform(0.226, 0.250),
        jaw=r.uniform(0.68, 0.96),
        shoulder=r.uniform(0.35, 0.43),
        skin=r.choice((0.0, 0.04, 0.10, 0.20, 0.30)),
        hair=hair,
        hair_tone=r.choice((0.92, 0.85, 0.85, 0.58, 0.36)),
        dress=dress,
        dress_tone=r.choice((0.84, 0.84, 0.66, 0.50)),
        beard=r.choice(beards) if bearded else "none",
        glasses=r.choice(("none", "none", "round", "square")),
        backdrop=r.choice(("flash", "flash", "chart", "dark")),
        light=r.choice((-1, 1)),
        part=r.choice((-1, 1)),
    )
