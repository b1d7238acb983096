"""Many dossiers: made from nothing, made again unchanged, and what memory they take. The records are made up.

python tests/bench/many.py            100 and 1,000 dossiers, some ten minutes
python tests/bench/many.py --quick    20 and 60, to see that it works
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from timing import Run, run, table, versus

from render import synthetic

LOOP = """
import sys
from pathlib import Path
from weasyprint import HTML
for path in sorted(Path(sys.argv[1]).glob("*.html")):
    HTML(filename=path).write_pdf(Path(sys.argv[2], path.stem + ".pdf"), pdf_variant="pdf/a-3a", pdf_tags=True)
"""


@dataclass(frozen=True)
class Counts:
    few: int
    many: int
    runs: int
    """How often the long ones are run; the short ones run thrice as often."""


FULL, QUICK = Counts(100, 1000, 3), Counts(20, 60, 1)


@dataclass(frozen=True)
class Shop:
    """A folder with an archive of ``count`` records, and room for what comes of them."""

    folder: Path
    count: int

    @classmethod
    def open(cls, folder: Path, count: int) -> Shop:
        synthetic.archive(folder / "archive", count)
        return cls(folder, count)

    def press(self, *options: str, output: str = "out") -> list[str]:
        base = [sys.executable, "-m", "render", "render", "--archive", str(self.folder / "archive"), "--fit", "off"]
        return [*base, "--output", str(self.folder / output), *options]

    def slugs(self) -> list[str]:
        return sorted(path.stem for path in (self.folder / "archive").glob("*.yaml") if path.stem != "archive")

    def bare(self, html: Path) -> list[str]:
        """A plain loop over the HTML files of a folder."""
        script, output = self.folder / "loop.py", self.folder / "bare"
        script.write_text(LOOP)
        output.mkdir(exist_ok=True)
        return [sys.executable, str(script), str(html), str(output)]


def from_nothing(shop: Shop, runs: int) -> tuple[list[Run], list[Run]]:
    html = shop.folder / "html"
    run(shop.press("--no-cache", "--html", str(html)))
    return versus(shop.press("--no-cache"), shop.bare(html), runs)


def one_again(shop: Shop, runs: int) -> tuple[list[Run], list[Run]]:
    slug, html = shop.slugs()[0], shop.folder / "one"
    run(shop.press(slug, "--html", str(html), "--no-cache", output="one-out"))
    return versus(shop.press(slug, output="one-out"), shop.bare(html), runs)


def spread(figures: list[float]) -> str:
    return f"{median(figures):.2f} (from {min(figures):.2f} to {max(figures):.2f})"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="fewer dossiers and runs")
    counts = QUICK if options.parse_args().quick else FULL
    with tempfile.TemporaryDirectory() as name:
        few = Shop.open(Path(name, "few"), counts.few)
        ours, loop = from_nothing(few, counts.runs)
        what = f"{counts.few} different dossiers, nothing cached, --fit off, against a plain loop in one process"
        print(table(what, ours, loop), flush=True)
        again, bare = one_again(few, 3 * counts.runs)
        print(table("one dossier again, unchanged, against bare WeasyPrint", again, bare), flush=True)

        many = Shop.open(Path(name, "many"), counts.many)
        first = run(many.press())
        unchanged = [run(many.press()) for _ in range(3 * counts.runs)]
        print(f"{counts.many:,} dossiers: {first.wall:.0f} s at first; then, unchanged, of {len(unchanged)} runs")
        print(f"  cpu  {spread([one.cpu for one in unchanged])} s")
        print(f"  wall {spread([one.wall for one in unchanged])} s")
        peak = max(one.memory for one in ours)
        sizes = f"{first.memory:.0f} MiB at {counts.many:,}, {peak:.0f} MiB at {counts.few}"
        print(f"peak memory of any process: {sizes}, ratio {first.memory / peak:.2f}")


if __name__ == "__main__":
    main()
