"""Inline markup: what is a mark, what is an ordinary character, and what must not leak."""

from __future__ import annotations

import pickle
import time

import pytest

from render import inline
from render.inline import MarkError, parse
from render.text import Emphasis, Link, Plain, Redacted, Strong, Text


def spans(text: str) -> tuple[object, ...]:
    return parse(text, "slug", ("key",)).spans


def p(text: str) -> Plain:
    return Plain(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", (p("plain"),)),
        ("", ()),
        ("*a* b", (Emphasis((p("a"),)), p(" b"))),
        ("**a** b", (Strong((p("a"),)), p(" b"))),
        ("a *b **c** d* e", (p("a "), Emphasis((p("b "), Strong((p("c"),)), p(" d"))), p(" e"))),
        ("**a *b* c**", (Strong((p("a "), Emphasis((p("b"),)), p(" c"))),)),
        ("***a***", (Strong((Emphasis((p("a"),)),)),)),
        ("**a *b***", (Strong((p("a "), Emphasis((p("b"),)))),)),
        ("*a **b***", (Emphasis((p("a "), Strong((p("b"),)))),)),
        ("(*a*), *b*.", (p("("), Emphasis((p("a"),)), p("), "), Emphasis((p("b"),)), p("."))),
        ("un*frigging*believable", (p("un"), Emphasis((p("frigging"),)), p("believable"))),
        ("[[sdet]]", (Link("sdet", ()),)),
        ("see [[a-b|the *b* file]].", (p("see "), Link("a-b", (p("the "), Emphasis((p("b"),)), p(" file"))), p("."))),
        ("*see [[a]]*", (Emphasis((p("see "), Link("a", ()))),)),
        ("\\*a\\* \\|\\| \\[[b]] \\\\ c:\\x", (p("*a* || [[b]] \\ c:\\x"),)),
        ("<b>&amp;</b>", (p("<b>&amp;</b>"),)),
    ],
)
def test_marks(text: str, expected: tuple[object, ...]) -> None:
    assert spans(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "5 * 3 = 15 * 1",
        "C* developer",
        "C* and D* developers",
        "**kwargs and *args",
        "* item *",
        "snake*case",
        "**",
        "****",
        "* ",
        "*unclosed",
        "**a* b",
        "a | b",
        "a]] b",
        "[one]",
        "|",
        "*",
    ],
)
def test_marks_without_a_partner_are_ordinary_characters(text: str) -> None:
    assert spans(text) == (p(text),)


def test_a_mark_does_not_cross_the_edge_of_a_link() -> None:
    assert spans("*a [[b|c* d]] e*") == (Emphasis((p("a "), Link("b", (p("c* d"),)), p(" e"))),)
    assert spans("[[b|*c]] d*") == (Link("b", (p("*c"),)), p(" d*"))


def test_redacted_words_are_gone() -> None:
    text = parse("paid by ||the *other* side||, twice", "slug", ("salary", "note"))
    assert str(text) == "paid by [redacted], twice"
    first, bar, last = text.spans
    assert (first, last) == (p("paid by "), p(", twice"))
    assert isinstance(bar, Redacted)
    assert b"other" not in pickle.dumps(text)


def test_redactions_stand_inside_other_marks() -> None:
    text = parse("**||a|| b** *||c||* [[d|||e||]]", "slug", ())
    assert str(text) == "[redacted] b [redacted] [redacted]"


def test_an_escaped_bar_does_not_end_a_redaction() -> None:
    assert str(parse("||a \\|| b|| c", "slug", ())) == "[redacted] c"


def test_a_bars_width_comes_from_where_it_stands() -> None:
    def widths(text: str, slug: str, *position: str | int) -> list[float]:
        return [span.width for span in parse(text, slug, position).spans if isinstance(span, Redacted)]

    assert widths("||a||", "sdet", "habitat", 0) == widths("||a much longer secret||", "sdet", "habitat", 0)
    assert widths("||a||", "sdet", "habitat", 0) == [inline.width("sdet/habitat/0#1")]
    found = {width for index in range(400) for width in widths("||a|| ||b||", "sdet", "habitat", index)}
    assert found == {3 + step / 4 for step in range(25)}


@pytest.mark.parametrize(
    ("text", "offset", "message", "hint"),
    [
        ("a ||b", 2, "a redaction is opened with || and not closed", "add ||, or write \\|| for two bars"),
        ("||a|| b|| c", 7, "a redaction is opened with || and not closed", "add ||, or write \\|| for two bars"),
        ("a ||b \\|| c", 2, "a redaction is opened with || and not closed", "add ||, or write \\|| for two bars"),
        ("a ||||", 2, "a redaction with no words in it", "write words between || and ||, or \\||"),
        ("a [[b", 2, "a link is opened with [[ and not closed", "add ]], or write \\[["),
        ("a [[b|c", 2, "a link is opened with [[ and not closed", "add ]], or write \\[["),
        ("a [[b|c]", 2, "a link is opened with [[ and not closed", "add ]], or write \\[["),
        ("[[Bad Slug]]", 0, "a link needs a slug", "write [[slug]] or [[slug|shown words]], or \\[["),
        ("[[]]", 0, "a link needs a slug", "write [[slug]] or [[slug|shown words]], or \\[["),
        ("[[a|b [[c]]", 6, "a link inside a link", "close the first one with ]]"),
    ],
)
def test_what_is_left_open_is_an_error_at_its_place(text: str, offset: int, message: str, hint: str) -> None:
    with pytest.raises(MarkError) as caught:
        parse(text, "slug", ())
    assert (caught.value.offset, caught.value.message, caught.value.hint) == (offset, message, hint)


def test_the_plain_reading() -> None:
    text = parse("**A** [[b-c]] *or* [[d|E]] \\*", "slug", ())
    assert isinstance(text, Text)
    assert text == "A b-c or E *"


@pytest.mark.parametrize(
    "text", ["*a " * 20_000, "**a*" * 20_000, "*" * 100_000, "[[a|b]]" * 10_000, "\\*" * 50_000, "a|" * 400_000]
)
def test_long_strings_of_marks_take_no_more_than_their_length(text: str) -> None:
    start = time.process_time()
    parse(text, "slug", ())
    assert time.process_time() - start < 2


def test_marks_nest_no_deeper_than_readers_can_follow() -> None:
    text = parse("*a " * 3_000 + "z* " * 3_000, "slug", ())
    assert str(text).count("*") == 2 * (3_000 - inline.DEEPEST + 1)
    assert pickle.loads(pickle.dumps(text)).spans == text.spans
