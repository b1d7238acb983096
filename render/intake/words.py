"""Small readings of running text: quotation marks off, markup escaped, capitals lowered, slugs made."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80

_PAIRS = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«", "‟": "”", "‹": "›", "‘": "’", "'": "'"}
_MARKUP = re.compile(r"\\(?=[*|\[\]\\])|\*|\|(?=[|█])|(?<=[|█])\||\[(?=\[)|(?<=\[)\[")
_BARS = re.compile(r"█+(?: █+)*")
_LATIN = str.maketrans(
    {"ß": "ss", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
    | {"đ": "d", "Đ": "D", "ı": "i", "ð": "d", "þ": "th"}
)
_SENTENCE = re.compile(
    r"(.+?(?<!e\.g)(?<!i\.e)(?<!\bvs)(?<!\betc)(?<!\b[A-Z])[.!?…]+[\"'”’)]*)(?=\s+[\"'“‘(]*[^\W_a-z])"
)
_ACRONYMS = frozenset([
    "AI", "API", "BI", "CEO", "CFO", "CIO", "CTO", "ERP", "HR", "JD", "KPI", "ML", "OKR", "PM", "PR", "QA", "R&D",
    "ROI", "SQL", "UI", "UX", "VP", "XP",
])  # fmt: skip
_WORD = re.compile(r"[^\W_]+(?:[&'’][^\W_]+)*")
_DEPARTMENT = re.compile(
    r"\bit(?= (?:audit|budget|department|desk|director|helpdesk|manager|operations|project|security|service|staff|"
    r"support|team)s?\b)|(?<=-)it\b"
)


def escaped(text: str) -> str:
    """``text`` with a backslash before whatever a record would read as markup. An asterisk between spaces is none.

    A bar that the text shows (``█████``) stands for redacted words, and is marked as such.
    """

    def escape(match: re.Match[str]) -> str:
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        lonely = match[0] == "*" and not around.strip()
        return match[0] if lonely else "\\" + match[0]

    return _BARS.sub(r"||\g<0>||", _MARKUP.sub(escape, text))


def opens(text: str) -> bool:
    """Whether ``text`` begins with a quotation mark (an apostrophe before a digit or within a word is none)."""
    return bool(re.match(r"[\"“„«‟‹»]|[‘'](?=[^\W\d])", text))


def closed(text: str) -> bool:
    """Whether the quotation that ``text`` opens is closed at its end."""
    return len(text) > 1 and text[0] in _PAIRS and text[-1] in _PAIRS[text[0]]


def unquoted(text: str) -> str:
    """``text`` without the pair of quotation marks round the whole of it."""
    if not closed(text):
        return text
    inner = text[1:-1]
    first, last = text[0], text[-1]
    closer = rf"\S{re.escape(last)}(?!\w)"
    opener = rf"(?<!\w){re.escape(first)}\S"
    if early := re.search(closer, inner):
        # the mark at the beginning belongs to a first quotation, the one at the end to another
        begun = re.search(opener, inner)
        if begun is None or begun.start() > early.start():
            return text
    return inner.strip() or text


def spellings(prose: Iterable[str]) -> dict[str, str]:
    """How ``prose`` writes the words that keep a capital, by the word in capitals: acronyms, ``DevOps``.

    A word that also stands there in small letters is none of them: somebody raised their voice.
    """
    kept: dict[str, str] = {}
    small: set[str] = set()
    for text in prose:
        found = _WORD.findall(text)
        small.update(word.upper() for word in found if word.islower())
        kept |= {word.upper(): word for word in found if word not in (word.lower(), word.capitalize())}
    return {word: spelling for word, spelling in kept.items() if word not in small}


def lowered(text: str, spelt: Mapping[str, str] | None = None) -> str:
    """Words set in capitals as a sentence begins: ``MARKET AVERAGE`` is ``Market average``. Mixed case stays.

    ``spelt``: how words that keep a capital are written, as ``spellings`` finds them.
    """
    if text != text.upper() or text == text.lower():
        return text
    spelt = spelt or {}
    sentence = _DEPARTMENT.sub("IT", _WORD.sub(lambda word: _spelling(word[0], spelt), text))
    first = re.match(r"\W*(?=[^\W\d_])", sentence)
    place = first.end() if first else 0
    return sentence[:place] + sentence[place : place + 1].upper() + sentence[place + 1 :]


def _spelling(word: str, spelt: Mapping[str, str]) -> str:
    if word in _ACRONYMS or re.fullmatch(r"[A-Z]\d+", word):
        return word
    return spelt.get(word) or re.sub(r"^i(?=['’]|$)", "I", word.lower())


def first_sentence(text: str) -> str:
    match = _SENTENCE.match(text)
    return match[1] if match else text


def finished(text: str) -> bool:
    """Whether ``text`` ends as a sentence does."""
    return text.rstrip("\"'”’»)]").endswith((".", "!", "?", "…"))


def goes_on(text: str, following: str) -> bool:
    """Whether ``following`` reads as the rest of a sentence that ``text`` broke off."""
    return not finished(text) and following[:1].islower()


def slug(text: str, otherwise: str) -> str:
    """A slug for ``text``: ASCII letters and digits, ``&`` and accents dropped; for none of them, of ``otherwise``."""
    for candidate in (text, otherwise):
        plain = unicodedata.normalize("NFKD", candidate.translate(_LATIN))
        plain = "".join(char for char in plain if not unicodedata.combining(char))
        made = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", plain).lower()).strip("-")
        if made:
            return (
                made if len(made) <= SLUG_LENGTH else made[: SLUG_LENGTH + 1].rpartition("-")[0] or made[:SLUG_LENGTH]
            )
    return f"specimen-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def same(text: str) -> str:
    """What two spellings of one title have in common: case, spacing and the shape of quotes aside."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("’", "'").casefold().split())
