"""The only reader of archive.yaml and of the environment; knows which files of a folder are specimens."""

from __future__ import annotations

import datetime as dt
import functools
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from . import load, schema, standards
from .load import Source
from .problems import InputError, Problem, UsageError, Where, error, warning
from .record import Family
from .text import Text

ARCHIVE = "archive.yaml"
UNFILED = "unfiled"
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80
SCHEMAS = Path(__file__).with_name("schemas")


@dataclass(frozen=True, slots=True)
class Archive:
    """A folder of specimens and what its archive.yaml says. Empty strings stand for what it does not say."""

    root: Path
    path: Path
    title: str
    subtitle: str = ""
    publisher: str = ""
    editor: str = ""
    copyright: str = ""
    edition: str = ""
    date: str = ""
    isbn: str = ""
    lang: str = "en"
    prefix: str = "OR"
    base_url: str = ""
    published: bool = False
    url: str = "{base_url}{slug}"
    families: tuple[Family, ...] = ()
    """In the order of the taxonomy; ``unfiled`` is last unless the taxonomy places it."""
    layout: str = "folder"
    theme: str = "colour"
    paper: str = "a4"
    standard: str = standards.DEFAULT.name
    anthology: Mapping[str, str] = field(default_factory=dict)
    how_to_read: str = ""
    registry: Mapping[str, Any] = field(default_factory=dict)
    smtp: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = field(default=(), compare=False)
    places: Mapping[tuple[str | int, ...], Where] = field(default_factory=dict, compare=False, repr=False)

    def url_of(self, slug: str) -> str:
        """A specimen's URL; empty without ``base_url``."""
        if not self.base_url:
            return ""
        return self.url.replace("{slug}", slug).replace("{base_url}", self.base_url)

    def shown(self) -> dict[str, Any]:
        """What templates see of an archive."""
        names = ("title", "subtitle", "publisher", "editor", "copyright", "edition", "date", "isbn", "lang")
        return {name: getattr(self, name) for name in (*names, "prefix", "base_url")} | {
            "registry": dict(self.registry)
        }

    def family(self, key: str) -> Family:
        """The family of that key. Raises ``KeyError``."""
        for family in self.families:
            if family.key == key:
                return family
        raise KeyError(key)

    def where(self, *path: str | int) -> Where:
        """The place of a value of archive.yaml, or of the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, Where(str(self.path)))


@dataclass(frozen=True, slots=True)
class Survey:
    """The specimen files of an archive: the sound ones, and what is wrong with the others' names."""

    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Terminal:
    """What an output stream can show."""

    colour: bool = False
    width: int = 0
    """Characters in a line; 0 when it is not a terminal."""


def terminal(stream: TextIO) -> Terminal:
    """``NO_COLOR`` (no-color.org, when not empty) and ``TERM=dumb`` turn colours off."""
    if not stream.isatty():
        return Terminal()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Terminal(not plain, shutil.get_terminal_size().columns)


def smtp_surroundings() -> dict[str, str]:
    """What the environment says of a mail server, for what neither a campaign nor an archive says."""
    names = ("host", "port", "security", "user", "ca_file")
    found = {name: os.environ.get(f"DOSSIER_SMTP_{name.upper()}", "") for name in names}
    return {name: value for name, value in found.items() if value}


def smtp_password() -> str:
    """The password for a mail server: it stands in the environment and nowhere else."""
    return os.environ.get("DOSSIER_SMTP_PASSWORD", "")


def own_cache() -> Path:
    """The user's folder for what may be lost: ``XDG_CACHE_HOME``, else where the system has such folders."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    usual = Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    return (Path(named) if Path(named).is_absolute() else usual) / "dossier-press"


def is_private(folder: Path) -> bool:
    """Whether a folder is the user's own and nobody else can write to it."""
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def find(start: Path) -> Path:
    """The archive's folder: the nearest with an archive.yaml upward from ``start``, else ``start/specimens``."""
    absolute = start.absolute()
    for folder in (absolute, *absolute.parents, absolute / "specimens"):
        if (folder / ARCHIVE).is_file():
            return folder
    raise UsageError(
        f"no {ARCHIVE} in {start} or above it; name a folder with --archive, or make one: dossier init DIR"
    )


def read(folder: Path) -> Archive:
    """Read a folder's archive.yaml. Raises ``InputError`` with all that is wrong in it."""
    path = folder / ARCHIVE
    if not path.is_file():
        message = f"this folder has no {ARCHIVE}, so it is no archive"
        raise InputError([error("no-archive", folder, message, "dossier init DIR makes one")])
    if stray := _astray(path, os.path.realpath(folder)) if path.is_symlink() else None:
        raise InputError([stray])
    source = load.load(path)
    data, problems = schema.check(source, _archive_schema())
    if not problems:
        problems = _beyond_schema(source, data)
    if problems:
        raise InputError(problems)
    families = _families(data.pop("taxonomy", []))
    archive = Archive(root=folder, path=path, families=families, places=source.marks, **data)
    return _warned(archive)


def editor_schema() -> dict[str, Any]:
    """The JSON Schema of archive.yaml, for editors."""
    whole: dict[str, Any] = schema.for_editors(_archive_schema())
    return whole


@functools.cache
def _archive_schema() -> dict[str, Any]:
    found: dict[str, Any] = load.load(SCHEMAS / ARCHIVE).data
    return found


def survey(folder: Path) -> Survey:
    """Every specimen file at any depth, sorted by slug; names that cannot be slugs are problems."""
    problems: list[Problem] = []
    by_slug: dict[str, list[Path]] = {}
    for path in _yaml_files(folder, problems):
        if problem := _misnamed(path):
            problems.append(problem)
        else:
            by_slug.setdefault(path.stem, []).append(path)
    for slug, paths in by_slug.items():
        for path in paths[1:]:
            message = f"a second specimen called {slug}; the first is {paths[0]}"
            problems.append(error("duplicate-slug", path, message, "rename one of them"))
    sound = tuple(by_slug[slug][0] for slug in sorted(by_slug) if len(by_slug[slug]) == 1)
    return Survey(sound, tuple(sorted(problems, key=lambda problem: problem.where)))


def specimens(folder: Path) -> list[Path]:
    """Every specimen file, sorted by slug. Raises ``InputError`` when a name is wrong."""
    found = survey(folder)
    errors = [problem for problem in found.problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    return list(found.paths)


def slug_from(words: str) -> str:
    """The slug that words make: ``Head of R&D`` is ``head-of-r-d``; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return slug[:SLUG_LENGTH].rstrip("-")


def _yaml_files(folder: Path, problems: list[Problem]) -> list[Path]:
    found: list[Path] = []
    root = os.path.realpath(folder)
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                path = Path(entry.path)
                if entry.name.startswith(("_", ".")):
                    continue
                if entry.is_symlink() and (problem := _astray(path, root)):
                    problems.append(problem)
                elif entry.is_dir(follow_symlinks=False):
                    waiting.append(path)
                elif entry.is_file() and entry.name != ARCHIVE and path.suffix.lower() in (".yaml", ".yml"):
                    found.append(path)
    return sorted(found)


def _astray(link: Path, root: str) -> Problem | None:
    """What is wrong with a symbolic link in an archive. Links to folders inside it are passed over."""
    target = os.path.realpath(link)
    if os.path.commonpath((target, root)) != root:
        if link.suffix == ".yaml" or link.is_dir():
            return error("outside-archive", link, "this link leads out of the archive", "copy what is meant to here")
    elif link.suffix == ".yaml" and not link.exists():
        return error("dead-link", link, "this link leads nowhere", "mend it or delete it")
    return None


def _misnamed(path: Path) -> Problem | None:
    """What is wrong with a specimen's file name."""
    if path.suffix != ".yaml":
        return warning("not-yaml", path, f"{path.name} is not read", f"rename it to {path.stem}.yaml")
    slug = path.stem
    if not SLUG.fullmatch(slug):
        better = slug_from(slug)
        message = f'"{slug}" cannot be a slug: lower-case letters a to z, digits and single hyphens'
        return error("slug", path, message, f"rename it to {better}.yaml" if better else "rename the file")
    if len(slug) > SLUG_LENGTH:
        message = f"the slug has {len(slug)} characters; it must have at most {SLUG_LENGTH}"
        return error("slug", path, message, f"rename it to {slug_from(slug)}.yaml")
    return None


def _beyond_schema(source: Source, data: Mapping[str, Any]) -> list[Problem]:
    """What JSON Schema cannot say: keys used twice, a day that never was, a check digit."""
    problems: list[Problem] = []
    seen: dict[str, Where] = {}
    divisions: dict[str, Where] = {}
    for index, division in enumerate(data.get("taxonomy", [])):
        places = [(divisions, division["key"], source.where(("taxonomy", index, "key")), "division")]
        for inner, family in enumerate(division.get("families", [])):
            where = source.where(("taxonomy", index, "families", inner, "key"))
            places.append((seen, family["key"], where, "family"))
        for known, key, where, what in places:
            if key in known:
                message = f"a second {what} with the key {key}; the first is on line {known[key].line}"
                problems.append(error("duplicate-family", where, message, "give it a key of its own"))
            known.setdefault(key, where)
    if "date" in data:
        try:
            dt.date.fromisoformat(data["date"])
        except ValueError:
            message = f"there is no {data['date']}; date must be a day of the calendar"
            problems.append(error("wrong-form", source.where(("date",)), message))
    if "isbn" in data and (digit := _check_digit(data["isbn"])) != data["isbn"][-1]:
        message = f"the check digit of isbn {data['isbn']} is wrong"
        problems.append(error("isbn", source.where(("isbn",)), message, f"with these digits it is {digit}"))
    return problems


def _check_digit(isbn: str) -> str:
    """The thirteenth digit that the first twelve ask for (ISO 2108: weights 1 and 3, modulo 10)."""
    digits = [int(character) for character in isbn if character.isdigit()][:12]
    return str(-sum(digit * (3 if index % 2 else 1) for index, digit in enumerate(digits)) % 10)


def _families(taxonomy: list[dict[str, Any]]) -> tuple[Family, ...]:
    found = [
        Family(
            family["key"],
            Text(family["title"]),
            Text(family.get("note", "")),
            division["key"],
            Text(division["title"]),
        )
        for division in taxonomy
        for family in division.get("families", [])
    ]
    if all(family.key != UNFILED for family in found):
        found.append(Family(UNFILED, Text("Unfiled"), Text(""), UNFILED, Text("Unfiled")))
    return tuple(found)


def _warned(archive: Archive) -> Archive:
    """The archive with what is not wrong in it but may surprise."""
    if not archive.base_url:
        message = "there is no base_url, so there are no QR codes"
        found = [warning("no-base-url", Where(str(archive.path)), message, "add base_url: https://…/")]
    else:
        found = []
        where = archive.where("base_url")
        host = re.sub(r"^https?://([^@/?#]*@)?([^:/?#]*).*$", r"\2", archive.base_url).lower().rstrip(".")
        if host == "example" or host.endswith(".example"):
            message = f"base_url is under .example, where nothing can ever answer ({archive.base_url})"
            found.append(warning("example-base-url", where, message, "QR codes will lead nowhere until it is your own"))
        if archive.url.startswith("{base_url}{slug}") and archive.base_url[-1].isalnum():
            message = f"a specimen's URL would be {archive.url_of('slug')}"
            found.append(warning("base-url-end", where, message, "end base_url with a slash"))
    values = {name: getattr(archive, name) for name in archive.__dataclass_fields__}
    return Archive(**values | {"warnings": tuple(found)})
