"""A finished PDF in other colours: every operator, form, pattern, gradient and picture of it; and as PDF/X-1a."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from ..problems import InputError, error
from .inks import Colour, Spaces
from .operators import content, instructions
from .recoloured import Recolouring
from .separation import Inks, Values

__all__ = ["Inks", "as_pdfx", "converted"]

CONDITION = "CGATS TR 006"
"""The printing condition's name in the ICC's registry."""
REGISTRY = "http://www.color.org"


def converted(data: bytes, inks: Inks, name: str) -> bytes:
    """The file in grey or in four inks; ``name`` is what problems call it.

    Raises InputError for a colour that cannot be converted: a spot colour, or Lab.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        work = _Conversion(pdf, inks, name)
        for page in pdf.pages:
            work.page(page.obj)
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return file.getvalue()


def as_pdfx(data: bytes, profile: Path, title: str, date: str) -> bytes:
    """The file as PDF/X-1a:2001 (ISO 15930-1). It must hold four inks only; ``date`` is ``2026-11-01``."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for key in set(pdf.Root.keys()) - {"/Type", "/Pages"}:
            del pdf.Root[key]
        for page in pdf.pages:
            for key in ("/Annots", "/Group", "/StructParents", "/Tabs"):
                if key in page.obj:
                    del page.obj[key]
        stream = Stream(pdf, profile.read_bytes())
        stream["/N"] = 4
        pdf.Root.OutputIntents = Array([
            Dictionary(
                Type=Name.OutputIntent, S=Name.GTS_PDFX, OutputConditionIdentifier=CONDITION, RegistryName=REGISTRY,
                OutputCondition="GRACoL, coated paper, at most 240 % of ink", Info="GRACoL TR006 coated, 240% ink",
                DestOutputProfile=pdf.make_indirect(stream),
            )
        ])  # fmt: skip
        stamp = f"D:{date.replace('-', '') or '20000101'}000000Z"
        said = {
            "/Title": title, "/Producer": "dossier", "/Creator": "dossier", "/CreationDate": stamp, "/ModDate": stamp,
            "/GTS_PDFXVersion": "PDF/X-1:2001", "/GTS_PDFXConformance": "PDF/X-1a:2001",
        }  # fmt: skip
        for key, value in said.items():
            pdf.docinfo[key] = value
        pdf.docinfo["/Trapped"] = Name("/False")
        file = io.BytesIO()
        pdf.save(file, deterministic_id=True, force_version="1.3", object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return file.getvalue()


class _Conversion:
    def __init__(self, pdf: Pdf, inks: Inks, name: str) -> None:
        self.pdf, self.inks, self.name = pdf, inks, name
        self.recolouring, self.spaces = Recolouring(inks, name), Spaces()
        self.done: set[Any] = set()

    def page(self, page: Any) -> None:
        resources = page.get("/Resources", Dictionary())
        said = self.recolouring.stream(instructions(content(page), page), resources)
        page.Contents = Stream(self.pdf, said)
        _delete(page, "/Group")
        self.resources(resources)

    def resources(self, resources: Any) -> None:
        """Whatever names in a stream stand for, once."""
        if not isinstance(resources, Dictionary) or not self._is_new(resources):
            return
        for thing in self._fresh(resources, "/XObject"):
            self.object(thing, resources)
        for pattern in self._fresh(resources, "/Pattern"):
            self.pattern(pattern, resources)
        for shading in self._fresh(resources, "/Shading"):
            self.shading(shading, resources)
        for font in self._fresh(resources, "/Font"):
            if font.get("/Subtype") == "/Type3":
                for glyph in font.CharProcs.values():
                    self.form(glyph, font.get("/Resources", resources))
        _delete(resources, "/ColorSpace")

    def object(self, thing: Any, resources: Any) -> None:
        if thing.get("/Subtype") == "/Image":
            self.picture(thing)
        else:
            self.form(thing, resources)

    def pattern(self, pattern: Any, resources: Any) -> None:
        if isinstance(pattern, Stream):
            self.form(pattern, resources)
        elif "/Shading" in pattern and self._is_new(pattern.Shading):
            self.shading(pattern.Shading, resources)

    def form(self, form: Any, resources: Any) -> None:
        own = form.get("/Resources", resources)
        said = self.recolouring.stream(instructions(bytes(form.read_bytes()), form), own)
        form.write(said)
        _delete(form, "/Group")
        self.resources(own)

    def picture(self, image: Any) -> None:
        """A raster image in the inks asked for, flattened onto white."""
        if image.get("/ImageMask", False):
            return
        space = self.spaces.name(image.get("/ColorSpace"), None)
        if space == self.inks.name[1:] == "DeviceGray" and "/SMask" not in image:
            return
        try:
            opened = pikepdf.PdfImage(image).as_pil_image()
            opened = self._on_white(opened, image)
            made = self._limited(
                self.inks.picture(opened if opened.mode in ("1", "L", "CMYK") else opened.convert("RGB"))
            )
        except (pikepdf.PdfError, NotImplementedError, ValueError, OSError) as reason:
            message = f"a picture in {space} cannot be converted: {reason}"
            raise InputError([error("colour", self.name, message)]) from reason
        width, height = opened.size
        image.write(zlib.compress(made.tobytes(), 6), filter=Name.FlateDecode)
        for key in ("/SMask", "/Mask", "/Decode", "/DecodeParms", "/Intent", "/Interpolate"):
            _delete(image, key)
        image["/ColorSpace"] = Name.DeviceGray if made.mode == "L" else Name.DeviceCMYK
        image["/BitsPerComponent"], image["/Width"], image["/Height"] = 8, width, height

    def _on_white(self, opened: Any, image: Any) -> Any:
        mask = image.get("/SMask")
        if mask is None:
            return opened
        from PIL import Image

        alpha = pikepdf.PdfImage(mask).as_pil_image().convert("L").resize(opened.size)
        return Image.composite(opened.convert("RGB"), Image.new("RGB", opened.size, "white"), alpha)

    def _limited(self, made: Any) -> Any:
        """Pixels that carry too much ink with less of the three colours."""
        limit = self.inks.limit * 255
        if made.mode != "CMYK" or not limit:
            return made
        pixels = bytearray(made.tobytes())
        for at in range(0, len(pixels), 4):
            cyan, magenta, yellow, black = pixels[at : at + 4]
            if cyan + magenta + yellow + black > limit:
                share = (limit - black) / (cyan + magenta + yellow)
                pixels[at : at + 3] = bytes(int(ink * share) for ink in (cyan, magenta, yellow))
        return _image(made.size, bytes(pixels))

    # ---- gradients

    def shading(self, shading: Any, resources: Any) -> None:
        family = _family(self.spaces.name(shading.get("/ColorSpace"), resources))
        if family == "other" or "/Function" not in shading:
            raise self._odd("a gradient of points or in a spot colour")
        shading["/Function"] = self.function(shading.Function, family)
        shading["/ColorSpace"] = Name(self.inks.name)
        if "/Background" in shading:
            shading["/Background"] = Array(list(self.inks.painted(family, _floats(shading.Background))))

    def function(self, function: Any, family: str) -> Any:
        """A function from a number to a colour, to one in our inks (ISO 32000-1, 7.10)."""
        if isinstance(function, Array):
            raise self._odd("a gradient with a function for each ink")
        kind = int(function.FunctionType)
        if kind == 2:
            count = {"grey": 1, "rgb": 3, "cmyk": 4}[family]
            ends = {"/C0": _floats(function.get("/C0", [0] * count)), "/C1": _floats(function.get("/C1", [1] * count))}
            made = Dictionary(FunctionType=2, Domain=function.Domain, N=function.N)
            for key, values in ends.items():
                made[key] = Array([round(value, 4) for value in self.inks.painted(family, values)])
            return self.pdf.make_indirect(made)
        if kind == 3:
            inner = Array([self.function(one, family) for one in function.Functions])
            return self.pdf.make_indirect(
                Dictionary(
                    FunctionType=3,
                    Domain=function.Domain,
                    Functions=inner,
                    Bounds=function.Bounds,
                    Encode=function.Encode,
                )
            )
        if kind == 0:
            return self._sampled(function, family)
        raise self._odd("a gradient that is a program")

    def _sampled(self, function: Any, family: str) -> Any:
        count = len(function.Range) // 2
        if int(function.BitsPerSample) != 8 or len(function.Size) != 1:
            raise self._odd("a gradient of unusual samples")
        limits = _floats(function.get("/Decode", function.Range))
        data, made = bytes(function.read_bytes()), bytearray()
        for at in range(0, int(function.Size[0]) * count, count):
            values = tuple(
                low + byte / 255 * (high - low)
                for byte, low, high in zip(data[at : at + count], limits[::2], limits[1::2], strict=True)
            )
            made += bytes(round(255 * value) for value in self.inks.painted(family, values))
        stream = Stream(self.pdf, bytes(made))
        for key in ("/FunctionType", "/Domain", "/Size", "/BitsPerSample", "/Encode", "/Order"):
            if key in function:
                stream[key] = function[key]
        stream["/Range"] = Array([0, 1] * (1 if self.inks.space == "grey" else 4))
        return self.pdf.make_indirect(stream)

    def _fresh(self, resources: Any, key: str) -> list[Any]:
        """The things of a kind that have not been converted yet."""
        held = resources.get(key)
        return [thing for thing in held.values() if self._is_new(thing)] if isinstance(held, Dictionary) else []

    def _is_new(self, thing: Any) -> bool:
        key = thing.objgen
        if not key[0]:
            return True
        if key in self.done:
            return False
        self.done.add(key)
        return True

    def _odd(self, what: str) -> InputError:
        return InputError([error("colour", self.name, f"there is {what}, which cannot be converted")])


def _image(size: tuple[int, int], data: bytes) -> Any:
    from PIL import Image

    return Image.frombytes("CMYK", size, data)


def _family(space: str) -> str:
    return Colour(space, ()).family


def _floats(values: Any) -> Values:
    return tuple(float(one) for one in values)


def _delete(thing: Any, key: str) -> None:
    if key in thing:
        del thing[key]
