"""The rules of the house: which way imports run, who may import what, what lies where."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ORDER = (
    "problems", "home", "standards", "text", "record", "syntax", "scalars", "wording", "load", "keywords", "fonts",
    "schema", "settings", "layout_rules", "layouts", "bidi", "art", "copyfit", "locales", "filters",
    "output", "cache", "executors", "progress", "inline", "relations", "validate", "editions", "taxonomy", "audit",
    "collation", "terms",
    "similarity", "link", "compose", "pdf", "raster", "inspection", "typeset", "recipe", "catalogue", "orders",
    "desk", "press", "bundle", "cluster", "workshop", "paginate", "imprint", "matter", "bind", "impose", "presets",
    "preflight", "campaign", "ledger", "deliver", "kept", "starter", "synthetic", "doctor", "intake", "pipeline",
    "unbound", "anthology", "printer", "proofread", "watch", "mailing", "api", "complain", "cli", "__init__",
    "__main__",
)  # fmt: skip
"""A module imports only modules above it: those before it in this list."""

ONLY_IMPORTER = {"weasyprint": "typeset", "pikepdf": "pdf", "smtplib": "deliver"}

TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "LICENSES.md", "Makefile", "README.md",
    "SECURITY.md", "fonts", "layouts",
    "pyproject.toml", "render", "requirements-dev.lock", "requirements.lock", "specimens", "tests",
}  # fmt: skip

LINES = 400
NAMELESS = {"utils", "util", "common", "helpers", "helper", "misc", "tools", "shared", "base", "core"}

# Put together here so that this file does not find itself.
REGISTRIES = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"))
HOSTS = tuple(f"{name}.{domain}" for name, domain in REGISTRIES)
MACHINE = re.compile(r"(?<![\w.~-])/(?:root|home|Users|work)/\w")


@dataclass(frozen=True)
class Import:
    """``module`` is dotted, in full: ``render.art.pen``, ``weasyprint.text``."""

    file: Path
    line: int
    module: str


def package_of(file: Path, package: Path) -> tuple[str, ...]:
    """The package whose names a relative import with one dot starts from."""
    return ("render", *file.relative_to(package).parent.parts)


def module_of(file: Path, package: Path) -> str:
    parts = ("render", *file.relative_to(package).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path, package: Path) -> Iterator[Import]:
    """Every import of a file, those inside functions too. A name that is no module stands for the module it is in."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            here = package_of(file, package)
            start = here[: len(here) - node.level + 1] if node.level else ()
            parent = (*start, *(node.module.split(".") if node.module else ()))
            for alias in node.names:
                if parent == ("render",) and alias.name == "__version__":
                    continue  # a constant, no part of what __init__ gathers
                inside = package.joinpath(*parent[1:], alias.name)
                is_module = parent[:1] == ("render",) and (inside.with_suffix(".py").exists() or inside.is_dir())
                yield Import(file, node.lineno, ".".join((*parent, alias.name) if is_module else parent))


def room(module: str) -> str:
    """The entry of ORDER that a module of ours belongs to."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def downward(found: list[Import], package: Path) -> list[str]:
    """Imports that run against ORDER, as sentences."""
    wrong = []
    for item in found:
        if item.module.split(".")[0] != "render":
            continue
        here = module_of(item.file, package)
        source, target = room("render.__init__" if here == "render" else here), room(item.module)
        if source != target and {source, target} <= set(ORDER) and ORDER.index(target) >= ORDER.index(source):
            wrong.append(f"{item.file.name}:{item.line}: {source} imports {target}, which stands below it")
    return wrong


def tracked(root: Path, git: str) -> list[Path]:
    """Files that git knows, relative to the root; without those just deleted."""
    listed = subprocess.run([git, "ls-files", "-z"], cwd=root, capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (root / name).is_file()]


@pytest.fixture(scope="module")
def package(root: Path) -> Path:
    return root / "render"


@pytest.fixture(scope="module")
def modules(package: Path) -> list[Path]:
    found = sorted(path for path in package.rglob("*.py") if "shipped" not in path.parts)
    assert len(found) > 10, "the walk over render/ saw next to nothing"
    return found


@pytest.fixture(scope="module")
def found(modules: list[Path], package: Path) -> list[Import]:
    every = [item for file in modules for item in imports_of(file, package)]
    assert sum(item.module.startswith("render.") for item in every) > 20, "hardly an import of our own was seen"
    return every


@pytest.fixture(scope="module")
def files(root: Path, tool: Callable[[str], str]) -> list[Path]:
    listed = tracked(root, tool("git"))
    assert len(listed) > 20, "git lists next to nothing"
    return listed


def test_every_module_has_its_place_in_the_order(modules: list[Path], package: Path) -> None:
    rooms = {file.relative_to(package).parts[0].removesuffix(".py") for file in modules}
    assert rooms - set(ORDER) == set(), "add it to ORDER where it belongs"
    assert {"problems", "record", "layouts"} <= rooms


def test_imports_run_upward(found: list[Import], package: Path) -> None:
    assert downward(found, package) == []


def test_no_cycles(found: list[Import], package: Path) -> None:
    ours = [item for item in found if item.module.startswith("render.")]
    graph: dict[str, set[str]] = {}
    for item in ours:
        graph.setdefault(module_of(item.file, package), set()).add(item.module)
    ordered = tuple(graphlib.TopologicalSorter(graph).static_order())  # raises CycleError, which names the cycle
    assert ordered.index("render.problems") < ordered.index("render.load")


@pytest.mark.parametrize(("library", "importer"), ONLY_IMPORTER.items())
def test_only_one_module_imports(library: str, importer: str, found: list[Import], package: Path) -> None:
    strangers = {
        f"{item.file.relative_to(package)}:{item.line}"
        for item in found
        if item.module.split(".")[0] == library and room(module_of(item.file, package)) != importer
    }
    assert strangers == set()


def test_weasyprint_is_imported_where_it_should_be(found: list[Import]) -> None:
    assert any(item.module.split(".")[0] == "weasyprint" for item in found)


def test_no_module_without_a_name_of_its_own(modules: list[Path]) -> None:
    assert [file.name for file in modules if file.stem in NAMELESS] == []


def test_no_module_is_too_long(modules: list[Path], package: Path) -> None:
    lengths = {str(file.relative_to(package)): len(file.read_text("utf-8").splitlines()) for file in modules}
    assert max(lengths.values()) > 50
    assert {name: count for name, count in lengths.items() if count > LINES} == {}


def test_only_known_entries_at_the_top(files: list[Path]) -> None:
    entries = {path.parts[0] for path in files}
    assert entries - TOP == set()
    assert {"render", "fonts", "pyproject.toml"} <= entries


def test_layouts_hold_no_python(files: list[Path]) -> None:
    held = [path for path in files if path.parts[0] == "layouts"]
    assert len(held) > 5
    assert [path for path in held if path.suffix in {".py", ".pyc", ".pyi"}] == []


def test_no_package_registry_and_no_path_of_one_machine(root: Path, files: list[Path]) -> None:
    read, wrong = 0, []
    for path in files:
        try:
            text = (root / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue
        read += 1
        for number, line in enumerate(text.splitlines(), 1):
            if any(host in line for host in HOSTS) or MACHINE.search(line) or str(root) in line:
                wrong.append(f"{path}:{number}: {line.strip()[:120]}")
    assert read > 20
    assert wrong == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_hold_no_address(root: Path, lock: str) -> None:
    text = (root / lock).read_text("utf-8")
    assert text.count("--hash=sha256:") > 100
    assert re.findall(r"\w+://|^\s*-[a-z-]+|@ ", text.replace("--hash", "")) == []


@pytest.fixture
def sketch(tmp_path: Path) -> Path:
    """A small package that breaks the rules, to see that they bite."""
    package = tmp_path / "render"
    (package / "art").mkdir(parents=True)
    (package / "__init__.py").write_text("from .cli import main\n")
    (package / "problems.py").write_text("def late() -> None:\n    from . import cli\n")
    (package / "cli.py").write_text("from .art import pen\nfrom .art.pen import num\nimport weasyprint.text\n")
    (package / "art" / "__init__.py").write_text("")
    (package / "art" / "pen.py").write_text("from ..problems import late\nfrom .. import main, __version__\n")
    return package


def test_the_rules_see_what_they_forbid(sketch: Path) -> None:
    found = [item for file in sorted(sketch.rglob("*.py")) for item in imports_of(file, sketch)]
    assert [item.module for item in found] == [
        "render.cli", "render.problems", "render", "render.art.pen", "render.art.pen", "weasyprint.text", "render.cli",
    ]  # fmt: skip
    assert downward(found, sketch) == [
        "pen.py:2: art imports __init__, which stands below it",
        "problems.py:2: problems imports cli, which stands below it",
    ]


@pytest.mark.parametrize(
    ("line", "is_wrong"),
    [
        ("see /" + "home/ada/press", True),
        ("open('/" + "root/x')", True),
        ("~/" + "home/x", False),
        ("files/" + "home/x", False),
        ("https://otiose.example/" + "home/a", False),
    ],
)
def test_a_path_of_one_machine_is_seen(line: str, is_wrong: bool) -> None:
    assert (MACHINE.search(line) is not None) is is_wrong
