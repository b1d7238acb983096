"""Planning: who gets what, how big it is, what is wrong; and nothing is sent."""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command import as_json, dossier, files
from mailroom import PEOPLE, Room, room, unpacked


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def folder(tmp_path: Path, shared: Path) -> Room:
    return room(tmp_path / "bureau", shared)


def messages(folder: Room) -> list[dict[str, object]]:
    done = folder.plan("--format", "json")
    assert done.returncode == 0, done.stdout
    found: list[dict[str, object]] = as_json(done)["messages"]
    return found


def test_a_table_and_a_spool(folder: Room) -> None:
    done = folder.plan()
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [(line[0], line[2], " ".join(line[3:])) for line in lines] == [
        ("ada@x.example", "kB", "clerk.pdf"),
        ("bob@x.example", "kB", "archivist.pdf, clerk.pdf"),
        ("eve@y.example", "kB", "courier.pdf"),
    ]
    assert "3 messages, " in done.stderr
    assert "3 files; nothing is sent yet" in done.stderr
    kinds = [name.partition("/")[0] for name in files(folder.spool)]
    assert {kind: kinds.count(kind) for kind in kinds} == {"attachments": 3, "bodies": 6, "dossiers": 3, "plan.json": 1}
    assert files(folder.campaign.parent) == ["people.csv", "spring.ledger", "spring.yaml"]


def test_ten_get_one_file_and_it_is_there_once(folder: Room) -> None:
    folder.write(people="address,name,specimens\n" + "".join(f"p{n}@x.example,P{n},clerk\n" for n in range(10)))
    assert len(messages(folder)) == 10
    assert len(list((folder.spool / "attachments").iterdir())) == 1
    again = folder.plan()
    assert (again.returncode, "typesetting" in again.stderr) == (0, False)


def test_every_way_to_say_what_is_enclosed(folder: Room) -> None:
    rows = "a@x.example,A,family:drawer,\nb@x.example,B,tag:cellar clerk,\nc@x.example,C,,clerk\n"
    people = "address,name,specimens,room\n" + rows
    folder.write('attach: "{{ specimens or room }}"\n', people)
    assert [one["attachments"] for one in messages(folder)] == [
        ["archivist.pdf", "clerk.pdf", "courier.pdf"],
        ["archivist.pdf", "clerk.pdf"],
        ["clerk.pdf"],
    ]


def test_everything_wrong_at_once_with_its_place_and_nothing_written(folder: Room) -> None:
    people = "address,name,specimens\na@x.example,A,clerk clark\nb@x.example,B,\nc@x.example,C,tag:none courier\n"
    folder.write(people=people)
    (folder.folder / "courier.yaml").write_text(
        "title: Courier\nsummary: S.\nfamily: drawer\nflight_risk: {percent: 120}\n"
    )
    done = folder.plan()
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.partition(" (")[0] for line in done.stderr.splitlines()] == [
        "courier.yaml:4:24: error: percent is 120; it must be at most 100",
        "_mail/people.csv:2:21: error: there is no specimen 'clark'",
        "_mail/people.csv:3:15: error: nothing is enclosed for b@x.example",
        "_mail/people.csv:4:15: error: no specimen has the tag 'none'",
        "4 errors in 2 files",
    ]
    assert not folder.spool.exists()
    assert not folder.ledger.exists()


def test_what_cannot_be_filled_in_names_the_recipient(folder: Room) -> None:
    first = "recipients:\n  - {address: a@x.example, name: A, specimens: clerk}\n"
    folder.write(first + "  - {address: b@x.example, specimens: clerk}\n")
    done = folder.plan()
    assert done.returncode == 1
    assert "subject cannot be filled in: 'name' is undefined (for b@x.example, _mail/spring.yaml:" in done.stderr


def test_a_subject_is_one_line(folder: Room) -> None:
    people = 'address,name,specimens,more\na@x.example,A,clerk,"one\nBcc: x@y.example"\n'
    folder.write('subject: "{{ more }}"\n', people)
    done = folder.plan()
    assert (done.returncode, "the subject has a line break or a control character; it is one line" in done.stderr) == (
        1,
        True,
    )


def test_messages_to_look_at(folder: Room, tmp_path: Path, tool: Callable[[str], str]) -> None:
    done = folder.plan("--eml", "2")
    assert done.stdout.splitlines()[-2:] == ["out/mail/spring/eml/001.eml", "out/mail/spring/eml/002.eml"]
    made = (folder.spool / "eml" / "002.eml").read_bytes()
    found = unpacked(tool("ripmime"), made, tmp_path / "found")
    kept = {path.stem for path in (folder.spool / "attachments").iterdir()}
    assert {sha for name, sha in found.items() if name.endswith(".pdf")} <= kept
    assert (tmp_path / "found" / "textfile1").read_text() == "Dear Bob,\n\nEnclosed: archivist.pdf, clerk.pdf.\n"


def test_file_names_subjects_and_html(folder: Room) -> None:
    body = '<p>For {{ name }}</p>{% for one in previews %}<img src="{{ one.src }}" alt="{{ one.alt }}">{% endfor %}\n'
    (folder.campaign.parent / "body.html").write_text(body)
    folder.write(
        'filename: "{{ file_number }} {{ title }} für {{ name }}"\nhtml_file: body.html\npreview: true\n'
        "list_unsubscribe: https://otiose.example/u?{{ address|urlencode }}\n"
    )
    done = folder.plan("--eml", "1")
    assert done.returncode == 0, done.stderr
    read = email.message_from_bytes((folder.spool / "eml" / "001.eml").read_bytes(), policy=email.policy.default)
    html = read.get_body(("related", "html"))
    assert html is not None
    picture = next(part for part in html.walk() if part.get_content_type() == "image/png")
    assert picture["Content-ID"][1:-1] in html.as_string()
    assert picture.get_content()[:8] == b"\x89PNG\r\n\x1a\n"
    assert 'alt="The first page of The Clerk, OR-' in next(
        part.get_content() for part in html.walk() if part.get_content_type() == "text/html"
    )
    (name,) = [part.get_filename() for part in read.iter_attachments()]
    assert name.startswith("OR-")
    assert " The Clerk f" in name
    assert read["List-Unsubscribe"] == "<https://otiose.example/u?ada%40x.example>"


def test_lean_when_it_is_too_large(folder: Room) -> None:
    whole = messages(folder)[0]["size"]
    assert isinstance(whole, int)
    folder.write(f"max_size: {whole / 1000 - 1:.3f}kB\nover_size: [lean]\n", PEOPLE.split("bob")[0])
    (one,) = messages(folder)
    assert (one["measures"], one["attachments"]) == (["lean"], ["clerk.pdf"])
    assert one["size"] < whole - 1000


def test_split_when_it_is_too_large(folder: Room) -> None:
    sizes = [one["size"] for one in messages(folder)]
    folder.write(f"max_size: {max(sizes[0], sizes[2]) / 1000 + 1:.3f}kB\nover_size: [split]\n")  # type: ignore[type-var, operator]
    found = messages(folder)
    assert [(one["address"], one["part"], one["parts"], one["attachments"]) for one in found] == [
        ("ada@x.example", 1, 1, ["clerk.pdf"]),
        ("bob@x.example", 1, 2, ["archivist.pdf"]),
        ("bob@x.example", 2, 2, ["clerk.pdf"]),
        ("eve@y.example", 1, 1, ["courier.pdf"]),
    ]
    assert [one["subject"] for one in found][1:3] == ["Your file, Bob (1/2)", "Your file, Bob (2/2)"]


def test_links_only_where_they_lead_somewhere(folder: Room) -> None:
    folder.write("max_size: 20kB\nover_size: [split, link]\n")
    done = folder.plan()
    assert done.returncode == 1
    assert "_mail/people.csv:2:19: error: the message to ada@x.example has " in done.stderr
    assert "links are used only when archive.yaml says published: true" in done.stderr
    archive = folder.folder / "archive.yaml"
    archive.write_text(archive.read_text() + "published: true\n")
    found = messages(folder)
    assert [(one["measures"], one["attachments"]) for one in found] == [(["link"], [])] * 3
    texts = [path.read_text() for path in sorted((folder.spool / "bodies").glob("*.txt"))]
    assert sum("The Clerk: https://files.example.org/clerk\n" in text for text in texts) == 2


def test_a_size_that_nothing_helps(folder: Room) -> None:
    folder.write("max_size: 1kB\nover_size: [lean, split]\n", PEOPLE.split("bob")[0])
    done = folder.plan()
    assert (done.returncode, "max_size is 1,000; over_size: can say link" in done.stderr) == (1, True)


def test_the_whole_anthology(folder: Room) -> None:
    folder.write("attach: anthology clerk\n", PEOPLE.split("bob")[0])
    (one,) = messages(folder)
    assert one["attachments"] == ["clerk.pdf", "The Registry of Trials.pdf"]
    assert (folder.spool / "anthology.pdf").read_bytes()[:5] == b"%PDF-"


def test_a_rendition_theme_and_paper(folder: Room, tool: Callable[[str], str]) -> None:
    folder.write("rendition: mail\ntheme: mono\npaper: a5\n", PEOPLE.split("bob")[0])
    assert len(messages(folder)) == 1
    made = folder.spool / "dossiers-mail" / "clerk.pdf"
    told = subprocess.run([tool("pdffonts"), str(made)], capture_output=True, text=True, check=True).stdout
    assert "Courier-Prime" in told
    folder.write("paper: a11\n")
    assert folder.plan().returncode == 2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one MiB."""
    place = tmp_path / "small"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid():
        pytest.skip("only root can mount a small file system, on Linux")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_leaves_the_former_plan(folder: Room, small: Path) -> None:
    folder.write(people=PEOPLE.split("bob")[0])
    assert folder.plan("--output", str(small)).returncode == 0
    before = (small / "mail" / "spring" / "plan.json").read_bytes()
    lines = "".join(f"p{number}@x.example,{'N' * 3000}{number},clerk\n" for number in range(300))
    folder.write('subject: "Your file"\n', "address,name,specimens\n" + lines)
    done = folder.plan("--output", str(small))
    assert (done.returncode, done.stdout) == (1, "")
    assert "the file cannot be written: no space left on device" in done.stderr
    assert (small / "mail" / "spring" / "plan.json").read_bytes() == before
    again = folder.mail("send", "--send", "--output", str(small))
    assert "people.csv, spring.yaml changed since the campaign was planned" in again.stderr


def test_a_draft_needs_no_campaign(folder: Room, tmp_path: Path, tool: Callable[[str], str]) -> None:
    done = dossier(
        "mail", "draft", "tag:desk", "--to", "Ada <ada@x.example>", "--cache", folder.shared, folder=folder.folder
    )
    assert (done.returncode, done.stdout) == (0, "out/mail/drafts/archivist.eml\n"), done.stderr
    made = (folder.folder / "out" / "mail" / "drafts" / "archivist.eml").read_bytes()
    head = made.partition(b"\r\n\r\n")[0].decode()
    assert "To: Ada <ada@x.example>\r\nSubject: The Archivist, The Clerk\r\nX-Unsent: 1\r\n" in head
    found = unpacked(tool("ripmime"), made, tmp_path / "found")
    pdfs = sorted(name for name in found if name.endswith(".pdf"))
    assert sorted(name.partition(" ")[2] for name in pdfs) == ["The Archivist.pdf", "The Clerk.pdf"]
    nobody = dossier("mail", "draft", "clerk", "--to", "nobody", folder=folder.folder)
    assert (nobody.returncode, nobody.stderr) == (2, "dossier: nobody: it has no @\n")
    assert dossier("mail", "draft", "--to", "a@x.example", folder=folder.folder).returncode == 2
