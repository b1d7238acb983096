"""Strict loading: YAML 1.2's core schema, every refusal at its place."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import yaml

from render import load
from render.problems import InputError, Problem, Where

FILE = Path("archive/spec.yaml")


def read(text: str | bytes) -> load.Source:
    return load.loads(text, FILE)


def refused(text: str | bytes) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(text)
    return list(caught.value.problems)


def told(text: str | bytes) -> list[tuple[int, int, str, str]]:
    return [(p.where.line, p.where.column, p.code, p.message) for p in refused(text)]


@pytest.mark.parametrize(
    ("scalar", "meant"),
    [
        ("", None), ("~", None), ("null", None), ("Null", None), ("NULL", None), ("nULL", "nULL"),
        ("true", True), ("True", True), ("TRUE", True), ("tRUE", "tRUE"), ("false", False), ("FALSE", False),
        ("no", "no"), ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("off", "off"), ("y", "y"), ("n", "n"),
        ("012", 12), ("0o14", 12), ("0x1F", 31), ("-7", -7), ("+7", 7), ("0b11", "0b11"), ("1_000", "1_000"),
        ("09:30", "09:30"), ("9:30", "9:30"), ("17:05", "17:05"), ("190:20:30", "190:20:30"),
        ("2026-11-01", "2026-11-01"), ("2026-11-01T10:00:00Z", "2026-11-01T10:00:00Z"),
        ("1.10", 1.1), ("95000.0", 95000), ("1e3", 1000), (".5", 0.5), ("1.", 1), (".", "."), ("-", "-"),
        (".inf", math.inf), ("-.Inf", -math.inf), ("1.2.3", "1.2.3"), ("-0o7", "-0o7"), ("0xg", "0xg"),
        ("nobody", "nobody"), ("Truely", "Truely"), ("=", "="), ("'012'", "012"), ('"true"', "true"), ("''", ""),
    ],
)  # fmt: skip
def test_plain_scalars_mean_what_the_core_schema_says(scalar: str, meant: object) -> None:
    if scalar == "-":
        scalar, meant = "'-'", "-"
    value = read(f"key: {scalar}\n").data["key"]
    assert value == meant
    assert type(value) is type(meant)


def test_not_a_number_is_a_float() -> None:
    assert math.isnan(read("key: .nan").data["key"])


def test_lexemes_keep_the_text_of_scalars_that_are_not_text() -> None:
    source = read("title: 1984\nactivity: no\nentry: 1.10\nlist: [~, 0x1F, 'quoted', true]\nnothing:\n")
    assert dict(source.lexemes) == {
        ("title",): "1984",
        ("entry",): "1.10",
        ("list", 0): "~",
        ("list", 1): "0x1F",
        ("list", 3): "true",
        ("nothing",): "",
    }


def test_places_of_values_and_keys() -> None:
    source = read("# a comment\ntitle: One\nlist:\n  - name: x\n    😀: é\n  - [a, 'b']\ntext: |\n  lines\n")
    at = {path: (where.line, where.column) for path, where in source.marks.items()}
    assert at[()] == (2, 1)
    assert at["title",] == (2, 8)
    assert at["list",] == (4, 3)
    assert at["list", 0] == (4, 5)
    assert at["list", 0, "😀"] == (5, 8)
    assert at["list", 1, 1] == (6, 9)
    assert at["text",] == (7, 7)
    keys = {path: (where.line, where.column) for path, where in source.keys.items()}
    assert keys["list", 0, "😀"] == (5, 5)
    assert keys["text",] == (7, 1)
    assert source.where(("list", 0, "missing")) == Where("archive/spec.yaml", 4, 5)


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_byte_order_mark_is_fine_and_counts_for_nothing(start: str) -> None:
    source = read((start + "😀: [a, 😀, b]\n").encode())
    assert source.data == {"😀": ["a", "😀", "b"]}
    assert source.marks["😀", 2].column == 11
    assert source.lines == ("😀: [a, 😀, b]", "")


def test_line_ends_of_every_kind_count_as_one() -> None:
    source = read(b"a: 1\r\nb: 2\rc: 3\n")
    assert {path: where.line for path, where in source.marks.items() if path} == {("a",): 1, ("b",): 2, ("c",): 3}
    assert source.lines == ("a: 1", "b: 2", "c: 3", "")


def test_the_empty_file_is_nothing() -> None:
    assert read("").data is None
    assert read("# only a comment\n").data is None


def test_aliases_repeat_values_and_point_to_where_they_were_written() -> None:
    source = read("a: &a {n: 012, l: [x]}\nb: *a\n")
    assert source.data == {"a": {"n": 12, "l": ["x"]}, "b": {"n": 12, "l": ["x"]}}
    assert source.marks["b",] == Where("archive/spec.yaml", 1, 4)
    assert source.marks["b", "l", 0] == Where("archive/spec.yaml", 1, 20)
    assert source.keys["b", "n"] == Where("archive/spec.yaml", 1, 8)
    assert source.keys["b",] == Where("archive/spec.yaml", 2, 1)
    assert source.lexemes["b", "n"] == "012"


def test_every_key_given_twice_is_named_with_its_first_place() -> None:
    assert told("title: a\nlist:\n- {x: 1, x: 2}\ntitle: b\ntitle: c\n") == [
        (3, 10, "duplicate-key", "x is given twice; the first is on line 3"),
        (4, 1, "duplicate-key", "title is given twice; the first is on line 1"),
        (5, 1, "duplicate-key", "title is given twice; the first is on line 1"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "a: !!python/object/apply:os.system ['x']",
            (1, 4, "tag", 'a tag ("!!python/object/apply:os.system") is not allowed'),
        ),
        ("a: !x b", (1, 4, "tag", 'a tag ("!x") is not allowed')),
        ("- !!str b", (1, 3, "tag", 'a tag ("!!str") is not allowed')),
        ("!!map {a: b}", (1, 1, "tag", 'a tag ("!!map") is not allowed')),
        ("!!str a: b", (1, 1, "tag", 'a tag ("!!str") is not allowed')),
        ("a: !e!x b", (1, 4, "tag", "a tag is not allowed")),
        ("1: x", (1, 1, "key-not-text", "1 is not text; every key is text")),
        ("a: {~: x}", (1, 5, "key-not-text", "~ is not text; every key is text")),
        ("? [a, b]\n: c", (1, 3, "key-not-text", "a list cannot be a key; every key is text")),
        ("{{a: b}: c}", (1, 2, "key-not-text", "a mapping cannot be a key; every key is text")),
        ("a: &x b\n*x : c", (2, 1, "key-not-text", "an alias (*x) cannot be a key")),
        ("a: *b", (1, 4, "unknown-alias", "*b repeats something that is nowhere marked &b")),
        ("a: &a [*a]", (1, 8, "endless-alias", "*a stands inside what it repeats")),
        ("a: 1\n---\nb: 2", (2, 1, "many-documents", "a second document begins here; a file holds one")),
        (
            "a: " + "9" * 5000,
            (1, 4, "number-too-long", "a number of 5000 characters is more than can be reckoned with"),
        ),
        ("a: 1e999", (1, 4, "number-too-long", "the number 1e999 is more than can be reckoned with")),
    ],
)
def test_what_is_not_in_the_core_schema_is_refused(text: str, found: tuple[int, int, str, str]) -> None:
    assert told(text) == [found]


def test_merge_keys_are_ordinary_keys() -> None:
    assert read("a: &a {b: 1}\nc: {<<: *a}\n").data == {"a": {"b": 1}, "c": {"<<": {"b": 1}}}


@pytest.mark.parametrize(
    "character", ["\x00", "\x01", "\x0b", "\x1b", "\x7f", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\uffff"]
)
def test_control_characters_are_refused_at_their_place(character: str) -> None:
    (problem,) = refused(f"title: é😀{character}x\n")
    assert (problem.where.line, problem.where.column) == (1, 10)
    assert f"U+{ord(character):04X}" in problem.message


@pytest.mark.parametrize(
    ("escape", "message"),
    [
        ("\\0", "a NUL character (U+0000)"),
        ("\\e", "a control character (U+001B)"),
        ("\\x1b", "a control character (U+001B)"),
        ("\\u202E", "a bidi control (U+202E, right-to-left override) can make text read differently from what it says"),
    ],
)
def test_an_escape_does_not_smuggle_a_control_character_in(escape: str, message: str) -> None:
    assert [(line, column, said) for line, column, _, said in told(f'title: "a{escape}b"')] == [(1, 8, message)]


def test_a_key_is_looked_at_as_a_value_is() -> None:
    assert [code for *_, code, _ in told('"a\\0b": x')] == ["control-character"]


def test_tabs_and_marks_of_direction_stay() -> None:
    assert read("title: a\u200eb\u00a0c\td\n").data == {"title": "a\u200eb\u00a0c\td"}


@pytest.mark.parametrize(
    ("raw", "place", "message", "hint"),
    [
        (
            b"a: b\nc: caf\xe9\n",
            (2, 7),
            "byte 0xE9 is not UTF-8",
            'in Latin-1 this byte is "é"; save the file as UTF-8',
        ),
        ("\ufeffa: é".encode() + b"\x80", (1, 5), "byte 0x80 is not UTF-8", "save the file as UTF-8"),
        ("a: b".encode("utf-16"), (1, 1), "byte 0xFF is not UTF-8", "it looks like UTF-16; save the file as UTF-8"),
        (
            b"a: \xed\xa0\x80",
            (1, 4),
            "byte 0xED is not UTF-8",
            'in Latin-1 this byte is "\xed"; save the file as UTF-8',
        ),
    ],
)
def test_bytes_that_are_not_utf8(raw: bytes, place: tuple[int, int], message: str, hint: str) -> None:
    (problem,) = refused(raw)
    assert ((problem.where.line, problem.where.column), problem.code) == (place, "not-utf-8")
    assert (problem.message, problem.hint) == (message, hint)


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]" for old, new in ("ab", "bc", "cd", "de", "ef", "fg", "gh")
    ]
    assert told("\n".join(lines)) == [(4, 29, "alias-bomb", "aliases repeat more than 10,000 values in this file")]


def test_ten_thousand_repeated_values_are_allowed_and_one_more_is_not() -> None:
    ninety_nine = "a: &a [" + ", ".join(["x"] * 99) + "]\n"
    assert len(read(ninety_nine + "b: [" + ", ".join(["*a"] * 100) + "]\n").data["b"]) == 100
    assert [code for *_, code, _ in told(ninety_nine + "b: [" + ", ".join(["*a"] * 100) + "]\nc: &c x\nd: *c\n")] == [
        "alias-bomb"
    ]


def test_fifty_levels_are_allowed_and_one_more_is_not() -> None:
    assert read("[" * 50 + "]" * 50).data
    assert told("[" * 51 + "]" * 51) == [(1, 51, "too-deep", "this is nested deeper than 50 levels")]
    assert told("a: " + "{a: " * 60) == [(1, 200, "too-deep", "this is nested deeper than 50 levels")]


def test_depth_counts_through_aliases() -> None:
    deep = "a: &a " + "[" * 30 + "]" * 30 + "\nb: "
    assert read(deep + "[" * 19 + "*a" + "]" * 19).data
    assert told(deep + "[" * 20 + "*a" + "]" * 20) == [(2, 24, "too-deep", "*a nests deeper than 50 levels here")]


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "? " * 100_000, "{a: " * 100_000])
def test_a_hundred_thousand_levels_do_no_harm(text: str) -> None:
    assert [problem.code for problem in refused(text)][-1:] == ["too-deep"]


def test_a_file_over_one_mebibyte_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_text("# " + "x" * (1 << 20))
    with pytest.raises(InputError) as caught:
        load.load(path, name="large.yaml")
    (problem,) = caught.value.problems
    assert (str(problem.where), problem.message) == ("large.yaml", "the file is larger than 1 MiB")
    path.write_text("#" + "x" * ((1 << 20) - 1))
    assert load.load(path).data is None


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.yaml: the file cannot be read: no such file or directory"):
        load.load(tmp_path / "nothing.yaml")
    with pytest.raises(InputError, match="the file cannot be read: is a directory"):
        load.load(tmp_path)
    with pytest.raises(InputError, match="null: this is not an ordinary file"):
        load.load(Path("/dev/null"))


def test_several_problems_of_one_file_come_in_its_order() -> None:
    text = "a: !x 1\nb: \u202e\na: 2\nc: \0\n2: x\n"
    assert [(line, code) for line, _, code, _ in told(text)] == [
        (1, "tag"),
        (2, "bidi-control"),
        (3, "duplicate-key"),
        (4, "control-character"),
        (5, "key-not-text"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a: b: c", (1, 5), 'a second ": " in one value', "put the whole value in quotes"),
        ("a:\n\tb: 1", (2, 1), "a tab stands where YAML wants spaces", "indent with spaces"),
        ("a: @x", (1, 4), 'a value cannot begin with "@"', "put the whole value in quotes"),
        ("a: 'x", (1, 4), "this quoted text is never closed", "add the closing '"),
        ('t: x\na: "b\nc: d\n', (2, 4), "this quoted text is never closed", 'add the closing "'),
        (
            "a: [1, 2",
            (1, 4),
            'this list is not closed with "]", or a comma is missing in it',
            "text that begins so needs quotes",
        ),
        (
            "a: {b: 1\nc: 2",
            (1, 4),
            'this mapping is not closed with "}", or a comma is missing in it',
            "text that begins so needs quotes",
        ),
        (
            "a: *bold* words",
            (1, 4),
            "a value cannot begin with an asterisk: YAML reads it as an alias",
            "put the whole value in quotes",
        ),
        (
            "a: **bold** words",
            (1, 4),
            "a value cannot begin with an asterisk: YAML reads it as an alias",
            "put the whole value in quotes",
        ),
        (
            "a: ||x|| y",
            (1, 4),
            'a value cannot begin with "||": YAML reads it as block text',
            "put the whole value in quotes",
        ),
        (
            "a: [[slug]] y",
            (1, 13),
            "a value cannot begin with [[: YAML reads it as a list",
            "put the whole value in quotes",
        ),
        (
            "a: & b",
            (1, 4),
            'a value cannot begin with "&": YAML reads it as an anchor',
            "put the whole value in quotes",
        ),
        (
            "a: > x\n",
            (1, 4),
            'text after ">" begins on the next line',
            "move it there, indented, or put the whole value in quotes",
        ),
        ("a\nb: c", (2, 2), "the line above has no colon after its key", "write KEY: VALUE"),
        ("a: 1\n b: 2", (2, 3), "this line does not fit the one above", "keys of one mapping begin in the same column"),
        (
            "- a\nb: c",
            (2, 1),
            "this line is in a list, but is no item of it",
            'begin it with "- ", or indent it under the item above',
        ),
        ("a: x\n- b", (2, 1), "a list item stands where a key is wanted", "indent the list under its key"),
        (
            "a: - b",
            (1, 4),
            "a list cannot begin on the line of its key",
            "begin it on the next line, or put the whole value in quotes",
        ),
        (
            "a: 'b' c",
            (1, 8),
            "there is text after the closing quote",
            "quotes go round the whole value; \" inside '…' is itself",
        ),
        ("a: [b]]", (1, 7), '"]" closes nothing', "delete it, or put the whole value in quotes"),
        (
            'a: "x\\q"',
            (1, 6),
            '"\\q" is not an escape that YAML knows',
            "in double quotes a backslash is written \\\\; in single quotes it is itself",
        ),
        ('a: "\\xZZ"', (1, 7), "the digits of this escape are not hexadecimal", "write \\x41, \\u0041 or \\U00000041"),
        ('a: "\\ud800"', (1, 7), "this escape names no character", "write the character itself"),
        ("%YAML 2.0\n---\na: b", (1, 1), "this version of YAML is not known", "delete the line; files are YAML 1.2"),
        ("  a: 1\n b: 2", (2, 2), "this stands outside the document", "lines of one mapping begin in the same column"),
        ("[a,,b]", (1, 4), 'a value is missing before ","', ""),
        ("t: x\na: [\n\n", (2, 5), "a value is missing here", ""),
        ("a: ? b", (1, 4), 'a value cannot begin with "? "', "put the whole value in quotes"),
        ("x" * 2000 + ": a", (1, 2001), "a key is longer than 1,024 characters", "put the whole value in quotes"),
    ],
)
def test_grammar_in_plain_words(text: str, place: tuple[int, int], message: str, hint: str) -> None:
    (problem,) = refused(text)
    assert (problem.message, problem.hint) == (message, hint)
    assert (problem.where.line, problem.where.column) == place
    assert problem.code == "syntax"


def test_what_is_not_in_the_table_keeps_the_parsers_words() -> None:
    (problem,) = refused("a: !<x b")
    assert problem.message.startswith("this is not YAML (while ")


def test_without_libyaml_the_pure_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "title: 012\nlist:\n- &a {b: 😀}\n- *a\n"
    fast = read(text)
    monkeypatch.delattr(yaml, "CLoader")
    slow = read(text)
    assert slow == fast
    assert [code for *_, code, _ in told("a: [")] == ["syntax"]


def test_no_escape_is_left_out_of_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes("title: ü\nsummary: x\n".encode())
    source = load.load(path)
    assert (source.path, source.name) == (path, str(path))
    assert source.lines == ("title: ü", "summary: x", "")
    assert source.marks["summary",] == Where(str(path), 2, 10)
