"""dossier mail: plan, send, status, draft. Results go to stdout, talk to stderr."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import settings
from ..problems import InputError, UsageError, error
from .commands import OK, folder_of, print_json, processes, report

if TYPE_CHECKING:
    from ..deliver import Carrier
    from ..mailing.account import Account
    from ..mailing.plan import Prepared
    from ..mailing.send import Manner, Sent
    from ..mailing.spool import Plan, Planned
    from ..orders import Order

INTERRUPTED = 130
_WORDS = 60
"""Columns of a table after which a list of files is cut."""


def plan(options: argparse.Namespace) -> int:
    from ..mailing.plan import plan as prepare
    from ..progress import Counter

    counter = Counter("typesetting")
    try:
        prepared = prepare(options.campaign, _order(options, theme="", paper=""), counter)
    finally:
        counter.close()
    listed = prepared.plan.messages if prepared.plan else ()
    if prepared.plan and options.eml:
        prepared.files += _written(prepared, prepared.plan, options.eml)
    if options.format == "json":
        return report(prepared.files, prepared.problems, "json", {"messages": [_as_data(one) for one in listed]})
    for line in _table([_row(one) for one in listed]):
        print(line)
    if prepared.plan:
        files = {enclosure.sha for one in listed for enclosure in one.enclosures}
        total = sum(one.size for one in listed)
        print(
            f"{_many(len(listed), 'message')}, {_size(total)}; {_many(len(files), 'file')}; nothing is sent yet",
            file=sys.stderr,
        )
    return report(prepared.files[1:], prepared.problems, "text")


def send(options: argparse.Namespace) -> int:
    if options.test:
        return _test(options)
    if not options.send:
        return _dry(options)
    from ..mailing.send import send as deliver
    from ..progress import Counter

    counter = Counter("sending")
    try:
        result = deliver(
            options.campaign,
            options.output,
            lambda: _carrier(options),
            _manner(options),
            counter,
            agree=lambda count: _agreed(options, count),
            new_ledger=options.new_ledger,
        )
    finally:
        counter.close()
    return _told(result, options)


def status(options: argparse.Namespace) -> int:
    from ..mailing.account import account

    found = account(options.campaign, options.output)
    if options.format == "json":
        print_json(_status_data(found))
    else:
        _print_status(found)
    return OK


def draft(options: argparse.Namespace) -> int:
    from .. import editions
    from ..mailing.draft import draft as write
    from ..progress import Counter

    edition = editions.edition(options.specimens, options.only, options.exclude)
    if not edition.asked and not edition.only:
        raise UsageError("name what the draft encloses: a slug, family:KEY or tag:NAME")
    order = replace(_order(options, options.theme, options.paper), edition=edition, rendition=options.rendition)
    counter = Counter("typesetting")
    try:
        outcome = write(order, options.to, options.subject, options.text, options.eml, counter)
    finally:
        counter.close()
    return report(outcome.files, outcome.problems, options.format)


def _order(options: argparse.Namespace, theme: str, paper: str) -> Order:
    from ..orders import Order

    asked: dict[str, Any] = processes(options)
    asked["jobs"] = asked["jobs"] or Order(Path()).jobs
    return Order(
        archive=folder_of(options),
        layout=options.layout,
        theme=theme,
        paper=paper,
        shelves=tuple(options.layouts),
        font_dirs=tuple(options.font_dir),
        output=options.output,
        executor=options.executor or "",
        **asked,
    )


def _written(prepared: Prepared, plan: Plan, count: int) -> list[Path]:
    """The first messages as files, dated now."""
    import datetime as dt

    from .. import output
    from ..deliver import Writer
    from ..mailing.spool import Spool

    spool = Spool(prepared.folder)
    writer = Writer(spool.enclosed)
    made = []
    for number, one in enumerate(plan.messages[:count], 1):
        letter = spool.letter(plan, one)
        message = writer.write(letter, dt.datetime.now(dt.UTC), letter.message_id())
        made.append(output.write(prepared.folder / "eml" / f"{number:03}.eml", message))
    return made


def _carrier(options: argparse.Namespace) -> Carrier:
    """What the messages go out with; asks for a password where one is needed and none is in the environment."""
    from .. import campaign as campaigns
    from ..deliver import Maildir, Post
    from ..mailing.server import server

    if options.transport:
        return Maildir(options.transport)
    found = server(campaigns.read(options.campaign), settings.read(folder_of(options)))
    if not found.user:
        return Post(found)
    password = settings.smtp_password()
    if not password and sys.stdin.isatty():
        import getpass

        password = getpass.getpass(f"Password of {found.user} at {found}: ", sys.stderr)
    if not password:
        hint = "set DOSSIER_SMTP_PASSWORD, or run this in a terminal"
        raise InputError([error("no-password", found.where, f"no password is known for {found.user} at {found}", hint)])
    return Post(replace(found, password=password))


def _manner(options: argparse.Namespace) -> Manner:
    from ..ledger import FAILED as REFUSED
    from ..ledger import UNKNOWN
    from ..mailing.account import CHANGED, PENDING
    from ..mailing.send import Manner

    more = {REFUSED: options.retry_failed, UNKNOWN: options.retry_unknown, CHANGED: options.again_if_changed}
    states = {PENDING, *(state for state, wanted in more.items() if wanted)}
    return Manner(frozenset(states), options.limit, options.rate, options.tries)


def _agreed(options: argparse.Namespace, count: int) -> bool:
    if options.yes:
        return True
    if not sys.stdin.isatty():
        raise UsageError(f"{_many(count, 'message')} would be sent; say --yes")
    print(f"Send {_many(count, 'message')}? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _test(options: argparse.Namespace) -> int:
    from ..campaign import addresses
    from ..mailing.send import try_out

    try:
        address = addresses.parse(options.test)
    except ValueError as wrong:
        raise UsageError(f"{options.test} is no e-mail address: {wrong}") from wrong
    carrier = _carrier(options)
    try:
        answers = try_out(options.campaign, options.output, carrier, address, options.limit or 1)
    finally:
        carrier.close()
    if options.format == "json":
        return print_json({"tried": answers})
    print(f"{_many(len(answers), 'message')} sent to {address.wire}, outside the ledger", file=sys.stderr)
    return OK


def _dry(options: argparse.Namespace) -> int:
    from ..mailing.account import account

    found = account(options.campaign, options.output)
    manner = _manner(options)
    todo = [line for line in found.lines if line.planned and line.state in manner.states]
    now = todo[: 1 if not found.is_begun else manner.limit or None]
    if options.format == "json":
        return print_json({**_counts(found), "would_send": [line.address for line in now]})
    for line in _table([_row(line.planned) for line in now if line.planned]):
        print(line)
    _print_status(found, sys.stderr)
    first = ", the first of the campaign" if not found.is_begun and now else ""
    print(f"--send would send {_many(len(now), 'message')}{first}", file=sys.stderr)
    return OK


def _told(result: Sent, options: argparse.Namespace) -> int:
    """What came of sending, and the exit status."""
    problems = list(result.problems)
    for kind, code, what in (
        (result.failed, "refused", "refused"),
        (result.deferred, "deferred", "put off; the next send tries again"),
        (result.unknown, "unknown", "nobody knows whether it arrived"),
    ):
        problems += [error(code, address, f"{what}: {words}") for address, words in kind]
    if options.format == "json":
        more = {"sent": result.sent, "left": result.left, "trial": result.is_trial}
        done = report((), problems, "json", more)
    else:
        for address in result.sent:
            print(address)
        done = report((), problems, "text")
        print(f"{_many(len(result.sent), 'message')} sent, {result.left} left", file=sys.stderr)
        if result.is_trial and result.sent:
            print("the first message of the campaign; the next --send sends all that remain", file=sys.stderr)
    return INTERRUPTED if result.is_interrupted else done


def _counts(found: Account) -> dict[str, int]:
    from ..mailing.account import STATES

    return {state: found.count(state) for state in STATES}


def _status_data(found: Account) -> dict[str, Any]:
    deliveries = []
    for line in found.lines:
        row, planned = line.row, line.planned
        deliveries.append(
            {
                "address": line.address,
                "part": planned.part if planned else row.part if row else 1,
                "parts": planned.parts if planned else row.parts if row else 1,
                "state": line.state,
                "planned": planned is not None,
                "time": row.time if row else "",
                "message_id": row.message_id if row else "",
                "reply": row.reply if row else "",
            }
        )
    return {"campaign": found.plan.campaign, **_counts(found), "deliveries": deliveries}


def _print_status(found: Account, stream: Any = None) -> None:
    """How many there are of each, and every one about which there is something to say."""
    from ..ledger import SENT
    from ..mailing.account import PENDING

    said = [line for line in found.lines if line.row and (line.state not in (SENT, PENDING) or _is_put_off(line.row))]
    rows = [(line.address, line.state, line.row.time, line.row.reply) for line in said if line.row]
    for row in _table(rows):
        print(row, file=stream or sys.stdout)
    counts = ", ".join(f"{count} {state}" for state, count in _counts(found).items() if count)
    print(counts or "nothing is planned", file=stream or sys.stdout)


def _is_put_off(row: Any) -> bool:
    from ..ledger import DEFERRED

    return bool(row.state == DEFERRED)


def _row(one: Planned) -> tuple[str, ...]:
    part = f"{one.part}/{one.parts}" if one.parts > 1 else ""
    names = ", ".join(enclosure.name for enclosure in one.enclosures) or "links"
    cut = names if len(names) <= _WORDS else f"{names[: _WORDS - 1]}…"
    return (one.to.wire, part, _size(one.size), " ".join(one.measures), cut)


def _as_data(one: Planned) -> dict[str, Any]:
    return {
        "address": one.to.wire,
        "name": one.to.name,
        "part": one.part,
        "parts": one.parts,
        "subject": one.subject,
        "size": one.size,
        "attachments": [enclosure.name for enclosure in one.enclosures],
        "measures": list(one.measures),
    }


def _table(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Rows in columns as wide as they need; a column that is empty throughout is left out."""
    columns = [column for column in range(len(rows[0])) if any(row[column] for row in rows)] if rows else []
    widths = [max(len(row[column]) for row in rows) for column in columns]
    for row in rows:
        yield "  ".join(row[column].ljust(width) for column, width in zip(columns, widths, strict=True)).rstrip()


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{count / 1e3:.1f} kB"
