"""What the last run left: finished parts by their recipes, and a note of what each output was made from.

Places of problems are kept relative to the archive: the next run may come from another folder, or the archive
may have been moved.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from .cache import Cache
from .problems import Problem, Severity, Where
from .recipe import Recipe, digest, of_file
from .record import Laid, Part

NEW = "not made before"
ALTERED = "the PDF is not as it was left"

NOT_OURS = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What data that nobody of us wrote provokes."""


@dataclass(frozen=True)
class Proof:
    """What a part depends on beyond its recipe.

    ``files`` are digests, by name, of files in the archive's folder that the layout asked for; ``lines`` the digest of
    where things stand in the record's file, if a problem names a line of it.
    """

    files: Mapping[str, str]
    lines: str = ""

    def differences(self, root: Path, recipe: Recipe) -> list[str]:
        """What no longer holds, in plain words."""
        changed = [name for name, before in self.files.items() if of_file(root / name) != before]
        moved = self.lines and self.lines != recipe.lines
        return [*changed, "lines of the record"] if moved else changed


@dataclass(frozen=True)
class Note:
    """What an output was made from when it was last written."""

    key: str
    items: Mapping[str, str]
    proof: Proof
    size: int
    changed: int
    """The output's modification time in nanoseconds: a file that was touched since is written again."""
    problems: tuple[Problem, ...]

    def changes(self, path: Path, root: Path, recipe: Recipe) -> list[str]:
        """What is not as it was; nothing if the file at ``path`` is what the recipe makes."""
        changed = self.proof.differences(root, recipe)
        if self.key != recipe.key:
            changed = recipe.changes(self.items) + changed
        return changed or ([] if self._is_of(path) else [ALTERED])

    def _is_of(self, path: Path) -> bool:
        with suppress(OSError):
            found = path.stat()
            return (found.st_size, found.st_mtime_ns) == (self.size, self.changed)
        return False


class Kept:
    """The cache's folder as the press uses it, for the archive in ``root``."""

    def __init__(self, cache: Cache, root: Path) -> None:
        self._cache = cache
        self._root = root
        self._shared: dict[str, Mapping[str, str]] = {}

    def part(self, recipe: Recipe) -> Part | None:
        """The part that a recipe made before. An entry that is not one counts as none."""
        data = self._cache.get(recipe.key)
        if data is not None:
            with suppress(*NOT_OURS):
                part, proof = unpack(data, self._root)
                if not proof.differences(self._root, recipe):
                    return part
        return None

    def has(self, recipe: Recipe) -> bool:
        """Whether something is kept of a recipe."""
        return self._cache.has(recipe.key)

    def keep(self, recipe: Recipe, part: Part, files: Iterable[Path] = ()) -> None:
        """Keep a part. ``files`` are those of the archive's folder that the layout asked for."""
        proof = self._proof(recipe, files, (*part.problems, *part.remarks))
        self._cache.put(recipe.key, pack(part, proof, self._root))

    def note(self, path: Path) -> Note | None:
        """What is known of an output file; None when nothing is, or nothing that can be trusted."""
        data = self._cache.get(_note_key(path))
        if data is not None:
            with suppress(*NOT_OURS):
                found = json.loads(data)
                items = {**self._shared_items(found["shared"]), **found["items"]}
                problems = tuple(_problem(one, self._root) for one in found["problems"])
                return Note(
                    found["key"], items, Proof(**found["proof"]), found["size"], found["changed"], problems=problems
                )
        return None

    def write_note(
        self, path: Path, recipe: Recipe, shared: Mapping[str, str], part: Part, files: Iterable[Path] = ()
    ) -> None:
        """Remember what an output file was made from. What all outputs of a run share is kept once."""
        with suppress(OSError):
            found = path.stat()
            name = digest(shared)
            if name not in self._shared:
                self._shared[name] = dict(shared)
                self._cache.put(name, json.dumps(shared).encode())
            data = {
                "key": recipe.key,
                "shared": name,
                "items": {key: value for key, value in recipe.items.items() if key not in shared},
                "proof": asdict(self._proof(recipe, files, part.problems)),
                "size": found.st_size,
                "changed": found.st_mtime_ns,
                "problems": [_plain(problem, self._root) for problem in part.problems],
            }
            self._cache.put(_note_key(path), json.dumps(data).encode())

    def use(self, recipe: Recipe) -> None:
        """Count a part as used, though its bytes were not needed."""
        self._cache.touch(recipe.key)

    def drop(self, recipe: Recipe) -> None:
        """Forget what cannot be used after all."""
        self._cache.put(recipe.key, b"")

    def prune(self) -> None:
        self._cache.prune()

    def _proof(self, recipe: Recipe, files: Iterable[Path], problems: Iterable[Problem]) -> Proof:
        names = {os.path.relpath(path, self._root.resolve()): of_file(path) for path in sorted(files)}
        return Proof(names, recipe.lines if any(problem.where.line for problem in problems) else "")

    def _shared_items(self, name: str) -> Mapping[str, str]:
        if name not in self._shared:
            found = json.loads(self._cache.get(name) or b"{}")
            if digest(found) != name:
                raise ValueError
            self._shared[name] = found
        return self._shared[name]


def pack(part: Part, proof: Proof, root: Path) -> bytes:
    """A part as bytes: one line of JSON, then the PDF."""
    head = {
        "slug": part.slug,
        "pages": part.pages,
        "density": part.density,
        "layouts": part.layouts,
        "spared": part.spared,
        "problems": [_plain(problem, root) for problem in part.problems],
        "remarks": [_plain(problem, root) for problem in part.remarks],
        "laid": [[one.name, one.used] for one in part.laid],
        "proof": asdict(proof),
    }
    return json.dumps(head).encode() + b"\n" + part.pdf


def unpack(data: bytes, root: Path) -> tuple[Part, Proof]:
    """The part that ``pack`` made bytes of. Raises ValueError, KeyError, TypeError or AttributeError for all else."""
    line, _, pdf = data.partition(b"\n")
    head: dict[str, Any] = json.loads(line)
    proof = Proof(**head["proof"])
    part = Part(
        slug=head["slug"],
        pdf=pdf,
        pages=head["pages"],
        density=head["density"],
        layouts=head["layouts"],
        spared=head["spared"],
        problems=tuple(_problem(one, root) for one in head["problems"]),
        remarks=tuple(_problem(one, root) for one in head["remarks"]),
        read=frozenset(root / name for name in proof.files),
        laid=tuple(Laid(name, used) for name, used in head["laid"]),
    )
    return part, proof


def _plain(problem: Problem, root: Path) -> dict[str, Any]:
    """A problem as plain data; ``near`` is whether its file's name is relative to the archive."""
    name = problem.where.file
    near = name.startswith(f"{root}{os.sep}")
    where = replace(problem.where, file=os.path.relpath(name, root) if near else name)
    return asdict(replace(problem, where=where)) | {"near": near}


def _problem(data: Mapping[str, Any], root: Path) -> Problem:
    found = dict(data)
    where = Where(**found.pop("where"))
    if found.pop("near"):
        where = replace(where, file=str(root / where.file))
    return Problem(**found | {"severity": Severity(found["severity"]), "where": where})


def _note_key(path: Path) -> str:
    return hashlib.sha256(f"note of {os.path.abspath(path)}".encode("utf-8", "surrogateescape")).hexdigest()  # noqa: PTH100 - a thousand times a run
