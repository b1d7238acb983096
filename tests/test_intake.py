"""Text records become YAML: nothing lost, nothing glued, every guess marked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typist import lost

from render import intake, layouts, load, settings, validate
from render.intake import emit, glue, money, words
from render.intake.others import Others
from render.problems import InputError
from render.record import Record

ROOT = Path(__file__).parent.parent
TEXT = Path(__file__).parent / "archives" / "text" / "junior-ai-lifecycle-specialist.txt"
SEED = "junior-ai-lifecycle-management-best-practices-specialist"
HEAD = "Growth Wizard\n"


def data(text: str | bytes, **options: Any) -> Any:
    """What the YAML of a text record says, read strictly."""
    taken = intake.read(text, name="record.txt", **options)
    return load.loads(taken.yaml, Path(f"{taken.slug}.yaml")).data


def section(key: str, body: str, heading: str) -> Any:
    return data(f"{HEAD}{heading}\n{body}")[key]


def checked(text: str) -> Record:
    taken = intake.read(text, name="record.txt")
    archive = settings.read(ROOT / "specimens")
    return validate.validate(
        load.loads(taken.yaml, Path(f"{taken.slug}.yaml")), archive, layouts.find("folder").sections
    )


@pytest.fixture(scope="module")
def seed() -> str:
    return TEXT.read_text(encoding="utf-8")


RELATED = {
    "lead-backend-data-procurement-analyst": "Lead Backend Data Procurement Analyst",
    "enterprise-architect": "Enterprise Architect",
    "sdet": "SDET",
}


# The seed


def test_the_seed_gives_back_its_record(seed: str) -> None:
    taken = intake.read(
        seed,
        name="seed.txt",
        family="ai-and-data",
        others=Others(
            [(title, slug) for slug, title in RELATED.items()],
            {slug: load.load(ROOT / "specimens" / f"{slug}.yaml").data["summary"] for slug in RELATED},
        ),
    )
    assert taken.slug == SEED
    assert load.loads(taken.yaml, Path(f"{SEED}.yaml")).data == load.load(ROOT / "specimens" / f"{SEED}.yaml").data
    assert [problem.message for problem in taken.problems] == [
        "summary is guessed: the first sentence of the first translation",
        "org_chart.aliases is guessed: taken apart where one seems to end",
    ]
    assert "not understood" not in taken.yaml


def test_the_seed_alone_keeps_its_related_roles_in_words(seed: str) -> None:
    related = data(seed)["related"]
    assert [(item["title"], item["match"]) for item in related] == [
        ("Lead Backend Data Procurement Analyst", 98),
        ("Enterprise Architect", 91),
        ("SDET", 84),
    ]
    assert related[1]["summary"].startswith("Preside over an endless cycle of abstract discussions, ensuring no single")


def test_guesses_stand_beside_their_values(seed: str) -> None:
    yaml = intake.read(seed, name="seed.txt").yaml
    assert "\nsummary: >-  # guessed: the first sentence of the first translation\n" in yaml
    assert "\nfamily: unfiled  # guessed: nobody has filed it yet\n" in yaml
    assert "\n  aliases:  # guessed: taken apart where one seems to end\n    - AI Governance Analyst\n" in yaml


def test_what_comes_out_passes_check_and_comes_out_again(seed: str) -> None:
    record = checked(seed)
    assert (record.file_number, record.fiche) == ("OR-529-B818", "79/C11")
    assert len(record.sections) == 11
    assert intake.read(seed, name="a") == intake.read(seed, name="a")


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.replace("\n", "\r\n"),
        lambda t: "\ufeff" + t.replace("\n", "\r"),
        lambda t: t.replace("\n", "\n\n  "),
    ],
)
def test_line_ends_and_empty_lines_change_nothing(seed: str, change: Any) -> None:
    assert data(change(seed).encode()) == data(seed)


def test_sections_in_any_order(seed: str) -> None:
    opening, *sections = re.split(r"(?m)^(?=\[\d\d\] )", seed)
    assert len(sections) == 11
    assert intake.read(opening + "".join(reversed(sections)), name="x").yaml == intake.read(seed, name="x").yaml
    renumbered = [f"[{n:02d}]{text[4:]}" for n, text in enumerate(reversed(sections), 1)]
    assert data(opening + "".join(renumbered)) == data(seed)


@pytest.mark.parametrize("missing", range(1, 12))
def test_any_section_may_be_missing(seed: str, missing: int) -> None:
    opening, *sections = re.split(r"(?m)^(?=\[\d\d\] )", seed)
    del sections[missing - 1]
    text = opening + "".join(sections)
    whole = data(seed)
    gone = list(whole)[2 + missing]
    assert gone not in data(text)
    expected = {key: value for key, value in whole.items() if key not in (gone, "summary")}
    assert {key: value for key, value in data(text).items() if key != "summary"} == expected
    assert len(checked(text).sections) == 10


def test_smart_quotes_are_kept_inside_and_taken_off_outside() -> None:
    body = "“Our ‘Lead’ said “no” twice.”\n— r/x\n„Zwei.“\n— y\n'It's a ‘thing’.'\n— z"
    complaints = section("burn_ward", body, "[10] THE BURN WARD (UNFILTERED COMPLAINTS)")["complaints"]
    assert [item["quote"] for item in complaints] == ["Our ‘Lead’ said “no” twice.", "Zwei.", "It's a ‘thing’."]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ('"He said "no" to me."', 'He said "no" to me.'),
        ('"Synergy" and "Alignment"', '"Synergy" and "Alignment"'),
        ('"unclosed', '"unclosed'),
        ('""', '""'),
        ("'tis the season", "'tis the season"),
    ],
)
def test_only_the_outer_pair_of_quotes_goes(text: str, inner: str) -> None:
    assert words.unquoted(text) == inner


# Titles and slugs


@pytest.mark.parametrize(
    ("opening", "slug", "title"),
    [
        ("FILE RECORD: SDET\nSDET", "sdet", "SDET"),
        ("FILE RECORD: QA-LEADLead of Quality", "qa-lead", "Lead of Quality"),
        ("Head of R&D, People’s Office", "head-of-r-d-peoples-office", "Head of R&D, People’s Office"),
        ("Główny Šéf Größe", "glowny-sef-grosse", "Główny Šéf Größe"),
        ("Начальник", "record", "Начальник"),
        ("FILE RECORD: VICE-PRESIDENT\n[02] THE HABITAT (NATURAL RANGE)\n- Here.", "vice-president", "Vice President"),
        ("[02] THE HABITAT (NATURAL RANGE)\n- Here.", "record", "Record"),
        ("Chief " + "Very " * 30 + "Officer", "chief-" + "-".join(["very"] * 15), "Chief " + "Very " * 30 + "Officer"),
    ],
)
def test_slug_and_title(opening: str, slug: str, title: str) -> None:
    taken = intake.read(opening, name="folder/record.txt")
    assert taken.slug == slug
    assert load.loads(taken.yaml, Path("x.yaml")).data["title"] == " ".join(title.split())
    assert settings.SLUG.fullmatch(taken.slug)


def test_a_slug_that_cannot_stand_is_made_anew_and_said() -> None:
    taken = intake.read("FILE RECORD: Senior Vibe Officer\nSenior Vibe Officer", name="a.txt")
    assert taken.slug == "senior-vibe-officer"
    assert taken.yaml.startswith("# guessed: the slug senior-vibe-officer, for FILE RECORD: Senior Vibe Officer\n")


def test_other_records_tell_the_summary_and_the_slug() -> None:
    first = "Alpha\n[11] RELATED SPECIMENS\nSYSTEM MATCH: 60%\nBeta Lead\nBeta leads beta.\n→\n"
    glimpse = intake.glance(first, name="a.txt")
    assert (glimpse.slug, glimpse.title, glimpse.summaries) == ("alpha", "Alpha", {"Beta Lead": "Beta leads beta."})
    assert data("beta lead\n", others=Others([], {"beta-lead": "Beta leads beta."}))["summary"] == "Beta leads beta."
    known = intake.read(first, name="a.txt", others=Others([("BETA LEAD", "beta-lead")], {"beta-lead": "Leads."}))
    assert load.loads(known.yaml, Path("x.yaml")).data["related"] == [{"specimen": "beta-lead", "match": 60}]
    assert "\n# Beta Lead is on file; here the text says: Beta leads beta.\n" in known.yaml


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ship it (e.g. on Friday). Then leave.", "Ship it (e.g. on Friday)."),
        ("Call it 'done.' Leave.", "Call it 'done.'"),
        ("No stop at all", "No stop at all"),
        ("Rise 3.5 percent. Fall.", "Rise 3.5 percent."),
    ],
)
def test_the_first_sentence(text: str, first: str) -> None:
    assert words.first_sentence(text) == first


# Aliases


@pytest.mark.parametrize(
    ("glued", "names"),
    [
        (
            "AI Governance AnalystMLOps Process CoordinatorAI Compliance FacilitatorAI Standards Advisor",
            ["AI Governance Analyst", "MLOps Process Coordinator", "AI Compliance Facilitator", "AI Standards Advisor"],
        ),
        ("DevOps EvangelistScrum MasterPM (Growth)", ["DevOps Evangelist", "Scrum Master", "PM (Growth)"]),
        ("PM (Growth)Scrum MasterDevOps Evangelist", ["PM (Growth)", "Scrum Master", "DevOps Evangelist"]),
        ("PM (Growth)iOS Liaison", ["PM (Growth)", "iOS Liaison"]),
        ("Growth PMScrum Master", ["Growth PM", "Scrum Master"]),
        ("Head of SaaSLLMOps Lead", ["Head of SaaS", "LLMOps Lead"]),
        ("Owner of APIsSQL Whisperer", ["Owner of APIs", "SQL Whisperer"]),
        ("Analyst Level 2Scrum Master", ["Analyst Level 2", "Scrum Master"]),
        ("Responsable d'équipeÉvangéliste", ["Responsable d'équipe", "Évangéliste"]),
        ("Руководитель проектаНачальник", ["Руководитель проекта", "Начальник"]),
        ("JavaScript McKay LeadGraphQL Steward", ["JavaScript McKay Lead", "GraphQL Steward"]),
        ("Who Are You?Facilitator", ["Who Are You?", "Facilitator"]),
        ("QA, but Senior", ["QA, but Senior"]),
        ("SRE/SDET Hybrid", ["SRE/SDET Hybrid"]),
    ],
)
def test_aliases_are_taken_apart(glued: str, names: list[str]) -> None:
    assert glue.apart(glued) == names


def test_a_word_that_the_record_uses_holds_together() -> None:
    text = (
        HEAD + "[02] THE HABITAT (NATURAL RANGE)\n- Near the FlowBoard.\n[01] THE ORG-CHART ARCHITECTURE\n"
        "ALIASES: FlowBoard OwnerLead"
    )
    assert data(text)["org_chart"] == {"aliases": ["FlowBoard Owner", "Lead"]}


@pytest.mark.parametrize(
    ("listed", "names"),
    [
        ("Data Lead, Feed Owner, Row Counter", ["Data Lead", "Feed Owner", "Row Counter"]),
        ("Architecture Owner, Interim", ["Architecture Owner, Interim"]),
        ("Data Lead; Feed Owner • Row Counter", ["Data Lead", "Feed Owner", "Row Counter"]),
        ("\n- Data Lead\n- Feed Owner", ["Data Lead", "Feed Owner"]),
        ("\n- Head of Data, Narrative Lead\n- HubSpot Owner", ["Head of Data, Narrative Lead", "HubSpot Owner"]),
        ("Data Lead, Feed Owner (Interim, Sixth Year)", ["Data Lead", "Feed Owner (Interim, Sixth Year)"]),
        ("Head of Data, Narrative LeadFeed Owner", ["Head of Data, Narrative Lead", "Feed Owner"]),
    ],
)
def test_aliases_in_lists(listed: str, names: list[str]) -> None:
    assert (
        section("org_chart", f"KNOWN ALIASES / DISGUISES: {listed}", "[01] THE ORG-CHART ARCHITECTURE")["aliases"]
        == names
    )


# Money


@pytest.mark.parametrize(
    ("text", "low", "high", "currency"),
    [
        ("$95,000", 95000, None, "USD"),
        ("£42,000", 42000, None, "GBP"),
        ("€55.000", 55000, None, "EUR"),
        ("€55.000,50", 55000.5, None, "EUR"),
        ("55 000 €", 55000, None, "EUR"),
        ("$95k–$120k", 95000, 120000, "USD"),
        ("$95-120k", 95000, 120000, "USD"),
        ("$95,000 to $120,000", 95000, 120000, "USD"),
        ("£42.5k", 42500, None, "GBP"),
        ("$1.125m", 1125000, None, "USD"),
        ("CHF 120'000", 120000, None, "CHF"),
        ("120 000 zł", 120000, None, "PLN"),
        ("USD 95000", 95000, None, "USD"),
        ("¥6,500,000", 6500000, None, "JPY"),
        ("₹12,00,000", 1200000, None, "INR"),
        ("A$95,000", 95000, None, "AUD"),
        ("$0", 0, None, "USD"),
        ("$0.50", 0.5, None, "USD"),
        ("95,000", 95000, None, ""),
        ("£42,000–£55,000", 42000, 55000, "GBP"),
        ("MARKET AVERAGE$95,000", 95000, None, "USD"),
        ("BAND FOR ENGINEERS$95k–$120k", 95000, 120000, "USD"),
        ("DAY RATE1.800 €", 1800, None, "EUR"),
        ("DAY RATECHF 1'800", 1800, None, "CHF"),
        ("UPKEEP0 GBP", 0, None, "GBP"),
        ("LEVEL Q3: $95,000", 95000, None, "USD"),
    ],
)
def test_sums(text: str, low: float, high: float | None, currency: str) -> None:
    found = money.find(text)
    assert found is not None
    assert (found.low, found.high, found.currency) == (low, high, currency)


def test_doubtful_sums_are_marked() -> None:
    yaml = intake.read(HEAD + "[03] SALARY DELUSION\nMARKET AVERAGE\n€55.000", name="x").yaml
    assert "  amount: 55000  # guessed: the point in 55.000 is taken to group thousands\n  currency: EUR\n" in yaml
    yaml = intake.read(HEAD + "[03] SALARY DELUSION\n~$95,000", name="x").yaml
    assert "  amount: 95000  # guessed: about that much, says the text\n" in yaml
    yaml = intake.read(HEAD + "[03] SALARY DELUSION\nMARKET AVERAGE\n95,000", name="x").yaml
    assert "  currency: USD  # guessed: the text names no currency\n" in yaml


def test_a_salary_on_one_line_with_a_benchmark() -> None:
    body = "MEDIAN BASE: $95k–$120k\nREAL ENGINEER\n$165,000\n* More than it looks.\n“A bargain.”"
    assert section("salary", body, "[03] SALARY DELUSION") == {
        "label": "Median base",
        "amount": {"from": 95000, "to": 120000},
        "currency": "USD",
        "note": "More than it looks.",
        "quote": "A bargain.",
        "benchmark": {"label": "Real engineer", "amount": 165000},
    }


@pytest.mark.parametrize(
    ("capitals", "label", "guess"),
    [
        ("MARKET AVERAGE", "Market average", ""),
        ("ENGINEER WHO BUILDS IT ANYWAY", "Engineer who builds it anyway", "IT may be the word or the name"),
        ("HEAD OF THE IT DEPARTMENT", "Head of the IT department", "IT may be the word or the name"),
        ("PAY OF THE CTO, IN Q3", "Pay of the CTO, in Q3", ""),
        ("WHAT I'D ASK FOR", "What I'd ask for", ""),
        ("A DEVOPS LEAD ON THE SRE DESK", "A DevOps lead on the SRE desk", ""),
        ("NEVER, SAYS FINANCE", "Never, says finance", ""),
        ("Median, 90th percentile", "Median, 90th percentile", ""),
    ],
)
def test_capitals_are_lowered_but_for_what_keeps_them(capitals: str, label: str, guess: str) -> None:
    prose = "[02] THE HABITAT (NATURAL RANGE)\n- Near DevOps and the SRE desk, NEVER in it; never with it.\n"
    taken = intake.read(f"{HEAD}{prose}[03] SALARY DELUSION\n{capitals}\n$1,000", name="x")
    assert load.loads(taken.yaml, Path("x.yaml")).data["salary"]["label"] == label
    assert f"  label: {label}{'  # guessed: ' * bool(guess)}{guess}\n" in taken.yaml


def test_a_salary_without_a_figure_is_kept_as_comments() -> None:
    taken = intake.read(HEAD + '[03] SALARY DELUSION\nMARKET AVERAGE\nUndisclosed\n"Priceless."', name="x")
    assert "salary" not in load.loads(taken.yaml, Path("x.yaml")).data
    for line in ("MARKET AVERAGE", "Undisclosed", '"Priceless."'):
        assert f"\n# not understood: {line}\n" in taken.yaml


# Sections


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("FLIGHT RISK:85%HIGH RISK\n[DIAGNOSIS]As it is.", (85, "HIGH RISK", "As it is.")),
        ("FLIGHT RISK: 85 % – HIGH RISK[DIAGNOSIS]As it is.", (85, "HIGH RISK", "As it is.")),
        ("FLIGHT RISK:\n7%\nLOW RISK\nDIAGNOSIS: As it is.\nAnd was.", (7, "LOW RISK", "As it is. And was.")),
        ("100%", (100, None, None)),
    ],
)
def test_flight_risk(body: str, expected: tuple[int, str | None, str | None]) -> None:
    found = section("flight_risk", body, "[04] THE FLIGHT RISK")
    assert (found["percent"], found.get("level"), found.get("diagnosis")) == expected


def test_flight_risk_on_the_line_of_its_heading() -> None:
    found = data(HEAD + "[04] THE FLIGHT RISKFLIGHT RISK:12%LOW RISK[DIAGNOSIS]Stays.")
    assert found["flight_risk"] == {"percent": 12, "level": "LOW RISK", "diagnosis": "Stays."}


@pytest.mark.parametrize("count", [1, 9])
def test_as_many_metrics_as_there_are(count: int) -> None:
    body = "\n".join(f"Number of Things {n}\nCounts them, {n} times." for n in range(count))
    expected = [{"name": f"Number of Things {n}", "description": f"Counts them, {n} times."} for n in range(count)]
    assert section("metrics", body, "[05] THE BULLSHIT METRICS") == expected
    assert section("weaponry", body, "[06] SIGNATURE WEAPONRY") == expected


def test_descriptions_over_several_lines_and_names_with_bullets() -> None:
    body = "Decks Delivered\nCounts the slides that were\nshown to nobody.\n- Nods: How many heads moved.\nAlone"
    taken = intake.read(f"{HEAD}[05] THE BULLSHIT METRICS\n{body}", name="x")
    assert load.loads(taken.yaml, Path("x.yaml")).data["metrics"] == [
        {"name": "Decks Delivered", "description": "Counts the slides that were shown to nobody."},
        {"name": "Nods", "description": "How many heads moved."},
    ]
    assert taken.yaml.endswith("\n# not understood: Alone\n")


def test_several_encounters() -> None:
    body = (
        "[IF ENGAGED:]Nod.[IF ASKED ABOUT A KPI:] Run.\n[IF FOLLOWED:]\nKeep going,\nand do not look.\n"
        "IF LOST: Stay lost."
    )
    assert section("survival_guide", body, "[07] SURVIVAL / ENCOUNTER GUIDE") == [
        {"situation": "If engaged", "advice": "Nod."},
        {"situation": "If asked about a KPI", "advice": "Run."},
        {"situation": "If followed", "advice": "Keep going, and do not look."},
        {"situation": "If lost", "advice": "Stay lost."},
    ]


@pytest.mark.parametrize(
    "body",
    [
        """
        LINKEDIN ILLUSION
        [SOURCE REDACTED]
        "Own it."
        OTIOSE TRANSLATION
        Lose it.
        LINKEDIN ILLUSION
        [SOURCE: Agency]
        "Run it."
        OTIOSE TRANSLATION
        Walk.
        """,
        """
        LINKEDIN ILLUSION[SOURCE REDACTED]"Own it."OTIOSE TRANSLATIONLose it.LINKEDIN ILLUSION[SOURCE: Agency]
        "Run it."OTIOSE TRANSLATIONWalk.
        """,
        """
        [SOURCE REDACTED]
        “Own
        it.”
        Lose it.
        [SOURCE: Agency]
        “Run it.”
        Walk.
        """,
        """
        LINKEDIN ILLUSION:
        [SOURCE REDACTED]
        Own it.
        OTIOSE TRANSLATION:
        Lose
        it.
        LINKEDIN ILLUSION:
        [SOURCE: Agency]
        Run it.
        OTIOSE TRANSLATION
        Walk.
        """,
    ],
)
def test_autopsies_by_label_and_by_quotation_mark(body: str) -> None:
    assert section("jd_autopsy", body, "[08] THE JD AUTOPSY: WHAT DO THEY ACTUALLY DO?") == [
        {"illusion": "Own it.", "source": None, "translation": "Lose it."},
        {"illusion": "Run it.", "source": "Agency", "translation": "Walk."},
    ]


@pytest.mark.parametrize("source", ["Agency circular", "[Agency circular]", "[SOURCE: Agency circular]"])
def test_a_source_stands_between_the_label_and_the_claim(source: str) -> None:
    body = f'LINKEDIN ILLUSION\n{source}\n"Own it."\nOTIOSE TRANSLATION\nLose it.'
    heading = "[08] THE JD AUTOPSY: WHAT DO THEY ACTUALLY DO?"
    expected = [{"illusion": "Own it.", "source": "Agency circular", "translation": "Lose it."}]
    assert section("jd_autopsy", body, heading) == expected
    without = section("jd_autopsy", body.replace(source, "[]"), heading)
    assert without == [{"illusion": '[] "Own it."', "translation": "Lose it."}]


def test_a_second_source_is_that_of_the_next_claim() -> None:
    body = (
        'LINKEDIN ILLUSION\n[Agency circular]\n"Own it."\n[SOURCE REDACTED]\n"Run it."\nOTIOSE TRANSLATION\nWalk.\n'
        "[SOURCE:]\n"
    )
    taken = intake.read(f"{HEAD}[08] THE JD AUTOPSY: WHAT DO THEY ACTUALLY DO?\n{body}", name="x")
    found = load.loads(taken.yaml, Path("x.yaml")).data["jd_autopsy"]
    assert found == [{"illusion": "Run it.", "source": None, "translation": "Walk. [SOURCE:]"}]
    for line in ("LINKEDIN ILLUSION", "[Agency circular]", '"Own it."'):
        assert f"\n# not understood: {line}\n" in taken.yaml


@pytest.mark.parametrize(
    ("hours", "begin", "end"),
    [
        ("[09:00 - 10:00]", "09:00", "10:00"),
        ("[9:00–17:30]", "09:00", "17:30"),
        ("[22:00 — 02:00]", "22:00", "02:00"),
        ("9:00 AM to 5:30 PM", "09:00", "17:30"),
        ("[1:00 - 2:00 PM]", "13:00", "14:00"),
        ("[12:00 AM - 12:30 PM]", "00:00", "12:30"),
        ("- 23.15 - 24.00:", "23:15", "24:00"),
        ("[08:15]", "08:15", "09:15"),
    ],
)
def test_hours(hours: str, begin: str, end: str) -> None:
    expected = [{"from": begin, "to": end, "activity": "Email Triage", "entry": "Scan for words."}]
    assert section("day_log", f"{hours}\nEmail Triage\nScan for words.", "[09] DAY-IN-THE-LIFE LOG") == expected
    assert section("day_log", f"{hours} Email TriageScan for words.", "[09] DAY-IN-THE-LIFE LOG") == expected


def test_a_day_log_entry_without_an_end_ends_where_the_next_begins() -> None:
    taken = intake.read(
        HEAD + "[09] DAY-IN-THE-LIFE LOG\n[08:00]\nTea\n[11:00 - 25:00]\nno clock\n[10:30 - 11:00]\nSync", name="x"
    )
    found = load.loads(taken.yaml, Path("x.yaml")).data["day_log"]
    assert [(item["from"], item["to"]) for item in found] == [("08:00", "10:30"), ("10:30", "11:00")]
    assert 'to: "10:30"  # guessed: the text gives no end\n' in taken.yaml
    assert "[11:00 - 25:00] no clock" in found[0]["entry"]


def test_complaints_with_and_without_sources() -> None:
    body = (
        '* Scraped.\n"One."— r/x\n- "Two\ngoes on."\n- teamblind.com\n"Three."\n[SOURCE REDACTED]\n'
        '"Four."\nFive has no marks.'
    )
    assert section("burn_ward", body, "[10] THE BURN WARD (UNFILTERED COMPLAINTS)") == {
        "note": "Scraped.",
        "complaints": [
            {"quote": "One.", "source": "r/x"},
            {"quote": "Two goes on.", "source": "teamblind.com"},
            {"quote": "Three.", "source": None},
            {"quote": "Four."},
            {"quote": "Five has no marks."},
        ],
    }


def test_a_quotation_that_does_not_close_takes_no_other_s_source() -> None:
    body = '"One is open.\n— r/one\nSaid before: "Two."— r/two\n"Three."\n— r/three'
    taken = intake.read(f"{HEAD}[10] THE BURN WARD (UNFILTERED COMPLAINTS)\n{body}", name="x")
    found = load.loads(taken.yaml, Path("x.yaml")).data["burn_ward"]["complaints"]
    assert found == [{"quote": '"One is open.', "source": "r/one"}, {"quote": "Three.", "source": "r/three"}]
    assert taken.yaml.endswith('\n# not understood: Said before: "Two."— r/two\n')


def test_related_without_arrows_and_without_a_match() -> None:
    text = (
        HEAD + "[11] RELATED SPECIMENS\n[VIEW FULL TAXONOMY] ↗\nSYSTEM MATCH: 70%Alpha\nSays alpha.\n"
        "SYSTEM MATCH: 7%\nBeta\n→\nGamma\nSays gamma."
    )
    taken = intake.read(text, name="x", others=Others([("beta", "beta")]))
    assert load.loads(taken.yaml, Path("x.yaml")).data["related"] == [
        {"title": "Alpha", "summary": "Says alpha.", "match": 70},
        {"specimen": "beta", "match": 7},
    ]
    assert taken.yaml.endswith("\n# not understood: Gamma\n# not understood: Says gamma.\n")
    on_file = intake.read(text, name="x", others=Others([("Gamma", "gamma")]))
    assert load.loads(on_file.yaml, Path("x.yaml")).data["related"][2] == {"specimen": "gamma"}


def test_what_is_not_understood_stays_as_a_comment_with_its_line() -> None:
    taken = intake.read(
        HEAD + "a subtitle\n[03] SALARY DELUSION & PERKS\n$1 per year\n[12] THE HOROSCOPE\nBad stars.", name="x.txt"
    )
    assert "\n# not understood: a subtitle\n" in taken.yaml
    assert "\n# heading in the text: [03] SALARY DELUSION & PERKS\n# not understood: per year\n" in taken.yaml
    assert taken.yaml.endswith("\n# not understood: [12] THE HOROSCOPE\n# not understood: Bad stars.\n")
    lost = [(problem.where.line, problem.message) for problem in taken.problems if problem.code == "not-understood"]
    assert [line for line, _ in lost] == [2, 4, 5, 6]
    assert lost[-1][1] == "kept as a comment: Bad stars."


def test_headings_written_otherwise() -> None:
    text = (
        HEAD + "THE HABITAT (NATURAL RANGE)\n- Here.\n## 6. Signature Weaponry\nGun\nIt shoots.\n"
        "[5] Vanity Metrics\nNods\nMany."
    )
    found = data(text)
    assert found["habitat"] == ["Here."]
    assert found["weaponry"] == [{"name": "Gun", "description": "It shoots."}]
    assert found["metrics"] == [{"name": "Nods", "description": "Many."}]


def test_markup_is_escaped_and_reads_as_it_was_written() -> None:
    said = r"Uses *stars*, ||bars||, [[brackets]], C:\temp, a \* and 5 * 3 = ||| [[["
    taken = intake.read(f"{HEAD}[02] THE HABITAT (NATURAL RANGE)\n{said}", name="x")
    record = checked(f"{HEAD}[02] THE HABITAT (NATURAL RANGE)\n{said}")
    assert str(record.sections["habitat"][0]) == said  # type: ignore[index]
    assert record.sections["habitat"][0].spans[0].text == said  # type: ignore[index, union-attr]
    assert "5 * 3" in taken.yaml


def test_a_bar_stands_for_redacted_words() -> None:
    record = checked(f"{HEAD}[02] THE HABITAT (NATURAL RANGE)\nNear ███ ████, never |██| or █.")
    (place,) = record.sections["habitat"]  # type: ignore[misc]
    assert str(place) == "Near [redacted], never |[redacted]| or [redacted]."


# What is no text


@pytest.mark.parametrize(
    ("raw", "code", "line", "column"),
    [
        (b"", "empty", 0, 0),
        (b" \r\n\t\n", "empty", 0, 0),
        (b"Title\nca\xf1on", "not-utf-8", 2, 3),
        ("Title".encode("utf-16"), "not-utf-8", 1, 1),
        (b"Ti\x00tle", "control-character", 1, 3),
        (b"Title\n\x89PNG\r\n\x1a\n", "not-utf-8", 2, 1),
        ("Title\n\u202eesrever".encode(), "bidi-control", 2, 1),
        (b"a" * (1 << 19) + b"a", "too-large", 0, 0),
    ],
)
def test_what_is_no_text_record_is_refused_with_its_place(raw: bytes, code: str, line: int, column: int) -> None:
    with pytest.raises(InputError) as caught:
        intake.read(raw, name="x.txt")
    problem = caught.value.problems[0]
    assert (problem.code, problem.where.file, problem.where.line, problem.where.column) == (code, "x.txt", line, column)


def test_prose_alone_is_a_title_and_comments() -> None:
    taken = intake.read("Dear all,\nplease find attached the role.\n", name="mail.txt")
    assert load.loads(taken.yaml, Path("x.yaml")).data == {
        "title": "Dear all,",
        "summary": "Dear all,",
        "family": "unfiled",
    }
    assert taken.yaml.endswith("# not understood: please find attached the role.\n")


# Writing


AWKWARD = [
    "no", "On", "NULL", "~", "1984", "0x1F", "012", "1e3", ".5", "9:00", "2026-11-01", "- item", "key: value",
    "a #comment", "ends with:", "'single'", '"double"', "*star", "&anchor", "!tag", "%directive", "@at", "`tick",
    "{a: b}", "[a]", "> fold", "| bar", "? query", "back\\slash", "tab\there", "", " lead", "trail ", "—", "№ 7",
    "C# developer", "a  b", "long " * 60 + "end", "#" * 200, ("word # not: a comment - " * 12).strip(), "ünïcode → ✓",
    "=", "<<", "yes, and no", "double  space " * 12 + "x", "\u00a0nbsp", "true", "Infinity", ".inf", "+1", "x" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD)
def test_every_string_is_read_back_as_it_was(text: str) -> None:
    rows = emit.Rows((emit.Leaf(text), emit.Table((("key", emit.Leaf(text, "a guess")),))))
    yaml = emit.write([emit.Entry("top", emit.Leaf(text)), emit.Entry("list", rows)])
    assert load.loads(yaml, Path("x.yaml")).data == {"top": text, "list": [text, {"key": text}]}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"], exclude_characters="\ufffe\uffff")))
def test_any_string_is_read_back(text: str) -> None:
    yaml = emit.write([emit.Entry("list", emit.Rows((emit.Leaf(text), emit.Leaf(f"{text} " * 30 + "end"))))])
    assert load.loads(yaml, Path("x.yaml")).data == {"list": [text, f"{text} " * 30 + "end"]}


# Nothing is lost


def missing(text: str, taken: intake.Intake) -> list[str]:
    return lost(text, f"{taken.yaml} {taken.slug}")


def test_every_word_of_the_seed_is_kept(seed: str) -> None:
    assert missing(seed, intake.read(seed, name="x")) == []
    assert missing("unheardof", intake.read(seed, name="x")) == ["unheardof"]


ODD = [
    "", "* A starred line.", "- a bullet", "→", "— nobody", '"an open quote', "[IF ALONE:]", "[25:99 - 26:00]",
    "[DIAGNOSIS]", "LINKEDIN ILLUSION", "OTIOSE TRANSLATION", "[SOURCE REDACTED]", "SYSTEM MATCH: 101%",
    "SYSTEM MATCH: 3%", "€1.234.567", "[99] NOWHERE", "KNOWN ALIASES / DISGUISES:", "* * *", "***", "||", "[[", "\\",
    "1. numbered", "[09:00]", "$", "%", "[]", "“smart”", "FILE RECORD: A B", "FILE RECORD:", "[01]",
    "[07] [IF GLUED:]x", "'", '"', '""', "-", "#", "# ", "0%", "a: b #c",
]  # fmt: skip


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_is_shuffled_loses_nothing_and_passes_check(data: st.DataObject) -> None:
    form = TEXT.read_text(encoding="utf-8").splitlines()
    chosen = data.draw(st.lists(st.sampled_from(form + ODD), min_size=1, max_size=30))
    text = data.draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(chosen)
    if not text.strip():
        return
    taken = intake.read(text, name="x.txt")
    assert missing(text, taken) == []
    assert taken == intake.read(text, name="x.txt")
    checked(text)


@hypothesis_settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mark_on_any_line_comes_out_again(data: st.DataObject) -> None:
    form = TEXT.read_text(encoding="utf-8").splitlines()
    places = st.sampled_from(["{line}", "{mark} {line}", "{line} {mark}"])
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(form + ODD), places), min_size=1, max_size=25))
    text = "\n".join(place.format(line=line, mark=f"Zq{n}z") for n, (line, place) in enumerate(chosen))
    if not text.strip():
        return
    taken = intake.read(text, name="x.txt")
    kept = f"{taken.yaml} {taken.slug}".lower()
    assert [n for n, (_, place) in enumerate(chosen) if "mark" in place and f"zq{n}z" not in kept] == []
    checked(text)


@pytest.mark.parametrize("slug", ["sdet", "enterprise-architect", "lead-backend-data-procurement-analyst"])
def test_the_other_specimens_survive_the_text_form(slug: str) -> None:
    record = load.load(ROOT / "specimens" / f"{slug}.yaml").data
    lines = [record["title"], "[05] THE BULLSHIT METRICS"]
    lines += [text for item in record["metrics"] for text in (item["name"], item["description"])]
    lines += ["[10] THE BURN WARD (UNFILTERED COMPLAINTS)", f"* {record['burn_ward']['note']}"]
    for item in record["burn_ward"]["complaints"]:
        lines += [f"“{item['quote']}”", f"— {item['source']}"]
    found = data("\n".join(lines))
    assert [item["name"] for item in found["metrics"]] == [item["name"] for item in record["metrics"]]
    sources = [item["source"] for item in record["burn_ward"]["complaints"]]
    assert [item["source"] for item in found["burn_ward"]["complaints"]] == sources
