"""Sets of specimens: how they are said, whom they mean, and what cannot be meant."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from command import archive as made

from render import editions, load, pipeline, settings, validate
from render.editions import Choice, Part, edition, parse
from render.orders import Order
from render.problems import UsageError
from render.settings import Archive
from render.validate import Filed

ON_FILE = (
    Filed("architect", "committees", ("governance",)),
    Filed("clerk", "data"),
    Filed("scribe", "data", ("governance", "Change Management")),
    Filed("usher", "doors", ("naïve",)),
)
FORMS = "a set of specimens is said as SLUG, family:KEY, division:KEY or tag:NAME"
HEAD = """\
title: The Registry
base_url: https://files.example.org/
taxonomy:
  - key: technology
    title: Technology
    families: [{key: committees, title: Committees}, {key: data, title: Data}]
  - {key: house, title: House, families: [{key: doors, title: Doors}, {key: windows, title: Windows}]}
"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return settings.read(made(tmp_path_factory.mktemp("editions"), {}, HEAD))


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        ("sdet", [("", "sdet")]),
        ("sdet,clerk scribe", [("", "sdet"), ("", "clerk"), ("", "scribe")]),
        (["sdet , clerk", "family:data"], [("", "sdet"), ("", "clerk"), ("family", "data")]),
        ('tag:"change management",tag:x', [("tag", "change management"), ("tag", "x")]),
        ("clerk clerk", [("", "clerk")]),
        ([], []),
    ],
)
def test_how_a_set_is_said(said: str | list[str], parts: list[tuple[str, str]]) -> None:
    assert parse(said).parts == tuple(Part(*part) for part in parts)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("famly:data", f"'famly:data' has no meaning; {FORMS} (did you mean family:data?)"),
        ("x:y", f"'x:y' has no meaning; {FORMS}"),
        ("family:", "'family:' does not say which family"),
        ("tag: governance", "'tag:' does not say which tag"),
        ('tag:"change management', 'a quotation mark is not closed in tag:"change'),
        ("", f"an empty text names no specimen; {FORMS}"),
        (["clerk", " , "], f"an empty text names no specimen; {FORMS}"),
    ],
)
def test_what_is_no_set(said: str | list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(said)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("said", "slugs"),
    [
        ("usher architect", ("architect", "usher")),
        ("family:data", ("clerk", "scribe")),
        ("division:technology", ("architect", "clerk", "scribe")),
        ("tag:governance", ("architect", "scribe")),
        ("tag:change-management", ("scribe",)),
        ('tag:"CHANGE management"', ("scribe",)),
        ("tag:nai\u0308ve", ("usher",)),
        ("family:windows", ()),
        ("tag:governance usher family:data", ("architect", "clerk", "scribe", "usher")),
    ],
)
def test_whom_a_set_means(archive: Archive, said: str, slugs: tuple[str, ...]) -> None:
    assert parse(said).choose(ON_FILE, archive) == slugs


def test_what_nobody_knows_is_told_with_the_nearest(archive: Archive) -> None:
    said = parse("clrk files/usher.yaml family:dta division:tech tag:governence tag:zzz scribe nobody")
    slugs = "'clrk' (did you mean clerk?) and none 'files/usher.yaml' (did you mean usher?) and none 'nobody'"
    sentences = (
        f"there is no specimen {slugs} in {archive.root}",
        "the taxonomy has no family 'dta' (did you mean family:data?)",
        "the taxonomy has no division 'tech'",
        "no specimen has the tag 'governence' (did you mean tag:governance?)",
        "no specimen has the tag 'zzz'",
    )
    assert said.look(ON_FILE, archive) == Choice(("scribe",), sentences)
    with pytest.raises(UsageError) as caught:
        said.choose(ON_FILE, archive)
    assert str(caught.value) == "; ".join(sentences)


def test_an_edition_narrows(archive: Archive) -> None:
    assert edition().choose(ON_FILE, archive) == ("architect", "clerk", "scribe", "usher")
    assert edition("division:technology", only="tag:governance").choose(ON_FILE, archive) == ("architect", "scribe")
    assert edition(exclude=["family:data", "usher"]).choose(ON_FILE, archive) == ("architect",)
    with pytest.raises(UsageError, match=r"nothing is chosen by family:windows; .* has 4 specimens"):
        edition("family:windows").choose(ON_FILE, archive)
    with pytest.raises(UsageError, match="no specimen 'ushr'"):
        edition(exclude="ushr").choose(ON_FILE, archive)


def test_what_an_edition_must_know() -> None:
    asked = [edition(), edition("clerk"), edition(exclude="clerk"), edition("clerk", exclude="tag:x"), edition("tag:x")]
    assert [one.everything for one in asked] == [True, False, False, False, False]
    assert [one.reads for one in asked] == [False, False, False, True, True]
    assert [one.named for one in asked] == [False, True, False, True, False]
    assert str(edition("a b", "tag:x", "c")) == "a b, only tag:x, without c"


def test_where_a_file_belongs_is_read_whatever_else_it_says() -> None:
    source = load.loads("family: 1984\ntags: [a, 2]\nhabitat: wrong\nunknown: 1\n", Path("one.yaml"))
    assert validate.filed(source) == Filed("one", "1984", ("a", "2"))
    wrong = load.loads("family: data\ntags: wrong\n", Path("two.yaml"))
    assert validate.filed(wrong) == Filed("two", "data", ())
    assert validate.filed(load.loads("", Path("three.yaml"))) == Filed("three")


def test_names_alone_open_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = made(tmp_path / "files", {"clerk": "", "other": ""})
    (folder / "broken.yaml").write_text("title: [")
    opened: list[str] = []
    real = load.load

    def seen(path: Path) -> load.Source:
        opened.append(path.name)
        return real(path)

    monkeypatch.setattr(load, "load", seen)
    order = Order(folder, edition("clerk"))
    assert not pipeline.check(order).failed
    assert {"other.yaml", "broken.yaml"}.isdisjoint(opened)
    assert "clerk.yaml" in opened
    told = pipeline.check(dataclasses.replace(order, edition=edition("family:drawer"))).problems
    assert [Path(problem.where.file).name for problem in told] == ["broken.yaml"], "it might be of that family"
    assert editions.Selection().look(ON_FILE[:1], settings.read(folder)) == Choice(())
