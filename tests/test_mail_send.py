"""Sending to a real server: each message once, what the server says of it, and what a second look finds."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import begin, until
from mailroom import PEOPLE, Room, room, surroundings, unpacked
from postoffice import PASSWORD, Office, office

QUICK = ("--send", "--yes")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache for all rooms: the three dossiers are typeset once."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def folder(tmp_path: Path, shared: Path) -> Room:
    return room(tmp_path / "bureau", shared)


@pytest.fixture
def post(tmp_path: Path, tool: Callable[[str], str]) -> Iterator[Office]:
    with office(tmp_path / "office", tool("openssl")) as made:
        yield made


def people(*addresses: str) -> str:
    return "address,name,specimens\n" + "".join(f"{one},{one.partition('@')[0]},clerk\n" for one in addresses)


def ids(post: Office, address: str) -> list[str]:
    """The Message-IDs of what somebody got."""
    heads = [message.partition(b"\r\n\r\n")[0].decode() for to, message in post.messages() if to["to"] == [address]]
    return [re.findall(r"^Message-ID: (\S+)\r?$", head, re.MULTILINE)[0] for head in heads]


def ready(folder: Room, post: Office, *addresses: str, more: str = "") -> None:
    """Planned for these people, and the first message of the campaign sent."""
    folder.write(more + post.smtp(), people("first@x.example", *addresses) if addresses else PEOPLE)
    folder.planned()
    done = folder.mail("send", "--send")
    assert (done.returncode, len(post.recipients())) == (0, 1), done.stderr


def test_first_one_then_all_then_nothing(
    folder: Room, post: Office, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    folder.write(post.smtp())
    folder.planned()
    dry = folder.mail("send")
    assert (dry.returncode, post.recipients(), folder.states()) == (
        0, [], {"ada@x.example": "pending", "bob@x.example": "pending", "eve@y.example": "pending"},
    )  # fmt: skip
    assert "--send would send 1 message, the first of the campaign" in dry.stderr
    first = folder.mail("send", "--send", "--yes")
    assert (first.stdout, post.recipients()) == ("ada@x.example\n", ["ada@x.example"])
    assert "1 message sent, 2 left\nthe first message of the campaign; the next --send" in first.stderr
    asked = folder.mail("send", "--send")
    assert (asked.returncode, asked.stderr) == (2, "dossier: 2 messages would be sent; say --yes\n")
    rest = folder.mail("send", *QUICK)
    assert (rest.returncode, rest.stdout) == (0, "bob@x.example\neve@y.example\n")
    again = folder.mail("send", *QUICK)
    assert (again.returncode, again.stdout, len(post.recipients())) == (0, "", 3)
    assert set(folder.states().values()) == {"sent"}
    envelope, message = post.messages()[1]
    assert (envelope["tls"], envelope["user"], envelope["from"], envelope["to"]) == (
        True, "clerk", "files@otiose.example", ["bob@x.example"],
    )  # fmt: skip
    assert envelope["options"] == [f"SIZE={len(message)}"]
    kept = {path.stem for path in (folder.spool / "attachments").iterdir()}
    found = unpacked(tool("ripmime"), message, tmp_path / "found")
    assert kept >= {sha for name, sha in found.items() if name.endswith(".pdf")}
    assert sorted(name for name in found if name.endswith(".pdf")) == ["archivist.pdf", "clerk.pdf"]
    assert {row[3] for row in folder.rows()} == {"250 2.0.0 filed"}


def test_one_connection_carries_many(folder: Room, post: Office) -> None:
    ready(folder, post, *(f"p{number}@x.example" for number in range(6)))
    assert folder.mail("send", *QUICK).returncode == 0
    assert len({envelope["peer"] for envelope, _ in post.messages()[1:]}) == 1


def test_limit_and_rate(folder: Room, post: Office) -> None:
    ready(folder, post, *(f"p{number}@x.example" for number in range(5)))
    assert folder.mail("send", *QUICK, "--limit", "2").stdout == "p0@x.example\np1@x.example\n"
    assert folder.mail("send", *QUICK, "--rate", "120/min").stdout == "p2@x.example\np3@x.example\np4@x.example\n"
    times = [envelope["time"] for envelope, _ in post.messages()[-3:]]
    assert min(later - before for before, later in itertools.pairwise(times)) > 0.4, "half a second apart"


def test_what_a_server_refuses_is_marked_and_the_rest_goes_on(folder: Room, post: Office) -> None:
    ready(folder, post, "refused@x.example", "a@x.example", "spam@x.example", "b@x.example")
    done = folder.mail("send", *QUICK)
    assert (done.returncode, done.stdout) == (1, "a@x.example\nb@x.example\n")
    assert "refused@x.example: error: refused: 550 5.1.1 no such mailbox" in done.stderr
    assert [(row[0], row[2], row[3]) for row in folder.rows() if row[2] != "sent"] == [
        ("refused@x.example", "failed", "550 5.1.1 no such mailbox"),
        ("spam@x.example", "failed", "554 5.7.1 not wanted"),
    ]
    assert folder.mail("send", *QUICK).stdout == "", "a refusal is not asked for again"
    assert "550 5.1.1 no such mailbox" in folder.mail("status").stdout
    assert folder.mail("send", *QUICK, "--retry-failed").returncode == 1
    assert len(post.recipients()) == 3


def test_what_a_server_puts_off_is_tried_again(folder: Room, post: Office) -> None:
    ready(folder, post, "fulltwice@x.example", "full@x.example", "a@x.example")
    done = folder.mail("send", *QUICK, "--tries", "3")
    assert (done.returncode, done.stdout) == (1, "a@x.example\nfulltwice@x.example\n")
    assert "full@x.example: error: put off; the next send tries again: 452 4.2.2 mailbox full" in done.stderr
    assert folder.states()["full@x.example"] == "pending"
    assert "452 4.2.2 mailbox full" in folder.mail("status").stdout


@pytest.mark.parametrize("mishap", ["goodbye", "drop", "dropdata", "slow"])
def test_a_connection_that_goes_is_made_anew(folder: Room, post: Office, mishap: str) -> None:
    ready(folder, post, f"{mishap}@x.example", "a@x.example")
    done = folder.mail("send", *QUICK)
    assert (done.returncode, sorted(done.stdout.split())) == (0, ["a@x.example", f"{mishap}@x.example"]), done.stderr
    assert sorted(post.recipients()) == sorted(["a@x.example", "first@x.example", f"{mishap}@x.example"])
    assert set(folder.states().values()) == {"sent"}


def test_nobody_knows_what_became_of_a_message_without_an_answer(folder: Room, post: Office) -> None:
    ready(folder, post, "dropend@x.example", "a@x.example")
    done = folder.mail("send", *QUICK)
    assert (done.returncode, done.stdout) == (1, "a@x.example\n")
    assert "dropend@x.example: error: nobody knows whether it arrived: no answer after the message" in done.stderr
    assert folder.states() == {"first@x.example": "sent", "dropend@x.example": "unknown", "a@x.example": "sent"}
    folder.mail("send", *QUICK)
    assert len(post.recipients()) == 3, "not sent again by itself"
    folder.mail("send", *QUICK, "--retry-unknown")
    assert len(post.recipients()) == 4
    ids = [
        re.search(rb"Message-ID: (\S+)", message)
        for envelope, message in post.messages()
        if "dropend" in envelope["to"][0]
    ]
    assert len(ids) == 2
    assert len({found[1] for found in ids if found}) == 1, "who gets it twice can tell"


def test_no_answer_in_time(folder: Room, post: Office) -> None:
    ready(folder, post, "slow@x.example", more="")
    folder.write(post.smtp(timeout=1), people("first@x.example", "slow@x.example"))
    folder.planned()
    folder.mail("send", *QUICK)
    assert folder.states() == {"first@x.example": "sent", "slow@x.example": "unknown"}


def test_a_server_that_is_gone_ends_the_run_and_loses_nothing(folder: Room, post: Office) -> None:
    ready(folder, post, "a@x.example", "b@x.example")
    post.process.kill()
    post.process.wait()
    done = folder.mail("send", *QUICK, "--tries", "2")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the server cannot be reached, or does not stay" in done.stderr
    assert "0 messages sent, 2 left" in done.stderr
    assert folder.states() == {"first@x.example": "sent", "a@x.example": "pending", "b@x.example": "pending"}


def test_copies(folder: Room, post: Office) -> None:
    ready(folder, post, "a@x.example", more="cc: Desk <desk@x.example>\nbcc: [hidden@x.example, refused@x.example]\n")
    envelope, message = post.messages()[0]
    assert envelope["to"] == ["first@x.example", "desk@x.example", "hidden@x.example"]
    assert b"Cc: Desk <desk@x.example>" in message
    assert b"hidden" not in message
    assert folder.rows()[0][3] == "250 2.0.0 filed; no copy to refused@x.example: 550 5.1.1 no such mailbox"


def test_a_trial_to_oneself_counts_for_nothing(folder: Room, post: Office) -> None:
    folder.write("bcc: hidden@x.example\n" + post.smtp())
    folder.planned()
    done = folder.mail("send", "--test", "me@x.example", "--limit", "2")
    assert done.returncode == 0, done.stderr
    assert [envelope["to"] for envelope, _ in post.messages()] == [["me@x.example"], ["me@x.example"]]
    assert b"Subject: Your file, Ada" in post.messages()[0][1]
    assert folder.rows() == []


# ---- the ledger


def test_a_ledger_that_is_gone(folder: Room, post: Office) -> None:
    ready(folder, post)
    folder.ledger.unlink()
    folder.planned()
    assert not folder.ledger.exists(), "planning again makes no ledger anew"
    refused = folder.mail("send", *QUICK)
    assert (refused.returncode, len(post.recipients())) == (1, 1)
    assert "but its ledger is gone: nobody knows what was sent" in refused.stderr
    assert folder.mail("send", *QUICK, "--new-ledger").returncode == 0
    assert len(post.recipients()) == 2


def test_cleaning_leaves_the_ledger(folder: Room, post: Office) -> None:
    ready(folder, post)
    from command import dossier

    before = folder.ledger.read_bytes()
    assert dossier("clean", folder=folder.folder).returncode == 0
    assert dossier("clean", "--output", "_mail", folder=folder.folder).returncode == 0
    shutil.rmtree(folder.folder / "out")
    folder.planned()
    assert folder.ledger.read_bytes() == before
    assert sorted(folder.mail("send", *QUICK).stdout.split()) == ["bob@x.example", "eve@y.example"]


def test_something_else_in_the_place_of_the_ledger(folder: Room, post: Office) -> None:
    folder.write(post.smtp())
    folder.planned()
    folder.ledger.write_text("not a ledger " * 100)
    done = folder.mail("send", *QUICK)
    assert (done.returncode, post.recipients()) == (1, [])
    assert "spring.ledger: error: the ledger cannot be used: file is not a database" in done.stderr


def test_two_at_once_do_not_send_twice(folder: Room, post: Office) -> None:
    ready(folder, post, *(f"p{number}@x.example" for number in range(5)))
    slowly = (*QUICK, "--rate", "1/min")
    first = begin("mail", "send", "_mail/spring.yaml", *slowly, folder=folder.folder, **surroundings({}))
    until(lambda: len(post.recipients()) == 2, 60)
    second = folder.mail("send", *QUICK)
    assert (second.returncode, second.stdout) == (1, "")
    assert "this campaign is being sent by another process" in second.stderr
    assert "this campaign is being sent by another process" in folder.plan().stderr
    assert folder.mail("status").returncode == 0, "looking is allowed"
    os.kill(first.pid, signal.SIGINT)
    first.communicate(timeout=60)
    assert first.returncode == 130
    assert not folder.ledger.with_name("spring.ledger-lock").exists()
    assert folder.mail("send", *QUICK).returncode == 0
    assert len(post.recipients()) == len(set(post.recipients())) == 6


def test_what_changed_is_told_and_sent_again_when_that_is_asked_for(folder: Room, post: Office) -> None:
    ready(folder, post)
    assert folder.mail("send", *QUICK).returncode == 0
    record = folder.folder / "clerk.yaml"
    record.write_text(record.read_text().replace("A desk.", "Another desk."))
    folder.planned()
    assert folder.states() == {"ada@x.example": "changed", "bob@x.example": "changed", "eve@y.example": "sent"}
    assert folder.mail("send", *QUICK).stdout == ""
    assert folder.mail("send", *QUICK, "--again-if-changed").stdout == "ada@x.example\nbob@x.example\n"
    assert set(folder.states().values()) == {"sent"}
    ids = [
        re.search(rb"Message-ID: (\S+)", message)
        for envelope, message in post.messages()
        if envelope["to"] == ["ada@x.example"]
    ]
    assert len({found[1] for found in ids if found}) == 2, "what is new is no repetition"


def test_a_campaign_that_changed_since_it_was_planned(folder: Room, post: Office) -> None:
    ready(folder, post)
    people_now = folder.campaign.parent / "people.csv"
    people_now.write_text(PEOPLE.replace("bob@", "bert@"))
    done = folder.mail("send", *QUICK)
    assert (done.returncode, len(post.recipients())) == (1, 1)
    assert "people.csv changed since the campaign was planned (dossier mail plan takes it in)" in done.stderr


def test_a_spool_that_was_altered_is_not_sent(folder: Room, post: Office) -> None:
    folder.write(post.smtp())
    folder.planned()
    for path in (folder.spool / "attachments").iterdir():
        path.write_bytes(path.read_bytes().replace(b"%%EOF", b"%%EOX"))
    done = folder.mail("send", *QUICK)
    assert (done.returncode, post.recipients(), folder.rows()) == (1, [], [])
    assert "this part of the spool is missing or altered (dossier mail plan makes it again)" in done.stderr


def test_the_first_interrupt_finishes_the_message(folder: Room, post: Office) -> None:
    ready(folder, post, "slow@x.example", "a@x.example", "b@x.example")
    process = begin("mail", "send", "_mail/spring.yaml", *QUICK, folder=folder.folder, **surroundings({}))
    until(lambda: any(row[2] == "sending" for row in folder.rows()), 10)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, "slow@x.example\n"), err
    assert folder.states() == {
        "first@x.example": "sent", "slow@x.example": "sent", "a@x.example": "pending", "b@x.example": "pending",
    }  # fmt: skip


# ---- the way there


def test_a_certificate_that_nobody_trusts(folder: Room, post: Office) -> None:
    folder.write(post.smtp(ca_file=None))
    folder.planned()
    done = folder.mail("send", *QUICK)
    assert (done.returncode, post.recipients(), folder.rows()) == (1, [], [])
    assert re.search(
        r"spring\.yaml:\d+:7: error: 127\.0\.0\.1:\d+ has no certificate to be trusted: self-signed", done.stderr
    )


def test_a_certificate_of_somebody_else(folder: Room, post: Office) -> None:
    folder.write(post.smtp(host="127.1"))
    folder.planned()
    done = folder.mail("send", *QUICK, "--tries", "1")
    assert (done.returncode, post.recipients()) == (1, [])
    assert "has no certificate to be trusted" in done.stderr


def test_wrong_and_missing_passwords_are_told_and_written_nowhere(folder: Room, post: Office) -> None:
    folder.write(post.smtp())
    folder.planned()
    wrong = folder.mail("send", *QUICK, DOSSIER_SMTP_PASSWORD="rubber&duck")
    assert (wrong.returncode, post.recipients()) == (1, [])
    assert re.search(r"127\.0\.0\.1:\d+ refuses the login: 535", wrong.stderr)
    missing = folder.mail("send", *QUICK, DOSSIER_SMTP_PASSWORD="")
    assert "no password is known for clerk at 127.0.0.1" in missing.stderr
    assert folder.mail("send", *QUICK).returncode == 0
    read = 0
    for path in folder.folder.rglob("*"):
        if path.is_file():
            read += 1
            assert PASSWORD.encode() not in path.read_bytes()
            assert b"rubber&duck" not in path.read_bytes()
    assert read > 10


def test_tls_from_the_start(folder: Room, tmp_path: Path, tool: Callable[[str], str]) -> None:
    with office(tmp_path / "tls", tool("openssl"), "--tls") as post:
        folder.write(post.smtp(security="tls"))
        folder.planned()
        done = folder.mail("send", *QUICK)
        assert done.returncode == 0, done.stderr
        assert post.messages()[0][0]["tls"]
        folder.write(post.smtp(security="starttls", timeout=1))
        folder.planned()
        assert folder.mail("send", *QUICK, "--tries", "1").returncode == 1


def test_a_password_never_goes_in_the_clear(folder: Room, tmp_path: Path, tool: Callable[[str], str]) -> None:
    with office(tmp_path / "plain", tool("openssl"), "--plain") as post:
        folder.write(post.smtp())
        folder.planned()
        assert "does not offer STARTTLS" in folder.mail("send", *QUICK).stderr
        folder.write(post.smtp(security="none", host="mail.otiose.example"))
        folder.planned()
        assert "the password would go to mail.otiose.example in the clear" in folder.mail("send", *QUICK).stderr
        folder.write(post.smtp(security="none", user=None, ca_file=None))
        folder.planned()
        assert folder.mail("send", *QUICK).returncode == 0
        assert not post.messages()[0][0]["tls"]


def test_the_archive_or_the_environment_name_the_server(folder: Room, post: Office) -> None:
    folder.planned()
    assert "no mail server is named" in folder.mail("send", *QUICK).stderr
    said = {"HOST": "127.0.0.1", "PORT": str(post.port), "USER": "clerk", "CA_FILE": str(post.folder / "cert.pem")}
    named = {f"DOSSIER_SMTP_{key}": value for key, value in said.items()}
    assert folder.mail("send", *QUICK, **named).stdout == "ada@x.example\n"
    path = folder.folder / "archive.yaml"
    shutil.copy(post.folder / "cert.pem", folder.folder / "ours.pem")
    path.write_text(path.read_text() + post.smtp(ca_file="ours.pem"))
    assert folder.mail("send", *QUICK).stdout == "bob@x.example\neve@y.example\n"


def test_international_addresses(folder: Room, post: Office, tmp_path: Path, tool: Callable[[str], str]) -> None:
    ready(folder, post, "用户@bücher.example")
    assert folder.mail("send", *QUICK).returncode == 0
    envelope, message = post.messages()[1]
    assert envelope["to"] == ["用户@xn--bcher-kva.example"]
    assert "SMTPUTF8" in envelope["options"]
    assert "To: 用户 <用户@xn--bcher-kva.example>".encode() in message
    with office(tmp_path / "old", tool("openssl"), "--no-utf8") as old:
        folder.write(old.smtp(), people("first@x.example", "用户2@x.example"))
        folder.planned()
        done = folder.mail("send", *QUICK)
        assert (done.returncode, old.recipients()) == (1, [])
        assert "does not know international addresses (SMTPUTF8)" in done.stderr


def test_a_message_too_large_for_the_server_is_not_begun(
    folder: Room, tmp_path: Path, tool: Callable[[str], str]
) -> None:
    with office(tmp_path / "small", tool("openssl"), "--size", "20000") as post:
        folder.write(post.smtp())
        folder.planned()
        done = folder.mail("send", *QUICK)
        assert (done.returncode, post.recipients()) == (1, [])
        assert re.search(r"127\.0\.0\.1:\d+ takes messages up to 20,000 bytes; this has [\d,]+", done.stderr)
        assert folder.states()["ada@x.example"] == "failed"


def test_a_maildir_instead(folder: Room) -> None:
    folder.planned()
    assert folder.mail("send", *QUICK, "--transport", "maildir:box").returncode == 0
    assert folder.mail("send", *QUICK, "--transport", "maildir:box").returncode == 0
    made = sorted((folder.folder / "box" / "new").iterdir())
    assert len(made) == 3
    assert not any((folder.folder / "box" / "tmp").iterdir())
    assert b"Subject: Your file, " in made[0].read_bytes()
    assert set(folder.states().values()) == {"sent"}
    assert folder.mail("send", *QUICK, "--transport", "pigeon:loft").returncode == 2


def test_what_is_asked_wrongly(folder: Room) -> None:
    unplanned = folder.mail("send", *QUICK)
    assert (unplanned.returncode, "the campaign is not planned yet" in unplanned.stderr) == (1, True)
    assert folder.mail("send", "--rate", "fast").returncode == 2
    assert folder.mail("send", "--test", "nobody").returncode == 2
