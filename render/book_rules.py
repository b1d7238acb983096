"""What a layout says of its book, under ``book`` in layout.yaml: held against a schema before it is bound by."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import load, schema
from .problems import Problem, error
from .settings import SCHEMAS


def problems(files: Sequence[Path], whole: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with ``book`` in these layout.yaml files, each of which says a part of the ``whole``."""
    found: list[Problem] = []
    needed, rules = _rules()
    for path in files:
        source = load.load(path)
        if isinstance(source.data, dict) and source.data.get("book") is not None:
            found += schema.check(source, rules, ("book",))[1]
            if lacking := [key for key in needed if key not in whole]:
                message = f"book has no {', '.join(lacking)}, nor has a layout that it extends"
                hint = "name the templates, or extend anthology, which has all of them"
                found.append(error("missing-key", source.where(("book",)), message, hint))
    return found


@functools.cache
def _rules() -> tuple[list[str], Mapping[str, Any]]:
    """What the whole needs, and the schema of a part."""
    rules = load.load(SCHEMAS / "book.yaml").data
    return rules["required"], {key: value for key, value in rules.items() if key != "required"}
