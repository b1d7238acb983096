"""What a content stream paints: text, lines, areas, pictures, each with its place, size and colour.

Forms are read once and put where they are used. Boxes are in pt of the page; what is clipped away is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pikepdf

from . import pictures
from .codes import RUNS, module
from .inks import BLACK, Colour, Spaces
from .lettering import Font, Fonts
from .operators import (
    IDENTITY,
    Box,
    Instruction,
    Matrix,
    both,
    instructions,
    matrix,
    moved,
    numbers,
    scale,
    shown,
    times,
)
from .pictures import Picture
from .place import Place, is_group, matrix_of
from .shapes import extent, frame, grown_by, ppi_of
from .trace import AREA, ARTIFACT, CODE, IMAGE, LINE, SHADING, TEXT, UNTAGGED, Trace, meaning, role_of

DEEPEST = 12
"""Forms within forms; beyond that a file is no drawing but a trap."""

GROUP = "a transparency group"
NOWHERE: Box = (0.0, 0.0, 0.0, 0.0)
NO_FONT = Font()


class _State:
    """The graphics state, as far as it tells where and how something is seen."""

    clip: Box | None = None
    ctm: Matrix = IDENTITY
    fill: Colour = BLACK
    stroke: Colour = BLACK
    pattern = ""
    width = 1.0
    font = NO_FONT
    size = 0.0
    gap = 0.0
    word = 0.0
    spread = 1.0
    leading = 0.0
    rise = 0.0
    mode = 0

    def copy(self) -> _State:
        made = _State()
        made.__dict__.update(self.__dict__)
        return made


class Painter:
    """Reads pages of one document, keeping what they share."""

    def __init__(self) -> None:
        self.fonts, self.spaces = Fonts(), Spaces()
        self.forms: dict[tuple[Any, ...], tuple[tuple[Trace, ...], set[str]]] = {}
        self.pictures: dict[Any, Picture] = {}
        self.used: set[str] = set()
        """What was transparent since the last page began."""

    def page(self, data: bytes, page: Any, resources: Any) -> list[Trace]:
        self.used = set()
        return _Stream(self, Place(resources), _State(), 0).run(instructions(data, page))

    def form(self, form: Any, resources: Any, state: _State, depth: int) -> tuple[tuple[Trace, ...], set[str]]:
        """What a form paints, in its own space, and what is transparent about it."""
        key = (form.objgen, state.fill, state.stroke)
        made = self.forms.get(key) if form.objgen[0] else None
        if made is None:
            before, self.used = self.used, {GROUP} if is_group(form) else set()
            inside = _State()
            inside.fill, inside.stroke = state.fill, state.stroke
            stream = _Stream(self, Place(form.get("/Resources", resources)), inside, depth)
            made = self.forms[key] = tuple(stream.run(instructions(bytes(form.read_bytes()), form))), self.used
            self.used = before
        return made


class _Stream:
    """Reads one stream, operator by operator."""

    def __init__(self, painter: Painter, place: Place, state: _State, depth: int) -> None:
        self.painter, self.place, self.state, self.depth = painter, place, state, depth
        self.stack: list[_State] = []
        self.traces: list[Trace] = []
        self.points: list[bytes] = []
        self.rects: list[bytes] = []
        self.begins = self.lines = 0
        self.clips = False
        self.roles: list[str] = []
        self.role = UNTAGGED
        self.text = self.start = IDENTITY

    def run(self, said: list[Instruction]) -> list[Trace]:
        last = b""
        for operands, operator in said:
            if operator == b"l":
                self.points.append(operands)
                self.lines += 1
            elif operator == b"m":
                if last == b"m":  # a path that goes nowhere
                    self.points.pop()
                    self.begins -= 1
                self.points.append(operands)
                self.begins += 1
            else:
                act = _ACTS.get(operator)
                if act:
                    act(self, operands)
            last = operator
        return self.traces

    # ---- state

    def q(self, _: bytes) -> None:
        self.stack.append(self.state)
        self.state = self.state.copy()

    def end_q(self, _: bytes) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def cm(self, operands: bytes) -> None:
        self.state.ctm = times(matrix(operands), self.state.ctm)

    def begin_role(self, operands: bytes) -> None:
        self.roles.append(meaning(operands))
        self.role = role_of(self.roles)

    def end_role(self, _: bytes) -> None:
        self.roles = self.roles[:-1]
        self.role = role_of(self.roles)

    def fill(self, space: str, operands: bytes) -> None:
        self.state.fill, self.state.pattern = self.painter.spaces.device(space, operands), ""

    def stroke(self, space: str, operands: bytes) -> None:
        self.state.stroke = self.painter.spaces.device(space, operands)

    def cs(self, operands: bytes) -> None:
        self.state.fill = self.painter.spaces.initial(_name(operands), self.place.resources)
        self.state.pattern = ""

    def stroke_cs(self, operands: bytes) -> None:
        self.state.stroke = self.painter.spaces.initial(_name(operands), self.place.resources)

    def scn(self, operands: bytes) -> None:
        self.state.fill, self.state.pattern = self.painter.spaces.within(self.state.fill, operands)
        if self.state.pattern:
            self.pattern(self.state.pattern)

    def stroke_scn(self, operands: bytes) -> None:
        self.state.stroke, name = self.painter.spaces.within(self.state.stroke, operands)
        if name:
            self.pattern(name)

    def gs(self, operands: bytes) -> None:
        width, blend_ = self.place.graphics(_name(operands))
        if blend_:
            self.painter.used.add(blend_)
        self.state.width = width or self.state.width

    # ---- text

    def begin_text(self, _: bytes) -> None:
        self.text = self.start = IDENTITY

    def tm(self, operands: bytes) -> None:
        self.text = self.start = matrix(operands)

    def td(self, operands: bytes) -> None:
        x, y = numbers(operands)[:2]
        self.text = self.start = times((1.0, 0.0, 0.0, 1.0, x, y), self.start)

    def td_leading(self, operands: bytes) -> None:
        self.state.leading = -numbers(operands)[1]
        self.td(operands)

    def newline(self, _: bytes) -> None:
        self.text = self.start = times((1.0, 0.0, 0.0, 1.0, 0.0, -self.state.leading), self.start)

    def tf(self, operands: bytes) -> None:
        name, size = operands.split()[:2]
        self.state.font = self.painter.fonts.find(_name(name), self.place.resources)
        self.state.size = float(size)

    def number(self, name: str, operands: bytes) -> None:
        setattr(self.state, name, float(operands))

    def spread(self, operands: bytes) -> None:
        self.state.spread = float(operands) / 100

    def mode(self, operands: bytes) -> None:
        self.state.mode = int(float(operands))

    def show_on_next(self, operands: bytes) -> None:
        self.newline(operands)
        self.show(operands)

    def show_spaced(self, operands: bytes) -> None:
        word, gap, text = operands.split(maxsplit=2)
        self.state.word, self.state.gap = float(word), float(gap)
        self.show_on_next(text)

    def show(self, operands: bytes) -> None:
        state = self.state
        across = 0.0
        for item in shown(operands):
            if isinstance(item, float):
                across -= item / 1000 * state.size
            else:
                width, letters, blanks = state.font.measure(item)
                across += width / 1000 * state.size + letters * state.gap + blanks * state.word
        across *= state.spread
        trace = _text(across, self.text, state, self.role)
        if trace:
            self.traces.append(trace)
        self.text = times((1.0, 0.0, 0.0, 1.0, across, 0.0), self.text)

    # ---- paths

    def curve(self, operands: bytes) -> None:
        self.points.append(operands)

    def re(self, operands: bytes) -> None:
        self.rects.append(operands)

    def clip(self, _: bytes) -> None:
        self.clips = True

    def paint(self, does: str, _: bytes) -> None:
        box = extent(self.points, self.rects) if self.points or self.rects else None
        if box is not None:
            seen = moved(box, self.state.ctm)
            if "f" in does:
                self.area(seen)
            elif "s" in does:
                self.line(seen)
            if self.clips:
                self.state.clip = both(self.state.clip, seen)
        self.points, self.rects = [], []
        self.begins = self.lines = 0
        self.clips = False

    def line(self, seen: Box) -> None:
        grown = scale(self.state.ctm)
        size = self.state.width * grown
        seen = grown_by(seen, size / 2)
        self.traces.append(Trace(LINE, seen, size, self.state.stroke, self.role))
        if self.begins >= RUNS and self.begins == self.lines:
            one = module(self.points, [], self.state.width)
            if one:
                self.traces.append(Trace(CODE, seen, one * grown, self.state.stroke, self.role))

    def area(self, box: Box) -> None:
        state = self.state
        seen = both(state.clip, box) or box
        if seen[2] < seen[0] or seen[3] < seen[1]:
            return
        size = min(box[2] - box[0], box[3] - box[1]) if len(self.rects) != 2 else frame(self.rects, box)
        self.traces.append(Trace(AREA, seen, size, state.fill, self.role, None, None, state.pattern))
        if self.begins + len(self.rects) >= RUNS:
            one = module(self.points, self.rects, 0.0)
            if one:
                self.traces.append(Trace(CODE, seen, one * scale(state.ctm), state.fill, self.role))

    # ---- what is elsewhere

    def do(self, operands: bytes) -> None:
        found = self.place.object("/XObject", _name(operands))
        if found is None:
            return
        if found.get("/Subtype") == "/Image":
            self.image(found)
        elif self.depth < DEEPEST:
            self.form(found)

    def form(self, form: Any) -> None:
        state = self.state
        traces, blends = self.painter.form(form, self.place.resources, state, self.depth + 1)
        self.painter.used |= blends
        whole = times(matrix_of(form), state.ctm)
        left, bottom, right, top = (float(one) for one in form.get("/BBox", [0, 0, 0, 0]))
        outline = moved((left, bottom, right, top), whole)
        visible = both(state.clip, outline) or outline
        grown, role = scale(whole), self.role
        for kind, box, size, colour, own, drawing, picture, pattern in traces:
            seen = both(visible, moved(box, whole)) or box
            if seen[2] >= seen[0] and seen[3] >= seen[1]:
                within = moved(drawing, whole) if drawing else outline
                self.traces.append(Trace(kind, seen, size * grown, colour, role or own, within, picture, pattern))

    def pattern(self, name: str) -> None:
        """What a pattern paints is painted on every tile; here it stands once, where the pattern begins."""
        found = self.place.object("/Pattern", name)
        if found is None or self.depth >= DEEPEST:
            return
        if isinstance(found, pikepdf.Stream):
            traces, blends = self.painter.form(found, self.place.resources, self.state, self.depth + 1)
            self.painter.used |= blends
            whole = matrix_of(found)
            grown = scale(whole)
            self.traces += [
                one._replace(box=moved(one.box, whole), size=one.size * grown, role=ARTIFACT, pattern=name)
                for one in traces
            ]
        elif found.get("/Shading") is not None:
            space = self.painter.spaces.name(found.Shading.get("/ColorSpace"), self.place.resources)
            self.traces.append(Trace(SHADING, self.state.clip or NOWHERE, 0.0, Colour(space, ()), self.role))

    def image(self, image: Any) -> None:
        picture = self.painter.pictures.get(image.objgen)
        if picture is None:
            picture = self.painter.pictures[image.objgen] = pictures.picture(image, self.painter.spaces)
        if picture.has_alpha:
            self.painter.used.add("a picture with a soft mask")
        self.show_picture(picture)

    def inline(self, operands: bytes) -> None:
        self.show_picture(pictures.inline(operands))

    def show_picture(self, picture: Picture) -> None:
        state = self.state
        colour = state.fill if picture.is_mask else Colour(picture.space, ())
        box = moved((0.0, 0.0, 1.0, 1.0), state.ctm)
        seen = both(state.clip, box) or box
        ppi = ppi_of(picture, state.ctm)
        self.traces.append(Trace(IMAGE, seen, ppi, colour, self.role, None, picture))
        if picture.qr and ppi:
            self.traces.append(Trace(CODE, seen, picture.qr / ppi * 72, colour, self.role))

    def shading(self, operands: bytes) -> None:
        found = self.place.object("/Shading", _name(operands))
        if found is not None:
            space = self.painter.spaces.name(found.get("/ColorSpace"), self.place.resources)
            self.traces.append(Trace(SHADING, self.state.clip or NOWHERE, 0.0, Colour(space, ()), self.role))


Act = Callable[[_Stream, bytes], None]


def _with(act: Callable[[_Stream, str, bytes], None], word: str) -> Act:
    return lambda stream, operands: act(stream, word, operands)


_ACTS: dict[bytes, Act] = {
    b"q": _Stream.q, b"Q": _Stream.end_q, b"cm": _Stream.cm, b"gs": _Stream.gs, b"Do": _Stream.do,
    b"BDC": _Stream.begin_role, b"BMC": _Stream.begin_role, b"EMC": _Stream.end_role,
    b"g": _with(_Stream.fill, "DeviceGray"), b"rg": _with(_Stream.fill, "DeviceRGB"),
    b"k": _with(_Stream.fill, "DeviceCMYK"), b"G": _with(_Stream.stroke, "DeviceGray"),
    b"RG": _with(_Stream.stroke, "DeviceRGB"), b"K": _with(_Stream.stroke, "DeviceCMYK"),
    b"cs": _Stream.cs, b"CS": _Stream.stroke_cs, b"sc": _Stream.scn, b"scn": _Stream.scn,
    b"SC": _Stream.stroke_scn, b"SCN": _Stream.stroke_scn, b"w": _with(_Stream.number, "width"),
    b"BT": _Stream.begin_text, b"Tm": _Stream.tm, b"Td": _Stream.td, b"TD": _Stream.td_leading,
    b"T*": _Stream.newline, b"Tf": _Stream.tf, b"Tc": _with(_Stream.number, "gap"),
    b"Tw": _with(_Stream.number, "word"), b"TL": _with(_Stream.number, "leading"),
    b"Ts": _with(_Stream.number, "rise"), b"Tz": _Stream.spread, b"Tr": _Stream.mode,
    b"Tj": _Stream.show, b"TJ": _Stream.show, b"'": _Stream.show_on_next, b'"': _Stream.show_spaced,
    b"c": _Stream.curve, b"v": _Stream.curve, b"y": _Stream.curve, b"re": _Stream.re,
    b"W": _Stream.clip, b"W*": _Stream.clip, b"sh": _Stream.shading, b"BI": _Stream.inline,
    **{operator: _with(_Stream.paint, "f") for operator in (b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*")},
    **{operator: _with(_Stream.paint, "s") for operator in (b"S", b"s")}, b"n": _with(_Stream.paint, ""),
}  # fmt: skip


def _text(across: float, matrix_: Matrix, state: _State, role: str) -> Trace | None:
    """Text that shows, or nothing."""
    if state.mode in (3, 7) or not across:
        return None
    whole = times(matrix_, state.ctm)
    size = state.size * float((whole[2] ** 2 + whole[3] ** 2) ** 0.5)
    box = (0.0, state.rise - 0.2 * state.size, across, state.rise + 0.72 * state.size)
    seen = moved(box, whole)
    visible = both(state.clip, seen) or seen
    if visible[2] <= visible[0] or visible[3] <= visible[1]:
        return None
    colour = state.stroke if state.mode in (1, 5) else state.fill
    return Trace(TEXT, visible, size, colour, role, None, None, state.font.name)


def _name(operands: bytes) -> str:
    return operands.strip().decode("latin-1")
