"""A strip of microfiche: frames of illegible lines between sprocket holes."""

from __future__ import annotations

from .pen import Palette, box, fill, num, outlined, rng, round_box, stroke, svg


def draw(palette: Palette, *, seed: str, n: int = 11, w: float = 62.0, h: float = 15.0) -> str:
    """``n`` frames, one for each section of the file."""
    r = rng("fichestrip", seed)
    pitch = (w - 2) / max(1, n)
    wide = pitch - 0.7
    frames = lines = ""
    for i in range(n):
        x, y = 1.35 + i * pitch, 5.2
        frames += box(x, 4.2, wide, h - 8.4)
        short = r.randint(2, 4)
        while y < h - 4.8:
            share = r.uniform(0.72, 1) if short else r.uniform(0.25, 0.6)
            short = short - 1 if short else r.randint(1, 4)
            lines += f"M{num(x + 0.6)} {num(y)}h{num((wide - 1.2) * share)}"
            y += 0.85
    gap = (w - 4.1) / 19
    sprockets = "".join(f"M{num(1.6 + k * gap)} {num(y)}h.9" for y in (1.6, h - 1.6) for k in range(20))
    return svg(
        w,
        h,
        outlined(round_box(0.15, 0.15, w - 0.3, h - 0.3, 1), palette["film"], palette["ink"], 0.2),
        fill(frames, palette["film_frame"]),
        stroke(lines, palette["film_ink"], 0.28),
        stroke(sprockets, palette["film_frame"], 1),
    )
