"""Colours and the spaces they are said in."""

from __future__ import annotations

from typing import Any, NamedTuple

import pikepdf

COUNTS = {1: "ICC grey", 3: "ICC RGB", 4: "ICC CMYK"}
INITIAL = {
    "DeviceCMYK": (0.0, 0.0, 0.0, 1.0),
    "ICC CMYK": (0.0, 0.0, 0.0, 1.0),
    "DeviceGray": (0.0,),
    "ICC grey": (0.0,),
}
ALIASES = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}
"""How inline images shorten names."""


class Colour(NamedTuple):
    """A colour as said: ``DeviceGray``, ``ICC RGB``, ``Lab``, ``Separation`` …, and its numbers from 0 to 1."""

    space: str
    values: tuple[float, ...]

    @property
    def ink(self) -> float:
        """Percent of all inks together; 0 where that says nothing."""
        if self.space in ("DeviceCMYK", "ICC CMYK"):
            return 100 * sum(self.values)
        if self.space in ("DeviceGray", "ICC grey", "CalGray") and self.values:
            return 100 * (1 - self.values[0])
        return 0.0

    @property
    def is_white(self) -> bool:
        if self.space in ("DeviceCMYK", "ICC CMYK"):
            return len(self.values) == 4 and max(self.values) < 0.005
        return bool(self.values) and self.space not in ("Separation", "DeviceN", "Lab") and min(self.values) > 0.995

    @property
    def family(self) -> str:
        """grey, rgb, cmyk or other."""
        said = self.space.removesuffix(" palette")
        if said in ("DeviceGray", "ICC grey", "CalGray"):
            return "grey"
        if said in ("DeviceRGB", "ICC RGB", "CalRGB", "Lab"):
            return "rgb"
        return "cmyk" if said in ("DeviceCMYK", "ICC CMYK") else "other"


BLACK = Colour("DeviceGray", (0.0,))


class Spaces:
    """Colour spaces by the name a stream uses; what was seen once is kept."""

    def __init__(self) -> None:
        self._device: dict[tuple[str, bytes], Colour] = {}

    def device(self, space: str, operands: bytes) -> Colour:
        made = self._device.get((space, operands))
        if made is None:
            made = self._device[space, operands] = Colour(space, tuple(float(one) for one in operands.split()))
        return made

    def initial(self, name: str, resources: Any) -> Colour:
        """The colour that choosing a space begins with."""
        space = self.name(pikepdf.Name(name), resources)
        return Colour(space, INITIAL.get(space, (0.0, 0.0, 0.0) if "RGB" in space else ()))

    def within(self, colour: Colour, operands: bytes) -> tuple[Colour, str]:
        """A colour in the space chosen, and the pattern's name if it is one."""
        *values, last = operands.split() or [b""]
        if last.startswith(b"/"):
            return Colour("Pattern", tuple(float(one) for one in values)), last.decode("latin-1")
        return Colour(colour.space, tuple(float(one) for one in (*values, last) if one)), ""

    def name(self, space: Any, resources: Any) -> str:
        """What a colour space is; a palette is its base's name and ``palette``."""
        if space is None:
            return ""
        if isinstance(space, pikepdf.Name):
            return self._named(str(space)[1:], resources)
        kind = str(space[0])[1:] if isinstance(space, pikepdf.Array) and len(space) else ""
        if kind == "ICCBased":
            return COUNTS.get(int(space[1].get("/N", 0)), "ICC")
        if kind in ("Indexed", "I"):
            return f"{self.name(space[1], resources)} palette"
        return ALIASES.get(kind, kind)

    def _named(self, name: str, resources: Any) -> str:
        if name in ("DeviceGray", "DeviceRGB", "DeviceCMYK", "Pattern") or name in ALIASES:
            return ALIASES.get(name, name)
        held = resources.get("/ColorSpace") if resources is not None else None
        found = held.get("/" + name) if isinstance(held, pikepdf.Dictionary) else None
        return self.name(found, resources) if found is not None else name
