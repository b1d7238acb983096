"""Who gets a mailing: recipients from CSV or YAML, every field with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .. import load, schema
from ..load import Source, Steps
from ..problems import InputError, Problem, Where, error
from . import addresses
from .addresses import Address

MOST = 64 << 20
"""Bytes that a list of recipients may have."""

_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Recipient:
    """``fields`` are what templates know of them; ``places`` where each field stands."""

    address: Address
    fields: Mapping[str, str]
    places: Mapping[str, Where] = field(repr=False)

    def where(self, name: str = "address") -> Where:
        return self.places.get(name, self.places["address"])


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    where: Where


@dataclass(frozen=True)
class People:
    """The recipients of a campaign, and every field that any of them has; no field when the list cannot be read."""

    recipients: tuple[Recipient, ...]
    names: frozenset[str]


def from_file(path: Path, part: schema.Schema, problems: list[Problem]) -> People:
    """Recipients in a file: CSV, or YAML whose whole is a list that ``part`` of the schema describes."""
    try:
        if path.suffix.lower() in (".yaml", ".yml"):
            return from_yaml(load.load(path), (), part, problems)
        return _from_csv(load.text(path, MOST), str(path), problems)
    except InputError as failure:
        problems += failure.problems
        return People((), frozenset())


def from_yaml(source: Source, at: Steps, part: schema.Schema, problems: list[Problem]) -> People:
    value, found = schema.check(source, part, at)
    problems += found
    if found:
        return People((), frozenset())
    rows = []
    for index, item in enumerate(value):
        fields = {_name(key): " ".join(text) if isinstance(text, list) else text for key, text in item.items()}
        places = {_name(key): source.where((*at, index, key)) for key in item}
        rows.append((fields, places))
    return _people(rows, (), problems)


def _from_csv(text: str, name: str, problems: list[Problem]) -> People:
    table = _rows(text, name, problems)
    header = next(table, [])
    names = [_name(cell.text.strip()) for cell in header]
    if "address" not in names:
        where = header[0].where if header else Where(name, 1, 1)
        hint = "its first line names the columns: address, name, specimens"
        problems.append(error("no-address", where, "there is no column address", hint))
        return People((), frozenset())
    for number, cell in enumerate(header):
        if names[number] in names[:number]:
            problems.append(error("duplicate-key", cell.where, f"a second column {cell.text.strip()}"))
    rows = []
    for row in table:
        for extra in [cell for cell in row[len(names) :] if cell.text.strip()][:1]:
            hint = "a text with a comma in it needs quotes"
            problems.append(
                error("too-many-cells", extra.where, "this row has more cells than there are columns", hint)
            )
        cells = dict(zip(names, row, strict=False))
        fields = {column: cells[column].text.strip() if column in cells else "" for column in names if column}
        rows.append((fields, {column: cell.where for column, cell in cells.items()}))
    return _people(rows, filter(None, names), problems)


def _people(
    rows: Sequence[tuple[Mapping[str, str], Mapping[str, Where]]], names: Iterable[str], problems: list[Problem]
) -> People:
    """``names`` are fields that there are even if nobody has them."""
    found: dict[str, Recipient] = {}
    for said, places in rows:
        fields = dict(said)
        where = places.get("address", next(iter(places.values())))
        try:
            address = addresses.parse(fields.get("address", ""))
        except ValueError as wrong:
            problems.append(
                error("address", where, f"{fields.get('address') or 'nothing'} is no e-mail address: {wrong}")
            )
            continue
        if name := fields.get("name", ""):
            try:
                address = Address(address.wire, addresses.one_line(name))
            except ValueError as wrong:
                problems.append(error("name", places["name"], f"the name cannot stand in a message: {wrong}"))
        if address.key in found:
            before = found[address.key].where()
            message = f"{address.wire} is a recipient twice; the first is at {before.line}:{before.column}"
            problems.append(error("duplicate-recipient", where, message, "delete one of them"))
            continue
        fields["address"] = address.wire
        if address.name:
            fields["name"] = address.name
        found[address.key] = Recipient(address, fields, {"address": where, **places})
    recipients = tuple(found.values())
    return People(recipients, frozenset([*names, *(name for one in recipients for name in one.fields)]))


def _name(text: str) -> str:
    """A column's name as templates can say it."""
    return re.sub(r"\W+", "_", text).strip("_")


def _rows(text: str, name: str, problems: list[Problem]) -> Iterator[list[_Cell]]:
    """The rows of a CSV file (RFC 4180; commas, semicolons or tabs, whichever its first line has most of)."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    cell = re.compile(rf'[ ]*"(?P<quoted>(?:[^"]|"")*)"[ ]*|(?P<bare>[^{delimiter}\r\n"][^{delimiter}\r\n]*|)')
    at, line, start = 0, 1, 0
    row: list[_Cell] = []
    while at < len(text):
        match = cell.match(text, at)
        where = Where(name, line, at - start + 1)
        end = match.end() if match else at
        if match is None or (end < len(text) and text[end] not in (delimiter, "\r", "\n")):
            hint = "double the marks within a text, and close it with one"
            problems.append(error("quotation-mark", where, "a quotation mark is not where it can be read", hint))
            return
        quoted = match["quoted"]
        row.append(_Cell(match["bare"] if quoted is None else quoted.replace('""', '"'), where))
        inner = text[at:end]
        if breaks := inner.count("\n"):
            line, start = line + breaks, at + inner.rindex("\n") + 1
        ending = load.BREAK.match(text, end)
        at = end + 1
        if ending or end >= len(text):
            if any(one.text.strip() for one in row):
                yield row
            row = []
            if ending:
                at, line, start = ending.end(), line + 1, ending.end()
    if row and any(one.text.strip() for one in row):
        yield row
