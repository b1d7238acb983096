#!/usr/bin/env python3
"""Prepares a checkout: the virtual environment in .venv, and the system's own libraries and programs.

    setup.py press     what `make book` needs: pinned packages, Pango, HarfBuzz-subset
    setup.py checks    that and what `make test` needs: more packages, and the programs that tests call

Needs nothing but a Python, and says in one line what to install where it may not do so itself.
"""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")

LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0"),
    "Pango for FreeType": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0"),
    "HarfBuzz": ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0"),
    "HarfBuzz-subset": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0"),
    "GObject": ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0"),
    "Fontconfig": ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1"),
}
"""What WeasyPrint 70 opens when it is imported (weasyprint/text/ffi.py), with the names it goes by."""

PROGRAMS = {
    "git": "Git",
    "pdffonts": "Poppler",
    "pdftoppm": "Poppler",
    "pdftotext": "Poppler",
    "munpack": "mpack",
    "openssl": "OpenSSL",
    "ripmime": "ripMIME",
}
"""What the tests call, and what it is part of."""

APT = {
    "Pango": "libpango-1.0-0",
    "Pango for FreeType": "libpangoft2-1.0-0",
    "HarfBuzz": "libharfbuzz0b",
    "HarfBuzz-subset": "libharfbuzz-subset0",
    "GObject": "libpango-1.0-0",
    "Fontconfig": "libpangoft2-1.0-0",
    "Poppler": "poppler-utils",
    "Git": "git",
    "mpack": "mpack",
    "OpenSSL": "openssl",
    "ripMIME": "ripmime",
    "the venv module": "python3-venv",
    "Python 3.11": "python3",
}
BREW = {
    "Poppler": "poppler",
    "Git": "git",
    "mpack": "mpack",
    "OpenSSL": "openssl",
    "ripMIME": "ripmime",
    "the venv module": "python@3.13",
    "Python 3.11": "python@3.13",
}
HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")


class CannotPrepareError(Exception):
    """Carries the one line that tells what to do."""


def opens(name: str) -> bool:
    """Whether the loader finds a library. On macOS Homebrew's folders count, as the Makefile adds them to the path."""
    folders = HOMEBREW if platform.system() == "Darwin" else ()
    for path in (name, *(f"{folder}/{name}" for folder in folders)):
        try:
            ctypes.CDLL(path)
        except OSError:
            continue
        return True
    return False


def missing_libraries(opens: Callable[[str], bool] = opens) -> list[str]:
    return [library for library, names in LIBRARIES.items() if not any(opens(name) for name in names)]


def missing_programs(which: Callable[[str], str | None] = shutil.which) -> list[str]:
    return list(dict.fromkeys(part for program, part in PROGRAMS.items() if which(program) is None))


def packages(parts: Iterable[str], table: Mapping[str, str], otherwise: str | None = None) -> list[str]:
    """Package names for what is missing, each once, in order."""
    return list(dict.fromkeys(table[part] if otherwise is None else table.get(part, otherwise) for part in parts))


def advice(parts: list[str], system: str, has_apt: bool) -> str:
    """The one line for somebody who has to install by hand."""
    if system == "Darwin":
        # Pango brings HarfBuzz, GLib and Fontconfig along.
        return f"missing: {', '.join(parts)}. Run: brew install {' '.join(packages(parts, BREW, 'pango'))}"
    if has_apt:
        return f"missing: {', '.join(parts)}. Run as root: apt-get install -y {' '.join(packages(parts, APT))}"
    return f"missing: {', '.join(parts)}. Install it with your system's package manager, then run make again."


def root_prefix(
    user: int, which: Callable[[str], str | None], allows: Callable[[list[str]], bool], terminal: bool
) -> list[str] | None:
    """What to write before a command so that it runs as root; None where that cannot be had."""
    if user == 0:
        return []
    if which("sudo") is None:
        return None
    if allows(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return ["sudo"] if terminal else None


def succeeds(command: list[str]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def apt_install(names: list[str], prefix: list[str]) -> bool:
    """Installs Debian packages; refreshes the lists once if the first try fails."""
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    install = [*apt, "install", "-y", "--no-install-recommends", *names]
    print("installing", " ".join(names), flush=True)
    if subprocess.run(install, capture_output=True, check=False).returncode == 0:
        return True
    subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL, check=False)
    return subprocess.run(install, stdout=subprocess.DEVNULL, check=False).returncode == 0


def provide(look: Callable[[], list[str]]) -> None:
    """Installs what ``look`` misses. Raises CannotPrepareError with one line that names all of it."""
    parts = look()
    if not parts:
        return
    line = advice(parts, platform.system(), shutil.which("apt-get") is not None)
    if platform.system() == "Linux" and shutil.which("apt-get") is not None:
        prefix = root_prefix(os.geteuid(), shutil.which, succeeds, sys.stdin.isatty())
        if prefix is not None and apt_install(packages(parts, APT), prefix) and not look():
            return
    raise CannotPrepareError(line)


def missing_venv() -> list[str]:
    has_pip = succeeds([str(PYTHON), "-m", "pip", "--version"])
    return [] if has_pip or succeeds([sys.executable, "-c", "import ensurepip, venv"]) else ["the venv module"]


def missing_for_press() -> list[str]:
    return missing_libraries() + missing_venv()


def missing_for_checks() -> list[str]:
    return missing_for_press() + missing_programs()


def run(*command: str | Path) -> None:
    if subprocess.run(command, check=False, cwd=ROOT).returncode != 0:
        raise CannotPrepareError(f"this did not work, see above: {' '.join(map(str, command))}")


def install(lock: str) -> None:
    """Brings .venv to what a lock file says, every package checked against its hash."""
    if not succeeds([str(PYTHON), "-m", "pip", "--version"]):
        run(sys.executable, "-m", "venv", "--clear", VENV)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--root-user-action=ignore")
    print(f"installing what {lock} pins into .venv", flush=True)
    run(*pip, "--require-hashes", "-r", lock)
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ".")


def prepare(what: str) -> None:
    look, lock = STEPS[what]
    provide(look)
    install(lock)


STEPS = {
    "press": (missing_for_press, "requirements.lock"),
    "checks": (missing_for_checks, "requirements-dev.lock"),
}


def newer_python() -> None:
    """Hands over to a newer Python where the one that runs is too old. Raises CannotPrepareError if there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        path = shutil.which(name)
        if path is not None:
            os.execv(path, [path, *sys.argv])
    raise CannotPrepareError(advice(["Python 3.11"], platform.system(), shutil.which("apt-get") is not None))


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in STEPS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        newer_python()
        prepare(arguments[0])
    except CannotPrepareError as stop:
        print(f"set-up: {stop}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
