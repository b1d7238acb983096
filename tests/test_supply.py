"""What the press is made of: every package and face is listed in LICENSES.md, under a licence that we may pass on.

``.venv/bin/python tests/test_supply.py`` prints the tables as they should be.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PERMISSIVE = frozenset(
    (
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Zlib",
    )
)
WEAK = frozenset(("LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later", "MPL-1.1", "MPL-2.0"))
"""Licences that ask for the source of the package itself, not of what imports it."""
FACES = frozenset(("Apache-2.0", "Bitstream-Vera", "OFL-1.1"))
COPYLEFT = re.compile(r"(?<!L)GPL|SSPL|BUSL|CC-BY-NC|Proprietary", re.IGNORECASE)

SAID = {
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "LGPL": "LGPL-3.0-or-later",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What packages call their licences, and the SPDX name of it. Several classifiers are a choice."""

ELSEWHERE = {"brotlicffi": "MIT", "colorama": "BSD-3-Clause"}
"""Packages of the lock files that this system may have no use for: their licences as published with them."""


@dataclass(frozen=True, order=True)
class Package:
    name: str
    licence: str
    use: str


def locked(lock: str) -> dict[str, Marker | None]:
    """The packages of a lock file, with the condition under which each is installed."""
    text = re.sub(r"\\\n", " ", (ROOT / lock).read_text("utf-8"))
    lines = (re.sub(r"--hash=\S+", "", line).strip() for line in text.splitlines() if re.match(r"[a-z]", line))
    found = [Requirement(line) for line in lines]
    return {str(canonicalize_name(one.name)): one.marker for one in found}


def licence(name: str) -> str:
    """The licence of an installed package as an SPDX expression; what it says in its own words if those are unknown."""
    try:
        data = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ELSEWHERE[name]
    if data["License-Expression"]:
        return str(data["License-Expression"])
    own = (data["License"] or "").strip()
    if own and "\n" not in own:
        return SAID.get(own, own)
    kinds = [line.rpartition(" :: ")[2] for line in data.get_all("Classifier", []) if line.startswith("License ::")]
    return " OR ".join(SAID.get(kind, kind) for kind in kinds if kind != "OSI Approved")


def is_allowed(expression: str, allowed: frozenset[str]) -> bool:
    """Whether one of the choices of an SPDX expression without brackets is allowed in all its parts."""
    choices = (choice.split(" AND ") for choice in expression.split(" OR "))
    return any(all(part.strip() in allowed for part in choice) for choice in choices)


def packages() -> list[Package]:
    press, every = locked("requirements.lock"), locked("requirements-dev.lock")
    building = {"hatchling", "packaging", "pathspec", "pluggy", "trove-classifiers", "tomli", "tomlkit"}
    extras = reach("dask", "check")
    found = []
    for name in every:
        use = "press" if name in press and name not in building else "extra" if name in extras else "tools"
        found.append(Package(name, licence(name), use))
    return sorted(found)


def reach(*extras: str) -> set[str]:
    """The packages that extras of ours bring, with all that those need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(line) for extra in extras for line in project["optional-dependencies"][extra]]
    seen: set[str] = set()
    while waiting:
        one = waiting.pop()
        name = str(canonicalize_name(one.name))
        if name in seen or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        waiting += [Requirement(line) for line in importlib.metadata.requires(name) or ()]
    return seen


def faces() -> list[tuple[str, str, str]]:
    """Family, licence, and the file with its text."""
    listed = yaml.safe_load((ROOT / "fonts" / "faces.yaml").read_text("utf-8"))
    texts = {path.stem.rpartition("-")[2]: path.name for path in (ROOT / "fonts").glob("*.txt")}
    found = {(one["family"], one["licence"], texts[one["family"].replace(" ", "")]) for one in listed}
    return sorted(found)


def tables() -> tuple[list[str], list[str]]:
    """The rows of LICENSES.md: packages, faces."""
    rows = [f"| {one.name} | {one.licence} | {one.use} |" for one in packages()]
    return rows, [f"| {family} | {name} | [`fonts/{text}`](fonts/{text}) |" for family, name, text in faces()]


def imported() -> Iterator[tuple[str, str]]:
    """Every module from outside that the press imports, with the file that does."""
    ours = {"render", "__future__", *sys.stdlib_module_names}
    for path in sorted((ROOT / "render").rglob("*.py")):
        if "shipped" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            yield from ((name.partition(".")[0], path.name) for name in names if name.partition(".")[0] not in ours)


def test_every_locked_package_is_installed_or_has_no_use_here() -> None:
    every = locked("requirements-dev.lock")
    assert len(every) > 50
    assert set(locked("requirements.lock")) <= set(every)
    for name, marker in every.items():
        if marker is None or marker.evaluate():
            assert importlib.metadata.version(name), name
        else:
            assert name in ELSEWHERE, name


def test_no_package_is_under_a_licence_that_binds_what_imports_it() -> None:
    found = packages()
    assert {"weasyprint", "pikepdf", "pyphen", "distributed", "pytest"} <= {one.name for one in found}
    assert [one for one in found if not is_allowed(one.licence, PERMISSIVE | WEAK)] == []
    # the text that comes with a package may say more than its name of a licence
    for one in found:
        if COPYLEFT.search(one.licence):
            assert one == Package("pyphen", "GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", "press"), one


def test_what_the_press_imports_is_locked() -> None:
    known = {"press": set(locked("requirements.lock")), "extra": reach("dask", "check")}
    homes = importlib.metadata.packages_distributions()
    seen = {}
    for module, file in imported():
        names = {str(canonicalize_name(name)) for name in homes.get(module, ())}
        assert names & (known["press"] | known["extra"]), f"{file} imports {module}, which is no dependency"
        seen[module] = file
    assert {"weasyprint", "pikepdf", "jinja2", "yaml", "distributed"} <= set(seen)


def test_the_list_of_packages_and_faces_is_as_it_should_be() -> None:
    text = (ROOT / "LICENSES.md").read_text("utf-8")
    rows, fonts = tables()
    listed = [line for line in text.splitlines() if line.startswith("| ") and "---" not in line]
    heads = [line for line in listed if line.startswith(("| Package", "| Face", "| Library"))]
    assert len(heads) == 3
    ours = [line for line in listed if line not in heads and "loaded from the system" not in line]
    assert ours == fonts + rows


@pytest.mark.parametrize(("family", "name", "text"), faces())
def test_a_face_may_be_passed_on(family: str, name: str, text: str) -> None:
    assert name in FACES
    said = re.sub(r"\s+", " ", (ROOT / "fonts" / text).read_text("utf-8", errors="replace"))
    titles = {"OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1", "Apache-2.0": "Apache License Version 2.0"}
    assert titles.get(name, "Bitstream Vera").lower() in said.lower(), family


def test_a_picture_of_a_licence_is_no_licence() -> None:
    assert is_allowed("Apache-2.0 OR BSD-3-Clause", PERMISSIVE)
    assert is_allowed("GPL-2.0-or-later OR MPL-1.1", PERMISSIVE | WEAK)
    assert not is_allowed("MIT AND GPL-3.0-only", PERMISSIVE | WEAK)
    assert not is_allowed("AGPL-3.0-or-later", PERMISSIVE | WEAK)
    assert not is_allowed("", PERMISSIVE | WEAK)
    assert COPYLEFT.search("AGPL-3.0-or-later")
    assert not COPYLEFT.search("LGPL-3.0-or-later")


if __name__ == "__main__":
    print("\n\n".join("\n".join(table) for table in tables()))
