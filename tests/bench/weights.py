"""The weights of terms that a computed match goes by, from the archive that ships, and how well matches come out.

python tests/bench/weights.py           what HALF of similarity.py should be, and how families are told apart
python tests/bench/weights.py --write   first renew render/similarity.weights.txt: every computed match may change

A term's weight comes from the number of records that have it in title, summary, tags or sections; a term in one record
only is left to UNLISTED.
"""

from __future__ import annotations

import argparse
import itertools
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from render import link, load, settings, similarity, validate
from render.settings import Archive
from render.validate import Heading

ROOT = Path(__file__).resolve().parent.parent.parent
HEAD = """\
# What a term weighs in a computed match: written by tests/bench/weights.py from {records} records of specimens/, as
# they were on {date}. A weight, then its terms; any other term weighs {unlisted}. Fixed: it follows no archive.
"""


def headings(archive: Archive) -> list[Heading]:
    return [validate.heading(load.load(path), archive) for path in settings.specimens(archive.root)]


def holders(found: list[Heading], archive: Archive) -> Counter[str]:
    """How many records have a term."""
    counts: Counter[str] = Counter()
    for heading in found:
        texts = [text for _, text in replace(link.compared(heading, archive), taxon=()).weighed()]
        counts.update({term for text in texts for word in similarity.words(text) for term in similarity.terms_of(word)})
    return counts


def table(counts: Counter[str], records: int) -> str:
    """The text of the data file."""
    by_weight: dict[int, list[str]] = {}
    for term, count in sorted(counts.items()):
        if count > 1:
            by_weight.setdefault(similarity.weight(count, records), []).append(term)
    lines = (line for weight in sorted(by_weight) for line in _lines(weight, by_weight[weight]))
    head = HEAD.format(records=records, unlisted=similarity.weight(1, records), date=datetime.now(UTC).date())
    return head + "\n".join(lines) + "\n"


def _lines(weight: int, terms: list[str]) -> Iterator[str]:
    for line in textwrap.wrap(" ".join(terms), 116, break_long_words=False, break_on_hyphens=False):
        yield f"{weight} {line}"


def report(found: list[Heading], archive: Archive) -> None:
    vocabulary = similarity.Vocabulary()
    terms = {heading.slug: vocabulary.terms(link.compared(heading, archive)) for heading in found}
    division = {family.key: family.division for family in archive.families}
    every, same, across = [], [], []
    for one, other in itertools.combinations(found, 2):
        every.append(vocabulary.cosine(terms[one.slug], terms[other.slug]))
        if one.family == other.family:
            same.append(every[-1])
        elif division[one.family] != division[other.family]:
            across.append(every[-1])
    top = quantiles(every, n=20, method="inclusive")[-1]
    above = sum((near > far) + (near == far) / 2 for near in same for far in across) / (len(same) * len(across))
    matches = sorted(map(similarity.scaled, every))
    print(f"{len(found)} records, {len(every)} pairs: cosines up to {max(every):.3f}, 95th percentile {top:.3f}")
    best = (0.2 * top**2 / (0.8 - top**2)) ** 0.5
    print(f"  HALF = {best:.4f} puts it at 80; with {similarity.HALF} it is {similarity.scaled(top)}")
    print(f"  matches from {matches[0]} to {matches[-1]}, median {matches[len(matches) // 2]}")
    print(f"  {len(same)} pairs of a family against {len(across)} across divisions: above in {above:.1%} of cases")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true", help="renew the table")
    archive = settings.read(ROOT / "specimens")
    found = headings(archive)
    if options.parse_args().write:
        similarity.TABLE.write_text(table(holders(found, archive), len(found)), encoding="utf-8")
    report(found, archive)


if __name__ == "__main__":
    main()
