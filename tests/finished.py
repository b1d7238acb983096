"""What stands in a finished PDF, read back: its tags with their text, its letters with their places, its bytes."""

from __future__ import annotations

import ctypes
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

PT = 25.4 / 72


@dataclass(frozen=True)
class Tag:
    """A structure element. ``kids`` are elements and pieces of text, in reading order."""

    role: str
    kids: tuple[Tag | str, ...]
    alt: str = ""
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def all(self, *roles: str) -> list[Tag]:
        """Every element of these roles, in reading order."""
        return [tag for tag in self.walk() if tag.role in roles]

    def walk(self) -> Iterator[Tag]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Tag):
                yield from kid.walk()


@dataclass(frozen=True, slots=True)
class Letter:
    """A character's ink on a page, in mm from the upper left corner."""

    char: str
    left: float
    top: float
    right: float
    foot: float
    font: str

    @property
    def area(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.foot - self.top)


def tags(pdf: bytes) -> Tag:
    """The structure tree with the text of every piece of marked content."""
    texts = _marked(pdf)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
        root = document.Root.StructTreeRoot
        kids = root.K if isinstance(root.K, pikepdf.Array) else [root.K]
        return Tag("Root", tuple(_tag(kid, texts, pages) for kid in kids))


def _tag(node: pikepdf.Object, texts: dict[tuple[int, int], str], pages: dict[tuple[int, int], int]) -> Tag:
    kids: list[Tag | str] = []
    found = node.get("/K", [])
    for kid in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(kid, pikepdf.Dictionary):
            if kid.get("/Type") == "/MCR":
                kids.append(texts.get((pages[kid.Pg.objgen], int(kid.MCID)), ""))
            elif kid.get("/Type") != "/OBJR":
                kids.append(_tag(kid, texts, pages))
        else:
            kids.append(texts.get((pages[node.Pg.objgen], int(kid)), ""))
    keys = {key: str(node[key]) for key in ("/ActualText", "/Lang", "/T", "/E", "/ID") if key in node}
    return Tag(str(node.S).removeprefix("/"), tuple(kids), str(node.get("/Alt", "")), keys)


def _marked(pdf: bytes) -> dict[tuple[int, int], str]:
    """Text by page and mark."""
    found: dict[tuple[int, int], str] = {}
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        textpage = page.get_textpage()
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=1):
            mark = pdfium.FPDFPageObj_GetMarkedContentID(item.raw)
            if mark >= 0:
                found[number, mark] = found.get((number, mark), "") + _text(item.raw, textpage.raw)
        textpage.close()
        page.close()
    document.close()
    return found


def _text(item: object, textpage: object) -> str:
    length = pdfium.FPDFTextObj_GetText(item, textpage, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFTextObj_GetText(item, textpage, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def letters(pdf: bytes) -> list[list[Letter]]:
    """Every visible character of every page with the box of its ink."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        textpage, height = page.get_textpage(), page.get_height()
        found.append(list(_letters(textpage, height)))
        textpage.close()
        page.close()
    document.close()
    return found


def _letters(textpage: pypdfium2.PdfTextPage, height: float) -> Iterator[Letter]:
    for index in range(textpage.count_chars()):
        point = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        if point > 32 and pdfium.FPDFText_IsGenerated(textpage.raw, index) != 1:
            left, bottom, right, top = textpage.get_charbox(index)
            if right > left and top > bottom:
                frame = (left * PT, (height - top) * PT, right * PT, (height - bottom) * PT)
                yield Letter(chr(point), *frame, _font(pdfium.FPDFText_GetTextObject(textpage.raw, index)))


def _font(item: object) -> str:
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(pdfium.FPDFTextObj_GetFont(item), buffer, 200)
    return buffer.value.decode()


def words(pdf: bytes) -> list[list[str]]:
    """The words of every page as a reader takes them out."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        textpage = page.get_textpage()
        found.append(textpage.get_text_range().split())
        textpage.close()
        page.close()
    document.close()
    return found


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in mm."""
    document = pypdfium2.PdfDocument(pdf)
    found = [(width * PT, height * PT) for width, height in (document.get_page_size(n) for n in range(len(document)))]
    document.close()
    return found


def opened_bytes(pdf: bytes) -> bytes:
    """The file with every stream unpacked, so that whatever it holds can be searched for."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        out = io.BytesIO()
        document.save(
            out,
            compress_streams=False,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
        )
        return out.getvalue()


def embedded(pdf: bytes) -> set[str]:
    """Base names of the fonts in a file, without the subset's tag."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = (thing for thing in document.objects if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing)
        return {str(font.BaseFont).removeprefix("/").partition("+")[2] for font in fonts}


def glyphs(pdf: bytes) -> Counter[int]:
    """How often each glyph id is set, in all fonts together; 0 is a font's box for what it lacks."""
    counted: Counter[int] = Counter()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        drawings = (thing for thing in document.objects if isinstance(thing, pikepdf.Stream))
        forms = (thing for thing in drawings if thing.get("/Subtype") == "/Form")
        for stream in (*document.pages, *forms):
            for operands, operator in pikepdf.parse_content_stream(stream):
                if str(operator) in ("Tj", "TJ"):
                    pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                    codes = b"".join(bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String))
                    counted.update(int.from_bytes(codes[i : i + 2]) for i in range(0, len(codes), 2))
    return counted
