"""Taking apart what a copied page has run together: ``DevOps EvangelistScrum MasterPM (Growth)``.

A seam is where a small letter (or a closing bracket, a digit, ``!`` or ``?``) meets a capital without a space, or
where an acronym meets a capitalised word (``PMScrum``). No seam is inside a word that is written so: one of the list
below, one with a known ending (``DevOps``, ``LLMOps``), or one that stands alone elsewhere in the same record.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

WRITTEN_SO = frozenset([
    "AdTech", "AIOps", "BioTech", "BizDev", "BizOps", "ChatBot", "ChatOps", "CleanTech", "CloudOps", "DataOps",
    "DesignOps", "DevEx", "DevOps", "DevRel", "DevSecOps", "eCommerce", "EdTech", "eGovernment", "eLearning", "FaaS",
    "FinOps", "FinTech", "GitHub", "GitOps", "GovTech", "GraphQL", "GreenTech", "HealthTech", "HRTech", "IaaS",
    "InfoSec", "InsurTech", "iOS", "IoT", "JavaScript", "LegalTech", "LinkedIn", "LLMOps", "MarketingOps", "MarTech",
    "MedTech", "MLOps", "ModelOps", "NetOps", "NoCode", "NoOps", "NoSQL", "OpenAPI", "OpSec", "PaaS", "PeopleOps",
    "PhD", "PoC", "PowerPoint", "ProductOps", "PropTech", "QoS", "RegTech", "RevOps", "RoI", "SaaS", "SalesOps",
    "SecOps", "SharePoint", "SysAdmin", "SysOps", "TechOps", "TestOps", "TypeScript", "UXOps", "YouTube",
])  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+")
_TAILS = ("Ops",)
_NAME_STARTS = ("Mc", "Mac")


def written_so(lines: Iterable[str]) -> frozenset[str]:
    """The words with a capital inside that ``lines`` use on their own."""
    return frozenset(word for line in lines for word in _TOKEN.findall(line) if any(map(str.isupper, word[1:])))


def apart(text: str, also: Collection[str] = ()) -> list[str]:
    """The names that ``text`` runs together, each stripped. ``also``: further words that hold together."""
    pieces, start = [], 0
    for seam in _seams(text, also):
        pieces.append(text[start:seam].strip())
        start = seam
    pieces.append(text[start:].strip())
    return [piece for piece in pieces if piece]


def _seams(text: str, also: Collection[str]) -> Iterator[int]:
    start = 0
    for place in range(1, len(text)):
        if (_meets(text, place) or _known_end(text, start, place)) and not _inside(text, start, place, also):
            start = place
            yield place


def _meets(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    following = text[place + 1 : place + 2]
    if not after.isupper():
        # a closing bracket or quote before a small letter is a seam too ("(Growth)iOS Lead")
        return before in ")]”»" and after.isalpha()
    if before.islower() or before in ")]”»!?":
        return True
    if before.isdigit():
        return following.islower()
    if before.isupper() and following.islower():
        # an acronym of two letters at least before a word; "APIs" is not "AP" before "Is"
        plural = following == "s" and not text[place + 2 : place + 3].islower()
        return not plural and place >= 2 and text[place - 2].isupper()
    return False


def _known_end(text: str, start: int, place: int) -> bool:
    """Whether a word of the list ends at ``place``, before a capital (``SaaSLLMOps``)."""
    return text[place].isupper() and text[_begin(text, start, place) : place] in WRITTEN_SO


def _begin(text: str, start: int, place: int) -> int:
    """Where the run of letters before ``place`` begins, not before ``start``."""
    while place > start and text[place - 1].isalnum():
        place -= 1
    return place


def _inside(text: str, start: int, place: int, also: Collection[str]) -> bool:
    """Whether the seam at ``place`` lies within a word that is written with capitals inside."""
    begin = _begin(text, start, place)
    left = text[begin:place]
    if not left:
        return False
    if left in _NAME_STARTS:
        return True
    run = _TOKEN.match(text, begin)
    assert run is not None
    whole = run[0]
    words = [word for word in (*WRITTEN_SO, *also) if whole.startswith(word) and len(word) > len(left)]
    if any(_ends_well(whole, len(word)) for word in words):
        return True
    tail = next((tail for tail in _TAILS if text.startswith(tail, place)), "")
    return bool(tail) and len(left) <= 5 and _ends_well(whole, len(left) + len(tail))


def _ends_well(run: str, length: int) -> bool:
    """Whether a word may end there: at the end of the run of letters, or before another capital."""
    return len(run) == length or run[length].isupper()
