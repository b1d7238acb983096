"""What is left on paper by one painting operator."""

from __future__ import annotations

from typing import NamedTuple

from .inks import Colour
from .operators import Box
from .pictures import Picture

TEXT, LINE, AREA, IMAGE, SHADING, CODE = "text", "line", "area", "image", "shading", "code"
CONTENT, ARTIFACT, UNTAGGED = "content", "artifact", ""


class Trace(NamedTuple):
    """One thing painted. ``size`` in pt is a text's size, a line's or area's thinnest way, a code's module."""

    kind: str
    box: Box
    size: float
    colour: Colour
    role: str = UNTAGGED
    drawing: Box | None = None
    """The box of the innermost form it stands in."""
    picture: Picture | None = None
    pattern: str = ""
    """The name of the pattern it is painted with."""


def role_of(roles: list[str]) -> str:
    if not roles:
        return UNTAGGED
    return ARTIFACT if ARTIFACT in roles else CONTENT if CONTENT in roles else UNTAGGED


def meaning(operands: bytes) -> str:
    if operands.startswith(b"/Artifact"):
        return ARTIFACT
    return CONTENT if b"/MCID" in operands or operands.count(b"/") == 2 else UNTAGGED
