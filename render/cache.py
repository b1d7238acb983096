"""Bytes kept by the hash of what they were made from; ignorant of what they are.

An entry carries the hash of its name and bytes: one that is damaged, cut short, not ours or another's is noticed,
and is as good as none. Entries are written whole, so that two runs at once do each other no harm.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from . import output

_SHELF = re.compile(r"[0-9a-f]{2}")
_OURS = re.compile(r"[0-9a-f]{62}|\.[0-9a-f]{1,62}\..*\.part")
_MAGIC = b"dossier-cache-2\n"
_HEAD = len(_MAGIC) + 32
DEFAULT_SIZE = 2 << 30
"""Bytes that a cache may grow to: about ten thousand dossiers."""


@dataclass(frozen=True)
class Cache:
    """A folder of entries. ``size`` in bytes; beyond it the least recently used go when ``prune`` is called."""

    folder: Path
    size: int = DEFAULT_SIZE

    def get(self, key: str) -> bytes | None:
        """The bytes under a key (hex digits), or None. A damaged entry is removed."""
        path = self._path(key)
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        data = raw[_HEAD:]
        if raw[: len(_MAGIC)] != _MAGIC or _sum(key, data) != raw[len(_MAGIC) : _HEAD]:
            with suppress(OSError):
                path.unlink()
            return None
        self.touch(key)
        return data

    def put(self, key: str, data: bytes) -> None:
        """Keep bytes under a key. A cache that cannot be written to is none, not an error."""
        with suppress(OSError):
            output.put(self._path(key), _MAGIC + _sum(key, data) + data)

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def touch(self, key: str) -> None:
        """Count an entry as used now."""
        with suppress(OSError):
            os.utime(self._path(key))

    def prune(self) -> int:
        """Remove the least recently used entries beyond ``size``; returns how many went."""
        entries = list(self._entries())
        total, gone = sum(entry[1] for entry in entries), 0
        for _, size, name in sorted(entries) if total > self.size else ():
            if total <= self.size:
                break
            with suppress(OSError):
                os.unlink(name)  # noqa: PTH108 - names are strings here
            total -= size
            gone += 1
        return gone

    def remove(self) -> list[Path]:
        """Remove every entry; returns the files that went. What is not the cache's own stays."""
        gone = []
        for path in sorted(self.folder.glob("??/*")):
            if _OURS.fullmatch(path.name) and _SHELF.fullmatch(path.parent.name):
                path.unlink(missing_ok=True)
                gone.append(path)
        for folder in (*filter(lambda path: _SHELF.fullmatch(path.name), self.folder.glob("??/")), self.folder):
            with suppress(OSError):
                folder.rmdir()
        return gone

    def _entries(self) -> Iterator[tuple[int, int, str]]:
        """When each entry was last used, its size and its file."""
        with suppress(OSError), os.scandir(self.folder) as shelves:
            for shelf in shelves:
                if _SHELF.fullmatch(shelf.name):
                    with suppress(OSError), os.scandir(shelf.path) as entries:
                        for entry in entries:
                            if _OURS.fullmatch(entry.name):
                                found = entry.stat(follow_symlinks=False)
                                yield found.st_mtime_ns, found.st_size, entry.path

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]


def _sum(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\n" + data).digest()
