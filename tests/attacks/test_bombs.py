"""What would take all time or memory is stopped, and is told apart by name; the dossiers beside it are finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pressroom import archive, opened_archive

from render import layouts
from render.executors import Limits
from render.press import Brief, Made
from render.workshop import Workshop

BOMBS: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "bombs.yaml").read_text("utf-8"))
SOUND = ("able", "baker", "charlie")
PAGE = """\
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title></head>
<body><h1>{{ dossier.title }}</h1>{% include dossier.slug ~ ".html" %}</body></html>
"""
pytestmark = pytest.mark.xdist_group("bombs")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    """Everything set in one run by two processes, the bombs in between."""
    folder = tmp_path_factory.mktemp("bombs")
    root = archive(folder / "archive", {slug: {} for slug in (*SOUND, *BOMBS)})
    home = folder / "shelf" / "stranger"
    home.mkdir(parents=True)
    (home / "layout.yaml").write_text("title: Stranger\nextends: base\n")
    (home / "document.html").write_text(PAGE)
    for slug in SOUND:
        (home / f"{slug}.html").write_text("<p>Nothing happens here.</p>")
    for slug, case in BOMBS.items():
        (home / f"{slug}.html").write_text(case["body"])
    opened, dossiers = opened_archive(root, layouts.find("base"))
    order = [SOUND[0], *list(BOMBS)[: len(BOMBS) // 2], SOUND[1], *list(BOMBS)[len(BOMBS) // 2 :], SOUND[2]]
    brief = Brief("bombs", opened, "stranger", "colour", "a4", (folder / "shelf",), fit=False)
    with Workshop(2, Limits(3, 700)) as workshop:
        return {dossier.record.slug: one for dossier, one in workshop.make(brief, [dossiers[slug] for slug in order])}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_put_out(made: dict[str, Made], name: str) -> None:
    (problem,) = made[name].problems
    assert made[name].part is None
    assert problem.code in BOMBS[name]["by"], problem
    assert name in str(problem)
    assert problem.severity == "error"


@pytest.mark.parametrize("slug", SOUND)
def test_what_lies_beside_is_finished(made: dict[str, Made], slug: str) -> None:
    part = made[slug].part
    assert made[slug].problems == ()
    assert part is not None
    assert part.pages == 1
    assert part.pdf.startswith(b"%PDF-")
