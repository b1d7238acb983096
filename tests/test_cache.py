"""Bytes kept by the hash of what they were made from."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from render.cache import Cache

KEY = "ab" + "0" * 62


def entry(cache: Cache, key: str = KEY) -> Path:
    return cache.folder / key[:2] / key[2:]


def test_what_is_put_is_got(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert cache.get(KEY) is None
    cache.put(KEY, b"pages")
    assert cache.get(KEY) == b"pages"
    assert cache.has(KEY)
    assert Cache(tmp_path).get(KEY) == b"pages"


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw: raw[:-1],
        lambda raw: raw[:10],
        lambda _: b"",
        lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
        lambda raw: raw[:20] + bytes([raw[20] ^ 1]) + raw[21:],
        lambda _: b"something else altogether" * 9,
    ],
    ids=["cut short", "only a head", "empty", "bit in the bytes", "bit in the hash", "foreign"],
)
def test_a_damaged_entry_is_none_and_goes(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    cache = Cache(tmp_path)
    cache.put(KEY, b"pages" * 100)
    path = entry(cache)
    path.write_bytes(damage(path.read_bytes()))
    assert cache.get(KEY) is None
    assert not path.exists()
    cache.put(KEY, b"again")
    assert cache.get(KEY) == b"again"


def test_the_least_recently_used_go(tmp_path: Path) -> None:
    cache = Cache(tmp_path, size=3500)
    keys = [f"{number:02x}" + "0" * 62 for number in range(5)]
    for age, key in enumerate(keys):
        cache.put(key, bytes(1000))
        os.utime(entry(cache, key), (age, age))
    cache.touch(keys[0])
    assert cache.prune() == 2
    assert [cache.has(key) for key in keys] == [True, False, False, True, True]
    assert cache.prune() == 0


def test_many_writers_of_one_entry_do_each_other_no_harm(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: cache.put(KEY, b"pages" * 10_000), range(64)))
    assert cache.get(KEY) == b"pages" * 10_000
    assert [path.name for path in (tmp_path / "ab").iterdir()] == ["0" * 62]


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    cache = Cache(blocked)
    cache.put(KEY, b"pages")
    assert cache.get(KEY) is None
    assert cache.prune() == 0
