"""Records that are sound and cruel: as long, as many, as odd as a file can hold. They are set, whole, in both layouts.

The quick ones put a little of everything into one record; the real sizes are in ``make test-long``.
"""

from __future__ import annotations

import json
import re
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from command import BIN, archive
from finished import opened_bytes
from test_fonts import own_font

pytestmark = pytest.mark.xdist_group("cruel")

SECONDS = 1500
WAYS = ("render", "anthology")
SECRET = "Quagmire"
PLANES = "".join(
    chr(plane << 16 | place)
    for plane in range(17)
    for place in (0x0041, 0x0300, 0x1234, 0x2345, 0xD7FF, 0xE001, 0xFFFD)
)
"""Letters, unassigned code points and private ones, from every plane of Unicode."""
HEBREW = "\u05e7\u05d5\u05e5"
MARKS = "\u200e\u200f\u061c\u200d\u200c"
"""Directional marks and joiners, which change nothing but their neighbours: bidi controls are refused."""


def said(number: int) -> str:
    """So many words, the last of which is told by its number."""
    sentence = "Nobody knows what this role is for but everybody has met it twice "
    return " ".join([*(sentence * (number // 13 + 1)).split()[: number - 1], f"word{number}"])


def quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def entry(words: str) -> str:
    return f"day_log: [{{from: '09:00', to: '10:00', activity: Reads, entry: {quoted(words)}}}]\n"


def places(number: int) -> str:
    return "habitat:\n" + "".join(f"  - Place number {index} of the range.\n" for index in range(1, number + 1))


def relatives(number: int) -> str:
    lines = (f"  - {{title: Role {n}, summary: It does thing {n}., match: {n % 101}}}\n" for n in range(1, number + 1))
    return "related:\n" + "".join(lines)


def word(letter: str, number: int) -> str:
    return f"survival_guide: [{{situation: {letter * number}, advice: 'Say {letter * number} twice.'}}]\n"


def redactions(number: int) -> str:
    """Bars in everything that can be nested, as deep as it goes, and side by side."""
    bar = f"||{SECRET}||"
    nested = f"**a *b ||{SECRET} ** ]] *|| three* c** [[baker|see {bar} *{bar}*]] \\||six\\|| {'*' * 9}{bar}"
    many = " ".join([f"||{SECRET}||"] * number)
    return f"metrics: [{{name: {quoted(nested)}, description: {quoted(many)}}}]\n"


def scripts() -> str:
    mixed = f"{HEBREW} abc (1) {MARKS} {HEBREW}."
    return f"weaponry: [{{name: {quoted(PLANES)}, description: {quoted(mixed)}}}]\n"


@pytest.fixture
def font(tmp_path: Path) -> Path:
    """A folder with a font for what no shipped one has."""
    letters = "".join(one for one in PLANES if unicodedata.category(one) != "Mn")
    own_font(tmp_path / "fonts" / "own.ttf", "Own", f"{PLANES}{letters}{HEBREW}")
    return tmp_path / "fonts"


def press(way: str, folder: Path, *more: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(BIN / "dossier"), way, "--archive", "files", "--jobs", "2", *map(str, more)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)  # noqa: PLW1510 - the status is what is tested
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    return done


def texts(path: Path) -> str:
    """What a reader takes out of a file, without blanks and hyphens; checks that no redacted word is in its bytes."""
    data = path.read_bytes()
    bare = opened_bytes(data)
    for form in (SECRET.encode(), SECRET.encode("utf-16-be"), SECRET.encode("utf-16-be").hex().encode()):
        assert form not in bare
    document = pypdfium2.PdfDocument(data)
    pages = []
    for page in document:
        textpage = page.get_textpage()
        pages.append(textpage.get_text_range())
        textpage.close()
        page.close()
    document.close()
    found = "".join(pages)
    assert SECRET not in found
    return re.sub(r"[\s\x02\xad\ufffe\u2010-]+", "", found)


def results(way: str, folder: Path, slugs: list[str]) -> dict[str, str]:
    """The text of each dossier; of the book's all of them together."""
    if way == "anthology":
        return dict.fromkeys(slugs, texts(folder / "out" / "anthology.pdf"))
    return {slug: texts(folder / "out" / "dossiers" / f"{slug}.pdf") for slug in slugs}


@pytest.mark.parametrize("way", WAYS)
def test_a_little_of_everything(way: str, tmp_path: Path, font: Path) -> None:
    """In one record: whatever breaks a page breaks it in company, too."""
    parts = [entry(said(1500)), places(60), relatives(12), word("w", 1000), redactions(50), scripts()]
    archive(tmp_path / "files", {"able": "".join(parts), "baker": "habitat: [There.]\n"})
    done = press(way, tmp_path, "--font-dir", font, "--fit", "off")
    assert done.returncode == 0, done.stderr
    assert "error" not in done.stderr
    text = results(way, tmp_path, ["able", "baker"])["able"]
    whole(text, words=1500, items=60, roles=12, letters=("w", 1000))
    assert text.count(HEBREW) + text.count(HEBREW[::-1]) >= 2


def whole(text: str, words: int = 0, items: int = 0, roles: int = 0, letters: tuple[str, int] = ("", 0)) -> None:
    """Nothing of a cruel record is left out."""
    if words:
        assert text.count("Nobody") >= words // 13
        assert f"word{words}" in text
    for number in range(1, items + 1):
        assert f"Placenumber{number}oftherange." in text, number
    for number in range(1, roles + 1):
        assert f"Itdoesthing{number}." in text, number
    if letters[1]:
        assert text.casefold().count(letters[0]) >= 2 * letters[1]


LARGE: dict[str, tuple[str, Callable[[str], None]]] = {
    "words": (entry(said(100_000)), lambda text: whole(text, words=100_000)),
    "items": (places(5_000), lambda text: whole(text, items=5_000)),
    "letters": (word("w", 10_000), lambda text: whole(text, letters=("w", 10_000))),
    "relatives": (relatives(1_000), lambda text: whole(text, roles=1_000)),
    "redactions": (redactions(5_000), lambda _: None),
    "scripts": (scripts(), lambda _: None),
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_the_largest_records_are_set_whole(way: str, tmp_path: Path, font: Path) -> None:
    sound = {"baker": "habitat: [There.]\n", "zebra": "habitat: [Beyond.]\n"}
    archive(tmp_path / "files", {name: text for name, (text, _) in LARGE.items()} | sound)
    done = press(way, tmp_path, "--font-dir", font, "--timeout", "600", "--memory", "1500")
    assert done.returncode == 0, done.stderr
    found = results(way, tmp_path, [*LARGE, *sound])
    for name, (_, check) in LARGE.items():
        check(found[name])
    assert "Beyond." in found["zebra"]


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_thousand_relatives_on_file(way: str, tmp_path: Path) -> None:
    """One record names a thousand others by their slugs; each of them exists."""
    others = {f"clerk-{number}": f"habitat: [Desk {number}.]\n" for number in range(1000)}
    named = "related:\n" + "".join(f"  - {{specimen: {slug}, match: 5}}\n" for slug in others)
    archive(tmp_path / "files", {"able": named, **others})
    selection = ["able"] if way == "render" else ["--only", "able"]
    done = press(way, tmp_path, *selection, "--timeout", "600")
    assert done.returncode == 0, done.stderr
    (path,) = [path for path in (tmp_path / "out").rglob("*.pdf") if ".cache" not in path.parts]
    text = texts(path)
    for number in range(1000):
        assert f"TheClerk{number}".casefold() in text.casefold(), number


# Strangers' templates

TROUBLE = {
    "section.yaml": "title: Trouble\nschema: {type: string}\n",
    "section.html": """\
{% set box = namespace(held=section) %}
{% if section == "loop" %}{% for one in range(99999) %}{% for two in range(99999) %}{% endfor %}{% endfor %}{% endif %}
{% if section == "double" %}{% for one in range(90) %}{% set box.held = box.held ~ box.held %}{% endfor %}{% endif %}
{% if section == "write" %}{% for one in range(1024) %}{{ "%1048576d" % one }}{% endfor %}{% endif %}
{% if section == "flood" %}{% for one in range(99999) %}{% for two in range(9) %}
<p>{{ one }}</p>{% endfor %}{% endfor %}{% endif %}
{% if section == "import" %}{% import "PLACE/secret.txt" as secret %}{{ secret }}{% endif %}
{% if section == "include" %}{% include "css:PLACE/secret.txt" %}{% endif %}
{% if section == "climb" %}{{ section.__class__.__mro__ }}{% endif %}
{% if section == "open" %}{{ cycler.__init__.__globals__.os.popen("touch PLACE/touched") }}{% endif %}
{% if section == "picture" %}<img src="file://PLACE/secret.txt" alt="x">{% endif %}
<p>{{ box.held|length }}</p>
""",
}
LIMITED = {
    "loop": r"loop was given up after 10 seconds",
    "double": r"double needs more than 700 MiB of memory",
    "write": r"write needs more than 700 MiB of memory|write was given up after 10 seconds|made write died",
    "flood": r"flood needs more than 700 MiB of memory|flood was given up after 10 seconds|made flood died",
    "import": r"section\.html:\d+:1: error: the template fails: ",
    "include": r"section\.html:\d+:1: error: the template fails: ",
    "climb": r"section\.html:\d+:1: error: the template fails: ",
    "open": r"section\.html:\d+:1: error: the template fails: ",
}


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_s_templates_are_bounded_and_named(way: str, tmp_path: Path) -> None:
    place = tmp_path / "outside"
    place.mkdir()
    (place / "secret.txt").write_text(SECRET)
    folder = tmp_path / "shelf" / "base" / "sections" / "trouble"
    folder.mkdir(parents=True)
    for name, text in TROUBLE.items():
        (folder / name).write_text(text.replace("PLACE", str(place)))
    sound = {f"clerk-{number}": f"habitat: [Desk {number}.]\n" for number in range(3)}
    records = {kind: f"trouble: {kind}\n" for kind in (*LIMITED, "picture")}
    archive(tmp_path / "files", {**records, **sound})
    limits = ("--timeout", "10", "--memory", "700", "--fit", "off")
    done = press(way, tmp_path, "--layouts", tmp_path / "shelf", *limits, *(["--keep-going"] * (way == "anthology")))
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if ": error: " in line]
    for kind, words in LIMITED.items():
        assert [line for line in told if re.search(words, line)], (kind, told)
    bounded = ("loop", "double", "write", "flood")
    failing = set() if way == "render" else LIMITED.keys() - set(bounded)  # a book says which dossiers it lacks, too
    named = {line.split(":")[0] for line in told if line.startswith("files/")}
    assert named == {f"files/{kind}.yaml" for kind in (*bounded, *failing)}
    assert "not within the archive" in done.stderr
    finished = [*sound, "picture"]
    assert [path.name for path in place.iterdir()] == ["secret.txt"]
    if way == "render":
        assert sorted(done.stdout.split()) == sorted(f"out/dossiers/{slug}.pdf" for slug in finished)
    found = results(way, tmp_path, finished)
    for number in range(3):
        assert f"Desk{number}." in found[f"clerk-{number}"]
