"""Where things lie: what ships with the press, and what a press on another machine calls by its name at home."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
HOME = _PACKAGE / "shipped" if (_PACKAGE / "shipped").is_dir() else _PACKAGE.parent
"""The folder that holds ``layouts/``, ``fonts/`` and ``specimens/``."""

Moves = tuple[tuple[Path, Path], ...]
"""Folders of one machine, and where they lie on another; the innermost first where one holds another."""


def moved(path: Path, moves: Moves) -> Path:
    """Where a file lies on the other machine; the path itself when it is in none of the folders.

    A folder may lie in another one: the file is where there is one.
    """
    places = [after / path.relative_to(before) for before, after in moves if path.is_relative_to(before)]
    return next((place for place in places if place.is_file()), places[0] if places else path)
