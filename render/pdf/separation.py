"""Colours into inks: grey, or the four of a press, by way of a profile. Neutral colours become black alone."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from .syntax import numbers

Values = tuple[float, ...]

NEUTRAL = 0.055
"""How far apart red, green and blue may be for a colour to count as grey."""
DARK, FAINT = 0.85, 0.02
"""Neutral colours darker than this print solid; inks weaker than that do not print."""
TEXT = 0.5
"""Text darker than this prints solid, since small type does not bear a screen."""
_LUMA = (0.2126, 0.7152, 0.0722)
_RELATIVE, _BLACK_POINT = 1, 0x2000
"""Intent and flag of LittleCMS: relative colorimetric, with black point compensation."""


class Inks:
    """``space`` is grey or cmyk. ``limit`` is percent of all inks together."""

    def __init__(self, space: str, *, text: str = "as-is", limit: float = 0.0, profile: Path | None = None) -> None:
        self.space, self.text, self.limit, self.profile = space, text, limit / 100, profile
        self.painted = functools.lru_cache(8192)(self._painted)
        self.lettered = functools.lru_cache(8192)(self._lettered)

    @property
    def name(self) -> str:
        """The colour space of what comes out."""
        return "/DeviceGray" if self.space == "grey" else "/DeviceCMYK"

    def said(self, values: Values, stroke: str) -> bytes:
        """The operator that sets a converted colour, for strokes or fills."""
        operator = {"grey": ("g", "G"), "cmyk": ("k", "K")}[self.space][stroke == "stroke"]
        return b"%b %b\n" % (numbers(values), operator.encode())

    def _painted(self, family: str, values: Values) -> Values:
        """A colour of an area, line or large shape. ``family`` is grey, rgb or cmyk."""
        if self.space == "grey":
            return (round(_grey(family, values), 4),)
        if family == "grey":
            return 0.0, 0.0, 0.0, round(1 - values[0], 4)
        if family == "cmyk":
            return self._limited(values)
        if max(values) - min(values) <= NEUTRAL:
            return self._black(values, DARK)
        return self._limited(self._pressed(values))

    def _lettered(self, family: str, values: Values) -> Values:
        """The colour of text: where text is to be black, the tint of black that is as dark."""
        if self.space == "grey" or self.text != "black":
            return self.painted(family, values)
        if family == "cmyk" and not max(values[:3]):
            return values
        return self._black(values if family == "rgb" else (_grey(family, values),) * 3, TEXT)

    def _black(self, rgb: Values, dark: float) -> Values:
        tint = 1 - _grey("rgb", rgb)
        tint = 1.0 if tint >= dark else 0.0 if tint < FAINT else tint
        return 0.0, 0.0, 0.0, round(tint, 3)

    def _pressed(self, rgb: Values) -> Values:
        from PIL import Image

        pixel = tuple(round(255 * min(max(value, 0.0), 1.0)) for value in rgb)
        inks = self.picture(Image.new("RGB", (1, 1), pixel)).tobytes()
        return tuple(0.0 if ink / 255 < 0.03 else round(ink / 255, 3) for ink in inks)

    def _limited(self, inks: Values) -> Values:
        """With less of the colours, black as it is, where all together are too much."""
        if not self.limit or sum(inks) <= self.limit:
            return tuple(round(ink, 4) for ink in inks)
        share = max(0.0, self.limit - inks[3]) / sum(inks[:3])
        return (*(round(ink * share - 0.0005, 3) for ink in inks[:3]), round(inks[3], 3))

    def picture(self, image: Any) -> Any:
        """A Pillow image in the inks asked for."""
        if self.space == "grey":
            return image.convert("L")
        if image.mode in ("1", "L"):
            return image.convert("L")
        from PIL import ImageCms

        return image if image.mode == "CMYK" else ImageCms.applyTransform(image.convert("RGB"), self._transform)

    @functools.cached_property
    def _transform(self) -> Any:
        from PIL import ImageCms

        if self.profile is None:
            raise ValueError("four inks need a profile")
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(
            srgb, str(self.profile), "RGB", "CMYK", ImageCms.Intent(_RELATIVE), ImageCms.Flags(_BLACK_POINT)
        )


def _grey(family: str, values: Values) -> float:
    """How light a colour is, from 0 to 1, as grey says it."""
    if family == "grey":
        return values[0]
    if family == "cmyk":
        cyan, magenta, yellow, black = values
        rgb = ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    else:
        rgb = values[0], values[1], values[2]
    return sum(share * value for share, value in zip(_LUMA, rgb, strict=True))
