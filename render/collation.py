"""The order of words in a list for readers: by language, without accents where the language takes them for none.

Compared is first what is left of a text without leading article, case, accents and punctuation, word by word ("New
York" before "Newark"); then the text itself. Letters that a language counts as its own stand after the one they
resemble or at the end of the alphabet, as its dictionaries have them. It is a small part of the Unicode Collation
Algorithm (UTS #10) with the tailorings of a few languages from CLDR; Danish ``aa`` is two letters here.
"""

from __future__ import annotations

import functools
import re
import unicodedata

Key = tuple[int, str, str]
"""Symbols, then figures, then letters; the text as it is compared; the text."""

SYMBOLS, FIGURES = "#", "0–9"
"""What stands over a group of texts that begin with neither letter nor figure, or with a figure."""

_AFTER = "\uffff"
_NORDIC = {"å": "z\uffff1", "ä": "z\uffff2", "ö": "z\uffff3"}
_DANISH = {"æ": "z\uffff1", "ä": "z\uffff1", "ø": "z\uffff2", "ö": "z\uffff2", "å": "z\uffff3"}
_POLISH = dict(zip("ąćęłńóśźż", ("a", "c", "e", "l", "n", "o", "s", "z", "z\uffff"), strict=True))
_SPANISH, _CYRILLIC = {"ñ": "n\uffff"}, {"й": "и\uffff"}
_CZECH = {letter: base + _AFTER for letter, base in zip("čřšž", "crsz", strict=True)}
_TAILORED = {
    **dict.fromkeys(("sv", "fi"), _NORDIC),
    **dict.fromkeys(("da", "nb", "nn", "no"), _DANISH),
    **dict.fromkeys(("es", "gl"), _SPANISH),
    **dict.fromkeys(("ru", "uk", "bg", "be"), _CYRILLIC),
    **dict.fromkeys(("cs", "sk"), _CZECH),
    "pl": {letter: base + _AFTER for letter, base in _POLISH.items()},
}
_PLAIN = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "þ": "th", "ð": "d", "ı": "i"})
_ARTICLES = {
    "en": "the|an|a",
    "de": "der|die|das|ein|eine",
    "fr": "les|le|la|une|un|l['’]",
    "es": "el|los|las|la|una|un",
    "it": "il|lo|la|gli|i|le|una|uno|un|l['’]",
    "pt": "os|as|o|a|uma|um",
    "nl": "de|het|een",
}
_GAP = re.compile(r"[^\w\uffff]+|_+")


def key(text: str, lang: str) -> Key:
    """What texts are sorted by in a language (BCP 47)."""
    compared = _compared(_article_split(text, lang)[1], lang)
    kind = 0 if not compared else 1 if compared[0].isdecimal() else 2
    return kind, compared, text


def letter(text: str, lang: str) -> str:
    """What a text stands under: its first letter, ``0–9`` or ``#``."""
    kind, compared, _ = key(text, lang)
    if kind < 2:
        return FIGURES if kind else SYMBOLS
    own = {standing: one for one, standing in reversed(_tailored(lang).items())}
    for length in (3, 2):
        if compared[:length] in own:
            return own[compared[:length]].upper()
    return compared[0].upper()


def inverted(text: str, lang: str) -> str:
    """A text as a list shows it: ``The Parking Lot`` is ``Parking Lot, The``."""
    article, rest = _article_split(text, lang)
    return f"{rest}, {article}" if article and not article.endswith(("'", "’")) else text


def _article_split(text: str, lang: str) -> tuple[str, str]:
    known = _articles(lang.partition("-")[0].lower())
    found = known.match(text) if known else None
    return (found[1], text[found.end() :]) if found else ("", text)


@functools.cache
def _articles(lang: str) -> re.Pattern[str] | None:
    words = _ARTICLES.get(lang)
    return re.compile(rf"(?i)((?:{words})(?<=['’])|(?:{words})(?=\s))\s*(?=\w)") if words else None


def _tailored(lang: str) -> dict[str, str]:
    return _TAILORED.get(lang.partition("-")[0].lower(), {})


@functools.lru_cache(1 << 14)
def _compared(text: str, lang: str) -> str:
    own = _tailored(lang)
    pieces = []
    for character in unicodedata.normalize("NFC", text).casefold():
        if character in own:
            pieces.append(own[character])
        else:
            bare = unicodedata.normalize("NFKD", character)
            pieces.append("".join(one for one in bare if not unicodedata.combining(one)))
    return _GAP.sub(" ", "".join(pieces).translate(_PLAIN)).strip()
