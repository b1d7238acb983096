"""Computed matches: the measure by hand, its promises, other languages, the archive that ships, and the index."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from statistics import quantiles

import pytest

from render import inline, layouts, link, load, settings, similarity, validate
from render.settings import Archive
from render.similarity import Fields, Index, Terms, Vocabulary
from render.validate import Heading

TEXTS = [
    Fields("Enterprise Architect", "Presides over abstract discussions", ["committees", "diagrams"], ["diagrams"]),
    Fields("Enterprise Architects", "Preside over abstract discussion", ["Committee", "a diagram"], ["diagram"]),
    Fields("Łódź Γραφείο", "Согласовать и забыть", []),
    Fields("", "", []),
    Fields("The of and", "it was", ["[redacted]"]),
]


@pytest.fixture
def words() -> Vocabulary:
    return Vocabulary()


def cosine(one: Fields, other: Fields) -> float:
    words = Vocabulary()
    return words.cosine(words.terms(one), words.terms(other))


# The measure


def test_a_match_by_hand(words: Vocabulary) -> None:
    """Terms that the table does not list weigh 26 each. Levels are 1 + log2 of weighted frequencies, rounded down."""
    one = words.terms(Fields("Quoll", "", ["wombat wombat", "numbat"]))
    other = words.terms(Fields("Bilby", "A quoll.", ["wombat"]))
    # quoll: 4 times in the title is level 3, 2 times in the summary level 2; wombat: twice is level 2, once level 1
    assert one.square == 26 * (3 * 3 + 2 * 2 + 1 * 1)
    assert other.square == 26 * (3 * 3 + 2 * 2 + 1 * 1)
    assert words.product(one, other) == 26 * (3 * 2 + 2 * 1)
    assert words.cosine(one, other) == pytest.approx(8 / 14)
    square, half = 64 / 196, similarity.HALF**2
    assert words.match(one, other) == round(100 * square * (1 + half) / (square + half))


def test_a_listed_term_weighs_what_the_table_says(words: Vocabulary) -> None:
    assert similarity.weight(36, 36) == 1
    assert similarity.weight(9, 36) == 4  # 2 (ln 4)² = 3.84
    assert similarity.weight(1, 36) == similarity.UNLISTED == 26  # 2 (ln 36)² = 25.7
    listed = similarity._table()
    assert 1000 < len(listed) < 4000
    assert set(listed.values()) <= set(range(1, 18))
    assert listed["team"] < listed["committee"]
    assert "wombat" not in listed
    assert words.terms(Fields("", "", ["meeting"])).square == listed["meeting"]


def test_every_listed_term_is_one_that_texts_come_to() -> None:
    listed = similarity._table()
    assert [term for term in listed if similarity.words(term) != [term]] == []
    assert [term for term in listed if not similarity.terms_of(term)] == []


@pytest.mark.parametrize("field", ["title", "summary", "words", "tags", "taxon"])
def test_every_field_counts(field: str) -> None:
    empty = {"title": "", "summary": "", "words": (), "tags": (), "taxon": ()}
    said = "numbat" if field in ("title", "summary") else ("numbat",)
    one, other = Fields(**{**empty, field: said}), Fields(**{**empty, "words": ("numbat",)})  # type: ignore[arg-type]
    assert cosine(one, other) == 1


def test_the_scale_rises_from_0_to_100() -> None:
    found = [similarity.scaled(step / 1000) for step in range(1001)]
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 100)
    assert similarity.scaled(similarity.HALF) == 50
    assert similarity.scaled(0.9999) == 99


# What it promises


def test_it_is_symmetric_bounded_and_the_same_in_any_company(words: Vocabulary) -> None:
    terms = [words.terms(text) for text in TEXTS]
    for (text, one), (other_text, other) in itertools.product(zip(TEXTS, terms, strict=True), repeat=2):
        alone = Vocabulary()
        found = words.match(one, other)
        assert found == words.match(other, one)
        assert found == alone.match(alone.terms(other_text), alone.terms(text))
        assert 0 <= found <= 100
    assert [words.match(one, one) for one in terms] == [100, 100, 100, 0, 0]
    assert words.match(terms[0], terms[1]) == 100
    assert words.match(terms[0], terms[2]) == 0


def test_it_is_the_same_in_every_process() -> None:
    script = (
        "from render.similarity import *; w = Vocabulary(); "
        "a, b = (w.terms(Fields(t, 'A role', [t * 3, 'of cats'], ['x y'], [t])) for t in ('Data Mesh', 'Data Tin'));"
        "print(repr(w.cosine(a, b)), w.match(a, b))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(said) == 1
    assert 0 < float(said.pop().split()[0]) < 1


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("policies", "policy"),
        ("engineers", "engineer"),
        ("classes", "classe"),
        ("status", "status"),
        ("process", "process"),
        ("shoes", "shoe"),
        ("committees", "committee"),
    ],
)
def test_the_stemmer(word: str, stem: str) -> None:
    assert similarity._stem(word) == stem


def test_redacted_words_do_not_make_specimens_alike(words: Vocabulary) -> None:
    one, other = (str(inline.parse(f"{word} ||secret||", word, ())) for word in ("alpha", "omega"))
    assert words.match(words.terms(Fields("", "", [one])), words.terms(Fields("", "", [other]))) == 0


# Other languages


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("GROSSE Straße, große", ["grosse", "strasse", "grosse"]),
        ("Café, cafe\u0301", ["cafe", "cafe"]),
        ("Согласование ΓΡΑΦΕΊΟΥ γραφείου", ["согласование", "γραφειου", "γραφειου"]),
        ("हिन्दी में", ["हनद"]),
        ("稟議書の承認", ["稟議", "議書", "書の", "の承", "承認"]),
        ("회의 보고서", ["회의", "보고서"]),
        ("a co\u00adoperative", ["cooperative"]),
        ("it's the 3rd Q4_plan", ["3rd", "q4", "plan"]),
        ("Senior İstanbul", ["senior", "istanbul"]),
    ],
)
def test_terms_of_other_scripts(text: str, terms: list[str]) -> None:
    found = [term for word in similarity.words(text) for term in similarity.terms_of(word)]
    assert found == [unicodedata.normalize("NFKD", term) if "회" in text or "보" in text else term for term in terms]


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("Leiter der Abstimmungsrunde", "Die Abstimmungsrunde, ohne Leiter", "Hüter des leeren Protokolls"),
        ("Согласование отчётов", "отчетов согласование", "забытая папка"),
        ("会議の議事録を承認する", "議事録の承認", "空の引き出し"),
        ("ผู้ประสานงานการประชุม", "การประชุมประจำสัปดาห์", "ตู้เอกสาร"),
        ("منسق الاجتماعات", "الاجتماعات الأسبوعية", "خزانة فارغة"),
    ],
)
def test_likeness_in_other_languages(one: str, near: str, far: str) -> None:
    assert cosine(Fields("", one), Fields("", near)) > 0.2 > cosine(Fields("", one), Fields("", far))


# The archive that ships


@pytest.fixture(scope="module")
def archive(root: Path) -> Archive:
    return settings.read(root / "specimens")


@pytest.fixture(scope="module")
def shipped(archive: Archive) -> list[Heading]:
    found = [validate.heading(load.load(path), archive) for path in settings.specimens(archive.root)]
    assert len(found) >= 36
    return found


@pytest.fixture(scope="module")
def cosines(shipped: list[Heading], archive: Archive) -> Mapping[tuple[str, str], float]:
    words = Vocabulary()
    terms = {heading.slug: words.terms(link.compared(heading, archive)) for heading in shipped}
    return {(one, other): words.cosine(terms[one], terms[other]) for one, other in itertools.combinations(terms, 2)}


def test_one_pair_in_twenty_comes_to_80(cosines: Mapping[tuple[str, str], float]) -> None:
    matches = sorted(map(similarity.scaled, cosines.values()))
    assert len(matches) >= 630
    assert 79 <= quantiles(matches, n=20, method="inclusive")[-1] <= 81
    assert matches[-1] < 100


def test_a_family_is_closer_than_another_division(
    shipped: list[Heading], archive: Archive, cosines: Mapping[tuple[str, str], float]
) -> None:
    family = {heading.slug: archive.family(heading.family) for heading in shipped}
    same = [found for (one, other), found in cosines.items() if family[one] == family[other]]
    across = [found for (one, other), found in cosines.items() if family[one].division != family[other].division]
    assert len(same) >= 70
    assert len(across) >= 400
    above = sum(near > far for near, far in itertools.product(same, across))
    assert above / (len(same) * len(across)) >= 0.9


def test_more_records_move_no_match(shipped: list[Heading], archive: Archive) -> None:
    few, many = Vocabulary(), Vocabulary()
    for heading in shipped[10:]:
        many.terms(link.compared(heading, archive))
    for one, other in itertools.combinations([link.compared(heading, archive) for heading in shipped[:10]], 2):
        assert few.match(few.terms(one), few.terms(other)) == many.match(many.terms(one), many.terms(other))


def test_a_specimen_read_for_its_heading_compares_as_when_read_whole(shipped: list[Heading], archive: Archive) -> None:
    sections = layouts.find("folder").sections
    for heading in shipped[:3]:
        whole = validate.validate(load.load(archive.root / f"{heading.slug}.yaml"), archive, sections)
        one, other = (link.compared(found, archive) for found in (heading, validate.heading_of(whole)))
        assert (one.tags, one.taxon) == (other.tags, other.taxon)
        assert one.tags
        assert sorted(one.words) == sorted(other.words)


# The index


def made_up(count: int, length: int) -> tuple[dict[str, Terms], Vocabulary]:
    """Texts from words as unevenly frequent as those of a language."""
    dice, words = random.Random(1949), Vocabulary()
    lexicon = [f"w{number}" for number in range(30_000)]
    odds = [1 / rank for rank in range(1, 30_001)]
    terms = {}
    for number in range(count):
        text = " ".join(dice.choices(lexicon, odds, k=dice.randint(length // 10, length)))
        terms[f"s-{number}"] = words.terms(Fields(" ".join(dice.choices(lexicon, odds, k=3)), "", [text]))
    return terms, words


@pytest.mark.parametrize(("count", "length"), [(200, 60), (40, 9000)])
def test_the_index_finds_what_comparing_with_each_finds(count: int, length: int) -> None:
    terms, words = made_up(count, length)
    index = Index(terms, words)
    assert index._rare
    assert index._sums
    assert (max(one.square for one in terms.values()) > 65535) is (length == 9000)
    for slug in terms:
        ranked = sorted(
            (-words.product(terms[slug], terms[other]) / terms[other].square ** 0.5, other) for other in terms
        )
        others = [other for _, other in ranked if other != slug][:3]
        assert index.closest(slug, 3) == [(other, words.match(terms[slug], terms[other])) for other in others]


def test_of_equals_the_first_by_name_is_closer(words: Vocabulary) -> None:
    same = {f"same-{letter}": words.terms(Fields("Alpha", "", ["beta"])) for letter in "ecadb"}
    terms = same | {"other": words.terms(Fields("Omega", "")), "empty": words.terms(Fields("", ""))}
    index = Index(terms, words)
    assert index.closest("same-b", 3) == [("same-a", 100), ("same-c", 100), ("same-d", 100)]
    assert [slug for slug, _ in index.closest("same-b", 5)] == ["same-a", "same-c", "same-d", "same-e", "empty"]
    assert index.closest("empty", 2) == [("other", 0), ("same-a", 0)]
    assert Index({"other": terms["other"]}, words).closest("other", 3) == []
    assert len(index.closest("other", 99)) == 6


def test_of_many_equals_too(words: Vocabulary) -> None:
    terms = {f"{number:03}": words.terms(Fields("Alpha", "", ["beta"])) for number in range(400)}
    terms |= {f"x{number}": words.terms(Fields("Alpha", "", [f"gamma{number} " * number])) for number in range(200)}
    index = Index(terms, words)
    assert [slug for slug, _ in index.closest("333", 3)] == ["000", "001", "002"]
    assert [slug for slug, _ in index.closest("001", 3)] == ["000", "002", "003"]
