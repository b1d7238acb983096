"""How a language writes figures, dates and quotation marks: CLDR, through Babel. Languages are BCP 47 tags.

English as written in the United States is ours by heart, so that an English archive never waits for Babel; it keeps
the ISO 8601 dates and the few currency signs that a registry's typewriter has.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥"}
"""English currency signs that every face has; any other currency is written with its ISO 4217 code."""

Quotes = tuple[str, str, str, str]
"""Double open and close, single open and close."""

ENGLISH: Quotes = ("“", "”", "‘", "’")
_NBSP = "\N{NO-BREAK SPACE}"
_GUILLEMETS: Quotes = ("«", "»", "“", "”")
_LOW: Quotes = ("„", "“", "‚", "‘")
_LOW_HIGH: Quotes = ("„", "”", "‚", "’")
_QUOTES: Mapping[str, Quotes] = {
    **dict.fromkeys(("de", "cs", "sk", "sl", "lt", "is", "bg"), _LOW),
    **dict.fromkeys(("pl", "ro", "hu", "hr"), _LOW_HIGH),
    **dict.fromkeys(("es", "it", "ca", "gl", "eu", "pt-PT", "el"), _GUILLEMETS),
    **dict.fromkeys(("sv", "fi"), ("”", "”", "’", "’")),
    **dict.fromkeys(("nb", "nn", "no"), ("«", "»", "‘", "’")),
    **dict.fromkeys(("ru", "uk", "be"), ("«", "»", "„", "“")),
    **dict.fromkeys(("ja", "zh-Hant", "zh-TW", "zh-HK"), ("「", "」", "『", "』")),
    **dict.fromkeys(("de-CH", "fr-CH", "it-CH", "de-LI"), ("«", "»", "‹", "›")),
    "fr": (f"«{_NBSP}", f"{_NBSP}»", "“", "”"),
    "fa": ("«", "»", "‹", "›"),
    "he": ("”", "”", "’", "’"),
}
"""``delimiters`` of CLDR, which Babel leaves out; French as its Imprimerie nationale has them. Any other: English."""

_SPACED_DASH = {"de", "nl", "sv", "da", "nb", "nn", "no", "fi", "pl", "cs", "sk", "hu"}
"""Where a dash between clauses is as wide as an en."""

_RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
_RIGHT_TO_LEFT_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm"}
_UNSAID = str.maketrans({"\u202f": _NBSP, "\uffe5": "¥", **dict.fromkeys("\u200e\u200f\u061c")})
"""A typewriter has one space that does not break. Marks of direction are left to the line they stand in."""


def direction(lang: str) -> str:
    """``rtl`` or ``ltr``: which way a language's own script runs."""
    language, *rest = lang.split("-")
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), "")
    right = script in _RIGHT_TO_LEFT_SCRIPTS if script else language.lower() in _RIGHT_TO_LEFT
    return "rtl" if right else "ltr"


def quotes(lang: str) -> Quotes:
    """The quotation marks of a language; those of its region, if it has its own."""
    return _QUOTES.get(lang) or _QUOTES.get(lang.partition("-")[0], ENGLISH)


def dash(lang: str) -> str:
    """What stands between clauses."""
    return "–" if lang.partition("-")[0] in _SPACED_DASH else "—"


def money(amount: float, currency: str, lang: str = "en") -> str:
    """An amount with its currency: ``$95,000``, ``95.000 €``; cents only where there are some."""
    locale = _locale(lang)
    whole = float(amount).is_integer()
    if locale is None:
        figure = f"{amount:,.0f}" if whole else f"{amount:,.2f}"
        symbol = SYMBOLS.get(currency)
        return f"{symbol}{figure}" if symbol else f"{currency}{_NBSP}{figure}"
    from babel.numbers import format_currency, get_currency_symbol

    pattern = str(locale.currency_formats["standard"].pattern)
    if whole:
        pattern = pattern.replace(".00", "")
    if not _typed(get_currency_symbol(currency, locale).translate(_UNSAID)):
        pattern = pattern.replace("¤", "¤¤")
    shown = format_currency(amount, currency, pattern, locale, currency_digits=False).translate(_UNSAID)
    return re.sub(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", _NBSP, shown).strip()


def span(low: float, high: float, currency: str, lang: str = "en", pattern: str = "{from}–{to}") -> str:
    """A range of money. A currency that follows its figure follows the range; one that leads leads both figures."""
    first, last = money(low, currency, lang), money(high, currency, lang)
    if _locale(lang) is not None:
        mark = re.search(r"[^\d]+$", last)
        if mark and first.endswith(mark[0]):
            first = first[: -len(mark[0])]
    return pattern.replace("{from}", first).replace("{to}", last)


def number(value: float, lang: str = "en") -> str:
    """A figure with its thousands parted: ``1,200``, ``1.200``."""
    locale = _locale(lang)
    if locale is None:
        return f"{value:,}"
    from babel.numbers import format_decimal

    return format_decimal(value, locale=locale).translate(_UNSAID)


def percent(value: int, lang: str = "en") -> str:
    """A share of a hundred: ``85%``, ``85 %``."""
    locale = _locale(lang)
    if locale is None:
        return f"{value}%"
    from babel.numbers import format_percent

    return format_percent(value / 100, locale=locale).translate(_UNSAID)


def decimal(lang: str = "en") -> str:
    """The mark before the tenths."""
    locale = _locale(lang)
    if locale is None:
        return "."
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(locale)


def date(iso: str, lang: str = "en", length: str = "medium") -> str:
    """A date of ISO 8601 in words or figures: ``short``, ``medium``, ``long``, ``full``, or ``iso`` as it is."""
    locale = None if length == "iso" else _locale(lang, ours=False)
    if locale is None or not iso:
        return iso
    from babel.dates import format_date

    return format_date(dt.date.fromisoformat(iso), length, locale).translate(_UNSAID)


def _typed(symbol: str) -> bool:
    """Whether every face has a currency's sign."""
    return all(char == "€" or char < "\u0100" for char in symbol)


@functools.lru_cache(64)
def _locale(lang: str, *, ours: bool = True) -> Locale | None:
    """CLDR's data on a language, or on the language without its region; None for English and for one CLDR lacks.

    With ``ours`` off, CLDR is asked about English too.
    """
    if ours and lang in ("en", "en-US"):
        return None
    from babel import Locale, UnknownLocaleError

    for tag in (lang, lang.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None
