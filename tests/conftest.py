"""What all tests share."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from book import Book
    from pressroom import Press

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-pictures", action="store_true", help="replace the reference pictures with what is found")


@pytest.fixture(scope="session")
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether reference pictures are replaced in this run instead of being compared with."""
    return bool(request.config.getoption("--renew-pictures"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def press(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Press:
    """Every finished dossier of a run, made once for all tests and workers."""
    from pressroom import Press

    return Press(_shared(tmp_path_factory, request, "pressroom"))


@pytest.fixture(scope="session")
def bindery(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder with the shipped archive's book, ``anthology.pdf``, and its parts in ``cache``; made once in a run."""
    from book import shipped

    return shipped(_shared(tmp_path_factory, request, "bindery"))


@pytest.fixture(scope="session")
def volume(bindery: Path, tool: Callable[[str], str]) -> Book:
    """The shipped archive's book, to be read."""
    from book import Book

    return Book((bindery / "anthology.pdf").read_bytes(), tool("pdftotext"))


def _shared(factory: pytest.TempPathFactory, request: pytest.FixtureRequest, name: str) -> Path:
    """A folder of all workers of a run."""
    base = factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / name
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def setup_script() -> ModuleType:
    """``.ci/setup.py`` as a module; it lies outside every package."""
    spec = importlib.util.spec_from_file_location("ci_setup", ROOT / ".ci" / "setup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tool(setup_script: ModuleType) -> Callable[[str], str]:
    """Finds an outside program: ``tool("pdftoppm")`` is its path. A missing one fails the test, never skips it."""

    def find(program: str) -> str:
        part = setup_script.PROGRAMS.get(program)
        if part is None:
            pytest.fail(f"{program} is called by a test, but PROGRAMS in .ci/setup.py does not list it")
        path = shutil.which(program)
        if path is None:
            pytest.fail(
                setup_script.advice([part], setup_script.platform.system(), shutil.which("apt-get") is not None)
            )
        return path

    return find
