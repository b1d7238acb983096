"""What we do to finished PDFs. The only importer of pikepdf.

``digest`` takes a part's PDF to pieces once, when it is made; what it leaves is a ``Leaf``, which binding copies into
a book without looking inside.
"""

from __future__ import annotations

from .digest import digest
from .leaf import Leaf

__all__ = ["Leaf", "digest"]
