"""What templates may call."""

import pytest
from markupsafe import Markup

from render import filters
from render.text import Emphasis, Link, Plain, Redacted, Strong, Text


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("selling 'AI transformation' packages", "selling ‘AI transformation’ packages"),
        ("It's like a high schooler", "It’s like a high schooler"),
        ("the '90s", "the ’90s"),
        ('He said "no" twice', "He said “no” twice"),
        ('"\'Tis done"', "“‘Tis done”"),
        ("(e.g., finance)", "(e.g.,\N{NO-BREAK SPACE}finance)"),
        ("pages 9-17", "pages 9–17"),
        ("pages 9 - 17", "pages 9–17"),
        ("file OR-529-B818", "file OR-529-B818"),
        ("on 2026-11-01", "on 2026-11-01"),
        ("version 1.2-3.4", "version 1.2-3.4"),
        ("slow -- very slow", "slow\N{NO-BREAK SPACE}— very slow"),
        ("a--b", "a--b"),
    ],
)
def test_typography(typed: str, printed: str) -> None:
    assert filters.educate(typed) == printed


def test_quotes_know_what_stands_before_them() -> None:
    assert filters.educate("'s", before="boss") == "’s"
    assert filters.educate("'so", before="(") == "‘so"


def test_a_short_last_word_is_bound_to_its_neighbour() -> None:
    assert filters.bind("nothing that would ever be so") == "nothing that would ever be\N{NO-BREAK SPACE}so"
    assert filters.bind("as is") == "as is"


def show(text: Text) -> Markup:
    return filters.inline(
        text,
        bar=lambda width: Markup(f"[{width}]"),
        urls={"sdet": "https://otiose.example/files/sdet"},
        titles={"sdet": Text("SDET"), "gone": Text("Gone & Lost")},
    )


def test_nothing_in_a_string_becomes_markup() -> None:
    assert show(Text('<b>bold</b> & "so"')) == "&lt;b&gt;bold&lt;/b&gt; &amp; “so”"


def test_inline_spans() -> None:
    spans = (
        Plain("a "),
        Emphasis((Plain("stressed"), Strong((Plain(" <word>"),)))),
        Plain(", "),
        Redacted(4.5),
        Plain(" and "),
        Link("sdet", ()),
        Plain(", "),
        Link("gone", ()),
        Plain(", "),
        Link("sdet", (Plain("he's one"),)),
    )
    assert show(Text("x", spans)) == (
        "a <em>stressed<strong> &lt;word&gt;</strong></em>, [4.5] and "
        '<a href="https://otiose.example/files/sdet">SDET</a>, Gone &amp; Lost, '
        '<a href="https://otiose.example/files/sdet">he’s one</a>'
    )


def test_quotes_close_across_spans() -> None:
    assert show(Text("x", (Plain('"'), Emphasis((Plain("so"),)), Plain('"')))) == "“<em>so</em>”"


def test_fill_reaches_names_only() -> None:
    assert filters.fill("{n} of {total}, {x.y} {0}", n=1, total=4) == "1 of 4, {x.y} {0}"
    with pytest.raises(KeyError):
        filters.fill("{missing}")


def test_pick_is_decided_by_its_seed() -> None:
    choices = list("abcdefgh")
    assert filters.pick(choices, "slug") == filters.pick(choices, "slug")
    assert len({filters.pick(choices, f"slug-{number}") for number in range(40)}) > 4
    three = filters.pick(choices, "slug", 3)
    assert len(set(three)) == 3
    assert sorted(filters.pick(choices, "slug", 99)) == choices


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters(index: int, name: str) -> None:
    assert filters.letter(index) == name


def test_times() -> None:
    assert filters.minutes("9:30") == 570
    assert filters.minutes("24:00") == 1440
    assert filters.clock(185) == "3\N{NO-BREAK SPACE}h 05\N{NO-BREAK SPACE}min"


@pytest.mark.parametrize(
    ("percent", "band"), [(0, "low"), (39, "low"), (40, "mid"), (69, "mid"), (70, "high"), (100, "high")]
)
def test_bands(percent: int, band: str) -> None:
    assert filters.band(percent) == band
