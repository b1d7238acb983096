"""What became of every message of a campaign: one row a delivery, written before and after it is handed over.

SQLite with a write-ahead log. What is about to be handed over is on the disk before (``synchronous=FULL``, one fsync);
what came of it is with the system at once, so that a kill does not take it back, and on the disk with the next row
(``NORMAL``): a power cut in between leaves it unknown, never unsent. With a rollback journal a row costs 14 times the
fsyncs, more than to send it.

A run that is killed leaves at most one row ``sending``: whoever opens the ledger next knows that nobody knows what
became of it. It also leaves ``-wal`` beside the ledger, which is part of it until it is opened again.
"""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .problems import InputError, error, reason_of

SENDING, SENT, FAILED, DEFERRED, UNKNOWN = "sending", "sent", "failed", "deferred", "unknown"

_MAGIC = 0x646F6C67
"""SQLite's application_id: a file that has another is not ours."""

_TABLE = """
CREATE TABLE delivery (
  campaign TEXT NOT NULL,
  address TEXT NOT NULL,
  part INTEGER NOT NULL,
  parts INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'failed', 'deferred', 'unknown')),
  message_id TEXT NOT NULL,
  attachments TEXT NOT NULL,
  edition INTEGER NOT NULL,
  time TEXT NOT NULL,
  reply TEXT NOT NULL,
  PRIMARY KEY (campaign, address, part)
) WITHOUT ROWID
"""
_COLUMNS = "address, part, parts, state, message_id, attachments, edition, time, reply"

Key = tuple[str, int]
"""A normalised address, and which of its messages."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row. ``attachments`` are SHA-256s in hex, ``time`` is UTC, ``reply`` the server's words or ours.

    ``edition`` counts how often it was sent anew because something had changed.
    """

    address: str
    part: int
    parts: int
    state: str
    message_id: str
    attachments: tuple[str, ...]
    edition: int = 0
    time: str = ""
    reply: str = ""

    @property
    def key(self) -> Key:
        return self.address, self.part


class Ledger:
    """One campaign's rows in an open ledger. Everything raises InputError when the file cannot be read or written."""

    def __init__(self, path: Path, campaign: str, connection: sqlite3.Connection) -> None:
        self.path, self.campaign = path, campaign
        self._connection = connection

    def rows(self) -> dict[Key, Delivery]:
        with _told(self.path):
            found = self._connection.execute(
                f"SELECT {_COLUMNS} FROM delivery WHERE campaign = ?", (self.campaign,)
            ).fetchall()
        made = (
            Delivery(address, part, parts, state, message_id, tuple(json.loads(hashes)), edition, time, reply)
            for address, part, parts, state, message_id, hashes, edition, time, reply in found
        )
        return {row.key: row for row in made}

    def intend(self, row: Delivery) -> None:
        """Put down what is about to be handed over; it is on the disk when this returns."""
        with _told(self.path):
            self._connection.execute("PRAGMA synchronous = FULL")
            self.write(row)
            self._connection.execute("PRAGMA synchronous = NORMAL")

    def write(self, row: Delivery) -> None:
        """Put a row in the place of what was known before."""
        stamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        values = (row.address, row.part, row.parts, row.state, row.message_id, json.dumps(row.attachments))
        with _told(self.path), self._connection:
            self._connection.execute(
                f"INSERT OR REPLACE INTO delivery (campaign, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (self.campaign, *values, row.edition, stamp, row.reply),
            )

    def strike(self, key: Key) -> None:
        """Take a row out: it is known that nothing was sent."""
        with _told(self.path), self._connection:
            where = "campaign = ? AND address = ? AND part = ?"
            self._connection.execute(f"DELETE FROM delivery WHERE {where}", (self.campaign, *key))

    def settle(self) -> int:
        """What was being sent when a former run ended is unknown from now on; returns how many rows. Needs ``held``."""
        words = "the run ended while this was being sent"
        with _told(self.path), self._connection:
            done = self._connection.execute(
                "UPDATE delivery SET state = 'unknown', reply = ? WHERE campaign = ? AND state = 'sending'",
                (words, self.campaign),
            )
        return done.rowcount


@contextmanager
def opened(path: Path, campaign: str) -> Iterator[Ledger]:
    """The ledger in ``path``, made if it is not there. Raises InputError when it is none, or cannot be opened."""
    with _told(path):
        connection = sqlite3.connect(path, timeout=30)
    try:
        with _told(path):
            _prepare(connection, path)
        yield Ledger(path, campaign, connection)
    finally:
        connection.close()


def read(path: Path, campaign: str) -> Mapping[Key, Delivery]:
    """The rows of a ledger; none when there is no ledger."""
    if not path.exists():
        return {}
    with opened(path, campaign) as ledger:
        return ledger.rows()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Be the only one who sends with this ledger. Raises InputError when somebody else does.

    The lock is on a file of its own: SQLite's locks on the ledger would be lost with any other use of the file.
    """
    lock = path.with_name(f"{path.name}-lock")
    try:
        handle = _locked(lock)
    except BlockingIOError:
        hint = "wait for it to end; dossier mail status shows how far it is"
        raise InputError([error("busy", path, "this campaign is being sent by another process", hint)]) from None
    except OSError as failure:
        message = f"the campaign cannot be locked: {reason_of(failure)}"
        raise InputError([error("lock", lock, message, "keep the campaign on a disk of this machine")]) from failure
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)
        os.close(handle)


def _locked(path: Path) -> int:
    """A handle to a locked file that is still the one of that name. Raises BlockingIOError when it is taken."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    found = connection.execute("PRAGMA application_id").fetchone()[0]
    if found == _MAGIC:
        return
    if found or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise InputError([error("ledger", path, "this file is no ledger", "move it away")])
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA application_id").fetchone()[0] != _MAGIC:
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA application_id = {_MAGIC}")


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as failure:
        full = getattr(failure, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
        reason = os.strerror(errno.ENOSPC).lower() if full else str(failure)
        raise InputError([error("ledger", path, f"the ledger cannot be used: {reason}")]) from failure
