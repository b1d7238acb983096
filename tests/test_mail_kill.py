"""A sender that is killed, again and again: everybody gets one message, or is known to be unknown."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from command import BIN, until
from mailroom import Room, room, surroundings
from postoffice import Office, office

KILLS = 10


def start(folder: Room) -> subprocess.Popen[bytes]:
    """``dossier mail send --send --yes``, whose talk nobody hears."""
    return subprocess.Popen(
        [str(BIN / "dossier"), "mail", "send", "_mail/spring.yaml", "--send", "--yes"],
        cwd=folder.folder,
        env={**os.environ, **surroundings({})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(folder: Room, post: Office, number: int, step: int) -> bool:
    """Start a sender and kill it at a moment of its own; False when it was done before."""
    process = start(folder)
    before = len(list(post.folder.glob("*.json")))
    lock = folder.ledger.with_name("spring.ledger-lock")
    moments: list[Callable[[], object]] = [
        lambda: True,  # before it has read anything
        lock.exists,
        lambda: any(row[2] == "sending" for row in folder.rows()),
        lambda: len(list(post.folder.glob("*.eml"))) > before,  # taken, but perhaps not yet acknowledged
    ]
    taken = before + 1 + number * step
    moment = moments[number] if number < len(moments) else (post.folder / f"{taken:05}.eml").exists
    until(lambda: moment() or process.poll() is not None, 120)
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def tried(folder: Room, post: Office, count: int) -> None:
    addresses = [f"p{number:04}@x.example" for number in range(count)]
    lines = "".join(f"{address},P{number},clerk\n" for number, address in enumerate(addresses))
    folder.write(post.smtp(), "address,name,specimens\n" + lines)
    folder.planned()
    assert folder.mail("send", "--send").returncode == 0
    alive = 0
    for number in range(KILLS):
        alive += kill(folder, post, number, max(1, count // (6 * KILLS)))
        unknown = sum(row[2] in ("sending", "unknown") for row in folder.rows())
        assert unknown <= number + 1, "one kill leaves one row unknown at most"
    assert alive >= KILLS - 1, "it was killed while it worked"
    assert 1 < len(post.recipients()) < count, "and there was some left to do"
    last = start(folder)
    assert last.wait(600) == 0
    got, states = Counter(post.recipients()), folder.states()
    assert set(states) == set(addresses)
    assert max(got.values()) == 1, "nobody gets it twice"
    unknown = {address for address, state in states.items() if state == "unknown"}
    assert {state for address, state in states.items() if address not in unknown} == {"sent"}
    assert set(addresses) - unknown <= set(got), "who is said to have got it has got it"
    assert len(unknown) <= KILLS
    folder.mail("send", "--send", "--yes")
    assert Counter(post.recipients()) == got, "what is unknown is left alone"


@pytest.mark.parametrize("count", [120, pytest.param(1000, marks=pytest.mark.long)])
def test_killed_at_ten_moments(tmp_path: Path, tool: Callable[[str], str], count: int) -> None:
    with office(tmp_path / "office", tool("openssl")) as post:
        tried(room(tmp_path / "bureau", tmp_path / "kept"), post, count)


def test_killed_while_it_plans(tmp_path: Path) -> None:
    folder = room(tmp_path / "bureau", tmp_path / "kept")
    folder.planned()
    before = (folder.spool / "plan.json").read_bytes()
    lines = "".join(f"p{number}@x.example,P{number},courier\n" for number in range(300))
    folder.write(people="address,name,specimens\n" + lines)
    command = [str(BIN / "dossier"), "mail", "plan", "_mail/spring.yaml", "--cache", str(folder.shared)]
    process = subprocess.Popen(command, cwd=folder.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    bodies = folder.spool / "bodies"
    until(lambda: len(list(bodies.iterdir())) > 20 or process.poll() is not None, 60)
    process.kill()
    process.wait()
    assert (folder.spool / "plan.json").read_bytes() == before, "the former plan counts"
    folder.planned()
    assert len(folder.status()["deliveries"]) == 300
    assert len(list(bodies.glob("*.txt"))) == 300, "what no message says is gone"
