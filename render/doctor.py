"""What the press stands on: libraries, fonts, room on the disk; what is missing, and the line that installs it.

Works when nothing else does: no library is taken for granted.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.metadata
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from . import __version__, fonts, inspection, recipe
from .fonts import Face
from .problems import DossierError, SetupError, reason_of

OLDEST = (3, 11)
ROOM = 100 << 20
"""Bytes that ought to be free where results go: some hundred dossiers, with what is kept of them."""

_NUMBER = re.compile(r"(\d+)(\d\d)(\d\d)$")


class State(StrEnum):
    OK = "ok"
    MISSING = "missing"
    OPTIONAL = "optional"
    """Not there, and not needed by most."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` is the line that helps, empty where all is well."""

    state: State
    subject: str
    detail: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Native:
    """A library that WeasyPrint opens when it is imported, under the names that systems give it.

    ``debian`` is the package that brings it, ``version`` the function that tells its version, where it has one.
    """

    name: str
    files: tuple[str, ...]
    debian: str
    version: str = ""


NATIVE = (
    Native("Pango", ("libpango-1.0.so.0", "libpango-1.0.dylib"), "libpango-1.0-0", "pango_version"),
    Native("Pango for FreeType", ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"), "libpangoft2-1.0-0"),
    Native("HarfBuzz", ("libharfbuzz.so.0", "libharfbuzz.0.dylib"), "libharfbuzz0b", "hb_version_string"),
    Native("HarfBuzz-subset", ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), "libharfbuzz-subset0"),
    Native("GObject", ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib"), "libpango-1.0-0"),
    Native("Fontconfig", ("libfontconfig.so.1", "libfontconfig.1.dylib"), "libpangoft2-1.0-0", "FcGetVersion"),
)

HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")


def report(
    output: Path = Path("out"), cache: Path | None = None, font_dirs: Sequence[Path] = (), system: str = ""
) -> list[Finding]:
    """Everything there is to say of this machine. ``system`` is as ``platform.system()`` says it (Linux, Darwin)."""
    found = [_python(), Finding(State.OK, "the press", __version__)]
    found += _natives(system or platform.system())
    found += _packages()
    found.append(_typesetting())
    found += _fonts(tuple(font_dirs))
    found += _extras()
    found += [_room(output), _writable("cache", cache or output / ".cache")]
    return found


def status(findings: Iterable[Finding]) -> int:
    """The exit status: 0 when all that is needed is there, else 1."""
    return int(any(finding.state is State.MISSING for finding in findings))


def as_text(findings: Sequence[Finding]) -> str:
    """A line for each finding, what helps below it."""
    wide = max(len(finding.subject) for finding in findings)
    lines = []
    for finding in findings:
        lines.append(f"{finding.state:8}  {finding.subject:{wide}}  {finding.detail}".rstrip())
        if finding.remedy:
            lines.append(f"{'':8}  {'':{wide}}  {finding.remedy}")
    return "\n".join(lines)


def as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """The findings as JSON has them."""
    return [asdict(finding) for finding in findings]


def _python() -> Finding:
    version = platform.python_version()
    if sys.version_info[:2] >= OLDEST:
        return Finding(State.OK, "Python", f"{version} ({platform.system()} {platform.machine()})")
    return Finding(State.MISSING, "Python", version, f"install Python {'.'.join(map(str, OLDEST))} or newer")


def _natives(system: str) -> Iterator[Finding]:
    for native in NATIVE:
        library = next(filter(None, map(_opened, native.files)), None)
        if library is not None:
            yield Finding(State.OK, native.name, _version(library, native.version) or "found")
        else:
            yield Finding(State.MISSING, native.name, "not found", _install(native, system))


def _install(native: Native, system: str) -> str:
    debian, mac = f"apt-get install -y {native.debian}", "brew install pango"
    if system == "Darwin":
        folder = next((one for one in HOMEBREW for name in native.files if Path(one, name).is_file()), "")
        # Homebrew's folder is not on the loader's path of every Python.
        return f"export DYLD_FALLBACK_LIBRARY_PATH={folder}" if folder else mac
    return debian if system == "Linux" else f"Debian, Ubuntu: {debian}; macOS: {mac}"


def _opened(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _version(library: ctypes.CDLL, function: str) -> str:
    """What a library says of itself: text, or a number such as 15012 for 1.50.12."""
    call: Callable[[], Any] | None = getattr(library, function, None) if function else None
    if call is None:
        return ""
    if function == "hb_version_string":
        call.restype = ctypes.c_char_p  # type: ignore[attr-defined]
        return str(call().decode())
    match = _NUMBER.match(str(call()))
    return ".".join(str(int(part)) for part in match.groups()) if match else ""


def _packages() -> Iterator[Finding]:
    for name in dict.fromkeys((*recipe.LIBRARIES, *_declared())):
        try:
            yield Finding(State.OK, name, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(State.MISSING, name, "not installed", f"pip install {name}")


def _declared() -> list[str]:
    """The packages that ours says it needs, extras apart."""
    try:
        needed = importlib.metadata.requires("dossier-press") or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [re.split(r"[^A-Za-z0-9_.-]", line)[0].lower() for line in needed if "extra ==" not in line]


def _typesetting() -> Finding:
    try:
        from . import typeset  # noqa: F401 - whether it can be is the question
    except (SetupError, ImportError) as lack:
        return Finding(State.MISSING, "typesetting", "WeasyPrint cannot be imported", str(lack))
    return Finding(State.OK, "typesetting", "WeasyPrint can be imported")


def _fonts(folders: tuple[Path, ...]) -> Iterator[Finding]:
    try:
        faces = fonts.faces(folders)
    except (DossierError, OSError) as failure:
        yield Finding(State.MISSING, "fonts", str(failure), "install the press again; its fonts come with it")
        return
    yield from map(_font, faces)


def _font(face: Face) -> Finding:
    subject = f"{face.family} {face.weight}"
    try:
        digest = hashlib.sha256(face.path.read_bytes()).hexdigest()[:12]
        count = len(fonts.points(face.path))
    except Exception as failure:  # noqa: BLE001 - a damaged font fails in ways fontTools does not list
        detail = f"{face.path} cannot be read: {failure}"
        return Finding(State.MISSING, subject, detail, "install the press again, or replace the file")
    return Finding(State.OK, subject, f"{count} characters, {face.path.name}, sha256 {digest}")


def _extras() -> Iterator[Finding]:
    """What looks at finished pages, and nothing else needs."""
    for name in inspection.PACKAGES.values():
        try:
            yield Finding(State.OK, f"{name} (to look at pages)", importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(State.OPTIONAL, f"{name} (to look at pages)", "not installed", inspection.INSTALL)


def _room(output: Path) -> Finding:
    free = shutil.disk_usage(_standing(output)).free
    detail = f"{free / (1 << 30):.1f} GiB free for {output}"
    if free < ROOM:
        return Finding(
            State.MISSING, "disk", detail, f"make room, {ROOM >> 20} MiB at least, or choose another --output"
        )
    return Finding(State.OK, "disk", detail)


def _writable(subject: str, folder: Path) -> Finding:
    try:
        standing = _standing(folder)
        if not standing.is_dir():
            raise NotADirectoryError(0, "it is not a folder", str(standing))
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as failure:
        detail = f"{folder} cannot be written: {reason_of(failure)}"
        return Finding(State.MISSING, subject, detail, "choose another folder with --cache, or use --no-cache")
    return Finding(State.OK, subject, f"{folder} can be written")


def _standing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    path = Path(os.path.abspath(folder))  # noqa: PTH100 - a link stays a link
    while not path.exists():
        path = path.parent
    return path
