"""The doctor: what is there, what is not, and the line that helps; also where nothing else works."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from render import doctor, fonts, inspection
from render.doctor import Finding, State

WITHOUT_PANGO = """
import ctypes, sys, cffi

HIDDEN = ("pango", "harfbuzz-subset")
opened, loaded = ctypes.CDLL.__init__, cffi.FFI.dlopen

def missing(name):
    return isinstance(name, str) and any(part in name for part in HIDDEN)

def open_(self, name, *rest, **more):
    if missing(name):
        raise OSError(f"cannot load library {name!r}")
    opened(self, name, *rest, **more)

def load(self, name, flags=0):
    if missing(name):
        raise OSError(f"cannot load library {name!r}")
    return loaded(self, name, flags)

ctypes.CDLL.__init__, cffi.FFI.dlopen = open_, load
from render import doctor
import json
found = doctor.report(system=sys.argv[1])
print(json.dumps({"findings": doctor.as_data(found), "status": doctor.status(found)}))
"""


def by_subject(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings}


def test_on_this_machine_all_is_well(tmp_path: Path) -> None:
    found = doctor.report(tmp_path)
    assert {finding.state for finding in found} == {State.OK}
    assert doctor.status(found) == 0
    subjects = by_subject(found)
    assert {"Python", "Pango", "HarfBuzz", "HarfBuzz-subset", "Fontconfig", "weasyprint", "disk", "cache"} <= set(
        subjects
    )
    assert subjects["Python"].detail.startswith(f"{sys.version_info.major}.{sys.version_info.minor}.")
    assert subjects["Pango"].detail.count(".") == 2, "a version, such as 1.50.12"
    assert subjects["HarfBuzz"].detail.split(".")[0].isdecimal()
    assert subjects["typesetting"].detail == "WeasyPrint can be imported"


def test_every_face_with_its_coverage_and_checksum(tmp_path: Path) -> None:
    subjects = by_subject(doctor.report(tmp_path))
    assert len(fonts.shipped()) == 8
    for face in fonts.shipped():
        detail = subjects[f"{face.family} {face.weight}"].detail
        assert face.path.name in detail
        assert "sha256 " in detail
    assert subjects["Courier Prime 400"].detail.startswith("383 characters, ")


def missing_pango(system: str, root: Path) -> dict[str, dict[str, str]]:
    command = [sys.executable, "-c", WITHOUT_PANGO, system]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=True)
    told = json.loads(done.stdout)
    assert told["status"] == 1
    return {finding["subject"]: finding for finding in told["findings"]}


def test_without_pango_it_still_answers(root: Path) -> None:
    told = missing_pango("Linux", root)
    assert told["Pango"]["state"] == "missing"
    assert told["Pango"]["remedy"] == "apt-get install -y libpango-1.0-0"
    assert told["Pango for FreeType"]["remedy"] == "apt-get install -y libpangoft2-1.0-0"
    assert told["HarfBuzz-subset"]["remedy"] == "apt-get install -y libharfbuzz-subset0"
    assert told["HarfBuzz"]["state"] == "ok"
    assert told["typesetting"]["state"] == "missing"
    assert "libpango-1.0-0" in told["typesetting"]["remedy"]
    assert told["Courier Prime 400"]["state"] == "ok"


def test_a_mac_is_told_of_homebrew(root: Path) -> None:
    told = missing_pango("Darwin", root)
    assert {told[name]["remedy"] for name in ("Pango", "Pango for FreeType", "HarfBuzz-subset")} == {
        "brew install pango"
    }


def test_any_other_system_is_told_both(root: Path) -> None:
    told = missing_pango("FreeBSD", root)
    assert told["Pango"]["remedy"] == "Debian, Ubuntu: apt-get install -y libpango-1.0-0; macOS: brew install pango"


def test_libraries_are_those_that_set_up_installs(setup_script: ModuleType) -> None:
    assert {native.name for native in doctor.NATIVE} == set(setup_script.LIBRARIES)
    for native in doctor.NATIVE:
        assert set(native.files) <= set(setup_script.LIBRARIES[native.name])
        assert native.debian == setup_script.APT[native.name]


def test_a_missing_package_and_a_missing_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = doctor.importlib.metadata.version

    def version(name: str) -> str:
        if name in ("pydyf", "zxing-cpp"):
            raise doctor.importlib.metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor.importlib.metadata, "version", version)
    found = doctor.report(tmp_path)
    subjects = by_subject(found)
    assert subjects["pydyf"] == Finding(State.MISSING, "pydyf", "not installed", "pip install pydyf")
    extra = subjects["zxing-cpp (to look at pages)"]
    assert extra == Finding(State.OPTIONAL, extra.subject, "not installed", inspection.INSTALL)
    assert doctor.status(found) == 1
    assert doctor.status([extra]) == 0, "an extra is not needed"


def test_a_font_that_is_damaged(tmp_path: Path) -> None:
    face = fonts.shipped()[0]
    shutil.copy(face.path, tmp_path / "sound.ttf")
    (tmp_path / "damaged.ttf").write_bytes(face.path.read_bytes()[:3000])
    found = doctor._font(fonts.Face("Sound", 400, tmp_path / "sound.ttf", "extra"))
    assert found.state is State.OK
    found = doctor._font(fonts.Face("Damaged", 400, tmp_path / "damaged.ttf", "extra"))
    assert found.state is State.MISSING
    assert str(tmp_path / "damaged.ttf") in found.detail
    found = doctor._font(fonts.Face("Gone", 400, tmp_path / "gone.ttf", "extra"))
    assert found.state is State.MISSING


def test_a_folder_of_fonts_without_fonts(tmp_path: Path) -> None:
    found = by_subject(doctor.report(tmp_path, font_dirs=[tmp_path]))
    assert found["fonts"].state is State.MISSING
    assert "no fonts" in found["fonts"].detail


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = by_subject(doctor.report(tmp_path, cache=tmp_path / "file" / "cache"))
    assert found["cache"].state is State.MISSING
    assert "--no-cache" in found["cache"].remedy


def test_no_folder_is_made(tmp_path: Path) -> None:
    doctor.report(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1 << 20)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: usage)
    found = by_subject(doctor.report(tmp_path / "out"))["disk"]
    assert (found.state, found.detail) == (State.MISSING, f"0.0 GiB free for {tmp_path / 'out'}")


def test_text_and_data() -> None:
    findings = [
        Finding(State.OK, "Python", "3.11.7"),
        Finding(State.MISSING, "Pango", "not found", "brew install pango"),
    ]
    assert doctor.as_text(findings).splitlines() == [
        "ok        Python  3.11.7",
        "missing   Pango   not found",
        "                  brew install pango",
    ]
    assert json.loads(json.dumps(doctor.as_data(findings)))[1] == {
        "state": "missing",
        "subject": "Pango",
        "detail": "not found",
        "remedy": "brew install pango",
    }
