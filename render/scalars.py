"""What a plain scalar means in YAML 1.2's core schema (YAML 1.2.2, section 10.3.2), whatever the parser thinks.

``no``, ``09:30``, ``1_000`` and dates are text; ``012`` is 12. A number without a fraction is whole, however written.
"""

from __future__ import annotations

import re
from math import isinf

Scalar = str | int | float | bool | None

LONGEST_NUMBER = 100
"""Characters of a number; Python itself gives up beyond 4,300."""

_NUMBERLIKE = frozenset("-+.0123456789")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NUMBER = re.compile(f"{_INT.pattern}|{_BASED.pattern}|{_FLOAT.pattern}")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(text: str) -> Scalar:
    """What a plain scalar means in YAML 1.2's core schema. Raises ``ValueError`` for a number past all use."""
    if not text or text[0] in "~nNtTfF":
        return _WORDS.get(text, text)
    if text[0] not in _NUMBERLIKE:
        return text
    if len(text) > LONGEST_NUMBER and _NUMBER.fullmatch(text):
        raise ValueError(f"a number of {len(text)} characters")
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if isinf(number):
            raise ValueError(f"the number {text}")
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _SPECIAL.fullmatch(text):
        return float(text.replace(".", ""))
    return text
