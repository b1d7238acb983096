"""The stylesheets of a layout, as the templates they are."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from .. import fonts
from ..fonts import Face
from ..layouts import Layout, Paper
from ..problems import InputError
from . import templates
from .drawings import Drawings


@dataclass(frozen=True)
class Setting:
    """What a dossier is set in: the same for all dossiers of a run."""

    layout: Layout
    theme: str
    paper: Paper
    faces: tuple[Face, ...]


class Styles(Mapping[str, str]):
    """CSS by density, rendered when it is asked for: a cascade layer for base, one for sections, one for the layout."""

    def __init__(self, setting: Setting, lang: str) -> None:
        layout = setting.layout
        self._setting = setting
        self._drawings = Drawings(layout.theme(setting.theme), layout.voices)
        self._densities = layout.densities(setting.paper)
        self._names = names(setting, lang, self._drawings) | {
            "fonts": [
                {"family": face.family, "weight": face.weight, "style": face.style, "url": f"font:{number}"}
                for number, face in enumerate(setting.faces)
                if face.role not in layout.without
            ],
            "stack": {voice: _stack(layout.voices.get(voice, voice), setting.faces) for voice in fonts.STACKS},
            "lang": lang,
        }
        self._rendered: dict[str, str] = {}

    @property
    def art(self) -> dict[str, str]:
        """The drawings that the densities rendered so far name."""
        return self._drawings.drawn

    def __getitem__(self, density: str) -> str:
        """Raises InputError when a stylesheet fails as a template."""
        if density not in self._rendered:
            self._rendered[density] = self._render(self._densities[density])
        return self._rendered[density]

    def __iter__(self) -> Iterator[str]:
        return iter(self._densities)

    def __len__(self) -> int:
        return len(self._densities)

    def _render(self, density: Mapping[str, Any]) -> str:
        layout = self._setting.layout
        layers = {"base": layout.base_styles, "sections": layout.section_styles, "layout": layout.own_styles}
        environment = templates.environment(layout)
        known = self._names | {"density": density}
        try:
            return "".join(
                f"@layer {layer}{{\n"
                + "".join(environment.get_template(f"css:{path}").render(known) + "\n" for path in paths)
                + "}\n"
                for layer, paths in layers.items()
            )
        except templates.FAILURES as failure:
            raise InputError([templates.problem(failure, layout)]) from failure


@functools.lru_cache(32)
def styles(setting: Setting, lang: str) -> Styles:
    """The stylesheets of a setting; the same object for the same setting, so that each is rendered once."""
    return Styles(setting, lang)


def names(setting: Setting, lang: str, drawings: Drawings) -> dict[str, Any]:
    """What every template and stylesheet has in reach."""
    layout = setting.layout
    return {
        "art": drawings,
        "layout": {"name": layout.name, **layout.furniture},
        "words": layout.words(lang),
        "theme": layout.theme(setting.theme),
        "paper": _geometry(setting.paper),
    }


def _geometry(paper: Paper) -> dict[str, Any]:
    names = ("name", "width", "height", "top", "bottom", "left", "right", "holes", "wide", "text", "area")
    return {name: getattr(paper, name) for name in names}


def _stack(voice: str, faces: Sequence[Face]) -> Markup:
    return Markup(", ".join(json.dumps(family, ensure_ascii=False) for family in fonts.families(voice, faces)))
