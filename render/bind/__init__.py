"""Plan -> Volume: the book's file."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from ..paginate import Plan
from ..pdf.leaf import Leaf
from .binder import Binder
from .types import Binding, Heading

__all__ = ["Binding", "Heading", "bind"]


def bind(file: BinaryIO, plan: Plan, leaf_of: Callable[[str], Leaf], binding: Binding) -> None:
    """Write the book. ``leaf_of`` gives the leaf of every key of the plan and of the furniture, ``PIECE/FAMILY``.

    Raises InputError for a part set in a face that is none of ours.
    """
    Binder(file, plan, leaf_of, binding).bind()
