"""The command line through its real door: what it prints where, with which status, and how quickly it gives way."""

from __future__ import annotations

import json
import os
import re
import resource
import select
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import command
import jsonschema_rs
import pytest
from command import BIN, ROOT, archive, as_json, dossier, files, open_terminal, text_of

from render import __version__, load
from render.cli import main, parser

SEED = "junior-ai-lifecycle-management-best-practices-specialist"
TEXT = command.ROOT / "tests" / "archives" / "text" / "junior-ai-lifecycle-specialist.txt"
COMMANDS = (
    "render", "anthology", "print", "preflight", "check", "intake", "new", "init", "mail", "clean", "doctor", "layouts",
    "taxonomy", "schema", "completion",
)  # fmt: skip
WRONG = {
    "first": "habitat: Everywhere.\n",
    "second": "flight_risk: {percent: 120, diagnosis: High.}\nwepaonry: []\n",
    "third": "",
}
ROOM = """\
room:
  wide: {own: 120, item: 0, line: 5, measure: 90}
  narrow: {own: 120, item: 0, line: 5, measure: 50}
"""
AS_A_LIST = 'begin each item on a line of its own, with "- "'
TOLD = (
    f'first.yaml:4:10: error: habitat is "Everywhere."; it must be a list ({AS_A_LIST})',
    "second.yaml:4:24: error: percent is 120; it must be at most 100",
    'second.yaml:5:1: error: wepaonry is not known (did you mean "weaponry"?)',
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder after ``init`` and two runs of ``render`` over a new archive: with HTML, and without fitting."""
    folder = tmp_path_factory.mktemp("begun")
    started = dossier("init", "bureau", folder=folder)
    assert started.returncode == 0
    assert started.stdout.split() == [
        f"bureau/{name}"
        for name in ("archive.yaml", "first-specimen.yaml", ".dossier/specimen.json", ".dossier/archive.json")
    ]
    rendered = dossier("render", "--html", "html", folder=folder / "bureau")
    assert (rendered.returncode, rendered.stdout.split()) == (
        0,
        ["out/dossiers/first-specimen.pdf", "html/first-specimen.html"],
    )
    return folder / "bureau"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    return archive(tmp_path / "files", WRONG)


def sources(path: Path) -> list[str]:
    """Every address an HTML file loads something from."""
    html = path.read_text("utf-8")
    found = re.findall(r"""url\(\s*["']?([^"')]*)|<(?:img|link|script|source)\b[^>]*?\b(?:src|href)="([^"]*)""", html)
    return [a or b for a, b in found]


def test_html_is_self_contained(begun: Path) -> None:
    found = sources(begun / "html" / "first-specimen.html")
    assert len(found) > 30
    assert {address.partition(",")[0].partition(";")[0] for address in found} <= {
        "data:font/ttf", "data:font/woff", "data:image/svg+xml",
    }  # fmt: skip
    assert "@import" not in (begun / "html" / "first-specimen.html").read_text("utf-8")


def test_weasyprint_makes_the_same_pages_of_the_html(begun: Path, tmp_path: Path, tool: Callable[[str], str]) -> None:
    again = tmp_path / "again.pdf"
    command_line = [BIN / "weasyprint", "--quiet", begun / "html" / "first-specimen.html", again]
    subprocess.run(command_line, check=True, capture_output=True)
    ours = text_of(tool("pdftotext"), begun / "out" / "dossiers" / "first-specimen.pdf")
    assert len(ours) >= 3
    assert text_of(tool("pdftotext"), again) == ours


def test_html_shows_what_looks_like_an_address_of_ours(tmp_path: Path) -> None:
    lookalikes = "art:0123456789abcdef, font:7, url(font:3) and </style>"
    folder = archive(tmp_path / "files", {"sound": f'habitat: ["{lookalikes}"]\n'})
    done = dossier("render", "--archive", folder, "--html", "html", "--fit", "off", folder=tmp_path)
    assert (done.returncode, done.stdout.split()) == (0, ["out/dossiers/sound.pdf", "html/sound.html"])
    html = (tmp_path / "html" / "sound.html").read_text("utf-8")
    assert "art:0123456789abcdef, font:7, url(font:3) and &lt;/style&gt;" in html


def test_all_of_an_archive_with_progress_and_paths_apart(tmp_path: Path) -> None:
    archive(tmp_path, {"b": "", "a": ""})
    done = dossier("render", "--fit", "off", "--output", "proofs", folder=tmp_path)
    assert done.returncode == 0
    assert done.stdout == "proofs/dossiers/a.pdf\nproofs/dossiers/b.pdf\n"
    assert sorted(line.split() for line in done.stderr.splitlines()) in (
        [["1/2", "a"], ["2/2", "b"]],
        [["1/2", "b"], ["2/2", "a"]],
    )
    assert [name for name in files(tmp_path / "proofs") if not name.startswith(".cache/")] == [
        "dossiers/a.pdf", "dossiers/b.pdf",
    ]  # fmt: skip


def test_named_ones_are_made_once_each_in_the_archives_order(tmp_path: Path) -> None:
    archive(tmp_path, {"a": "", "b": "", "c": ""})
    done = dossier("render", "c", "a", "c", "--fit", "off", "--format", "json", folder=tmp_path)
    assert as_json(done) == {"files": ["out/dossiers/a.pdf", "out/dossiers/c.pdf"], "problems": []}


def test_an_edition_is_made_of_families_and_tags(tmp_path: Path) -> None:
    archive(tmp_path, {"a": "tags: [draft]\n", "b": "", "c": "tags: [kept, draft]\n", "broken": "habitat: x\n"})
    options = ("--fit", "off", "--only", "tag:draft", "b", "--exclude", "a")
    done = dossier("render", "family:drawer", *options, folder=tmp_path)
    assert (done.returncode, done.stderr.count("error")) == (0, 0), "broken is not among those meant"
    assert done.stdout.split() == ["out/dossiers/b.pdf", "out/dossiers/c.pdf"]


def test_fit_is_tried_unless_it_is_off(tmp_path: Path) -> None:
    """A shelf says that a section takes far more room than it does: the first guess is wrong."""
    section = tmp_path / "shelf" / "base" / "sections" / "habitat"
    shutil.copytree(command.ROOT / "layouts" / "base" / "sections" / "habitat", section)
    text = (section / "section.yaml").read_text("utf-8")
    (section / "section.yaml").write_text(re.sub(r"^room:.*\n(  .*\n)*", ROOM, text, flags=re.MULTILINE), "utf-8")
    made = []
    for fit in ("on", "off"):
        options = ("--archive", command.ROOT / "specimens", "--layouts", "shelf", "--output", fit, "--fit", fit)
        assert dossier("render", SEED, *options, folder=tmp_path).returncode == 0
        made.append((tmp_path / fit / "dossiers" / f"{SEED}.pdf").read_bytes())
    assert made[0] != made[1]


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ((), "595.28 x 841.89"),
        (("--paper", "letter", "--theme", "mono"), "612 x 792"),
        (("--paper", "148mm 210mm"), "419.53 x 595.28"),
    ],
)
def test_paper_and_theme_are_taken_from_the_command(tmp_path: Path, options: tuple[str, ...], size: str) -> None:
    import pikepdf

    folder = str(archive(tmp_path / "files", {"a": ""}))
    assert main(["render", "--archive", folder, "--output", str(tmp_path), "--fit", "off", *options]) == 0
    with pikepdf.open(tmp_path / "dossiers" / "a.pdf") as pdf:
        width, height = (round(float(length), 2) for length in pdf.pages[0].mediabox[2:])
    assert f"{width:g} x {height:g}" == size


def test_check_tells_every_problem_of_every_file_in_one_run(wrong: Path) -> None:
    done = dossier("check", folder=wrong)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [*TOLD, "3 errors in 2 files"]


def test_check_as_json(wrong: Path) -> None:
    done = dossier("check", "--format", "json", folder=wrong)
    assert (done.returncode, done.stderr) == (1, "")
    told = as_json(done)
    assert told["files"] == []
    assert told["problems"][1] == {
        "severity": "error",
        "code": "out-of-range",
        "file": "second.yaml",
        "line": 4,
        "column": 24,
        "message": "percent is 120; it must be at most 100",
        "hint": "",
    }
    assert [(one["file"], one["line"], one["column"]) for one in told["problems"]] == [
        ("first.yaml", 4, 10), ("second.yaml", 4, 24), ("second.yaml", 5, 1),
    ]  # fmt: skip


def test_check_of_one_minds_no_other(wrong: Path) -> None:
    done = dossier("check", "third", folder=wrong)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_warning_is_told_and_is_no_failure(tmp_path: Path) -> None:
    folder = archive(tmp_path, {"a": ""}, command.HEAD.replace("files.example.org", "files.example"))
    done = dossier("check", "--archive", folder, folder=tmp_path)
    assert done.returncode == 0
    assert "archive.yaml:2:11: warning: base_url is under .example" in done.stderr


def test_check_never_loads_weasyprint(tmp_path: Path) -> None:
    archive(tmp_path, {"a": "habitat: [Anywhere, related to nothing]\n"})
    code = "import sys; from render.cli import main; main(['check']); print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("rendre",), "invalid choice: 'rendre'"),
        (("check", "fist"), "there is no specimen 'fist' (did you mean first?)"),
        (("check", "--only", "famly:drawer"), "'famly:drawer' has no meaning; a set of specimens is said as SLUG, "),
        (("check", "family:draw"), "the taxonomy has no family 'draw' (did you mean family:drawer?)"),
        (("check", "--exclude", ""), "an empty text names no specimen"),
        (("check", "first", "--exclude", "first"), "nothing is chosen by first, without first"),
        (("render", "--layout", "foldr"), "no layout 'foldr'; there are: anthology, folder"),
        (("render", "--theme", "blue"), "no theme 'blue'; there are: colour, mono"),
        (("render", "--paper", "a99"), "no paper 'a99'; there are: a4, letter, a5"),
        (("render", "--paper", "90mm 120mm"), "paper '90mm 120mm' is too small"),
        (("render", "--paper", "6000mm 300mm"), "is too large; it must be at most 5080 mm either way"),
        (("print", "--for", "kdp", "--spine", "1/0mm"), "--spine: 1/0mm is not a length such as 3mm, 0.125in or 6pt"),
        (("print", "--for", "kdp", "--spine", "900mm"), "--spine: 900mm is too much; it must be at most 300mm"),
        (("print", "--for", "office", "--printable", "200mm"), "200mm is too much; it must be at most 50mm"),
        (("render", "--fit", "maybe"), "invalid choice: 'maybe'"),
        (("render", "--form", "json"), "unrecognized arguments: --form"),
        (("render", "--layouts", "nowhere"), "there is no folder nowhere"),
        (("render", "--cache", __file__), "is a file; name a folder"),
        (("clean", "--cache", __file__), "is a file; name a folder"),
        (("render", "--font-dir", "nowhere"), "there is no folder nowhere"),
        (("render", "--font-dir", "."), "no fonts (.ttf, .otf) in ."),
        (("check", "--archive", "nowhere"), "there is no archive.yaml in nowhere"),
        (("check", "--archive", "first.yaml"), "there is no archive.yaml in first.yaml"),
        (("intake", "nowhere.txt", "-o", "x"), "there is no file nowhere.txt"),
        (("intake", "first.yaml"), "the following arguments are required: -o/--output"),
        (("init", "."), ". is not an empty folder"),
        (("new", "first"), "there is already a specimen first"),
        (("new", "First One"), "'First One' cannot be a slug"),
        (("schema", "--layout", "foldr"), "no layout 'foldr'"),
        (("completion", "fish"), "invalid choice: 'fish'"),
    ],
)
def test_what_cannot_be_meant(
    wrong: Path,
    arguments: tuple[str, ...],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(wrong)
    before = files(wrong)
    try:
        status = main(arguments)
    except SystemExit as left:  # argparse's way
        status = int(left.code or 0)
    told = capsys.readouterr()
    assert (status, told.out) == (2, "")
    assert said in told.err
    assert files(wrong) == before


def test_no_archive_anywhere(tmp_path: Path) -> None:
    done = dossier("check", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("name a folder with --archive, or make one: dossier init DIR\n")


@pytest.mark.parametrize("here", [".", "deep/down", ".."])
def test_the_archive_is_found_upward_or_in_specimens(tmp_path: Path, here: str) -> None:
    folder = archive(tmp_path / "specimens", {"a": ""})
    (folder / "deep" / "down").mkdir(parents=True)
    assert dossier("check", "a", folder=folder / here).returncode == 0


@pytest.mark.parametrize("name", ["archive.yaml", "closed.yaml"])
def test_a_file_that_cannot_be_read(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = archive(tmp_path, {"closed": "", "open": ""})
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refuse)
    assert main(["check", "--archive", str(folder), "--format", "json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (Path(problem["file"]).name, problem["code"]) == (name, "unreadable")
    assert problem["message"] == "the file cannot be read: permission denied"


@pytest.mark.parametrize("arguments", [("check",), ("render", "--output", "x")])
def test_a_folder_in_the_place_of_a_file(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "archive.yaml").mkdir()
    done = dossier(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (tmp_path / "archive.yaml").rmdir()
    archive(tmp_path, {"sound": ""})
    (tmp_path / "empty.yaml").mkdir()
    assert dossier("check", folder=tmp_path).returncode == 0


def on_a_terminal(folder: Path, *arguments: str, **changed: str) -> str:
    """What a command says to a terminal of 100 columns."""
    controller, terminal = open_terminal()
    surroundings = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS")}
    process = subprocess.Popen(
        [str(BIN / "dossier"), *arguments],
        cwd=folder,
        stdout=terminal,
        stderr=terminal,
        env={**surroundings, "TERM": "xterm", "COLUMNS": "100", **changed},
    )
    os.close(terminal)
    said = b""
    while select.select([controller], [], [], 20)[0]:
        try:
            piece = os.read(controller, 4096)
        except OSError:  # Linux: the other end is closed
            break
        if not piece:
            break
        said += piece
    os.close(controller)
    assert process.wait(20) == 1
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_gets_the_line_with_a_caret_in_colour(wrong: Path) -> None:
    said = on_a_terminal(wrong, "check")
    assert "\x1b[1;31merror:\x1b[0m" in said
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said).splitlines()
    at = plain.index(TOLD[0].partition(" (")[0])
    assert plain[at + 1 : at + 3] == ["  habitat: Everywhere.", "           ^"]


def test_no_color_leaves_the_caret(wrong: Path) -> None:
    said = on_a_terminal(wrong, "check", NO_COLOR="1")
    assert "\x1b" not in said
    assert "  habitat: Everywhere.\n           ^\n" in said


def test_a_pipe_gets_neither(wrong: Path) -> None:
    said = dossier("check", folder=wrong, TERM="xterm").stderr
    assert "^" not in said
    assert "\x1b" not in said


def test_intake_gives_back_the_seed(tmp_path: Path) -> None:
    archive(tmp_path, {})
    done = dossier("intake", TEXT, "-o", "texts", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"texts/{SEED}.yaml\n")
    taken = load.load(tmp_path / "texts" / f"{SEED}.yaml").data
    ours = load.load(command.ROOT / "specimens" / f"{SEED}.yaml").data
    same = [key for key in ours if key not in ("family", "related")]
    assert len(same) == 12
    assert {key: taken[key] for key in same} == {key: ours[key] for key in same}
    assert taken["family"] == "unfiled"
    assert dossier("check", SEED, folder=tmp_path).returncode == 0


def test_intake_replaces_nothing_unless_told_to(tmp_path: Path) -> None:
    archive(tmp_path, {})
    target = tmp_path / f"{SEED}.yaml"
    target.write_text("mine")
    refused = dossier("intake", TEXT, "-o", ".", folder=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"error: {SEED}.yaml is there already (--force replaces it)" in refused.stderr
    assert target.read_text() == "mine"
    done = dossier("intake", TEXT, "-o", ".", "--force", "--family", "drawer", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{SEED}.yaml\n")
    assert load.load(target).data["family"] == "drawer"


def test_new_writes_a_specimen_that_passes(begun: Path) -> None:
    made = dossier("new", "prompt-archaeologist", folder=begun)
    assert (made.returncode, made.stdout) == (0, "prompt-archaeologist.yaml\n")
    assert dossier("check", "prompt-archaeologist", folder=begun).returncode == 0
    (begun / "prompt-archaeologist.yaml").unlink()


def test_schemas_are_printed(capsys: pytest.CaptureFixture[str], begun: Path) -> None:
    for of, name in (("specimen", "specimen.json"), ("archive", "archive.json")):
        assert main(["schema", of]) == 0
        printed = json.loads(capsys.readouterr().out)
        jsonschema_rs.meta.validate(printed)
        assert printed == json.loads((begun / ".dossier" / name).read_text("utf-8"))


def test_layouts_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["layouts"]) == 0
    said = capsys.readouterr().out
    assert "folder: Manila folder, one dossier\n  papers:   a4, letter, a5, 5.5x8.5in, 6x9in\n" in said
    assert "  themes:   colour, mono\n" in said
    assert "    01  org_chart         The Org-Chart Architecture\n" in said
    assert main(["layouts", "--format", "json"]) == 0
    listed = {layout["name"]: layout for layout in json.loads(capsys.readouterr().out)}
    assert listed["folder"]["sections"][10] == {"key": "related", "number": "11", "title": "Related Specimens"}


def test_version(begun: Path) -> None:
    assert dossier("--version", folder=begun).stdout == f"dossier {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_description_and_examples_that_parse(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 100
    usage, description = said.split("\n\n")[:2]
    assert usage.startswith(f"usage: dossier {name} ")
    assert description.count(".") >= 2
    examples = re.findall(rf"^  (dossier {name}.*)$", said, re.MULTILINE)
    assert examples
    (tmp_path / "shelf").mkdir()
    monkeypatch.chdir(tmp_path)
    for example in examples:
        words = example.partition(" > ")[0].split()[1:]
        assert parser().parse_args(words).command == name


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert tuple(re.findall(r"^    (\w+)  +\w", said, re.MULTILINE)) == COMMANDS
    assert "exit status: 0 done, 1 problems in the input, 2 a command that cannot be meant" in said


def test_help_takes_little_time(tmp_path: Path) -> None:
    def cost() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([str(BIN / "dossier"), "--help"], capture_output=True, check=True, cwd=tmp_path)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert statistics.median(cost() for _ in range(5)) < 0.150


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion(shell: str, tmp_path: Path) -> None:
    done = dossier("completion", shell, folder=tmp_path)
    assert done.returncode == 0
    for word in (*COMMANDS, "--theme"):
        assert word in done.stdout
    if shell == "bash":
        subprocess.run(["bash", "-n"], input=done.stdout, text=True, check=True)


def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    script = dossier("completion", "bash", folder=tmp_path).stdout
    ask = '\nCOMP_WORDS=(dossier {0}); COMP_CWORD={1}; _shtab_dossier; printf "%s\\n" "${{COMPREPLY[@]}}"\n'
    for words, number, expected in (("ch", 1, ["check"]), ("render --th", 2, ["--theme"])):
        asked = script + ask.format(words, number)
        done = subprocess.run(["bash"], input=asked, capture_output=True, text=True, check=False)
        assert [word.strip() for word in done.stdout.split()] == expected, done.stderr


def test_whoever_reads_may_stop_reading(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [str(BIN / "dossier"), "schema"], stdout=writer, stderr=subprocess.PIPE, cwd=tmp_path, text=True, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(("closed", "status"), [(">&-", 0), (">&- 2>&- <&-", 0), ("2>&-", 0), (">/dev/full", 1)])
@pytest.mark.parametrize("command", ["check --format json", "layouts"])
def test_streams_may_be_closed_or_full(tmp_path: Path, command: str, closed: str, status: int) -> None:
    folder = archive(tmp_path, {"a": ""})
    line = f"'{BIN / 'dossier'}' {command} {closed}"
    done = subprocess.run(line, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr
    assert ("no space left on device" in done.stderr) is bool(status)


def test_json_stays_json_where_a_terminal_knows_only_ascii(tmp_path: Path) -> None:
    folder = archive(tmp_path / "Ämter", {"a": 'habitat: "Überall"\n'})
    surroundings = {"PYTHONIOENCODING": "ascii"}
    told = as_json(dossier("check", "--archive", folder, "--format", "json", folder=tmp_path, **surroundings))
    assert told["problems"][0]["message"] == 'habitat is "Überall"; it must be a list'
    assert told["problems"][0]["file"] == "Ämter/a.yaml"
    plain = dossier("check", "--archive", folder, folder=tmp_path, **surroundings)
    assert plain.stderr.startswith('\\xc4mter/a.yaml:4:10: error: habitat is "\\xdcberall"')


def test_check_looks_at_pages_when_asked_to(tmp_path: Path) -> None:
    archive(tmp_path / "files", {"clerk": "flight_risk: {percent: 5}\n"})
    style = tmp_path / "shelf" / "base" / "sections" / "flight_risk" / "section.css"
    style.parent.mkdir(parents=True)
    own = ROOT / "layouts" / "base" / "sections" / "flight_risk" / "section.css"
    style.write_text(own.read_text("utf-8") + "\n.dial img{width:180mm}\n", encoding="utf-8")
    wanted = ("--archive", "files", "--layouts", "shelf")
    assert dossier("check", *wanted, folder=tmp_path).stderr == ""
    done = dossier("check", "--pages", *wanted, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("files/clerk.yaml:4:14: warning: page 2: the drawing “Gauge")
    assert not (tmp_path / "out" / "dossiers").exists()
    told = as_json(dossier("check", "--pages", "--format", "json", *wanted, folder=tmp_path))
    assert [problem["code"] for problem in told["problems"]] == ["overflow"]


def test_doctor_finds_what_the_press_needs(tmp_path: Path) -> None:
    done = dossier("doctor", folder=tmp_path)
    assert done.returncode == 0
    assert re.search(r"^ok +Pango +\d", done.stdout, re.MULTILINE)
    told = as_json(dossier("doctor", "--format", "json", folder=tmp_path))
    assert {finding["state"] for finding in told} == {"ok"}


def test_init_makes_up_an_archive(tmp_path: Path) -> None:
    done = dossier("init", "trial", "--synthetic", "3", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "trial/archive.yaml\n")
    assert len(list((tmp_path / "trial").glob("*.yaml"))) == 4
    assert dossier("check", "--archive", "trial", folder=tmp_path).returncode == 0
    assert dossier("init", "trial", "--synthetic", "3", folder=tmp_path).returncode == 2
    assert dossier("init", "other", "--synthetic", "0", folder=tmp_path).returncode == 2
