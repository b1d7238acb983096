"""Sums as people write them: ``$95,000``, ``£42,000``, ``€55.000``, ``$95k–$120k``, ``CHF 120'000``, ``95 000 zł``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

SIGNS = {
    "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD",
    "R$": "BRL", "$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY",
    "₴": "UAH", "₪": "ILS", "₫": "VND", "₱": "PHP", "฿": "THB", "₦": "NGN", "zł": "PLN", "Kč": "CZK", "Ft": "HUF",
    "lei": "RON", "kr": "SEK",
}  # fmt: skip
"""Signs and the currency each is taken for. ``$`` alone is the US dollar."""

_DOUBTFUL = {
    "¥": "¥ may also be the yuan, CNY",
    "kr": "kr may also be NOK, DKK or ISK",
    "S$": "S$ is taken for the Singapore dollar",
}
_CODES = [
    "USD", "GBP", "EUR", "JPY", "CNY", "INR", "KRW", "RUB", "TRY", "UAH", "ILS", "VND", "PHP", "THB", "NGN", "PLN",
    "CZK", "HUF", "RON", "SEK", "NOK", "DKK", "ISK", "CHF", "CAD", "AUD", "NZD", "SGD", "HKD", "BRL", "MXN", "ZAR",
    "AED", "SAR", "IDR", "MYR", "TWD", "ARS", "CLP", "COP", "PEN", "EGP", "KES", "BGN", "RSD", "GEL", "KZT",
]  # fmt: skip


def _any(signs: Iterable[str]) -> str:
    return "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))


_PURE = _any(sign for sign in SIGNS if not any(map(str.isalpha, sign)))
_CURRENCY = (
    rf"(?:(?<![A-Za-z])(?:{_any((*SIGNS, *_CODES))})|{_PURE}|(?<=[A-Z])(?:{_any(_CODES)})(?=[ \u00a0]?\d))(?![a-z])"
)
"""On its own, or where a label in capitals runs into it: ``AVERAGE£42,000``, ``AVERAGECHF 120'000``."""
_START = rf"(?<!\d[.,'’])(?:(?<![^\W_])|(?<=[^\W\d_])(?=\d+(?:[.,'’ ]?\d\d|[kK]|[ \u00a0]?{_CURRENCY})))"
"""Where a figure may begin: never within a number; after a letter only if it is long or money follows (not ``Q3``)."""
LONGEST = 30
"""Characters of a figure."""
_FIGURE = r"\d+(?:[.,'’\u00a0\u202f ]\d+)*"
_TIMES = r"[kK](?![A-Za-z])|[mM](?:io|n|illion)?(?![A-Za-z])|thousand\b"


def _term(n: int) -> str:
    return (
        rf"(?:(?P<sign{n}>{_CURRENCY})[ \u00a0]?|{_START})(?P<figure{n}>{_FIGURE})[ \u00a0]?(?P<times{n}>{_TIMES})?"
        rf"(?:[ \u00a0]?(?P<code{n}>{_CURRENCY}))?"
    )


_SUM = re.compile(rf"{_term(1)}(?:\s*(?:–|—|−|-|\bto\b|\bbis\b)\s*{_term(2)})?")


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, or the two ends of a range; ``currency`` is empty when the text names none."""

    low: int | float
    high: int | float | None
    currency: str
    doubts: tuple[str, ...]
    start: int
    end: int
    """Where it stands in the text."""


def find(text: str) -> Sum | None:
    """The first sum in ``text``: a number with a currency, or else the first number that is not a percentage."""
    candidates = [match for match in _SUM.finditer(text) if not _percentage(text, match) and _plausible(match)]
    if not candidates:
        return None
    match = next((m for m in candidates if _sign(m)), candidates[0])
    doubts: list[str] = []
    sign = _sign(match)
    if sign in _DOUBTFUL:
        doubts.append(_DOUBTFUL[sign])
    times = match["times1"]
    if match["figure2"] and match["times2"] and not times and _value(match["figure1"]) < 1000:
        times = match["times2"]
        doubts.append(f"{match['times2']} is taken to go with both figures")
    low = _amount(match["figure1"], times, doubts)
    high = _amount(match["figure2"], match["times2"], doubts) if match["figure2"] else None
    currency = SIGNS.get(sign, sign)
    return Sum(low, high, currency, tuple(dict.fromkeys(doubts)), match.start(), match.end())


def _percentage(text: str, match: re.Match[str]) -> bool:
    return text[match.end() :].lstrip().startswith("%")


def _plausible(match: re.Match[str]) -> bool:
    """Whether the figures are such as a record can hold; a longer one is an accident of typing."""
    return all(len(match[name] or "") <= LONGEST for name in ("figure1", "figure2"))


def _sign(match: re.Match[str]) -> str:
    return next((match[name] for name in ("sign1", "code1", "sign2", "code2") if match[name]), "")


def _amount(figure: str, times: str | None, doubts: list[str]) -> int | float:
    if not times and re.fullmatch(r"\d{1,3}\.\d{3}", figure):
        doubts.append(f"the point in {figure} is taken to group thousands")
    factor = 1 if not times else 1000 if times[0] in "kKt" else 1_000_000
    value = (_decimal(figure) if times else _value(figure)) * factor
    return int(value) if value.denominator == 1 else float(value)


def _value(figure: str) -> Fraction:
    """The number a figure means. The last mark is a decimal one only when one or two digits follow it once."""
    marks = re.findall(r"[^\d]", figure)
    last = re.split(r"[^\d]", figure)[-1]
    if marks and marks[-1] in ".," and len(last) <= 2 and marks.count(marks[-1]) == 1:
        return Fraction(f"{re.sub(r'[^0-9]', '', figure[: -len(last)])}.{last}")
    return Fraction(re.sub(r"[^0-9]", "", figure))


def _decimal(figure: str) -> Fraction:
    """A figure before k or million: a single mark is a decimal one, whatever follows it (``1.125m``)."""
    parts = re.split(r"[.,]", figure)
    return Fraction(f"{parts[0]}.{parts[1]}") if len(parts) == 2 and all(map(str.isdigit, parts)) else _value(figure)
