"""What would take all time or memory is stopped, and is told apart by name; the dossiers beside it are finished."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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


def test_a_bomb_is_put_out_and_what_lies_beside_it_is_finished(tmp_path: Path) -> None:
    """All in one run by two processes, so one test: to make it twice would cost as much again."""
    made = set_all(tmp_path)
    assert set(made) == {*SOUND, *BOMBS}
    for name, case in BOMBS.items():
        (problem,) = made[name].problems
        assert made[name].part is None, name
        assert problem.severity == "error"
        assert problem.code in case["by"], problem
        assert name in str(problem)
    for slug in SOUND:
        part = made[slug].part
        assert made[slug].problems == ()
        assert part is not None
        assert part.pages == 1
        assert part.pdf.startswith(b"%PDF-")


def set_all(folder: Path) -> dict[str, Made]:
    """Every bomb, sound dossiers before, between and after them."""
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
