"""Index terms: what sections declare, in which order a language has them, and what an index makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from render import collation, layouts, load, settings, terms, validate
from render.layouts import Pointer, Section
from render.problems import InputError
from render.record import Dossier, Record, Term
from render.settings import Archive

CORE = "title: {title}\nsummary: A role.\nfamily: unfiled\n"


@pytest.fixture(scope="module")
def archive(root: Path) -> Archive:
    return settings.read(root / "specimens")


@pytest.fixture(scope="module")
def sections() -> Mapping[str, Section]:
    return layouts.find("folder").sections


def record(archive: Archive, sections: Mapping[str, Section], slug: str, rest: str, title: str = "") -> Record:
    text = CORE.format(title=title or slug.title()) + rest
    return validate.validate(load.loads(text, Path(f"{slug}.yaml")), archive, sections)


def dossier(archive: Archive, sections: Mapping[str, Section], slug: str, rest: str, title: str = "") -> Dossier:
    found = record(archive, sections, slug, rest, title)
    return Dossier(found, archive.family("unfiled"), terms=terms.of(found, sections))


def test_what_the_sections_that_ship_declare(sections: Mapping[str, Section]) -> None:
    assert {key: section.index for key, section in sections.items() if section.index} == {
        "org_chart": (Pointer(("aliases", "*"), "alias"),),
        "habitat": (Pointer(("*",), emphasized=True),),
        "metrics": (Pointer(("*", "name")),),
        "weaponry": (Pointer(("*", "name")),),
    }


def test_terms_of_a_record(archive: Archive, sections: Mapping[str, Section]) -> None:
    rest = """\
org_chart: {aliases: [Clerk II, "**Strong** Clerk", 'Clerk of ||secrets||']}
habitat:
  - Halls with a *glass door*, a *||hidden|| door* and a **wall**.
  - Where *Glass doors* are, and a *[[one]]*, and a *[[one|way out]]*.
metrics: [{name: Doors Opened, description: x}, {name: Doors Opened, description: y}]
"""
    assert terms.of(record(archive, sections, "one", rest), sections) == (
        Term("alias", "Clerk II", "org_chart"),
        Term("alias", "Strong Clerk", "org_chart"),
        Term("term", "glass door", "habitat"),
        Term("term", "Glass doors", "habitat"),
        Term("term", "way out", "habitat"),
        Term("term", "Doors Opened", "metrics"),
    )


def test_redacted_words_are_in_no_term(archive: Archive, sections: Mapping[str, Section]) -> None:
    rest = "org_chart: {aliases: ['||hush||', 'x ||hush|| y']}\nhabitat: ['*||hush||*', '||*hush*||']\n"
    assert terms.of(record(archive, sections, "one", rest), sections) == ()


@pytest.mark.parametrize(
    "said",
    ["/*", "[name]", "[{at: /*, as: synonym}]", "[{at: /*, only: strong}]", "[{at: /*, kind: alias}]", "[{as: alias}]"],
)
def test_a_declaration_that_nobody_knows_is_told(tmp_path: Path, said: str) -> None:
    folder = tmp_path / "base" / "sections" / "oath"
    folder.mkdir(parents=True)
    (folder / "section.yaml").write_text(f"title: Oath\nschema: {{type: array}}\nindex: {said}\n")
    (folder / "section.html").write_text("x")
    with pytest.raises(InputError, match="`index` says something that nobody knows") as caught:
        layouts.find("folder", (tmp_path,))
    assert caught.value.problems[0].code == "section-index"


@pytest.mark.parametrize(
    ("lang", "ordered", "letters"),
    [
        ("en", ["360 Review", "Email", "émigré", "'Hm'", "New York", "Newark", "The Parking Lot", "Zebra"], "0EEHNNPZ"),
        ("de", ["Der Ofen", "Öfen", "Ofensetzer", "Strasse", "Straße", "Ein Übergang", "Zug"], "OOOSSUZ"),
        ("es", ["La nube", "Nza", "Ñandú", "Oso"], "NNÑO"),
        ("sv", ["Olja", "Zebra", "Åkeri", "Ära", "Öl"], "OZÅÄÖ"),
        ("da", ["Olie", "Zebra", "Ære", "Øl", "Å", "Åben"], "OZÆØÅÅ"),
        ("pl", ["Lody", "Lzy", "Łódź", "Mama"], "LLŁM"),
        ("fr", ["L’arbre", "Été", "La Zone"], "AEZ"),
        ("ru", ["Ёлка", "Ель", "Игра", "Йога", "Кот"], "ЕЕИЙК"),
        ("el", ["Άλφα", "Βήτα"], "ΑΒ"),
    ],
)
def test_languages_have_their_order(lang: str, ordered: list[str], letters: str) -> None:
    assert sorted(ordered, key=lambda text: collation.key(text, lang)) == ordered
    found = [collation.letter(text, lang) for text in ordered]
    assert found == [collation.FIGURES if letter == "0" else letter for letter in letters]


def test_regions_follow_their_language_and_symbols_stand_first() -> None:
    assert collation.letter("Ål", "sv-FI") == "Å"
    assert collation.letter("Ål", "en-GB") == "A"
    assert collation.letter("…", "en") == collation.SYMBOLS
    assert collation.key("…", "en") < collation.key("1", "en") < collation.key("a", "en")
    assert collation.inverted("The Parking Lot", "en") == "Parking Lot, The"
    assert [collation.inverted(text, "en") for text in ("The", "Theory", "A/B Test", "L’arbre")] == [
        "The", "Theory", "A/B Test", "L’arbre",
    ]  # fmt: skip


def test_an_index_of_many(archive: Archive, sections: Mapping[str, Section]) -> None:
    metric = "metrics: [{name: %s, description: x}]\n"
    index = terms.index(
        [
            dossier(archive, sections, "zoe", metric % "the lobby" + "org_chart: {aliases: [Usher, Guard]}\n"),
            dossier(archive, sections, "abe", metric % "The Lobby" + "org_chart: {aliases: [Guard, Abe]}\n"),
            dossier(archive, sections, "guard", metric % "lobby", title="The Guard"),
        ],
        "en",
    )
    assert [(one.letter, one.text, one.targets, one.see) for one in index] == [
        ("A", "Abe", ("abe",), ""),
        ("G", "Guard", (), "Zoe; Abe"),
        ("G", "Guard, The", ("guard",), ""),
        ("L", "lobby", ("guard",), ""),
        ("L", "lobby, the", ("zoe", "abe"), ""),
        ("U", "Usher", (), "Zoe"),
        ("Z", "Zoe", ("zoe",), ""),
    ]


def test_the_index_of_the_archive_that_ships(root: Path, archive: Archive, sections: Mapping[str, Section]) -> None:
    found = [validate.validate(load.load(path), archive, sections) for path in settings.specimens(root / "specimens")]
    made = [Dossier(one, archive.family(one.family), terms=terms.of(one, sections)) for one in found]
    index = terms.index(made, "en")
    assert len(index) > 10 * len(made)
    assert [one.sort_key for one in index] == sorted(one.sort_key for one in index)
    assert all(bool(one.targets) is not bool(one.see) for one in index)
    assert {one.letter for one in index} <= {*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", collation.FIGURES}
    (sdet,) = [one for one in index if one.text == "Software Development Engineer in Test"]
    assert sdet.see == "SDET"
