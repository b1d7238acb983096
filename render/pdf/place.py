"""The resources that names in a content stream stand for."""

from __future__ import annotations

from typing import Any

import pikepdf

from .operators import IDENTITY, Matrix


class Place:
    """The resources that names in a stream stand for."""

    def __init__(self, resources: Any) -> None:
        self.resources = resources if isinstance(resources, pikepdf.Dictionary) else None
        self._states: dict[str, tuple[float, str]] = {}

    def object(self, kind: str, name: str) -> Any:
        held = self.resources.get(kind) if self.resources is not None else None
        return held.get(name) if isinstance(held, pikepdf.Dictionary) else None

    def graphics(self, name: str) -> tuple[float, str]:
        """The line's width a graphics state sets, or 0, and what is transparent about it."""
        if name not in self._states:
            found = self.object("/ExtGState", name)
            width = float(found.get("/LW", 0)) if found is not None else 0.0
            self._states[name] = width, "" if found is None else blend(found)
        return self._states[name]


def blend(state: Any) -> str:
    """What is transparent about a graphics state; empty when nothing is."""
    for key in ("/ca", "/CA"):
        if key in state and float(state[key]) < 1:
            return f"an opacity of {float(state[key]):.2g}"
    if "/SMask" in state and state["/SMask"] != "/None":
        return "a soft mask"
    mode = state.get("/BM")
    modes = [str(one) for one in mode] if isinstance(mode, pikepdf.Array) else [str(mode or "/Normal")]
    return "" if modes[0] in ("/Normal", "/Compatible") else f"the blend mode {modes[0][1:]}"


def is_group(form: Any) -> bool:
    group = form.get("/Group")
    return isinstance(group, pikepdf.Dictionary) and group.get("/S") == "/Transparency"


def matrix_of(form: Any) -> Matrix:
    found = form.get("/Matrix")
    if found is None:
        return IDENTITY
    a, b, c, d, e, f = (float(one) for one in found)
    return a, b, c, d, e, f
