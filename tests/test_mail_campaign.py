"""Campaigns as they are read: recipients, templates, addresses, and every mistake with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from mailroom import CAMPAIGN, PEOPLE, Room, room

from render import campaign
from render.campaign import addresses
from render.campaign.phrases import Phrase, PhraseError
from render.problems import InputError, Where

MANY = "it holds more than one address, or a character that none may have"


@pytest.fixture
def folder(tmp_path: Path) -> Room:
    return room(tmp_path, tmp_path / ".kept")


def told(folder: Room) -> list[str]:
    """What reading the campaign complains of, files by their last name."""
    with pytest.raises(InputError) as failure:
        campaign.read(folder.campaign)
    return [str(problem).replace(f"{folder.campaign.parent}/", "") for problem in failure.value.problems]


def test_what_a_campaign_says(folder: Room) -> None:
    folder.write(
        'max_size: 500kB\nover_size: [lean, split]\ncc: desk@otiose.example\nbcc: ["a@x.example", "b@x.example"]\n'
    )
    found = campaign.read(folder.campaign)
    assert (found.name, str(found.ledger)) == ("spring", str(folder.ledger))
    assert (found.sender.name, found.sender.wire) == ("Central Files", "files@otiose.example")
    assert [(one.address.wire, one.address.name, one.fields["specimens"]) for one in found.recipients] == [
        ("ada@x.example", "Ada", "clerk"),
        ("bob@x.example", "Bob", "tag:desk"),
        ("eve@y.example", "Eve", "courier"),
    ]
    assert (found.max_size, found.over_size) == (500_000, ("lean", "split"))
    assert [address.wire for address in (*found.cc, *found.bcc)] == [
        "desk@otiose.example", "a@x.example", "b@x.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "people",
    [
        PEOPLE.replace(",", ";"),
        PEOPLE.replace(",", "\t"),
        "\ufeff" + PEOPLE.replace("\n", "\r\n"),
        PEOPLE.replace("Ada", '"Ada"').replace("clerk", ' "clerk" ') + "\n,,\n",
    ],
    ids=["semicolons", "tabs", "windows", "quotes and empty rows"],
)
def test_kinds_of_csv(folder: Room, people: str) -> None:
    folder.write(people=people)
    found = campaign.read(folder.campaign).recipients
    assert [(one.address.wire, one.fields["name"], one.fields["specimens"]) for one in found] == [
        ("ada@x.example", "Ada", "clerk"), ("bob@x.example", "Bob", "tag:desk"), ("eve@y.example", "Eve", "courier"),
    ]  # fmt: skip


def test_cells_with_commas_marks_and_lines(folder: Room) -> None:
    people = 'address,name,specimens,note of ours\na@x.example,"A, ""the"" B",clerk,"one\ntwo"\nb@x.example,B,clerk,\n'
    folder.write(people=people)
    first, second = campaign.read(folder.campaign).recipients
    assert (first.fields["name"], first.fields["note_of_ours"]) == ('A, "the" B', "one\ntwo")
    assert (second.where().line, second.where().column) == (4, 1)


def test_recipients_in_yaml(folder: Room) -> None:
    folder.write("recipients:\n  - {address: Ada <ada@x.example>, specimens: [clerk, courier], room: 007}\n")
    (one,) = campaign.read(folder.campaign).recipients
    assert one.fields == {"address": "ada@x.example", "name": "Ada", "specimens": "clerk courier", "room": "007"}
    (folder.campaign.parent / "people.yaml").write_text("- {address: a@x.example, name: A, specimens: clerk}\n")
    folder.write("recipients: people.yaml\n")
    (one,) = campaign.read(folder.campaign).recipients
    assert (one.address.wire, one.where().line, one.where().column) == ("a@x.example", 1, 13)


def test_every_mistake_at_once_with_its_place(folder: Room) -> None:
    people = (
        "address,name,specimens\nada@x.example,Ada,clerk\nbad@@x.example,Bob,clerk\nADA@X.example,Ada,clerk\n"
        '"x@y.example","E\nve",clerk\nf@y.example,F,clerk,more\n'
    )
    folder.write('subject: "Your file, {{ nmae }}"\nhtml: |\n  <p>\n  {{ attachmens }}</p>\n', people)
    assert told(folder) == [
        f"people.csv:3:1: bad@@x.example is no e-mail address: {MANY}",
        "people.csv:4:1: ADA@x.example is a recipient twice; the first is at 2:1 (delete one of them)",
        "people.csv:5:15: the name cannot stand in a message: it has a line break or a control character",
        "people.csv:7:21: this row has more cells than there are columns (a text with a comma in it needs quotes)",
        "spring.yaml:9:25: subject uses nmae, which nobody knows (did you mean name?)",
        "spring.yaml:12:6: html uses attachmens, which nobody knows (did you mean attachments?)",
    ]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("smtp: {password: secret}\n", "spring.yaml:10:8: password cannot stand here (give it in the environment"),
        ('text: "{% if %}"\n', "spring.yaml:6:7: text is no template: "),
        ("text_file: body.txt\n", "spring.yaml:10:1: the campaign has text and text_file; it can have only one"),
        ("recipients: nobody.csv\n", "spring.yaml:9:13: there is no file nobody.csv beside the campaign"),
        ("max_size: 10\n", 'spring.yaml:10:11: max_size is "10"; it must be a size such as 10MB or 500kB'),
        ("over_size: [shrink]\n", 'spring.yaml:10:13: item 1 of over_size is "shrink"; it must be lean, split or link'),
        ("from: Central Files\n", "spring.yaml:9:7: Central Files is no e-mail address: it has no @"),
        ("attach: '{{ files }}'\n", "spring.yaml:10:13: attach uses files, which nobody knows"),
        ("html_file: ../../etc/body\n", "spring.yaml:10:12: there is no file ../../etc/body beside the campaign"),
        ("recipents: people.csv\n", 'spring.yaml:10:1: recipents is not known ("recipients" is there already)'),
    ],
)  # fmt: skip
def test_mistakes_of_the_campaign_itself(folder: Room, more: str, sentence: str) -> None:
    folder.write(more)
    assert [line[: len(sentence)] for line in told(folder)][:1] == [sentence]


def test_a_list_without_addresses_or_without_anybody(folder: Room) -> None:
    folder.write(people="mail,name\na@x.example,A\n")
    assert told(folder)[0].startswith("people.csv:1:1: there is no column address (its first line names the columns")
    folder.write(people="address,name,specimens\n")
    assert told(folder) == ["people.csv: there are no recipients in this file"]
    folder.write(people='address,name,specimens\n"a@x.example,A,clerk\n')
    assert told(folder)[0].startswith("people.csv:2:1: a quotation mark is not where it can be read")


def test_a_campaign_without_a_text(folder: Room) -> None:
    folder.write(campaign=CAMPAIGN.replace("text: |", "reply_to: a@x.example\n#").replace("  Dear", "# Dear"))
    folder.campaign.write_text(
        "name: spring\nfrom: a@x.example\nsubject: Hello\nrecipients: [{address: b@x.example, specimens: clerk}]\n"
    )
    assert told(folder) == ["spring.yaml: the campaign has no text (add text: or text_file:)"]
    (folder.campaign.parent / "body.txt").write_text("\n")
    with folder.campaign.open("a") as file:
        file.write("text_file: body.txt\n")
    assert told(folder) == ["body.txt: there is nothing in this file, the campaign's text"]


@pytest.mark.parametrize(
    ("said", "wire", "name"),
    [
        ("files@otiose.example", "files@otiose.example", ""),
        ('"Files, Central" <files@Otiose.Example>', "files@otiose.example", "Files, Central"),
        ("Bücher <a.b+c@bücher.example>", "a.b+c@xn--bcher-kva.example", "Bücher"),
        ("用户@例え.example", "用户@xn--r8jz45g.example", ""),
    ],
)
def test_addresses(said: str, wire: str, name: str) -> None:
    found = addresses.parse(said)
    assert (found.wire, found.name) == (wire, name)


def test_two_spellings_of_one_mailbox_are_one() -> None:
    keys = {addresses.parse(said).key for said in ("Ada.B@x.example", "ada.b@X.EXAMPLE", "A <ADA.B@x.example>")}
    assert keys == {"ada.b@x.example"}
    assert addresses.parse("e\u0301@x.example").key == addresses.parse("\u00c9@x.example").key


@pytest.mark.parametrize(
    "said",
    [
        "", "nobody", "@x.example", "a@", "a@x", "a b@x.example", "a@x.example, b@x.example", "a@x.example;b@x.example",
        "a..b@x.example", ".a@x.example", "a@x..example", "a@-x.example", "a@x_y.example", "a@10.0.0.1", "a@[10.0.0.1]",
        "a@stra\u00dfe.example", "a\n@x.example", "A\r\nBcc: c@x.example <a@x.example>", "a\x00@x.example",
        "x" * 65 + "@x.example", "a@" + "x" * 64 + ".example", '"a"@x.example', "<<a@x.example>>",
    ],
)  # fmt: skip
def test_what_is_no_address(said: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        addresses.parse(said)


def test_the_schema_of_a_campaign_is_printed_for_editors(folder: Room) -> None:
    from command import as_json, dossier

    schema = as_json(dossier("schema", "campaign", folder=folder.folder))
    assert set(schema["required"]) == {"name", "from", "subject", "recipients"}
    assert schema["properties"]["max_size"]["errorMessage"] == "it must be a size such as 10MB or 500kB"


@pytest.mark.parametrize(
    "text", ['{{ "x" * 10**10 }}', '{{ 10**10 * "x" }}', "{{ 9**(9**9) }}", "{{ [name] * 10**9 }}"]
)
def test_a_template_cannot_ask_for_more_than_there_is(text: str) -> None:
    phrase = Phrase("text", text, Where("spring.yaml", 1, 1), (text,))
    with pytest.raises(PhraseError, match=r"spring\.yaml:1:1: .*a product or power in it is too large"):
        phrase.fill({"name": "Ada"})


def test_a_template_may_count() -> None:
    phrase = Phrase("text", '{{ "-" * 3 }}{{ 2**10 }}{{ 2.5 * count }}', Where("spring.yaml", 1, 1), ())
    assert phrase.fill({"count": 4}) == "---102410.0"
