"""Messages as bytes, read back by programs that are not ours: ripmime and munpack."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import hashlib
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mailroom import unpacked

from render.campaign import Address, addresses
from render.deliver import Enclosure, Letter, Writer, ascii_name, file_name

PDF, PNG = b"%PDF-1.7\n" + bytes(range(256)) * 500, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9
CONTENTS = {hashlib.sha256(data).hexdigest(): data for data in (PDF, PNG)}
PDF_SHA, PNG_SHA = CONTENTS
DATE = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
TEXT = "Dear Łukasz,\n\n.a line that begins with a dot\nFrom here on: “quotes”.\n" + "long " * 400 + "\n"


def letter(**changed: object) -> Letter:
    made = Letter(
        campaign="spring",
        to=addresses.parse("Łukasz, the Second <lukasz@x.example>"),
        sender=addresses.parse("Central Files <files@otiose.example>"),
        subject="Your file, Łukasz – it is here",
        text=TEXT,
        html='<p>Dear Łukasz <img src="cid:one@otiose.example" alt="The first page"></p>',
        enclosures=(Enclosure(PDF_SHA, "OR-1 Größe & Maß.pdf"),),
        pictures=(Enclosure(PNG_SHA, "page.png", "image/png", "one@otiose.example"),),
    )
    return replace(made, **changed)


def written(one: Letter) -> bytes:
    return Writer(CONTENTS.__getitem__).write(one, DATE, one.message_id())


def headers(message: bytes) -> dict[str, str]:
    """The top headers as they stand, unfolded."""
    head = message.partition(b"\r\n\r\n")[0].decode()
    return dict(line.split(": ", 1) for line in re.sub(r"\r\n[ \t]", " ", head).split("\r\n"))


def test_ripmime_finds_every_byte(tmp_path: Path, tool: Callable[[str], str]) -> None:
    found = unpacked(tool("ripmime"), written(letter()), tmp_path / "found")
    assert list(found.values()).count(PNG_SHA) == 1
    assert PDF_SHA in found.values()
    assert any("OR-1 Größe & Maß.pdf" in name for name in found), "the name in RFC 2231"
    assert any(name.startswith("OR-1 Grosse & Mass.pdf") for name in found), "the plain one"
    texts = [(tmp_path / "found" / name).read_text("utf-8") for name in found if name.startswith("textfile")]
    assert TEXT in texts
    assert any('alt="The first page"' in text for text in texts)


def test_munpack_finds_the_same(tmp_path: Path, tool: Callable[[str], str]) -> None:
    (tmp_path / "found").mkdir()
    (tmp_path / "one.eml").write_bytes(written(letter()))
    listed = subprocess.run(
        [tool("munpack"), "-t", "-C", str(tmp_path / "found"), str(tmp_path / "one.eml")],
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    ).stdout
    assert [line.rpartition("(")[2] for line in listed.splitlines()] == [
        "text/plain)", "text/html)", "image/png)", "application/pdf)",
    ]  # fmt: skip
    kept = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "found").iterdir()}
    assert {PDF_SHA, PNG_SHA} <= kept


def test_safe_on_the_wire() -> None:
    message = written(letter(to=addresses.parse("Ünï Çödé <u@x.example>"), subject="ß" * 300))
    assert max(message) < 128
    assert not re.search(rb"[^\r]\n|\r[^\n]|\x00", message)
    assert max(map(len, message.split(b"\r\n"))) <= 998
    assert message.endswith(b"--\r\n")


def test_the_headers() -> None:
    copies = {"cc": (Address("c@x.example", "C"),), "bcc": (Address("b@x.example"),)}
    unsubscribe = "https://otiose.example/" + "u" * 200
    found = headers(written(letter(reply_to=Address("r@x.example"), unsubscribe=unsubscribe, **copies)))
    assert list(found) == [
        "From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "MIME-Version",
        "Content-Type",
    ]  # fmt: skip
    assert found["From"] == "Central Files <files@otiose.example>"
    assert found["Date"] == "Sun, 22 Nov 2026 09:30:00 +0000"
    assert found["List-Unsubscribe"] == f"<{unsubscribe}>"
    assert re.fullmatch(r"<[0-9a-f]{40}@otiose\.example>", found["Message-ID"])
    assert b"b@x.example" not in written(letter(bcc=(Address("b@x.example"),)))
    read = email.message_from_bytes(written(letter()), policy=email.policy.default)
    assert read["Subject"] == "Your file, Łukasz – it is here"
    assert (read["To"].addresses[0].display_name, read["To"].addresses[0].addr_spec) == (
        "Łukasz, the Second", "lukasz@x.example",
    )  # fmt: skip
    assert not read.defects


def test_the_same_letter_is_the_same_bytes_and_has_the_same_id() -> None:
    assert written(letter()) == written(letter())
    changes = ({}, {"subject": "x"}, {"enclosures": ()}, {"to": Address("LUKASZ@x.example")})
    ids = {letter(**changed).message_id() for changed in changes}
    assert len(ids) == 1, "what is enclosed is no part of what a message is"
    others = {letter(part=2).message_id(), letter(campaign="autumn").message_id(), letter().message_id(1)}
    assert len(others | ids) == 4


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("OR-1 Größe.pdf", "OR-1 Größe.pdf"),
        ("../../etc/passwd", "-..-etc-passwd.pdf"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.pdf"),
        ("one\r\nBcc: x@y\x00\u202e", "one Bcc- x@y.pdf"),
        ("CON", "_CON.pdf"),
        ("  ...  ", "dossier.pdf"),
        ("x" * 300, "x" * 116 + ".pdf"),
        ("Report.PDF", "Report.pdf"),
    ],
)
def test_names_of_files(said: str, name: str) -> None:
    assert file_name(said) == name


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("OR-1 Größe.pdf", "OR-1 Grosse.pdf"),
        ("Łódź – œuvre.pdf", "Lodz - oeuvre.pdf"),
        ("Дело 7.pdf", "_ 7.pdf"),
        ("档案.pdf", "dossier.pdf"),
    ],
)
def test_names_for_programs_that_know_ascii_only(name: str, plain: str) -> None:
    assert ascii_name(name) == plain


def test_a_name_stands_in_both_ways() -> None:
    message = written(letter(enclosures=(Enclosure(PDF_SHA, "档案 7.pdf"),)))
    disposition = re.search(rb"Content-Disposition: attachment;(.*?)\r\n\r\n", message, re.DOTALL)
    assert disposition is not None
    assert disposition[1].split(b"\r\n") == [
        b"",
        b' filename="_ 7.pdf";',
        b" filename*=UTF-8''%E6%A1%A3%E6%A1%88%207.pdf",
    ]
    read = email.message_from_bytes(message, policy=email.policy.default)
    assert [part.get_filename() for part in read.iter_attachments()] in (["档案 7.pdf"], ["_ 7.pdf"])


def test_international_addresses_stand_as_they_are() -> None:
    one = letter(to=addresses.parse("用户 <用户@例え.example>"), subject="Größe")
    assert one.international
    assert not letter(to=addresses.parse("a@bücher.example")).international
    head = written(one).partition(b"\r\n\r\n")[0].decode()
    assert "To: 用户 <用户@xn--r8jz45g.example>" in head
    assert max(written(one).partition(b"\r\n\r\n")[2]) < 128


def test_no_header_comes_from_a_field() -> None:
    for wrong in ({"subject": "a\r\nBcc: x@y.example"}, {"to": Address("a@x.example", "A\nBcc: x@y.example")}):
        with pytest.raises(ValueError, match=r"[Hh]eader|line|linefeed|CR|LF"):
            written(letter(**wrong))


def test_a_letter_of_text_alone() -> None:
    message = written(letter(html="", pictures=(), enclosures=(), text="One line.\n"))
    assert message.partition(b"MIME-Version: 1.0\r\n")[2] == (
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: 7bit\r\n\r\nOne line.\r\n'
    )


def test_a_draft_is_left_to_a_person() -> None:
    found = headers(Writer(CONTENTS.__getitem__).draft(letter()))
    assert found["X-Unsent"] == "1"
    assert {"From", "Date", "Message-ID"}.isdisjoint(found)
