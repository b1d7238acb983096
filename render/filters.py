"""What templates may call: typography, inline markup as HTML, numbers, and choices that a slug decides."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from .art.pen import key as letter
from .text import Emphasis, Link, Plain, Redacted, Span, Strong, Text

QUOTES = "“”‘’"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥"}
"""Currencies whose sign every face has; any other is written with its ISO 4217 code."""

_NBSP = "\N{NO-BREAK SPACE}"
_OPENING_SINGLE = re.compile(r"(^|[\s(\[{—–/“\"])'(?=[^\s\d])")
_OPENING_DOUBLE = re.compile(r"(^|[\s(\[{—–/‘])\"(?=\S)")
_DASH = re.compile(r"(?<=\S) -- (?=\S)")
_RANGE = re.compile(r"(?<![\w.-])(\d{1,4})\s?-\s?(\d{1,4})(?![\w-]|\.\d)")
_LATIN = re.compile(r"\b(e\.g\.|i\.e\.),? ")
_STUB = re.compile(r"(?<=\S) (\S{1,4})$")


def educate(text: str, quotes: str = QUOTES, before: str = "", after: str = "") -> str:
    """Typographer's quotes, dashes and spaces. ``before`` and ``after`` are what stands around ``text`` on the line.

    ``quotes`` are the four marks of a language: double open and close, single open and close.
    """
    if before or after:
        whole = educate(before[-1:] + text + after[:1], quotes)
        return whole[len(before[-1:]) : len(whole) - len(after[:1])]
    if "'" in text:
        text = _OPENING_SINGLE.sub(rf"\1{quotes[2]}", text).replace("'", quotes[3])
    if '"' in text:
        text = _OPENING_DOUBLE.sub(rf"\1{quotes[0]}", text).replace('"', quotes[1])
    if "-" in text:
        text = _RANGE.sub("\\1–\\2", _DASH.sub(f"{_NBSP}— ", text))
    if ".g." in text or ".e." in text:
        text = _LATIN.sub(lambda match: match[0].rstrip() + _NBSP, text)
    return text


def bind(text: str) -> str:
    """Bind a short last word to its neighbour, so that no paragraph ends on a stub."""
    return _STUB.sub(rf"{_NBSP}\1", text) if text.count(" ") > 3 else text


def plain(text: str, quotes: str = QUOTES) -> str:
    """The plain reading, educated: for titles, attributes and the texts of drawings."""
    return educate(str(text), quotes)


@dataclass(frozen=True, slots=True)
class _Setter:
    bar: Callable[[float], Markup]
    urls: Mapping[str, str]
    titles: Mapping[str, Text]
    page: Callable[[str], str]


def inline(
    text: Text,
    *,
    bar: Callable[[float], Markup],
    urls: Mapping[str, str],
    titles: Mapping[str, Text],
    page: Callable[[str], str] = lambda _: "",
) -> Markup:
    """A record's string as HTML. ``bar`` draws a redaction of so many em; a link without URL stays words.

    ``page`` gives the HTML that follows a link to a slug: a place for its page number.
    """
    return _spans(text.spans, _Setter(bar, urls, titles, page), "", "")


def _spans(spans: Sequence[Span], setter: _Setter, before: str, after: str) -> Markup:
    pieces: list[str] = []
    for number, span in enumerate(spans):
        following = _reading(spans[number + 1 : number + 2]) or after
        match span:
            case Plain(text):
                shown = educate(text, before=before, after=following)
                pieces.append(escape(shown if following else bind(shown)))
            case Redacted(width):
                pieces.append(setter.bar(width))
            case Link(slug, inner):
                words = educate(_reading(inner) or str(setter.titles.get(slug, slug)), before=before, after=following)
                url = setter.urls.get(slug, "")
                pieces.append(
                    Markup('<a href="{}">{}</a>').format(url, words) + setter.page(slug) if url else escape(words)
                )
            case Emphasis(inner) | Strong(inner):
                tag = "em" if isinstance(span, Emphasis) else "strong"
                pieces.append(f"<{tag}>{_spans(inner, setter, before, following)}</{tag}>")
        before = _reading((span,)) or before
    return Markup("".join(pieces))


def _reading(spans: Sequence[Span]) -> str:
    """The words of spans, a letter for what is redacted."""
    parts = []
    for span in spans:
        match span:
            case Plain(text):
                parts.append(text)
            case Redacted():
                parts.append("x")
            case Emphasis(inner) | Strong(inner):
                parts.append(_reading(inner))
            case Link(_, inner):
                parts.append(_reading(inner))
    return "".join(parts)


def fill(words: str, /, **values: Any) -> str:
    """Put values into the {places} of a fixed word or sentence.

    Only plain names are filled: a stranger's words cannot reach into an object.
    """
    return re.sub(r"\{([a-z_]+)\}", lambda match: str(values[match[1]]), words)


def pick(choices: Sequence[Any], seed: str, count: int = 1) -> Any:
    """One of the choices, or a list of ``count`` different ones, the same for the same seed."""
    dice = random.Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]))
    return dice.choice(choices) if count == 1 else dice.sample(list(choices), min(count, len(choices)))


def money(amount: float, currency: str) -> str:
    """An amount with its currency: ``$95,000``, ``CHF 1,000``; cents only where there are some."""
    figure = f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{currency}{_NBSP}{figure}"


def minutes(clock_time: str) -> int:
    """``H:MM`` as minutes since midnight."""
    hours, _, rest = clock_time.partition(":")
    return int(hours) * 60 + int(rest)


def clock(total: int) -> str:
    """Minutes as ``3 h 05 min``."""
    return f"{total // 60}{_NBSP}h {total % 60:02d}{_NBSP}min"


def band(percent: int) -> str:
    """The third of the risk scale a percentage falls in: low, mid from 40, high from 70."""
    return "high" if percent >= 70 else "mid" if percent >= 40 else "low"


FILTERS: Mapping[str, Callable[..., Any]] = {
    "plain": plain,
    "fill": fill,
    "pick": pick,
    "letter": letter,
    "money": money,
    "minutes": minutes,
    "clock": clock,
    "band": band,
}
