"""The data of a layout, held against a schema where it is a shelf's: what ships is held against it by a test."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import load, schema
from .home import HOME
from .load import Source
from .problems import InputError, Problem, error
from .settings import SCHEMAS


def read(path: Path) -> Mapping[str, Any]:
    """The keys of a YAML file of a layout. Raises InputError for one of another shape than its kind must have."""
    source = load.load(path)
    if not isinstance(source.data, dict | None):
        raise InputError([error("layout-data", path, "this file holds no keys with values")])
    if source.data and (found := problems(source)):
        raise InputError(found)
    return source.data or {}


def problems(source: Source) -> list[Problem]:
    """What is wrong in a file of a shelf, with the place; what ships is not looked at, which takes time."""
    return [] if source.path.is_relative_to(HOME / "layouts") else breaches(source)


def breaches(source: Source) -> list[Problem]:
    """What is wrong in a file whose kind has rules, whoever's it is."""
    rules = _rules().get(source.path.name) or _rules().get(source.path.parent.name)
    return schema.check(source, rules)[1] if rules else []


def expect_whole(book: Mapping[str, Any], files: Sequence[Path]) -> None:
    """Raises InputError where a book, which these layout.yaml files describe, lacks a piece that every book has."""
    if lacking := [key for key in ("divider", "withdrawn", "blank") if key not in book]:
        sources = [load.load(path) for path in files]
        where = next(
            source.where(("book",)) for source in sources if isinstance(source.data, dict) and "book" in source.data
        )
        message = f"book has no {', '.join(lacking)}, nor has a layout that it extends"
        hint = "name the templates, or extend anthology, which has all of them"
        raise InputError([error("missing-key", where, message, hint)])


@functools.cache
def _rules() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = load.load(SCHEMAS / "layout.yaml").data
    return found
