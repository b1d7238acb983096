"""Types a record out in the text form, as somebody might have copied it; owes nothing to how intake reads it.

    typed(record, slug, dice, told=…)   the text, and the record that can be read out of it

What the form cannot show is left out of that record: ``NOT_SHOWN`` says what and why.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]

NOT_SHOWN = {
    "family": "no line of the form names it",
    "file_number": "derived again from the slug",
    "tags": "no line of the form names them",
    "lang": "no line of the form names it",
    "org_chart.hierarchy": "the form shows a drawing there, which has no text",
    "summary": "stands in the [11] of other records only",
    "emphasis": "plain text has none",
    "redacted words": "a bar shows that words are missing, not which",
    "where a link leads": "its words are shown alone",
}
"""What is in a record and cannot be in its text."""

HEADINGS = {
    "org_chart": "[01] THE ORG-CHART ARCHITECTURE",
    "habitat": "[02] THE HABITAT (NATURAL RANGE)",
    "salary": "[03] SALARY DELUSION",
    "flight_risk": "[04] THE FLIGHT RISK",
    "metrics": "[05] THE BULLSHIT METRICS",
    "weaponry": "[06] SIGNATURE WEAPONRY",
    "survival_guide": "[07] SURVIVAL / ENCOUNTER GUIDE",
    "jd_autopsy": "[08] THE JD AUTOPSY: WHAT DO THEY ACTUALLY DO?",
    "day_log": "[09] DAY-IN-THE-LIFE LOG",
    "burn_ward": "[10] THE BURN WARD (UNFILTERED COMPLAINTS)",
    "related": "[11] RELATED SPECIMENS",
}
BAR = "█████"

STRAYS = ["Share this specimen", "Last seen: never", "3 of 14", "© Central Files", "Copy link", "v2.1-beta (draft)"]
"""Lines of a page that are no part of a record."""


@dataclass(frozen=True)
class Told:
    """What the archive says of a specimen that a record names."""

    title: str
    summary: str


@dataclass(frozen=True)
class Typed:
    text: str
    shows: Data
    """The record as far as the text shows it."""
    strays: tuple[str, ...]
    """Lines that belong to no field."""


def plain(text: str, told: Mapping[str, Told]) -> str:
    """Running text as a page shows it."""
    text = re.sub(r"(?<!\\)\[\[([^\]|]+)\|([^\]]+)\]\]", r"\2", text)
    text = re.sub(r"(?<!\\)\[\[([^\]|]+)\]\]", lambda link: told[link[1]].title, text)
    text = re.sub(r"(?<!\\)\|\|.+?\|\|", BAR, text)
    text = re.sub(r"(?<!\\)(\*{1,2})(?=\S)(.+?)(?<=\S)(?<!\\)\1", r"\2", text)
    return re.sub(r"\\([*|\[\]\\])", r"\1", text)


def smart(text: str) -> str:
    """Straight quotation marks as a word processor makes them."""
    text = re.sub(r"(^|[\s(\[—–-])\"", r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[“—–-])'(?!\d)", r"\1‘", text).replace("'", "’")


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: mapped(inner, change) for key, inner in value.items()}
    return [mapped(inner, change) for inner in value] if isinstance(value, list) else value


def clock(hour: str) -> str:
    hours, _, minutes = str(hour).partition(":")
    return f"{int(hours):02d}:{minutes}"


def grouped(amount: float, mark: str) -> str:
    return f"{amount:,.0f}".replace(",", mark)


MONEY: Mapping[str, Sequence[Callable[[float], str]]] = {
    "USD": (lambda n: f"${grouped(n, ',')}", lambda n: f"USD {grouped(n, ',')}", lambda n: f"${grouped(n, ' ')}"),
    "GBP": (lambda n: f"£{grouped(n, ',')}", lambda n: f"{grouped(n, ',')} GBP"),
    "EUR": (
        lambda n: f"€{grouped(n, '.')}", lambda n: f"{grouped(n, '.')} €", lambda n: f"{grouped(n, ' ')} €",
        lambda n: f"€ {grouped(n, ',')}",
    ),
    "CHF": (lambda n: f"CHF {grouped(n, chr(39))}", lambda n: f"CHF {grouped(n, '’')}"),
    "JPY": (lambda n: f"¥{grouped(n, ',')}",),
    "PLN": (lambda n: f"{grouped(n, ' ')} zł",),
    "INR": (lambda n: f"₹{grouped(n, ',')}",),
}  # fmt: skip


def seam(before: str, after: str) -> bool:
    """Whether a reader sees where one alias ends and the next begins, once they are run together."""
    if after[0].isupper() and (before[-1].islower() or before[-1] in ")!?"):
        return True
    return before[-2:].isupper() and after[:1].isupper() and after[1:2].islower() and after[1:3] != "s"


def one_piece(alias: str) -> bool:
    """Whether no word of an alias looks like two that were run together."""
    return not re.search(r"[a-z)\]][A-Z]|[A-Z]{2}[a-z]|\d[A-Z]|[^\x00-\x7f]", alias)


class _Desk:
    """One sitting: the habits of whoever copies this record."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.smart = dice.random() < 0.4
        self.open, self.close = ("“", "”") if self.smart else ('"', '"')
        self.dash = dice.choice(["—", "–", "--"])
        self.to = dice.choice([" - ", "–", " – ", " to "])
        self.glued = dice.random() < 0.7
        self.gaps = dice.random() < 0.3
        self.run_on = dice.random() < 0.3
        self.strays: list[str] = []

    def quoted(self, text: str) -> str:
        return f"{self.open}{text}{self.close}"

    def run(self, *pieces: str) -> list[str]:
        """What some pages keep apart by style alone: on lines of their own, or run together."""
        return ["".join(pieces)] if self.run_on and self.dice.random() < 0.7 else list(pieces)

    def stray(self) -> list[str]:
        """Now and then a line that belongs to nothing."""
        left = [line for line in STRAYS if line not in self.strays]
        if not left or self.dice.random() > 0.15:
            return []
        self.strays.append(self.dice.choice(left))
        return self.strays[-1:]

    def org_chart(self, said: Data) -> list[str]:
        lines = [f"* {said['note']}"] if "note" in said else []
        if aliases := said.get("aliases"):
            label = "KNOWN ALIASES / DISGUISES:"
            clear = all(map(seam, aliases, aliases[1:])) and all(map(one_piece, aliases))
            if clear and self.glued:
                lines += self.run(label, "".join(aliases))
            else:
                lines += [label, *(f"- {alias}" for alias in aliases)]
        return lines

    def habitat(self, said: list[str]) -> list[str]:
        return [f"- {place}" for place in said]

    def salary(self, said: Data) -> list[str]:
        figure = self.dice.choice(MONEY[said["currency"]])
        label = [said["label"].upper()] if "label" in said else []
        lines = self.run(*label, self.sum(said["amount"], figure))
        if "note" in said:
            lines.append(f"* {said['note']}")
        if "quote" in said:
            lines.append(self.quoted(said["quote"]))
        if "benchmark" in said:
            lines += [said["benchmark"]["label"].upper(), figure(said["benchmark"]["amount"])]
        return lines + self.stray()

    def sum(self, amount: Any, figure: Callable[[float], str]) -> str:
        ends = [amount["from"], amount["to"]] if isinstance(amount, Mapping) else [amount]
        in_thousands = figure(1).startswith(("$", "£", "€1")) and all(end % 1000 == 0 for end in ends)
        if in_thousands and self.dice.random() < 0.4:
            sign = figure(1)[0]
            return self.dice.choice(["–", " - ", "—", " to "]).join(f"{sign}{end // 1000}k" for end in ends)
        return self.dice.choice([" – ", "–", " - ", " to "]).join(map(figure, ends))

    def flight_risk(self, said: Data) -> list[str]:
        gap = "" if self.glued else " "
        level = f"FLIGHT RISK:{gap}{said['percent']}%{gap}{said.get('level', '')}".strip()
        diagnosis = [f"[DIAGNOSIS]{gap}{said['diagnosis']}"] if "diagnosis" in said else []
        return self.stray() + self.run(level, *diagnosis)

    def pairs(self, said: list[Data]) -> list[str]:
        return [line for item in said for line in (item["name"], item["description"])] + self.stray()

    metrics = weaponry = pairs

    def survival_guide(self, said: list[Data]) -> list[str]:
        return self.stray() + self.run(*(f"[{item['situation'].upper()}:]{item['advice']}" for item in said))

    def jd_autopsy(self, said: list[Data]) -> list[str]:
        lines = self.stray()
        for item in said:
            source = item.get("source", "")
            told = self.dice.choice([f"[SOURCE: {source}]", f"[{source}]", source])
            label = [] if source == "" else ["[SOURCE REDACTED]" if source is None else told]
            if told == source and source:  # without brackets it can only be told from the claim by its line
                lines += ["LINKEDIN ILLUSION", source, self.quoted(item["illusion"]), "OTIOSE TRANSLATION"]
                lines.append(item["translation"])
            else:
                claim = self.quoted(item["illusion"])
                lines += self.run("LINKEDIN ILLUSION", *label, claim, "OTIOSE TRANSLATION", item["translation"])
        return lines

    def day_log(self, said: list[Data]) -> list[str]:
        lines = self.stray()
        for item in said:
            lines += self.run(f"[{clock(item['from'])}{self.to}{clock(item['to'])}]", item["activity"])
            lines += [item["entry"]] if "entry" in item else []
        return lines

    def burn_ward(self, said: Data) -> list[str]:
        lines = [f"* {said['note']}"] if "note" in said else []
        for item in said["complaints"]:
            source = item.get("source", "")
            told = "[SOURCE REDACTED]" if source is None else f"{self.dash} {source}"
            lines += self.run(self.quoted(item["quote"]), *([] if source == "" else [told]))
        return lines

    def related(self, said: list[Data]) -> list[str]:
        lines = [self.dice.choice(["[VIEW FULL TAXONOMY] ↗", "[VIEW FULL TAXONOMY] ↗\n", ""])]
        for item in said:
            lines += self.run(f"SYSTEM MATCH: {item['match']}%", item["title"])
            lines += self.run(*([item["summary"]] if "summary" in item else []), "→")
        return "\n".join(lines).replace("↗\nSYSTEM", "↗SYSTEM").split("\n")


def _shown(record: Data, desk: _Desk, told: Mapping[str, Told]) -> Data:
    """The record as its page shows it, with some sections left out and money of another country."""
    dice = desk.dice
    related = record.get("related", [])
    if related == "auto":
        record = {key: value for key, value in record.items() if key != "related"}
    else:
        cards = [
            {"title": told[item["specimen"]].title, "summary": told[item["specimen"]].summary, **item}
            if "specimen" in item else item
            for item in related
        ]  # fmt: skip
        record = {**record, "related": [{"match": dice.randint(0, 100), **card} for card in cards]}
    shown: Data = {"title": record["title"], **{key: record[key] for key in HEADINGS if record.get(key)}}
    shown = mapped(shown, lambda text: plain(text, told))
    if desk.smart:
        shown = mapped(shown, smart)
    for key in dice.sample(list(HEADINGS), dice.choice([0, 0, 1, 3, 8])):
        shown.pop(key, None)
    shown.get("org_chart", {}).pop("hierarchy", None)
    if not shown.get("org_chart", True):
        del shown["org_chart"]
    if "salary" in shown:
        shown["salary"]["currency"] = dice.choice(list(MONEY))
        if dice.random() < 0.3 and not isinstance(shown["salary"]["amount"], Mapping):
            amount = shown["salary"]["amount"]
            shown["salary"]["amount"] = {"from": amount, "to": amount + 25000}
    if "metrics" in shown:
        items = shown["metrics"]
        shown["metrics"] = items[: dice.choice([1, len(items), 9])]
        if dice.random() < 0.2:
            shown["metrics"] = (items * 9)[:9]
    for slot in shown.get("day_log", []):
        slot["from"], slot["to"] = clock(slot["from"]), clock(slot["to"])
    return shown


def typed(record: Data, slug: str, dice: random.Random, *, told: Mapping[str, Told]) -> Typed:
    """``record`` is what the YAML says, ``told`` what the archive says of every slug that the record names."""
    desk = _Desk(dice)
    shown = _shown(record, desk, told)
    lines = [f"FILE RECORD: {slug.upper()}", shown["title"], *desk.stray()]
    keys = [key for key in HEADINGS if key in shown]
    if dice.random() < 0.5:
        dice.shuffle(keys)
    for key in keys:
        lines += [HEADINGS[key], *getattr(desk, key)(shown[key])]
    if dice.random() < 0.2:
        desk.strays += ["[12] THE HOROSCOPE", "Mercury is in procurement."]
        lines += desk.strays[-2:]
    if desk.gaps:
        lines = [("\n" if dice.random() < 0.3 else "") + line for line in lines]
    text = "\n".join(lines) + dice.choice(["", "\n", "\n\n"])
    return Typed(text.replace("\n", dice.choice(["\n", "\n", "\r\n", "\r"])), shown, tuple(desk.strays))


FURNITURE = frozenset(re.findall(
    r"\w+",
    """
    file record known aliases disguises linkedin illusion otiose translation source redacted diagnosis view full
    taxonomy system match flight risk the org chart architecture habitat natural range salary delusion bullshit
    metrics signature weaponry survival encounter guide jd autopsy what do they actually day in life log burn
    ward unfiltered complaints related specimens 01 02 03 04 05 06 07 08 09 10 11 1
    """,
))  # fmt: skip
"""Words of the form itself."""


def squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def lost(text: str, kept: str) -> list[str]:
    """The words of a text record that are not in what became of it.

    The form's own words do not count, nor whether two are run together; sums are compared as YAML writes them.
    """
    there = squeezed(re.sub("(?i)zł", "PLN", kept))
    words = [squeezed(word) for word in re.findall(r"\w[\w,.'’]*", re.sub("(?i)zł", "PLN", text))]

    def is_kept(word: str) -> bool:
        in_full = re.sub(r"(\d+)k$", lambda amount: str(int(amount[1]) * 1000), word)
        whole = re.sub(r"(?<=\d)00$", "", word)
        return word in FURNITURE or any(form in there for form in (word, in_full, whole))

    def is_kept_in_two(word: str) -> bool:
        return any(is_kept(word[:at]) and is_kept(word[at:]) for at in range(1, len(word)))

    return [word for word in words if not is_kept(word) and not is_kept_in_two(word)]
