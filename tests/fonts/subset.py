"""Cuts the faces of this folder out of Debian's Noto packages: just the letters of tests/archives/scripts.

python tests/fonts/subset.py FOLDER    where FOLDER holds the fonts of fonts-noto-core and fonts-noto-cjk
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
RECORDS = HERE.parent / "archives" / "scripts"
FACES = {
    "NotoNaskhArabic-Regular.ttf": (0, (0x0600, 0x06FF)),
    "NotoSansHebrew-Regular.ttf": (0, (0x0590, 0x05FF)),
    "NotoSansCJK-Regular.ttc": (0, (0x2E80, 0xFFEF)),
}
"""The file, the number of the face in it, and the block whose letters it is for."""


def main(source: Path) -> None:
    letters = {ord(letter) for path in RECORDS.glob("*.yaml") for letter in path.read_text("utf-8") + "「」『』"}
    for name, (number, (first, last)) in FACES.items():
        path = next(source.rglob(name))
        font = TTFont(path, fontNumber=number)
        options = subset.Options(
            name_IDs=["*"], notdef_outline=True, layout_features=[] if path.suffix == ".ttc" else ["*"]
        )
        cutter = subset.Subsetter(options)
        spaces = [0x20, 0xA0]  # set in the face of the word before them
        forms = range(0xFE70, 0xFEFD) if "Arabic" in name else ()  # what joined letters are where each is placed
        cutter.populate(unicodes=[*spaces, *forms, *sorted(point for point in letters if first <= point <= last)])
        cutter.subset(font)
        font["head"].modified = font["head"].created
        font.recalcTimestamp = False
        font.save(HERE / f"{path.stem}.subset{'.otf' if 'CFF ' in font else '.ttf'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
