"""Schemas speak to people: what is wrong, what was found, what is expected, a hint, the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from render import load, schema, wording

Found = tuple[int, int, str, str, str]


def check(text: str, rules: dict[str, Any], at: tuple[str | int, ...] = ()) -> tuple[Any, list[Found]]:
    value, problems = schema.check(load.loads(text, Path("f.yaml")), rules, at)
    return value, [(p.where.line, p.where.column, p.code, p.message, p.hint) for p in problems]


def only(text: str, **properties: Any) -> Found:
    """The one problem of a mapping with these properties."""
    _, found = check(text, {"type": "object", "properties": properties})
    assert len(found) == 1, found
    return found[0]


TEXT = {"type": "string"}
SCALE = {"type": "integer", "minimum": 0, "maximum": 100}


def test_good_values_come_back_as_they_are() -> None:
    source = load.loads("a: 1\nb: [x]\n", Path("f.yaml"))
    value, problems = schema.check(source, {"type": "object", "properties": {"b": {"type": "array"}}})
    assert value is source.data
    assert problems == []


def test_plain_scalars_are_their_own_text_where_text_is_wanted() -> None:
    text = "title: 1984\nno: no\nlist: [1.10, 0x1F, ~, true, .inf, null]\nunion: 012\nword: 2\nset: 1_0\n"
    rules = {
        "properties": {
            "title": TEXT,
            "list": {"items": TEXT},
            "union": {"anyOf": [TEXT, {"type": "array"}]},
            "word": {"enum": ["1", "2"]},
            "set": {"type": ["string", "null"]},
        }
    }
    value, problems = check(text, rules)
    assert problems == []
    assert value == {
        "title": "1984",
        "no": "no",
        "list": ["1.10", "0x1F", "~", "true", ".inf", "null"],
        "union": "012",
        "word": "2",
        "set": "1_0",
    }


def test_where_a_number_will_do_a_number_stays() -> None:
    value, problems = check("a: 012\nb: 3\nc: null\n", {
        "properties": {"a": {"type": ["string", "integer"]}, "b": {}, "c": {"type": ["string", "null"]}}
    })  # fmt: skip
    assert (value, problems) == ({"a": 12, "b": 3, "c": None}, [])


def test_text_from_a_scalar_must_satisfy_the_rest_too() -> None:
    assert only("from: 930", **{"from": {**TEXT, "pattern": "^[0-9]+:[0-9]+$", "x-message": "a time is H:MM"}}) == (
        1, 7, "wrong-form", 'from is "930"; a time is H:MM', "",
    )  # fmt: skip


def test_the_source_is_not_changed() -> None:
    source = load.loads("a: &a [1984]\nb: *a\n", Path("f.yaml"))
    value, problems = schema.check(source, {"properties": {"a": {"items": TEXT}, "b": {"items": {"type": "integer"}}}})
    assert problems == []
    assert value == {"a": ["1984"], "b": [1984]}
    assert source.data == {"a": [1984], "b": [1984]}


@pytest.mark.parametrize(
    ("text", "rule", "message", "hint"),
    [
        ("k: 850", SCALE, "k is 850; it must be at most 100", ""),
        ("k: -1", SCALE, "k is -1; it must be at least 0", ""),
        ("k: 85%", SCALE, 'k is "85%"; it must be a whole number', "write 85"),
        ("k: 85.5", SCALE, "k is 85.5; it must be a whole number", ""),
        ("k: high", SCALE, 'k is "high"; it must be a whole number', ""),
        ("k: true", SCALE, "k is true; it must be a whole number", ""),
        ("k:", SCALE, "k has no value; it must be a whole number", "write it, or delete the line"),
        ("k:", TEXT, "k has no value; it must be text", "write it, or delete the line"),
        ("k: $95,000", {"type": "number"}, 'k is "$95,000"; it must be a number', "write 95000"),
        ("k: .inf", {"type": "number"}, "k is .inf; it must be a number", ""),
        ("k: 3", {"exclusiveMaximum": 3}, "k is 3; it must be less than 3", ""),
        ("k: 3", {"exclusiveMinimum": 3}, "k is 3; it must be more than 3", ""),
        ("k: 3", {"multipleOf": 2}, "k is 3; it must be a multiple of 2", ""),
        ("k: x", {"type": "array"}, 'k is "x"; it must be a list', 'begin each item on a line of its own, with "- "'),
        ("k: x", {"type": "object"}, 'k is "x"; it must be a mapping', ""),
        (
            "k: 3",
            {"type": "object", "properties": {"a": {}, "b": {}}},
            "k is 3; it must be a mapping",
            "its keys are a and b",
        ),
        ("k: {If engaged: nod}", TEXT, "k is a mapping; it must be text", 'text with ": " in it needs quotes'),
        ("k: [[slug]]", TEXT, "k is a list; it must be text", "text that begins with a bracket needs quotes"),
        ("k: 3", {"type": ["array", "null"]}, "k is 3; it must be a list or null", ""),
        ("k: ''", {**TEXT, "minLength": 1}, "k is empty", "write it, or leave the key out"),
        ("k: ab", {**TEXT, "minLength": 3}, 'k is "ab"; it must have at least 3 characters, and has 2', ""),
        ("k: abcd", {**TEXT, "maxLength": 3}, 'k is "abcd"; it must have at most 3 characters, and has 4', ""),
        ("k: []", {"minItems": 1}, "k is an empty list; it must have at least one item", ""),
        ("k: [a]", {"minItems": 2}, "k is a list; it must have at least 2 items, and has 1", ""),
        ("k: [a, b]", {"maxItems": 1}, "k is a list; it must have at most one item, and has 2", ""),
        ("k: {}", {"minProperties": 1}, "k is an empty mapping; it must have at least one key", ""),
        ("k: {a: b, c: d}", {"maxProperties": 1}, "k is a mapping; it must have at most one key, and has 2", ""),
        (
            "k: presure",
            {"enum": ["pressure", "extraction"]},
            'k is "presure"; it must be pressure or extraction',
            'did you mean "pressure"?',
        ),
        ("k: no", {"const": True}, 'k is "no"; it must be true', ""),
        (
            "k: usd",
            {"pattern": "^[A-Z]{3}$", "x-message": "a currency is three capital letters"},
            'k is "usd"; a currency is three capital letters',
            "write USD",
        ),
        (
            "k: 9.30",
            {**TEXT, "pattern": "^[0-9]+:[0-9]+$", "description": "Beginning, H:MM."},
            'k is "9.30"; expected is beginning, H:MM',
            "write 9:30",
        ),
        ("k: x", {"pattern": "^y$"}, 'k is "x"; it must match ^y$', ""),
        ("k: secret", {"not": {}, "x-message": "give it elsewhere"}, "k cannot stand here", "give it elsewhere"),
        ("k: x", False, "k cannot stand here", "delete it"),
        ("k: {a: 1, b: 2}", {"not": {"required": ["a", "b"]}}, "k cannot have a and b together", ""),
    ],
)
def test_single_values(text: str, rule: Any, message: str, hint: str) -> None:
    assert only(text, k=rule)[3:] == (message, hint)


def test_a_value_is_named_by_its_key_or_by_its_number_in_a_list() -> None:
    rules = {"properties": {"a": {"items": {"items": TEXT, "type": "array"}}}}
    _, found = check("a:\n- [x]\n- - y\n  - {}\n- z\n", rules)
    assert found == [
        (4, 5, "wrong-type", "item 2 of item 2 of a is an empty mapping; it must be text", ""),
        (
            5,
            3,
            "wrong-type",
            'item 3 of a is "z"; it must be a list',
            'begin each item on a line of its own, with "- "',
        ),
    ]


def test_long_values_are_cut_and_redacted_words_are_not_repeated() -> None:
    assert wording.shown("word " * 30) == '"word word word word word word word word word wo…"'
    assert wording.shown("paid by ||the other side|| and ||no") == '"paid by ||…|| and ||…||"'
    assert wording.shown("two\nlines") == '"two lines"'


def test_unknown_keys_stand_at_the_key_with_the_nearest_known_name() -> None:
    rules = {"properties": {"name": TEXT, "description": TEXT}, "additionalProperties": False}
    _, found = check("name: x\n descripton: y\n".replace("\n ", "\n"), rules)
    assert found == [(2, 1, "unknown-key", "descripton is not known", 'did you mean "description"?')]
    _, found = check("list:\n- {name: x, Name: y, zzz: 1}\n", {"properties": {"list": {"items": rules}}})
    assert found == [
        (2, 13, "unknown-key", "Name is not known in item 1 of list", '"name" is there already'),
        (2, 22, "unknown-key", "zzz is not known in item 1 of list", "it can have name and description"),
    ]


def test_merge_keys_get_a_hint_of_their_own() -> None:
    _, found = check("<<: {a: b}", {"properties": {"a": {}}, "additionalProperties": False})
    assert found == [(1, 1, "unknown-key", "<< is not known", "merge keys are no part of YAML 1.2; write the keys out")]


def test_missing_keys_stand_at_the_key_of_their_mapping() -> None:
    rules = {"required": ["amount", "currency"], "properties": {"currency": {"description": "ISO 4217 code."}}}
    _, found = check("x: 1\nsalary:\n  amount: 3\n", {"properties": {"salary": rules}})
    assert found == [(2, 1, "missing-key", "salary has no currency", "add currency: ISO 4217 code")]
    _, found = check("x: 1\nsalary: {}\n", {"properties": {"salary": rules}})
    assert found == [(2, 1, "missing-key", "salary has no amount or currency", "")]


def test_a_key_that_is_only_misspelt_is_not_missing_as_well() -> None:
    rules = {"required": ["title"], "properties": {"title": TEXT}, "additionalProperties": False}
    _, found = check("titel: x\n", rules)
    assert found == [(1, 1, "unknown-key", "titel is not known", 'did you mean "title"?')]


AMOUNT = {
    "oneOf": [
        {"type": "number", "minimum": 0},
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["from", "to"],
            "properties": {"from": {"type": "number"}, "to": {"type": "number"}},
        },
    ]
}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("lots", 'amount is "lots"; it must be a number or a mapping with from and to'),
        ("[1]", "amount is a list; it must be a number or a mapping with from and to"),
        ("-5", "amount is -5; it must be at least 0"),
        ("{from: 3}", "amount has no to"),
        ("{from: 3, to: x}", 'to is "x"; it must be a number'),
        ("", "amount has no value; it must be a number or a mapping with from and to"),
    ],
)
def test_a_union_is_one_sentence_or_the_errors_of_the_form_that_was_meant(value: str, message: str) -> None:
    assert only(f"amount: {value}", amount=AMOUNT)[3] == message


ON_FILE = {"specimen": {}, "match": SCALE}
IN_WORDS = {"title": {}, "match": SCALE}
RELATED = {
    "oneOf": [
        {"type": "object", "required": ["specimen"], "additionalProperties": False, "properties": ON_FILE},
        {"type": "object", "required": ["title", "match"], "additionalProperties": False, "properties": IN_WORDS},
    ]
}


@pytest.mark.parametrize(
    ("item", "code", "message", "hint"),
    [
        ("{title: X}", "missing-key", "item 1 of related has no match", "add match:"),
        ("{}", "missing-key", "item 1 of related is incomplete; it needs specimen, or title and match", ""),
        ("{specimen: a, mach: 3}", "unknown-key", "mach is not known in item 1 of related", 'did you mean "match"?'),
        ("{specimen: a, match: 300}", "out-of-range", "match is 300; it must be at most 100", ""),
        (
            "{specimen: a, title: b}",
            "too-much",
            "item 1 of related mixes two forms; it must be a mapping with specimen or a mapping with title and match",
            "",
        ),
        (
            "sdet",
            "wrong-form",
            'item 1 of related is "sdet"; it must be a mapping with specimen or a mapping with title and match',
            "",
        ),
    ],
)
def test_forms_of_a_mapping_are_told_apart_by_their_keys(item: str, code: str, message: str, hint: str) -> None:
    assert only(f"related: [{item}]", related={"items": RELATED})[2:] == (code, message, hint)


def test_a_union_may_say_itself_what_it_wants() -> None:
    rule = {**AMOUNT, "x-message": "an amount is a number or a range"}
    assert only("amount: lots", amount=rule)[3] == 'amount is "lots"; an amount is a number or a range'
    assert only("amount: {from: 3}", amount=rule)[3] == "amount has no to"


def test_one_form_at_a_time() -> None:
    rule = {"oneOf": [{"required": ["role"]}, {"required": ["roles"]}]}
    assert only("level: {role: a, roles: [b]}", level=rule) == (
        1, 18, "too-much", "level has role and roles; it can have only one", "delete role or roles",
    )  # fmt: skip
    assert only("level: {note: a}", level=rule)[2:4] == ("missing-key", "level is incomplete; it needs role, or roles")


SUBJECT = {
    "contains": {"type": "object", "required": ["subject"], "properties": {"subject": {"const": True}}},
    "minContains": 1,
    "maxContains": 1,
}


def test_contains_says_how_many_there_are() -> None:
    assert only("levels: [{a: 1}]", levels=SUBJECT) == (
        1, 1, "wrong-items", "levels must hold exactly 1 item with subject: true; here there is none", "",
    )  # fmt: skip
    assert only("levels:\n- subject: true\n- subject: true\n", levels=SUBJECT)[:4] == (
        3, 3, "wrong-items", "levels must hold exactly 1 item with subject: true; here there are 2",
    )  # fmt: skip
    said = {**SUBJECT, "x-message": "one level is the subject"}
    assert only("levels: []", levels=said)[3] == "one level is the subject; here there is none"


def test_repeated_items_stand_where_they_are_repeated() -> None:
    assert only("tags: [a, b, a]", tags={"uniqueItems": True}) == (
        1, 14, "repeated-item", 'tags holds "a" twice', "delete one of them",
    )  # fmt: skip


def test_conditions_and_references_are_followed() -> None:
    rules = {
        "$defs": {"time": {**TEXT, "pattern": "^[0-9]+:[0-9]+$", "x-message": "a time is H:MM"}},
        "properties": {"from": {"$ref": "#/$defs/time"}},
        "if": {"required": ["from"]},
        "then": {"required": ["to"], "properties": {"to": {"description": "The end."}}},
    }
    assert check("from: 9h", rules)[1] == [
        (1, 1, "missing-key", "the file has no to", "add to: the end"),
        (1, 7, "wrong-form", 'from is "9h"; a time is H:MM', ""),
    ]


def test_a_part_of_a_file_is_checked_at_its_place() -> None:
    text = "x: 1\nhabitat:\n- 1984\n- {}\n"
    value, found = check(text, {"type": "array", "items": TEXT}, ("habitat",))
    assert value == ["1984", {}]
    assert found == [(4, 3, "wrong-type", "item 2 of habitat is an empty mapping; it must be text", "")]
    assert check("habitat: 3", {"type": "array"}, ("habitat",))[1][0][3] == "habitat is 3; it must be a list"


def test_a_schema_is_compiled_once() -> None:
    rules = {"type": "object", "properties": {"once": TEXT}}
    assert schema.validator(rules) is schema.validator(rules)


def test_a_schema_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="at type: "):
        schema.validator({"type": "sting"})
    with pytest.raises(ValueError, match="x-rising names two keys"):
        schema.validator({"x-rising": ["from"]})


def test_a_schema_does_not_read_what_lies_outside_it(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('{"type": "string"}')
    with pytest.raises(ValueError, match="retrieving it failed"):
        schema.validator({"$ref": (tmp_path / "other.json").as_uri()})


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("weponry", "weaponry"),
        ("Weaponry", "weaponry"),
        ("org-chart", "org_chart"),
        ("Org Chart", "org_chart"),
        ("zebra", ""),
    ],
)
def test_the_nearest_name(word: str, near: str) -> None:
    assert wording.nearest(word, ["weaponry", "org_chart", "habitat"]) == near
