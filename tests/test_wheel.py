"""What `pip install` gives: a `dossier` that needs nothing but its wheel, from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("wheel")

SHIPPED = ("fonts", "layouts", "specimens")


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs a command as a stranger would: nothing of this environment but where programs and temporary files are."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "DYLD_FALLBACK_LIBRARY_PATH") if name in os.environ}
    done = subprocess.run(
        command, cwd=folder, env=kept | {"HOME": str(folder)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, root, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it. What it depends on is lent by the one that runs the tests.

    Lent by a path: the .pth files of the lender, our own editable installation among them, are not followed.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder.parent)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, folder=folder.parent)
    (packages,) = (folder / "lib").glob("python3*/site-packages")
    lender = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (packages / "lent.pth").write_text("\n".join(lender) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def archive(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive as ``dossier init`` begins it."""
    folder = tmp_path_factory.mktemp("somewhere")
    run(environment / "bin" / "dossier", "init", "files", folder=folder)
    return folder / "files"


def test_the_wheel_holds_what_git_knows_and_nothing_else(root: Path, wheel: Path, tool: Callable[[str], str]) -> None:
    command = (tool("git"), "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "render", *SHIPPED)
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout.split("\0")
    there = [name for name in listed if name and (root / name).is_file()]
    expected = {name if name.startswith("render/") else f"render/shipped/{name}" for name in there}
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == expected
    for name in ("render/cli/__init__.py", "render/shipped/fonts/faces.yaml", "render/shipped/specimens/archive.yaml"):
        assert name in held
    assert any(name.startswith("render/shipped/layouts/base/sections/") for name in held)


def test_every_licence_is_in_the_wheel(root: Path, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name.partition(".dist-info/licenses/")[2] for name in archive.namelist()} - {""}
    fonts = {f"fonts/{path.name}" for path in (root / "fonts").glob("*.txt")}
    assert len(fonts) == 6
    assert held == {"LICENSE"} | fonts


def test_the_installed_package_is_the_wheel_s(environment: Path, tmp_path: Path) -> None:
    code = "import render, render.home; print(render.__file__); print(render.home.HOME)"
    package, home = map(Path, run(environment / "bin" / "python", "-c", code, folder=tmp_path).stdout.split())
    assert package.is_relative_to(environment)
    assert home == package.parent / "shipped"


def test_version(environment: Path, tmp_path: Path) -> None:
    from render import __version__

    said = run(environment / "bin" / "dossier", "--version", folder=tmp_path).stdout
    assert said == f"dossier {__version__}\n"


def test_a_new_archive_renders_from_another_folder(environment: Path, archive: Path, tmp_path: Path) -> None:
    slug = next(path.stem for path in sorted(archive.rglob("*.yaml")) if path.stem != "archive")
    run(environment / "bin" / "dossier", "render", slug, "--archive", archive, folder=tmp_path)
    (pdf,) = (tmp_path / "out" / "dossiers").iterdir()
    assert pdf.name == f"{slug}.pdf"
    assert pdf.read_bytes().startswith(b"%PDF-1.")


def test_the_layouts_are_found(environment: Path, tmp_path: Path) -> None:
    assert "folder" in run(environment / "bin" / "dossier", "layouts", folder=tmp_path).stdout
