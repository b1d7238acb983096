"""Words that binding sets into the fields of pages that were made before anybody knew the words."""

from __future__ import annotations

import re

import pytest

from render import fonts
from render.bind import words
from render.pdf.faces import Faces
from render.pdf.leaf import Mark

SHOWN = re.compile(
    rb"/F (?P<size>[\d.]+) Tf(?: (?P<spacing>[\d.]+) Tc)? .*1 0 0 1 (?P<x>[\d.]+) 90 Tm <(?P<glyphs>\w+)>"
)
COURIER = 0.6
"""The advance of Courier Prime, in em."""


@pytest.fixture
def faces() -> Faces:
    type_ = next(face for face in fonts.faces(()) if face.role == "type")
    made = Faces([type_])
    made.use("F", (type_.family, type_.weight, type_.style), {})
    return made


def written(faces: Faces, text: str, kind: str = "page", align: str = "right", spacing: float = 0) -> tuple[float, ...]:
    """The size, the left edge, the right edge and the letters of a text in a field from 100 to 130 pt, 10 pt high."""
    mark = Mark(kind, "clerk", "{}", align, 100, 130, 90, "F", 10, "0 g", spacing, 0, 0, 0, 0, 0, (0, 0, 0, 0))
    shown = SHOWN.search(words.operators(faces, mark, text, 0))
    assert shown
    size, x, count = float(shown["size"]), float(shown["x"]), len(shown["glyphs"]) // 4
    gaps = float(shown["spacing"] or 0) * (count - 1)
    return size, x, x + size * COURIER * count + gaps, count


def test_a_page_number_stands_at_the_right_of_its_field(faces: Faces) -> None:
    assert written(faces, "47") == pytest.approx((10, 118, 130, 2))


@pytest.mark.parametrize("spacing", [0, 1])
def test_a_page_number_wider_than_its_field_is_set_smaller(faces: Faces, spacing: float) -> None:
    size, left, right, count = written(faces, "123456789", spacing=spacing)
    assert count == 9
    assert size < 6
    assert (left, right) == pytest.approx((100, 130), abs=0.6)


def test_a_running_head_that_is_too_long_is_cut_without_the_space_before(faces: Faces) -> None:
    size, left, right, count = written(faces, "THE SCRIBE", words.FIELD, "left")
    assert (size, left, right, count) == pytest.approx((10, 100, 124, 4))
