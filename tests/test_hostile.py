"""Whatever a record, a text or a string of marks says, it is read or refused at its place: nothing else happens.

``attacks/records.yaml`` holds records with every word that is said of them; what Hypothesis makes up is held against
what is always true of an answer.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from attacks.canary import MARK, Canary, nest
from command import archive, as_json, dossier, files
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from test_safe import in_time

from render import compose, fonts, inline, intake, layouts, link, load, settings, validate
from render.compose import Setting
from render.intake.batch import take_in
from render.problems import InputError, Problem
from render.record import Record
from render.text import Link, Plain, Redacted, Span, Text

RECORDS: dict[str, dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "attacks" / "records.yaml").read_text("utf-8")
)
CORE = "title: A Clerk\nsummary: Files.\nfamily: drawer\n"
TEXT = Path(__file__).parent / "archives" / "text" / "junior-ai-lifecycle-specialist.txt"
PATIENCE = 10
"""Seconds after which an example hangs."""

many = examples(max_examples=400, deadline=None)
some = examples(max_examples=100, deadline=None)
few = examples(max_examples=25, deadline=None)


# Records that are refused


def raw(case: Mapping[str, Any]) -> bytes:
    if "bytes" in case:
        return str(case["bytes"]).encode("latin-1")
    return str(case["text"] if "text" in case else CORE + case["body"]).encode()


def said(problem: Mapping[str, Any]) -> str:
    hint = f" ({problem['hint']})" if problem["hint"] else ""
    return f"{problem['line']}:{problem['column']} {problem['code']}: {problem['message']}{hint}"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """What the command says of each file of an archive that holds all of them."""
    folder = archive(tmp_path_factory.mktemp("refused"), {"other": ""})
    for name, case in RECORDS.items():
        (folder / f"{name}.yaml").write_bytes(raw(case))
    before = files(folder)
    done = dossier("check", "--format", "json", folder=folder)
    assert done.returncode == 1
    assert files(folder) == before
    found: dict[str, list[str]] = {name: [] for name in RECORDS}
    for problem in as_json(done)["problems"]:
        assert problem["severity"] == "error"
        found[Path(problem["file"]).stem].append(said(problem))
    return found


def test_there_are_enough_bad_records() -> None:
    assert len(RECORDS) >= 200
    codes = {line.split()[1] for case in RECORDS.values() for line in case["says"]}
    assert len(codes) >= 25


@pytest.mark.parametrize("name", RECORDS)
def test_a_bad_record_is_refused_in_these_words(told: dict[str, list[str]], name: str) -> None:
    assert told[name] == RECORDS[name]["says"]


# Loading


SIGNS = ": - ? & * ! | > % @ ` # ' \" { } [ ] , ~ = << ... --- \\ \t \n \r \0 \ufeff \u202e \u2029 \x85 {{ }} [[ || **"
PIECES = [
    *filter(None, SIGNS.split(" ")), "\t", "\n", "\n", " ", "  ", "\n  ", "\n- ", ": ", "title: ",
    "&a ", "*a", "!!str ", "!x ", "0x1F", "012", "1e999", ".nan", "9" * 120, "é", "𝔘", "|\n ", ">-\n ", "? ",
    "%YAML 1.2\n---\n", "null", "title", "a",
]  # fmt: skip
soup = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


def problems_of(data: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with a file. Anything raised but InputError fails the test, and so does what hangs."""
    with in_time(PATIENCE):
        try:
            source = load.loads(data, Path("spec.yaml"))
        except InputError as failure:
            return failure.problems
    assert is_plain(source.data)
    assert set(source.marks) == set(paths(source.data, ())) | ({()} & set(source.marks))
    return ()


def is_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and is_plain(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(is_plain, value))
    return type(value) in (str, int, float, bool, type(None))


def paths(value: object, path: load.Steps) -> Iterator[load.Steps]:
    if path or value is not None:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


def stand_within(found: tuple[Problem, ...], text: str) -> None:
    lines = load.BREAK.split(text)
    for problem in found:
        where = problem.where
        assert problem.message
        assert not re.search(r"[\0-\x1f]", problem.message)
        assert 0 <= where.line <= len(lines)
        if where.line:
            assert 1 <= where.column <= len(lines[where.line - 1]) + 1


@many
@given(soup)
def test_pieces_of_yaml_are_read_or_refused_at_their_place(text: str) -> None:
    stand_within(problems_of(text), text.removeprefix("\ufeff"))


@many
@given(st.text())
def test_any_text_is_read_or_refused_at_its_place(text: str) -> None:
    stand_within(problems_of(text), text.removeprefix("\ufeff"))


@many
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    found = problems_of(data)
    assert found == problems_of(data)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)


@some
@given(JSON)
def test_what_another_program_wrote_means_the_same(value: Any) -> None:
    """JSON is YAML: it is read back, or refused for a character."""
    written = json.dumps(value, ensure_ascii=False)
    problems = problems_of(written)
    assert {one.code for one in problems} <= {"control-character", "bidi-control"}
    if not problems:
        assert load.loads(written, Path("spec.yaml")).data == value


# Validating


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> settings.Archive:
    return settings.read(archive(tmp_path_factory.mktemp("opened"), {"other": ""}))


WORDS = st.sampled_from(
    ["", " ", "a", "A clerk files.", "||secret||", "||", "[[other]]", "[[other|x]]", "[[nobody]]", "[[", "*a*", "**",
     "\\", "auto", "drawer", "USD", "9:00", "24:01", "x" * 300, "<q9>", "{{ x }}", "\u05d0", "𝔘", "../x", "pressure"]
)  # fmt: skip
LEAF = WORDS | st.integers(-5, 105) | st.floats() | st.booleans() | st.none()
ANY = st.recursive(
    LEAF,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=6,
)


def as_schema_says(schema: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a schema means, and now and then something else in their place."""
    forms = [as_schema_says(form) for form in schema.get("oneOf", ()) if "type" in form or "const" in form]
    if "const" in schema or "enum" in schema:
        meant: st.SearchStrategy[Any] = st.sampled_from(schema.get("enum", [schema.get("const")]))
    elif forms:
        meant = st.one_of(forms)
    elif schema.get("type") == "array":
        meant = st.lists(as_schema_says(schema.get("items", {})), max_size=4)
    elif schema.get("type") == "object":
        parts = {key: as_schema_says(part) for key, part in schema["properties"].items()}
        needed = set(schema.get("required", ()))
        meant = st.fixed_dictionaries(
            {key: part for key, part in parts.items() if key in needed},
            optional={key: part for key, part in parts.items() if key not in needed},
        )
    elif schema.get("type") in ("integer", "number"):
        meant = st.integers(0, 100)
    elif "[0-5][0-9]" in schema.get("pattern", ""):
        meant = st.sampled_from(["9:00", "23:59", "24:00"])
    elif "{3}" in schema.get("pattern", ""):
        meant = st.sampled_from(["USD", "JPY", "XXX"])
    else:
        meant = WORDS
    return st.integers(0, 19).flatmap(lambda dice: meant if dice else ANY)


def records() -> st.SearchStrategy[dict[str, Any]]:
    """Records that could be meant, with something wrong here and there."""
    sections = layouts.find("folder").sections
    core: dict[str, Any] = {"title": WORDS, "summary": WORDS, "family": st.just("drawer")}
    core = {key: st.integers(0, 9).flatmap(lambda dice, part=part: part if dice else ANY) for key, part in core.items()}
    parts = {key: as_schema_says(section.schema) for key, section in sections.items()}
    return st.fixed_dictionaries(core, optional=parts | {"tags": ANY, "lang": WORDS, "zzz": ANY})


def judged(data: Mapping[str, Any], opened: settings.Archive) -> Record | tuple[Problem, ...]:
    """The record, or what is wrong with it."""
    return judged_text(yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False), opened)


def judged_text(written: str, opened: settings.Archive) -> Record | tuple[Problem, ...]:
    sections = layouts.find("folder").sections
    covered = fonts.coverage(fonts.faces())
    with in_time(PATIENCE):
        try:
            source = load.loads(written, opened.root / "clerk.yaml")
            return validate.validate(source, opened, sections, covered, on_file={"clerk", "other"})
        except InputError as failure:
            stand_within(failure.problems, written)
            return failure.problems


def spans(value: object) -> Iterator[Span]:
    if isinstance(value, Text):
        yield from value.spans
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from spans(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from spans(inner)


@examples(max_examples=200, deadline=None)
@given(data=records())
def test_any_data_is_a_record_or_a_list_of_problems(opened: settings.Archive, data: dict[str, Any]) -> None:
    found = judged(data, opened)
    if isinstance(found, Record):
        assert str(found.title).strip()
        assert all(isinstance(words, Text) for words in validate.strings(found.sections))
        assert "secret" not in repr(found)
        assert all(one.slug == "other" for one in spans(found.sections) if isinstance(one, Link))
    else:
        assert len(found) >= 1
        assert not any("secret" in problem.message for problem in found)


def test_some_of_those_are_records(opened: settings.Archive) -> None:
    """Or the test above would have looked at refusals only."""
    seen = []

    @examples(max_examples=150, deadline=None, database=None, derandomize=True)
    @given(records())
    def judge(data: dict[str, Any]) -> None:
        seen.append(isinstance(judged(data, opened), Record))

    judge()
    assert sum(seen) >= 5
    assert len(seen) - sum(seen) >= 5


@few
@given(data=records())
def test_what_is_a_record_is_composed_in_both_layouts(opened: settings.Archive, data: dict[str, Any]) -> None:
    found = judged(data, opened)
    if not isinstance(found, Record):
        found = judged(
            {"title": "A", "summary": "B.", "family": "drawer", "habitat": ["||secret|| *x* [[other]]"]}, opened
        )
    assert isinstance(found, Record)
    other = judged({"title": "Other", "summary": "C.", "family": "drawer"}, opened)
    assert isinstance(other, Record)
    other = type(other)(**{**as_fields(other), "slug": "other", "file_number": "OT-1"})
    with in_time(PATIENCE):
        one = next(one for one in link.link([found, other], opened) if one.record is found or one.slug == found.slug)
        for name, paper in (("folder", "a4"), ("anthology", "6x9in")):
            layout = layouts.find(name)
            sheet = compose.compose(one, opened, Setting(layout, "colour", layout.paper(paper), fonts.faces()))
            assert "secret" not in sheet.html
            assert "<q9>" not in sheet.html


def as_fields(record: Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__dataclass_fields__}


@pytest.mark.parametrize("item", ["'a \u4e2d'", "'a ||b'", "'a [[nobody]]'", "{a: b}"])
def test_thousands_of_problems_take_no_more_than_their_number(opened: settings.Archive, item: str) -> None:
    begun = time.process_time()
    found = judged_text(CORE + "habitat:\n" + f"- {item}\n" * 20_000, opened)
    assert isinstance(found, tuple)
    assert [one.where.line for one in found] == list(range(5, 20_005))
    assert time.process_time() - begun < 5


# Marks


MARKS = ["*", "**", "***", "||", "|", "[[", "]]", "[[other", "[[other|", "\\", " ", "word", "é", "\n", "a", "5", "."]
marked = st.lists(st.sampled_from(MARKS), max_size=40).map("".join)


def marks(text: str) -> Text | inline.MarkError:
    with in_time(PATIENCE):
        try:
            return inline.parse(text, "clerk", ("habitat", 0))
        except inline.MarkError as failure:
            return failure


@many
@given(marked | st.text(max_size=80))
def test_marks_are_read_or_refused_at_their_place(text: str) -> None:
    found = marks(text)
    if isinstance(found, inline.MarkError):
        assert 0 <= found.offset < len(text)
        assert text.startswith(("||", "[["), found.offset)
        return
    assert inline.plain(found.spans or (Plain(str(found)),)) == str(found)
    assert found == marks(text)
    if not set(text) & set("\\|["):
        assert str(found).replace("*", "") == text.replace("*", "")


@many
@given(marked, marked)
def test_redacted_words_are_gone_whatever_stands_around_them(before: str, after: str) -> None:
    """Bars before them could close or open another redaction, a backslash make bars literal: not from these."""
    clean = [re.sub(r"[|\\]", "", text) for text in (before, after)]
    found = marks(f"{clean[0]}||{MARK} ]] ** [[||{clean[1]}")
    assert MARK not in repr(found)
    assert isinstance(found, inline.MarkError) or any(isinstance(one, Redacted) for one in flat(found.spans))


def flat(some: tuple[Span, ...]) -> Iterator[Span]:
    for one in some:
        yield one
        yield from flat(getattr(one, "spans", ()))


@many
@given(st.text())
def test_an_escaped_string_is_itself(text: str) -> None:
    found = inline.parse(re.sub(r"([*|\[\]\\])", r"\\\1", text), "clerk", ())
    assert str(found) == text
    assert not any(isinstance(one, Redacted | Link) for one in flat(found.spans))


# Taking texts in


FORM = TEXT.read_text("utf-8").splitlines()
LINES = [
    "FILE RECORD: ../../OUT/secret", "FILE RECORD: OUT/secret", "FILE RECORD: ARCHIVE", "FILE RECORD: CON",
    "FILE RECORD: " + "A" * 300, "../../../etc/passwd", "/etc/passwd", "..", ".", "-rf", "<script>", "{{ x }}",
    "!!python/object/apply:os.system [id]", "&a *a", "---", "...", "%YAML 1.2", "||secret", "[[nobody]]",
    "\u05d0\u05d1", "[01]" * 30, "[" * 200, "“" * 50, "9" * 400, "$" + "9" * 400, "[DIAGNOSIS]" * 20, "→" * 50,
    "a " * 500, "SYSTEM MATCH: " + "9" * 99 + "%",
]  # fmt: skip
CHARACTERS = st.characters(exclude_categories=["Cs"])
texts = st.lists(st.sampled_from(FORM + LINES) | st.text(CHARACTERS, max_size=60), max_size=25).map("\n".join)


def taken_in(data: str | bytes) -> intake.Intake | tuple[Problem, ...]:
    with in_time(PATIENCE):
        try:
            return intake.read(data, name="x.txt", family="drawer")
        except InputError as failure:
            return failure.problems


@some
@given(data=texts | st.binary(max_size=300))
def test_any_text_becomes_a_record_or_is_refused(opened: settings.Archive, data: str | bytes) -> None:
    taken = taken_in(data)
    if not isinstance(taken, intake.Intake):
        assert all(problem.message and problem.where.file == "x.txt" for problem in taken)
        return
    assert settings.SLUG.fullmatch(taken.slug), taken.slug
    assert len(taken.slug) <= 80
    source = load.loads(taken.yaml, Path(f"{taken.slug}.yaml"))
    validate.validate(source, opened, layouts.find("folder").sections)


@pytest.mark.parametrize("digits", [400, 5000])
@pytest.mark.parametrize(
    "form",
    ["{}", "Clerk\n[02] THE HABITAT\n{}", "Clerk\n[03] SALARY DELUSION\nPAID\n${}\n",
     "Clerk\n[03] SALARY DELUSION\n$1-{}k",
     "Clerk\n[04] THE FLIGHT RISK\n{}%", "Clerk\n[09] DAY-IN-THE-LIFE LOG\n[{}:00 - 10:00] x\ny",
     "Clerk\n[11] RELATED SPECIMENS\nX\nDoes.\nSYSTEM MATCH: {}%"],
)  # fmt: skip
def test_a_number_past_all_use_is_words(opened: settings.Archive, form: str, digits: int) -> None:
    taken = taken_in(form.format("9" * digits))
    assert isinstance(taken, intake.Intake)
    assert re.sub(r"\D", "", taken.yaml).count("9") >= digits
    validate.validate(load.loads(taken.yaml, Path("clerk.yaml")), opened, layouts.find("folder").sections)


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Canary]:
    with nest(tmp_path_factory.mktemp("field") / "OUT") as found:
        yield found


@few
@given(data=st.lists(texts, min_size=1, max_size=3))
def test_no_text_is_filed_outside_the_archive(canary: Canary, data: list[str]) -> None:
    field = canary.folder.parent
    root = field / "archive" / "files"
    if not root.exists():
        archive(root, {"other": ""})
    (field / "texts").mkdir(exist_ok=True)
    for number, text in enumerate(data):
        (field / "texts" / f"{number}.txt").write_text(text.replace("OUT", str(canary.folder)), "utf-8")
    before = contents(field)
    with canary.guarding() as sung, in_time(PATIENCE * 3):
        outcome = take_in([field / "texts"], root, root, "drawer", replace=False)
    assert sung == []
    new = {name: data for name, data in contents(field).items() if before.get(name) != data}
    assert sorted(new) == sorted(str(path.relative_to(field)) for path in outcome.files)
    for path in outcome.files:
        assert path.parent == root
        assert settings.SLUG.fullmatch(path.stem)
        path.unlink()
    for path in (field / "texts").iterdir():
        path.unlink()
    assert {name: data for name, data in contents(field).items() if not name.startswith("texts/")} == {
        name: data for name, data in before.items() if not name.startswith("texts/")
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_text_is_read_no_further_than_it_may_be(tmp_path: Path) -> None:
    """A file of 20 GB that takes no room on the disk: whoever read all of it would need as much memory."""
    root = archive(tmp_path / "files", {"other": ""})
    with (tmp_path / "long.txt").open("wb") as file:
        file.write(b"Growth Wizard\n")
        file.truncate(20 << 30)
    outcome = take_in([tmp_path / "long.txt"], root, root, "drawer", replace=False)
    (problem,) = outcome.problems
    assert str(problem) == f"{tmp_path}/long.txt: a text record has at most 512 KiB (split it)"
    assert files(root) == ["archive.yaml", "other.yaml"]
