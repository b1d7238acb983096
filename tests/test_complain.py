"""Problems on a terminal, as lines, and as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from render import complain
from render.problems import Problem, Where, error, warning
from render.settings import Terminal

SOURCE = {
    "a.yaml": ["title: T", "flight_risk: {percent: 850}", "\thabitat: x"],
    "wide.yaml": ["家族: 😀é: x"],
    "long.yaml": ["note: " + "words and " * 40],
}


def lines(name: str) -> Sequence[str]:
    return SOURCE.get(name, ())


PERCENT = error("out-of-range", Where("a.yaml", 2, 24), "percent is 850; it must be at most 100", "a hint")
WARNING = warning("no-base-url", "archive.yaml", "there is no base_url")
LATER = error("unknown-key", Where("a.yaml", 10, 1), "x is not known")


def test_on_a_terminal_with_the_source_line_and_a_caret() -> None:
    assert (
        complain.as_text([LATER, WARNING, PERCENT], Terminal(False, 80), lines)
        == """\
archive.yaml: warning: there is no base_url

a.yaml:2:24: error: percent is 850; it must be at most 100
  flight_risk: {percent: 850}
                         ^
  hint: a hint

a.yaml:10:1: error: x is not known

2 errors, 1 warning in 2 files"""
    )


def test_in_colours() -> None:
    assert complain.as_text([PERCENT], Terminal(True, 80), lines) == (
        "\x1b[1ma.yaml:2:24:\x1b[0m \x1b[1;31merror:\x1b[0m percent is 850; it must be at most 100\n"
        "  flight_risk: {percent: 850}\n"
        "                         \x1b[1;32m^\x1b[0m\n"
        "  \x1b[36mhint:\x1b[0m a hint\n\n"
        "1 error in 1 file"
    )


def test_elsewhere_a_line_each() -> None:
    assert complain.as_text([WARNING, PERCENT, PERCENT], Terminal(), lines) == (
        "archive.yaml: warning: there is no base_url\n"
        "a.yaml:2:24: error: percent is 850; it must be at most 100 (a hint)\n"
        "1 error, 1 warning in 2 files"
    )


@pytest.mark.parametrize(
    ("problems", "said"),
    [
        ([], "no problems"),
        ([PERCENT], "1 error in 1 file"),
        ([WARNING, WARNING], "2 warnings in 1 file"),
        ([PERCENT] * 1200 + [WARNING], "1,200 errors, 1 warning in 2 files"),
    ],
)
def test_the_count(problems: list[Problem], said: str) -> None:
    assert complain.summary(problems) == said


def excerpt(problem: Problem, width: int = 80) -> list[str]:
    return complain.as_text([problem], Terminal(False, width), lines).splitlines()[1:3]


def test_the_caret_stands_below_its_character() -> None:
    line, caret = excerpt(error("c", Where("wide.yaml", 1, 6), "m"))
    assert line == "  家族: 😀é: x"
    assert caret == "  " + " " * (4 + 2 + 2) + "^"
    assert excerpt(error("c", Where("a.yaml", 3, 2), "m")) == ["   habitat: x", "   ^"]
    assert excerpt(error("c", Where("a.yaml", 1, 99), "m")) == ["  title: T", "          ^"]


@pytest.mark.parametrize("column", [1, 7, 200, 390, 406])
@pytest.mark.parametrize("width", [60, 80, 132])
def test_long_lines_are_cut_round_the_caret(column: int, width: int) -> None:
    line, caret = excerpt(error("c", Where("long.yaml", 1, column), "m"), width)
    assert len(line) <= max(width, 62)
    assert len(caret) <= max(width, 62)
    source = SOURCE["long.yaml"][0]
    at = caret.index("^")
    assert line[at : at + 4].startswith(source[column - 1 : column + 2].rstrip()[:1])
    assert ("…" in line) is True


def test_a_file_cannot_steer_a_terminal() -> None:
    SOURCE["evil.yaml"] = ["title: \x1b[2Jx\u202e"]
    try:
        text = complain.as_text(
            [error("c", Where("evil.yaml", 1, 8), 'key is "\x1b]0;x\x07"; no\nline', "a\rhint")],
            Terminal(True, 80),
            lines,
        )
    finally:
        del SOURCE["evil.yaml"]
    assert "\x1b[2J" not in text
    assert "\x1b]0" not in text
    assert "\u202e" not in text
    assert text.splitlines()[0].endswith('key is "\ufffd]0;x\ufffd"; no line')
    assert text.splitlines()[1] == "  title: \ufffd[2Jx\ufffd"


def test_as_data_for_tools() -> None:
    assert complain.as_data(PERCENT) == {
        "severity": "error",
        "code": "out-of-range",
        "file": "a.yaml",
        "line": 2,
        "column": 24,
        "message": "percent is 850; it must be at most 100",
        "hint": "a hint",
    }


def test_files_below_the_current_folder_are_named_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    below = error("c", Where(str(tmp_path / "specimens" / "a.yaml"), 1, 1), "m")
    beside = error("c", Where(f"{tmp_path}-other/a.yaml", 1, 1), "m")
    assert complain.as_data(below)["file"] == "specimens/a.yaml"
    assert complain.as_data(beside)["file"] == f"{tmp_path}-other/a.yaml"
    assert complain.as_text([below], Terminal(), lines).startswith("specimens/a.yaml:1:1: error: m")


def test_a_current_folder_that_is_gone_does_not_silence_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert (
        complain.as_data(error("no-value", Where("/files/clerk.yaml", 3, 1), "it is empty"))["file"]
        == "/files/clerk.yaml"
    )


def test_text_goes_to_standard_error_and_json_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    complain.print_problems([WARNING, PERCENT])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1] == "1 error, 1 warning in 2 files"
    complain.print_problems([WARNING, PERCENT], form="json")
    out, err = capsys.readouterr()
    assert err == ""
    assert [problem["code"] for problem in json.loads(out)["problems"]] == ["out-of-range", "no-base-url"]
    assert json.loads(out)["files"] == []


def test_nothing_wrong_is_nothing_said(capsys: pytest.CaptureFixture[str]) -> None:
    complain.print_problems([])
    assert capsys.readouterr() == ("", "")


def test_a_stream_of_another_encoding_gets_escapes() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    complain.print_problems([error("c", "ü.yaml", "no → here")], stream=stream)
    stream.flush()
    assert raw.getvalue().splitlines()[0] == b"\\xfc.yaml: error: no \\u2192 here"


def test_source_lines_come_from_disk_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes("\ufeffone\r\ntwo\x85\rthree".encode() + b"\xe9\n")
    read = complain.source_lines()
    assert list(read(str(path))) == ["one", "two\x85", "three\ufffd", ""]
    path.unlink()
    assert read(str(path))[0] == "one"
    assert read(str(tmp_path / "none.yaml")) == ()
    assert read(str(tmp_path)) == ()
