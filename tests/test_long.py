"""What takes its time: ten thousand records, and thousands of damaged ones (``make test-long``)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from command import ROOT, dossier

from render import layouts, load, settings, synthetic, validate
from render.problems import InputError, Problem

pytestmark = pytest.mark.long

SPECIMENS = ROOT / "specimens"
DAMAGES = 3000
MARKS = [
    *"'\"[]{}:,|>*&!%@`#-?~\\\t\n ",
    "||",
    "[[",
    "]]",
    "**",
    "<<: ",
    "- ",
    "\x00",
    "\u202e",
    "null",
    "1e999",
    "é",
    "𝔘",
]


def test_ten_thousand_records_are_sound(tmp_path: Path) -> None:
    made = synthetic.archive(tmp_path / "many", 10_000)
    assert len(made) == 10_001
    done = dossier("check", "--archive", "many", "--format", "json", folder=tmp_path)
    assert done.returncode == 0, done.stdout[:2000]


def problems_of(
    text: str, slug: str, archive: settings.Archive, sections: Mapping[str, layouts.Section]
) -> tuple[Problem, ...]:
    """What is wrong with a record. Anything raised but InputError fails the test."""
    try:
        validate.validate(load.loads(text, SPECIMENS / f"{slug}.yaml"), archive, sections)
    except InputError as failure:
        return failure.problems
    return ()


@pytest.mark.parametrize("slug", sorted(path.stem for path in SPECIMENS.glob("*.yaml") if path.stem != "archive"))
def test_damage_is_only_ever_a_problem(slug: str) -> None:
    archive, sections = settings.read(SPECIMENS), layouts.find("folder").sections
    text = (SPECIMENS / f"{slug}.yaml").read_text("utf-8")
    refused = 0
    for number in range(DAMAGES):
        dice = random.Random(f"{slug} {number}")
        damaged = text
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(damaged))
            length = dice.choice((0, 0, 1, 5, 40))
            damaged = damaged[:at] + dice.choice(MARKS) * dice.choice((1, 1, 2, 60)) + damaged[at + length :]
        found = problems_of(damaged, slug, archive, sections)
        refused += bool(found)
        lines = damaged.count("\n") + damaged.count("\r") + 2
        assert all(problem.message and 0 <= problem.where.line <= lines for problem in found)
    assert DAMAGES / 3 < refused < DAMAGES
