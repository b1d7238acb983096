"""What the last run left: finished parts by their recipes, and a note of what each output was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from . import output
from .cache import Cache
from .problems import Problem, Severity, Where
from .recipe import Recipe, digest
from .record import Part

NEW = "not made before"


@dataclass(frozen=True)
class Note:
    """What an output was made from when it was last written."""

    key: str
    items: Mapping[str, str]
    size: int
    changed: int
    """The output's modification time in nanoseconds: a file that was touched since is written again."""
    problems: tuple[Problem, ...]

    def vouches_for(self, path: Path, recipe: Recipe) -> bool:
        """Whether a file is still what this recipe makes."""
        if self.key != recipe.key:
            return False
        with suppress(OSError):
            found = path.stat()
            return (found.st_size, found.st_mtime_ns) == (self.size, self.changed)
        return False


class Kept:
    """The cache's folder as the press uses it: parts, and notes by output file."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._shared: dict[str, dict[str, str]] = {}

    def part(self, recipe: Recipe) -> Part | None:
        """The part that a recipe made before. An entry that is not one counts as none."""
        data = self._cache.get(recipe.key)
        if data is not None:
            with suppress(ValueError, KeyError, TypeError):
                return unpack(data)
        return None

    def keep(self, recipe: Recipe, part: Part) -> None:
        self._cache.put(recipe.key, pack(part))

    def note(self, path: Path) -> Note | None:
        """What is known of an output file; None when nothing is, or nothing that can be trusted."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            data = json.loads(self._note_path(path).read_text(encoding="utf-8"))
            items = self._shared_items(data["shared"]) | data["items"]
            problems = tuple(map(_problem, data["problems"]))
            return Note(data["key"], items, data["size"], data["changed"], problems)
        return None

    def write_note(self, path: Path, recipe: Recipe, shared: Mapping[str, str], problems: tuple[Problem, ...]) -> None:
        """Remember what an output file was made from. What all outputs of a run share is kept once."""
        with suppress(OSError):
            found = path.stat()
            name = digest(shared)
            if not self._shared_path(name).is_file():
                output.write(self._shared_path(name), json.dumps(shared).encode())
            own = {key: value for key, value in recipe.items.items() if key not in shared}
            data = {
                "key": recipe.key,
                "shared": name,
                "items": own,
                "size": found.st_size,
                "changed": found.st_mtime_ns,
                "problems": [asdict(problem) for problem in problems],
            }
            output.write(self._note_path(path), json.dumps(data).encode())

    def use(self, recipe: Recipe) -> None:
        """Count a part as used, though its bytes were not needed."""
        self._cache.touch(recipe.key)

    def prune(self) -> None:
        self._cache.prune()

    def _shared_items(self, name: str) -> dict[str, str]:
        if name not in self._shared:
            self._shared[name] = json.loads(self._shared_path(name).read_text(encoding="utf-8"))
        return self._shared[name]

    def _note_path(self, path: Path) -> Path:
        return self._cache.folder / "notes" / hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:32]

    def _shared_path(self, name: str) -> Path:
        return self._cache.folder / "notes" / f"shared-{name[:32]}"


def pack(part: Part) -> bytes:
    """A part as bytes: one line of JSON, then the PDF."""
    head = {
        "slug": part.slug,
        "pages": part.pages,
        "density": part.density,
        "layouts": part.layouts,
        "problems": [asdict(problem) for problem in part.problems],
        "remarks": [asdict(problem) for problem in part.remarks],
        "read": sorted(map(str, part.read)),
    }
    return json.dumps(head).encode() + b"\n" + part.pdf


def unpack(data: bytes) -> Part:
    """The part that ``pack`` made bytes of. Raises ValueError, KeyError or TypeError for anything else."""
    line, _, pdf = data.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    return Part(
        slug=head["slug"],
        pdf=pdf,
        pages=head["pages"],
        density=head["density"],
        layouts=head["layouts"],
        problems=tuple(map(_problem, head["problems"])),
        remarks=tuple(map(_problem, head["remarks"])),
        read=frozenset(map(Path, head["read"])),
    )


def _problem(data: dict[str, Any]) -> Problem:
    return Problem(**data | {"severity": Severity(data["severity"]), "where": Where(**data["where"])})
