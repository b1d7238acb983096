"""What long work tells: one line that counts on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import os
from collections.abc import Callable

import pytest

from render import progress
from render.progress import Counter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the time."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((40, 24)))

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_plain_lines_for_a_pipe() -> None:
    stream = io.StringIO()
    counter = Counter("typesetting", stream)
    for number, name in enumerate(("b", "a"), 1):
        counter(number, 2, name)
    counter.close()
    assert stream.getvalue() == "1/2 b\n2/2 a\n"


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_nothing_for_a_single_one(stream: io.StringIO) -> None:
    counter = Counter("typesetting", stream)
    counter(1, 1, "alone")
    counter.close()
    assert stream.getvalue() == ""


def test_a_terminal_is_told_how_long_it_will_take(clock: Callable[[float], None]) -> None:
    stream = Terminal()
    counter = Counter("typesetting", stream)
    for number in range(1, 101):
        clock(2)
        counter(number, 100, "clerk")
    lines = stream.getvalue().split("\r\x1b[K")
    assert lines[1:6] == [
        *(f"typesetting {number}/100  clerk" for number in range(1, 5)),
        "typesetting 5/100, 3:10 left  clerk",
    ]
    assert lines[99:] == ["typesetting 99/100, 0:02 left  clerk", ""]


def test_a_line_is_painted_ten_times_a_second_at_most_and_never_wraps(clock: Callable[[float], None]) -> None:
    stream = Terminal()
    counter = Counter("typesetting", stream)
    for number in range(1, 50):
        clock(0.03)
        counter(number, 100, "a-very-long-slug-of-a-specimen" * 2)
    counter.close()
    counter.close()
    lines = stream.getvalue().split("\r\x1b[K")
    assert (lines[0], lines[-1]) == ("", "")
    assert 10 <= len(lines) - 2 <= 15
    assert {len(line) for line in lines[1:-1]} == {39}
