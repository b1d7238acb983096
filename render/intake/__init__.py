"""Plain text -> YAML, unattended: a record as somebody copied it becomes a file that ``check`` accepts.

    glance(text, name=…)  what other records may need of this one: its slug, its title, whom its [11] names
    read(text, name=…)    the record as YAML

What is guessed carries a comment beside its value (``# guessed: …``); what is not understood stays as a comment
(``# not understood: …``) under the section it was found in. Nothing is lost, and the same text gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..problems import Problem, Where, warning
from ..settings import ARCHIVE
from . import emit, lines, words, wraps
from .emit import Entry, Leaf, Rows, Table
from .found import Clues, Found
from .glue import written_so
from .lines import Chapter, Line
from .others import Others
from .sections import READERS
from .witnesses import cards

_FILE_RECORD = re.compile(r"FILE\s+RECORD\s*:\s*(?P<slug>[A-Z0-9]+(?:-[A-Z0-9]+)*(?=[A-Z][a-z]|\s*$)|.*)(?P<rest>.*)")
_SLUG_ALONE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+")
_FORM_LABEL = re.compile(r"\[[^\]]*\]|^[^a-z]{3,}:")
"""In capitals whatever it says."""

UNFILED = "unfiled"


@dataclass(frozen=True, slots=True)
class Intake:
    """One record, taken in."""

    slug: str
    yaml: str
    problems: tuple[Problem, ...] = ()
    """Warnings: what was guessed (code ``guessed``) and what was not understood (``not-understood``)."""


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What other records may need of one."""

    slug: str
    title: str
    summaries: Mapping[str, str]
    """What its [11] says of other roles, by their titles."""


@dataclass(frozen=True, slots=True)
class _Opening:
    slug: str
    title: Leaf
    heard: tuple[str, ...]
    rest: tuple[Line, ...]


def glance(text: str | bytes, *, name: str) -> Glimpse:
    """Slug, title and the summaries that [11] gives of others. ``name`` is what problems call the file.

    Raises ``InputError`` for a file that is empty or not text.
    """
    everything, _ = wraps.joined(lines.read(text, name))
    opening, chapters = lines.chapters(everything)
    head = _opening(opening, name)
    found = [card for chapter in chapters if chapter.key == "related" for card in cards(chapter.lines)]
    return Glimpse(
        head.slug, str(head.title.value), {card.title: card.summary for card in found if card.title and card.summary}
    )


def read(
    text: str | bytes,
    *,
    name: str,
    family: str = UNFILED,
    others: Others | None = None,
) -> Intake:
    """Turn one text record into YAML.

    ``others``: the specimens on file, those taken in together with this one, and what is said of each. Raises
    ``InputError`` for a file that is empty or not text.
    """
    everything, width = wraps.joined(lines.read(text, name))
    opening, chapters = lines.chapters(everything)
    head = _opening(opening, name)
    clues = _clues(everything, chapters, others or Others(), head.slug)
    found = {key: READERS[key](body, clues) for key, body in _gathered(chapters).items()}
    title = str(head.title.value)
    entries = [
        Entry("title", Leaf(words.escaped(title), head.title.guess)),
        Entry("summary", _summary(title, found, clues)),
        Entry("family", Leaf(family, "nobody has filed it yet" if family == UNFILED else "")),
    ]
    if remarks := tuple(map(_lost, head.rest)):
        entries.append(Entry("", None, remarks))
    for key in lines.TITLES:
        if key in found:
            headings = tuple(f"heading in the text: {c.odd}" for c in chapters if c.key == key and c.odd)
            remarks = (*headings, *found[key].remarks, *map(_lost, found[key].rest))
            entries.append(Entry(key, found[key].node, remarks))
    strange = [(chapter.heading, *chapter.lines) for chapter in chapters if not chapter.key]
    entries.extend(Entry("", None, tuple(map(_lost, body))) for body in strange)
    bodies = (head.rest, *strange, *(one.rest for one in found.values()))
    lost = [line for body in bodies for line in body]
    heard = (
        *head.heard,
        *([f"guessed: lines were broken at {width} characters; here they are whole"] if width else []),
    )
    return Intake(head.slug, emit.write(entries, heard), _problems(name, heard, entries, lost))


def _opening(before: Sequence[Line], name: str) -> _Opening:
    """Slug and title from the lines before the first heading, else from the file's name."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", re.split(r"[/\\]", name)[-1])
    recorded = title = ""
    expected = False
    rest: list[Line] = []
    for line in before:
        text = line.text.lstrip("# ") or line.text
        match = _FILE_RECORD.match(text)
        if match and not recorded:
            recorded, text = match["slug"].strip(), match["rest"].strip()
            expected = not recorded
        elif expected and _SLUG_ALONE.fullmatch(text):
            recorded, text, expected = text, "", False
        if text and not title:
            title = text
        elif text:
            rest.append(Line(line.number, text))
    guess = ""
    if not title:
        guess = "from FILE RECORD" if recorded else "from the file's name"
        title = " ".join((recorded or stem or "untitled").replace("-", " ").replace("_", " ").split()).title()
    slug = recorded.lower()
    heard: tuple[str, ...] = ()
    if not words.SLUG.fullmatch(slug) or len(slug) > words.SLUG_LENGTH:
        slug = words.slug(recorded or title, stem)
        heard = (f"guessed: the slug {slug}, {f'for FILE RECORD: {recorded}' if recorded else 'from the title'}",)
    if f"{slug}.yaml" == ARCHIVE:
        slug += "-role"
        heard = (f"guessed: the slug {slug}; {ARCHIVE} is the archive's own",)
    return _Opening(slug, Leaf(title, guess), heard, tuple(rest))


def _gathered(chapters: Iterable[Chapter]) -> dict[str, list[Line]]:
    """The lines of each section; a section that stands in the text twice is one."""
    bodies: dict[str, list[Line]] = {}
    for chapter in chapters:
        if chapter.key:
            bodies.setdefault(chapter.key, []).extend(chapter.lines)
    return bodies


def _clues(everything: Sequence[Line], chapters: Sequence[Chapter], others: Others, slug: str) -> Clues:
    aliases = {line.number for chapter in chapters if chapter.key == "org_chart" for line in chapter.lines}
    prose = [line.text for line in everything if line.number not in aliases and _is_prose(line.text)]
    spelt = words.spellings(_FORM_LABEL.sub("", text) for text in prose)
    return Clues(written_so(prose), spelt, others, slug)


def _is_prose(text: str) -> bool:
    """Whether small letters are the rule in ``text``, so that a capital says something."""
    return sum(map(str.islower, text)) > sum(map(str.isupper, text))


def _summary(title: str, found: Mapping[str, Found], clues: Clues) -> Leaf:
    """What another record says of this role; else the first sentence of the first translation, diagnosis or habitat."""
    if told := clues.others.told.get(clues.slug):
        return Leaf(words.escaped(told))
    for key, source in (("jd_autopsy", "translation"), ("flight_risk", "diagnosis"), ("habitat", "habitat")):
        text = _first(found[key].node, source) if key in found else ""
        if text:
            return Leaf(
                words.first_sentence(text), f"the first sentence of the {'first ' * (key != 'flight_risk')}{source}"
            )
    return Leaf(words.escaped(title), "the text says nothing that would do; this is the title")


def _first(node: emit.Node | None, key: str) -> str:
    """The first text under ``key``, or the first of a list of texts."""
    if isinstance(node, Rows) and node.items:
        return _first(node.items[0], key)
    if isinstance(node, Table):
        return _first(dict(node.items).get(key), key)
    return node.value if isinstance(node, Leaf) and isinstance(node.value, str) else ""


def _lost(line: Line) -> str:
    return f"not understood: {line.text}"


def _problems(name: str, heard: Sequence[str], entries: Sequence[Entry], lost: Sequence[Line]) -> tuple[Problem, ...]:
    found = [warning("guessed", name, text.removeprefix("guessed: ")) for text in heard]
    found += [warning("guessed", name, f"{path} is guessed: {guess}") for path, guess in emit.guesses(entries)]
    found += [
        warning("not-understood", Where(name, line.number, 1), f"kept as a comment: {line.text[:80]}")
        for line in sorted(lost, key=lambda line: line.number)
    ]
    return tuple(found)
