"""A content stream in other colours: every operator that says one is said anew, as late as it is needed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..problems import InputError, error
from .inks import Colour, Spaces
from .operators import Instruction
from .separation import Inks

_FILLS = {b"g": "DeviceGray", b"rg": "DeviceRGB", b"k": "DeviceCMYK"}
_STROKES = {b"G": "DeviceGray", b"RG": "DeviceRGB", b"K": "DeviceCMYK"}
_PAINT_FILL = {b"f", b"F", b"f*"}
_PAINT_STROKE = {b"S", b"s"}
_PAINT_BOTH = {b"B", b"B*", b"b", b"b*", b"Do"}
_SHOW = {b"Tj", b"TJ", b"'", b'"'}
_CHOOSE = {b"cs": "fill", b"CS": "stroke"}
_SET = {b"sc": "fill", b"scn": "fill", b"SC": "stroke", b"SCN": "stroke"}


class Pen:
    """One of the two colours of a graphics state: what is meant, and what the stream made so far says."""

    __slots__ = ("meant", "pattern", "said")

    def __init__(self) -> None:
        self.meant: Colour | None = None
        """``None`` is whatever the stream began with."""
        self.pattern = b""
        self.said = b""

    def copy(self) -> Pen:
        made = Pen()
        made.meant, made.pattern, made.said = self.meant, self.pattern, self.said
        return made


class Recolouring:
    """Rewrites the streams of one document."""

    def __init__(self, inks: Inks, name: str) -> None:
        self.inks, self.name, self.spaces = inks, name, Spaces()

    def stream(self, said: Iterable[Instruction], resources: Any) -> bytes:
        pens = {"fill": Pen(), "stroke": Pen()}
        stack: list[tuple[dict[str, Pen], int]] = []
        mode = 0
        made: list[bytes] = []
        for operands, operator in said:
            if operator in _FILLS:
                self._take(pens["fill"], self.spaces.device(_FILLS[operator], operands))
                continue
            if operator in _STROKES:
                self._take(pens["stroke"], self.spaces.device(_STROKES[operator], operands))
                continue
            if operator in _CHOOSE:
                name = operands.strip().decode("latin-1")
                self._take(pens[_CHOOSE[operator]], self.spaces.initial(name, resources))
                continue
            if operator in _SET:
                self._set(pens[_SET[operator]], operands)
                continue
            if operator == b"q":
                stack.append(({side: pen.copy() for side, pen in pens.items()}, mode))
            elif operator == b"Q" and stack:
                pens, mode = stack.pop()
            elif operator == b"Tr":
                mode = int(float(operands))
            elif operator == b"BI":
                self._inline(operands)
            for side in _needed(operator, mode):
                self._say(pens[side], side, is_text=operator in _SHOW, made=made)
            made.append(operands if operator == b"BI" else operands + operator)
        return b"\n".join(made)

    def _take(self, pen: Pen, colour: Colour) -> None:
        pen.meant, pen.pattern = colour, b""

    def _set(self, pen: Pen, operands: bytes) -> None:
        colour, pattern = self.spaces.within(pen.meant or Colour("DeviceGray", (0.0,)), operands)
        if pattern and colour.values:
            raise self._odd("a pattern without colours of its own")
        pen.meant = colour
        pen.pattern = b"/Pattern %b " + pattern.encode("latin-1") + b" %b\n" if pattern else b""

    def _say(self, pen: Pen, side: str, *, is_text: bool, made: list[bytes]) -> None:
        """Set the colour if it is not what the stream says already."""
        if pen.meant is None:
            return
        if pen.pattern:
            said = pen.pattern % ((b"CS", b"SCN") if side == "stroke" else (b"cs", b"scn"))
        elif pen.meant.space == "Pattern":
            return
        else:
            said = self._inked(pen.meant, side, is_text)
        if said != pen.said:
            made.append(said.rstrip())
            pen.said = said

    def _inked(self, colour: Colour, side: str, is_text: bool) -> bytes:
        family = colour.family
        if family == "other" or colour.space == "Lab":
            raise self._odd(f"a colour in {colour.space}")
        convert = self.inks.lettered if is_text else self.inks.painted
        return self.inks.said(convert(family, colour.values), side)

    def _inline(self, data: bytes) -> None:
        from .pictures import inline

        picture = inline(data)
        if not picture.is_mask and picture.space != "DeviceGray":
            raise self._odd("an inline picture in colour")

    def _odd(self, what: str) -> InputError:
        hint = "use colours of sRGB, grey or CMYK"
        return InputError([error("colour", self.name, f"there is {what}, which cannot be converted", hint)])


def _needed(operator: bytes, mode: int) -> tuple[str, ...]:
    """Which colours an operator uses."""
    if operator in _PAINT_FILL or operator == b"BI":
        return ("fill",)
    if operator in _PAINT_STROKE:
        return ("stroke",)
    if operator in _PAINT_BOTH:
        return "fill", "stroke"
    if operator in _SHOW:
        return {0: ("fill",), 1: ("stroke",), 2: ("fill", "stroke"), 3: ()}.get(mode % 4, ())
    return ()
