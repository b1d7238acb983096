"""What a Part is made from, item by item: the cache's key, and the answer to why it was made again.

Files count by their bytes, not by name or date; the record by what it means, not by how its YAML is written.
"""

from __future__ import annotations

import ctypes
import functools
import hashlib
import importlib.metadata
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from .fonts import Face
from .home import HOME
from .layouts import Layout, Paper
from .record import Item, Matter, Record
from .settings import Archive
from .standards import DEFAULT, Standard
from .text import Plain, Text

LIBRARIES = (
    *("weasyprint", "pydyf", "tinycss2", "cssselect2", "tinyhtml5", "pyphen", "fonttools", "brotli", "zopfli"),
    *("babel", "pillow", "jinja2", "markupsafe", "qrcode"),
)
"""Python packages that have a say in a PDF's bytes."""

_NATIVE = {"pango": ("libpango-1.0", "pango_version"), "harfbuzz": ("libharfbuzz", "hb_version_string")}


@dataclass(frozen=True)
class Recipe:
    """Digests by name. Two parts with the same key are the same bytes."""

    items: Mapping[str, str]
    record: Record | None = None

    @functools.cached_property
    def key(self) -> str:
        return digest(self.items)

    @functools.cached_property
    def lines(self) -> str:
        """The digest of where things stand in the record's file: what is said about a part may name lines."""
        places = self.record.places.items() if self.record else ()
        return digest([(list(path), where.line, where.column) for path, where in places])

    def changes(self, before: Mapping[str, str]) -> list[str]:
        """What differs from an earlier recipe, in plain words."""
        names = sorted(self.items.keys() | before.keys())
        return [name for name in names if self.items.get(name) != before.get(name)]


def common(
    archive: Archive,
    layout: Layout,
    theme: str,
    paper: Paper,
    faces: Iterable[Face],
    fit: bool,
    standard: Standard = DEFAULT,
) -> dict[str, str]:
    """What all dossiers of a run are made from.

    The parts of a book are made alike for every standard: binding says which.
    """
    items = {
        "archive.yaml": digest(archive.shown()),
        "layout": layout.name,
        "theme": theme,
        "paper": digest(paper),
        "standard": standard.name,
        "fit": "on" if fit else "off",
        "the press itself": code(),
        "libraries": digest(versions()),
        "fonts/empty.conf": of_file(HOME / "fonts" / "empty.conf"),
    }
    for root in layout.roots:
        for path in sorted(path for path in layout.files if path.is_relative_to(root)):
            items[f"{root.parent.name}/{root.name}/{path.relative_to(root)}"] = of_file(path)
    for face in faces:
        items[f"font {face.path.name}"] = f"{face.family} {face.weight} {face.role} {of_file(face.path)}"
    return items


def recipe(shared: Mapping[str, str], item: Item) -> Recipe:
    """The recipe of one dossier, or of one piece of a book."""
    if isinstance(item, Matter):
        return Recipe({**shared, "the piece": digest(item)})
    dossier = item
    others = [dossier.family, dossier.url, dossier.related, dossier.titles, dossier.tongues, dossier.urls]
    others.append(dossier.cited)
    own = {"the record": digest(dossier.record), "what it takes from others": digest(others)}
    return Recipe({**shared, **own}, dossier.record)


def digest(value: Any) -> str:
    """The SHA-256 of a value's meaning. Paths count by their last name only: a folder may be moved."""
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@functools.cache
def code() -> str:
    """The digest of our own source."""
    package = Path(__file__).parent
    paths = sorted(path for path in package.rglob("*.py"))
    return digest([(str(path.relative_to(package)), of_file(path)) for path in paths])


@functools.cache
def versions() -> dict[str, str]:
    """The versions of the libraries that have a say in a PDF's bytes."""
    found = {"python": ".".join(map(str, sys.version_info[:2]))}
    for name in LIBRARIES:
        with suppress(importlib.metadata.PackageNotFoundError):
            found[name] = importlib.metadata.version(name)
    for name, (library, function) in _NATIVE.items():
        with suppress(OSError, AttributeError):
            found[name] = _native_version(library, function)
    return found


def stamp(paths: Iterable[Path]) -> str:
    """A digest of when files were changed: enough to see that one was, within a run."""
    return digest([(str(path), path.stat().st_mtime_ns) for path in sorted(paths) if path.is_file()])


def of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes; empty when there is none."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return _of_file(path, found.st_mtime_ns, found.st_size)


@functools.lru_cache(4096)
def _of_file(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _native_version(library: str, function: str) -> str:
    name = f"{library}.0.dylib" if sys.platform == "darwin" else f"{library}.so.0"
    call = getattr(ctypes.CDLL(name), function)
    if function == "pango_version":
        number = int(call())
        return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    call.restype = ctypes.c_char_p
    return str(call().decode())


def _plain(value: Any) -> Any:
    """What JSON can say of a value. A string without markup is itself; the common kinds come first."""
    kind = type(value)
    if kind is Text:
        spans = value.spans
        return value if not spans or (len(spans) == 1 and type(spans[0]) is Plain) else [value, _plain(spans)]
    if kind in _BARE:
        return value
    if kind is list or kind is tuple:
        return [_plain(inner) for inner in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in sorted(value.items(), key=_by_name)}
    if isinstance(value, Path):
        return value.name
    if is_dataclass(value):
        return [kind.__name__, *(_plain(getattr(value, name)) for name in _names(kind))]  # type: ignore[arg-type]
    raise TypeError(f"{kind.__name__} has no digest")


_BARE = frozenset((str, int, float, bool, type(None)))


def _by_name(item: tuple[Any, Any]) -> str:
    return str(item[0])


@functools.cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.compare)
