"""The press: YAML records in, printed matter out. Read it from the file names, in this order.

load, schema, settings  what the files say, with the place of everything
validate, link          records that hold, and what they take from each other
layouts, fonts, art     what pages are made from
compose, typeset        HTML, then PDF
recipe, kept, workshop  what is made again, and by whom
pipeline                the stages in order
api, cli                the press from Python, and from the command line
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Archive
    from .executors import Limits
    from .orders import Keeping, Outcome
    from .problems import DossierError, InputError, Problem, SetupError, UsageError

__all__ = [
    "Archive",
    "DossierError",
    "InputError",
    "Keeping",
    "Limits",
    "Outcome",
    "Problem",
    "SetupError",
    "UsageError",
]
__version__ = "0.1.0"

_HOMES = {"Archive": "api", "Limits": "executors", "Keeping": "orders", "Outcome": "orders"}


def __getattr__(name: str) -> Any:
    """The public names, loaded when they are asked for: ``dossier --help`` asks for none."""
    if name in __all__:
        return getattr(importlib.import_module(f".{_HOMES.get(name, 'problems')}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
