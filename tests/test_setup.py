"""Set-up: what a fresh clone is told, what it installs, and the files that pin it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; [^\\]+)? \\$", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    found = dict(PIN.findall(lock.read_text("utf-8")))
    assert len(found) > 20
    return found


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """What set-up reads, and nothing else."""
    for name in ("Makefile", "pyproject.toml", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(root / name, tmp_path)
    shutil.copytree(root / ".ci", tmp_path / ".ci")
    return tmp_path


def make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, check=False, env=outer | environment
    )


def test_a_second_set_up_does_nothing_and_quickly(clone: Path) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "press.stamp").touch()
    start = time.monotonic()
    done = make(clone, "setup")
    assert time.monotonic() - start < 1
    assert done.returncode == 0
    assert "Nothing to be done" in done.stdout


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements.lock", ".ci/setup.py"])
def test_a_change_of_what_is_pinned_sets_up_again(clone: Path, changed: str) -> None:
    (clone / ".venv").mkdir()
    (clone / ".venv" / "press.stamp").touch()
    later = time.time() + 10
    os.utime(clone / changed, (later, later))
    assert "setup.py press" in make(clone, "--dry-run", "setup").stdout


def test_without_python_one_line_says_what_to_install(clone: Path) -> None:
    done = make(clone, "book", PYTHON="no-such-python")
    assert done.returncode != 0
    said = [line for line in done.stderr.splitlines() if not line.startswith("make")]
    assert len(said) == 1
    assert said[0].startswith("set-up: no no-such-python. Install Python 3.11 or newer")


def test_each_of_the_main_targets_prepares_first(clone: Path) -> None:
    book, test = (make(clone, "--dry-run", target).stdout for target in ("book", "test"))
    assert book.index("setup.py press") < book.index("dossier render")
    assert "setup.py checks" not in book
    assert "setup.py press" not in test, "one step prepares all, so that one line names all that is missing"
    assert test.index("setup.py checks") < test.index("ruff check") < test.index("pytest")


def test_help_lists_every_target(clone: Path) -> None:
    listed = re.findall(r"^make (\S+) +\S", make(clone, "help").stdout, re.MULTILINE)
    assert listed == ["help", "setup", "book", "test", "test-long", "bench", "lint", "clean", "lock"]


def test_ci_runs_the_tests(root: Path) -> None:
    script = root / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").splitlines()[-1] == "make test"


def test_the_libraries_of_this_machine_open(setup_script: ModuleType) -> None:
    assert setup_script.missing_libraries() == []


def test_a_library_that_does_not_open_is_named(setup_script: ModuleType) -> None:
    assert not setup_script.opens("libno-such-thing.so.0")
    assert setup_script.missing_libraries(lambda name: "subset" not in name) == ["HarfBuzz-subset"]
    assert len(setup_script.missing_libraries(lambda _: False)) == 6


def test_a_program_that_is_not_there_is_named_once(setup_script: ModuleType) -> None:
    assert setup_script.missing_programs(lambda name: None if name.startswith("pdf") else f"/bin/{name}") == ["Poppler"]


@pytest.mark.parametrize(
    ("system", "has_apt", "what_to_do"),
    [
        ("Linux", True, "Run as root: apt-get install -y libpango-1.0-0 libharfbuzz-subset0"),
        ("Darwin", False, "Run: brew install pango"),
        ("Linux", False, "Install it with your system's package manager, then run make again."),
    ],
)
def test_the_line_to_run_fits_the_system(setup_script: ModuleType, system: str, has_apt: bool, what_to_do: str) -> None:
    line = setup_script.advice(["Pango", "HarfBuzz-subset"], system, has_apt)
    assert line == f"missing: Pango, HarfBuzz-subset. {what_to_do}"


def test_all_that_can_be_missing_has_a_package(setup_script: ModuleType) -> None:
    parts = [*setup_script.LIBRARIES, *setup_script.PROGRAMS.values()]
    assert set(parts) <= set(setup_script.APT)
    assert setup_script.packages(parts, setup_script.BREW, "pango") == [
        *("pango", "git", "poppler", "mpack", "openssl", "ripmime"),
    ]


@pytest.mark.parametrize(
    ("user", "has_sudo", "allowed", "terminal", "prefix"),
    [
        (0, False, False, False, []),
        (1000, True, True, False, ["sudo", "-n"]),
        (1000, True, False, True, ["sudo"]),
        (1000, True, False, False, None),
        (1000, False, True, True, None),
    ],
)
def test_who_may_install(
    setup_script: ModuleType, user: int, has_sudo: bool, allowed: bool, terminal: bool, prefix: list[str] | None
) -> None:
    found = setup_script.root_prefix(user, lambda _: "/usr/bin/sudo" if has_sudo else None, lambda _: allowed, terminal)
    assert found == prefix


@pytest.mark.parametrize(
    ("step", "missing", "install"),
    [
        ("press", "Pango, Pango for FreeType, the venv module", "libpango-1.0-0 libpangoft2-1.0-0 python3-venv"),
        (
            "checks",
            "Pango, Pango for FreeType, the venv module, Poppler",
            "libpango-1.0-0 libpangoft2-1.0-0 python3-venv poppler-utils",
        ),
    ],
)
def test_without_rights_one_line_names_everything(
    setup_script: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
    missing: str,
    install: str,
) -> None:
    monkeypatch.setattr(setup_script.platform, "system", lambda: "Linux")
    monkeypatch.setattr(setup_script.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(setup_script.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(setup_script, "missing_libraries", lambda: ["Pango", "Pango for FreeType"])
    monkeypatch.setattr(setup_script, "missing_venv", lambda: ["the venv module"])
    monkeypatch.setattr(setup_script, "missing_programs", lambda: ["Poppler"])
    assert setup_script.main([step]) == 1
    assert capsys.readouterr() == ("", f"set-up: missing: {missing}. Run as root: apt-get install -y {install}\n")


def test_apt_is_asked_again_after_one_update(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        ran.append("update" if command[-1] == "update" else command[-1])
        assert command[:2] == ["env", "DEBIAN_FRONTEND=noninteractive"]
        return subprocess.CompletedProcess(command, 100 if len(ran) == 1 else 0)

    monkeypatch.setattr(setup_script.subprocess, "run", run)
    assert setup_script.apt_install(["libpango-1.0-0"], [])
    assert ran == ["libpango-1.0-0", "update", "libpango-1.0-0"]


def test_an_old_python_can_read_the_script(root: Path) -> None:
    """macOS brings 3.9; it has to get as far as the sentence that asks for a newer one."""
    text = (root / ".ci" / "setup.py").read_text("utf-8")
    assert ast.parse(text, feature_version=(3, 8)).body
    assert "from __future__ import annotations" in text


def test_an_old_python_hands_over_to_a_newer_one(setup_script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(setup_script.sys, "version_info", (3, 9, 6))
    monkeypatch.setattr(setup_script.sys, "argv", ["setup.py", "press"])
    monkeypatch.setattr(setup_script.shutil, "which", {"python3.12": "/opt/bin/python3.12"}.get)
    monkeypatch.setattr(setup_script.os, "execv", lambda path, arguments: ran.append([path, *arguments[1:]]))
    with pytest.raises(setup_script.CannotPrepareError, match=r"missing: Python 3\.11"):
        setup_script.newer_python()
    assert ran == [["/opt/bin/python3.12", "setup.py", "press"]]


def test_an_unknown_word_is_a_usage_error(setup_script: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert setup_script.main(["everything"]) == 2
    assert "setup.py press" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes(root: Path, name: str) -> None:
    lock = root / name
    blocks = re.split(r"\n(?=[a-z])", lock.read_text("utf-8"))[1:]
    assert len(blocks) == len(pins(lock))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_both_locks_agree_and_hold_what_the_project_asks_for(root: Path, project: dict[str, Any]) -> None:
    press, checks = pins(root / "requirements.lock"), pins(root / "requirements-dev.lock")
    assert press.items() <= checks.items()
    groups = project["dependency-groups"]
    asked = {
        "press": [*project["project"]["dependencies"], *groups["build"]],
        "checks": [*groups["dev"], *project["project"]["optional-dependencies"]["check"]],
    }
    names = {key: {re.split(r"[<>=\[ ]", wanted)[0] for wanted in value} for key, value in asked.items()}
    assert len(names["press"]) > 5
    assert names["press"] - set(press) == set()
    assert names["checks"] - set(checks) == set()
    assert "pytest" not in press


def test_weasyprint_is_new_enough_for_its_security_fixes(root: Path) -> None:
    assert int(pins(root / "requirements.lock")["weasyprint"].split(".")[0]) >= 70


def test_a_missing_program_fails_a_test_and_says_what_to_install(
    tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(tool("git")).is_file()
    monkeypatch.setenv("PATH", "")
    with pytest.raises(pytest.fail.Exception, match=r"missing: Poppler\."):
        tool("pdftoppm")
    with pytest.raises(pytest.fail.Exception, match="PROGRAMS"):
        tool("no-such-program")
