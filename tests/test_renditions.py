"""Renditions: a layout thinned out for a purpose. Mail's is lean, and still whole."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from command import ROOT, archive, dossier, files, text_of

from render import layouts, raster
from render.problems import InputError, UsageError

SEED = "junior-ai-lifecycle-management-best-practices-specialist"
MOST = 120_000
"""Bytes that the lean seed may have."""


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed, whole and lean."""
    folder = tmp_path_factory.mktemp("lean")
    for purpose in ((), ("--for", "mail")):
        done = dossier("render", SEED, "--archive", ROOT / "specimens", *purpose, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def lean(both: Path) -> Path:
    return both / "dossiers-mail" / f"{SEED}.pdf"


def test_it_is_light_and_stands_beside_the_whole_one(both: Path, lean: Path) -> None:
    whole = both / "dossiers" / f"{SEED}.pdf"
    assert lean.stat().st_size <= MOST < whole.stat().st_size


def test_it_has_three_faces(lean: Path, tool: Callable[[str], str]) -> None:
    listed = subprocess.run([tool("pdffonts"), str(lean)], capture_output=True, text=True, check=True).stdout
    names = {line.split()[0].partition("+")[2] for line in listed.splitlines()[2:]}
    assert names == {"Courier-Prime", "Special-Elite", "Barlow-Condensed,-Bold-Condensed"}


def test_it_is_tagged_and_claims_both_standards(lean: Path) -> None:
    with pikepdf.open(lean) as pdf:
        assert pdf.Root.MarkInfo.Marked
        kinds = {
            str(one.S) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/P" in one
        }
        assert {"/Document", "/H1", "/H2", "/Table", "/TH", "/Figure", "/LI"} <= kinds
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")


def test_codes_are_on_the_cards_only(lean: Path) -> None:
    found = [
        [code.text for code in raster.codes(page) if code.format == "QRCode"]
        for page in raster.pages(lean.read_bytes())
    ]
    assert [len(texts) for texts in found] == [0] * (len(found) - 1) + [3]
    assert all(text.startswith("https://") for text in found[-1])


def test_it_says_what_the_whole_one_says(both: Path, lean: Path, tool: Callable[[str], str]) -> None:
    said = [set("".join(text_of(tool("pdftotext"), path)).split()) for path in (both / "dossiers" / lean.name, lean)]
    missing = said[0] - said[1]
    assert len(said[0]) > 500
    assert len(missing) < 0.2 * len(said[0]), "furniture is left out, and lines break otherwise"
    assert {"Handwaving", "Kowalski"} - said[1] <= {"Handwaving"}


def test_the_same_bytes_again_and_counted_by_recipe(both: Path, lean: Path, tmp_path: Path) -> None:
    before = lean.read_bytes()
    again = dossier("render", SEED, "--for", "mail", "--explain", "--archive", ROOT / "specimens", folder=both.parent)
    assert again.stdout.splitlines()[0] == f"{SEED}: unchanged"
    fresh = dossier("render", SEED, "--for", "mail", "--no-cache", "--archive", ROOT / "specimens", folder=tmp_path)
    assert fresh.returncode == 0
    assert (tmp_path / "out" / "dossiers-mail" / f"{SEED}.pdf").read_bytes() == before


def test_a_rendition_of_ones_own(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"clerk": ""})
    own = tmp_path / "shelf" / "folder" / "renditions" / "fax.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("furniture: {seal: false, portrait: false}\n")
    done = dossier("render", "--archive", folder, "--layouts", "shelf", "--for", "fax", "--no-cache", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "out/dossiers-fax/clerk.pdf\n")
    found = layouts.find("folder:fax", [tmp_path / "shelf"])
    assert (found.furniture["seal"], found.furniture["tab"], found.name) == (False, True, "folder:fax")
    own.write_text("voices: [stencil]\n")
    layouts.forget()
    with pytest.raises(InputError, match="1:9: voices is a list; it must be a mapping"):
        layouts.find("folder:fax", [tmp_path / "shelf"])


def test_a_rendition_nobody_knows(tmp_path: Path) -> None:
    folder = archive(tmp_path / "files", {"clerk": ""})
    done = dossier("render", "--archive", folder, "--for", "male", folder=tmp_path)
    assert (done.returncode, files(tmp_path / "files")) == (2, ["archive.yaml", "clerk.yaml"])
    assert done.stderr == "dossier: layout folder has no rendition 'male'; there are: mail\n"
    with pytest.raises(UsageError, match="no rendition"):
        layouts.find("folder:../mail")
