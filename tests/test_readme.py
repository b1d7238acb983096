"""The README keeps its word: every command runs, every file it shows works, its picture is what the press makes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import command
import pytest
from command import BIN, ROOT, files, text_of
from PIL import Image, ImageChops
from pressroom import SEED, SPECIMENS, Press

from render import raster

README = (ROOT / "README.md").read_text("utf-8")
PICTURE = ROOT / "tests" / "references" / "readme.png"
DPI = 70
GAP = 16
"""Pixels round and between the pages of the picture."""

STAND_INS = f"""\
set -e
make() {{ command make --dry-run --directory "{ROOT}" "$@" > /dev/null; }}
pip() {{ test "$*" = "install ." && test -f "{ROOT}/pyproject.toml"; }}
trace() {{ echo "+ $BASH_COMMAND" >&2; }}
trap trace DEBUG
"""


@dataclass(frozen=True)
class Block:
    """A fenced block. ``before`` is the paragraph above it."""

    language: str
    text: str
    before: str


def blocks() -> Iterator[Block]:
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL):
        paragraph = README[: match.start()].rstrip().rpartition("\n\n")[2]
        yield Block(match[1], match[2], paragraph)


def named(block: Block) -> str:
    """The file that a block shows: the last path named above it."""
    return re.findall(r"`([\w./-]+\.\w+)`", block.before)[-1]


def script() -> str:
    """All that the README says to do, in its order."""
    steps = [STAND_INS]
    for block in blocks():
        if block.language == "python":
            continue  # test_api.py runs it
        if block.language == "sh":
            steps.append(block.text)
        elif block.language == "console":
            steps.append(": console\n")
        else:
            path = named(block)
            steps.append(f"mkdir -p $(dirname {path})\ncat > {path} <<'END OF FILE'\n{block.text}END OF FILE\n")
    return "".join(steps)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who did what the README says, line by line."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "bureau").mkdir()
    faces = folder / "faces"
    faces.mkdir()
    shutil.copy(ROOT / "fonts" / "DejaVuSansMono.ttf", faces)
    steps = script().replace("cd bureau\n", "cd bureau\ncp -r ../faces .\n")
    done = subprocess.run(
        ["bash", "-c", steps],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "bureau"


def test_every_kind_of_block_is_known() -> None:
    found = list(blocks())
    assert len(found) == README.count("\n```") / 2
    assert {block.language for block in found} == {"sh", "yaml", "html", "text", "console", "python"}
    assert sum(block.language == "sh" for block in found) >= 8
    assert [named(block) for block in found if block.language in ("yaml", "html", "text")] == [
        "prompt-archaeologist.yaml",
        "_mail/spring.yaml",
        "_shelf/base/sections/parking_lot/section.yaml",
        "_shelf/base/sections/parking_lot/section.html",
        "role.txt",
    ]


def test_it_begins_with_a_picture_and_two_commands() -> None:
    assert README.startswith("# ")
    assert re.search(r"^!\[[^\]]{40,}\]\(tests/references/readme\.png\)$", README, re.MULTILINE)
    first = next(blocks())
    assert (first.language, first.text) == ("sh", "make book\nmake test\n")


def test_every_command_works(followed: Path) -> None:
    made = files(followed)
    for name in (
        "out/dossiers/first-specimen.pdf",
        "out/dossiers/prompt-archaeologist.pdf",
        "html/prompt-archaeologist.html",
        "proofs/dossiers/prompt-archaeologist.pdf",
        "chief-renaming-officer.yaml",
        "specimen.json",
        "problems.json",
        "_dossier",
    ):
        assert name in made
        assert (followed / name).stat().st_size > 0


def test_the_section_shown_is_on_a_page(followed: Path, tool: Callable[[str], str]) -> None:
    done = command.dossier(
        "render", "prompt-archaeologist", "--layouts", "_shelf", "--fit", "off", "--output", "again", folder=followed
    )
    assert done.returncode == 0
    pages = text_of(tool("pdftotext"), followed / "again" / "dossiers" / "prompt-archaeologist.pdf")
    assert "Who owns the calendar." in " ".join(pages)


def test_what_a_terminal_shows_is_what_the_press_says(followed: Path) -> None:
    (shown,) = (block for block in blocks() if block.language == "console")
    asked, *said = shown.text.splitlines()
    assert asked == "$ dossier check"
    (record,) = (block for block in blocks() if named_or_none(block) == "prompt-archaeologist.yaml")
    assert "percent: 62\n" in record.text
    (followed / "prompt-archaeologist.yaml").write_text(record.text.replace("percent: 62", "percent: 620"))
    done = command.dossier("check", "--layouts", "_shelf", folder=followed)
    assert done.returncode == 1
    assert [line for line in done.stderr.splitlines() if "error:" in line] == said


def named_or_none(block: Block) -> str | None:
    return named(block) if block.language in ("yaml", "html", "text") else None


def test_links_lead_somewhere() -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", README) if "://" not in target]
    assert len(targets) >= 6
    assert [target for target in targets if not (ROOT / target).exists()] == []


def test_the_picture_is_what_the_press_makes(press: Press, renew: bool) -> None:
    pages = [page for page, _ in zip(raster.pages(press.make(SPECIMENS, SEED).pdf, DPI), range(2), strict=False)]
    width, height = pages[0].size
    picture = Image.new("RGB", (2 * width + 3 * GAP, height + 2 * GAP), "white")
    for number, page in enumerate(pages):
        picture.paste(page, (GAP + number * (width + GAP), GAP))
    if renew:
        PICTURE.parent.mkdir(exist_ok=True)
        picture.quantize(128, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    stored = Image.open(PICTURE).convert("RGB")
    assert stored.size == picture.size, "renew it: .venv/bin/pytest --renew-pictures"
    off = ImageChops.difference(stored, picture).convert("L").point(lambda value: 255 if value > 64 else 0)
    assert off.histogram()[255] / (off.width * off.height) < 0.02, "renew it: .venv/bin/pytest --renew-pictures"
