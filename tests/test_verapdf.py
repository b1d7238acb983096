"""The hook for veraPDF: what it says of a file becomes complaints."""

from __future__ import annotations

from pathlib import Path

import pytest
from verapdf import complaints


def stub(folder: Path, answer: str) -> None:
    path = folder / "verapdf"
    path.write_text(f'#!/bin/sh\necho "$@" > "{folder}/asked"\n{answer}\n')
    path.chmod(0o755)


def test_without_the_program_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert complaints(b"%PDF-1.7", "3a") == []


def test_its_answers_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    stub(tmp_path, 'echo "PASS judged.pdf 3a"')
    assert complaints(b"%PDF-1.7", "3a") == []
    assert (tmp_path / "asked").read_text().startswith("--flavour 3a --format text")
    stub(tmp_path, 'echo "FAIL judged.pdf ua1"; echo "  FAIL 7.1-3"; exit 1')
    assert complaints(b"%PDF-1.7", "ua1") == ["FAIL judged.pdf ua1", "FAIL 7.1-3"]


def test_a_program_that_says_nothing_fails_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    stub(tmp_path, 'echo "no such flavour" >&2; exit 2')
    with pytest.raises(AssertionError, match="no such flavour"):
        complaints(b"%PDF-1.7", "9z")
