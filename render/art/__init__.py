"""Drawings: plain data in, one ``<svg>`` string out, the same for the same seed on every machine.

A drawing is a module of this package with ``draw(palette, *, ...) -> str``. Lengths are millimetres. Words are
parameters: no drawing holds any of its own. Colours are the palette's tokens (``layouts/base/themes/``).
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType
from typing import Any, cast

from .pen import Palette

_TOOLS = {"lettering", "pen"}
"""Modules that are not drawings, besides those whose name begins with an underscore."""


@functools.cache
def names() -> tuple[str, ...]:
    """Every drawing's name, in alphabetical order."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in found if name not in _TOOLS and not name.startswith("_")))


@functools.cache
def _module(name: str) -> ModuleType:
    if name not in names():
        raise KeyError(name)
    return importlib.import_module(f".{name}", __name__)


def draw(name: str, palette: Palette, **data: Any) -> str:
    """The drawing ``name`` as an SVG string. Raises KeyError for an unknown name."""
    return cast(str, _module(name).draw(palette, **data))


def height(name: str, **data: Any) -> float:
    """The height in mm of a drawing that finds its own (an org chart's). Raises KeyError for one that does not."""
    module = _module(name)
    if not hasattr(module, "height"):
        raise KeyError(name)
    return cast(float, module.height(**data))


def places(name: str, **data: Any) -> Any:
    """Where a drawing puts what words are set over: lists and mappings. Raises KeyError for one that does not say."""
    module = _module(name)
    if not hasattr(module, "places"):
        raise KeyError(name)
    return module.places(**data)
