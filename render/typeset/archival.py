"""What makes a PDF archival and accessible at once: PDF/A with the claim to PDF/UA-1."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pydyf
from weasyprint import Document

from ..standards import Standard
from .structure import Origins, mend

_LOGGER = logging.getLogger("weasyprint")
_LINK = re.compile(r"(?:https?|mailto|specimen|matter|mark):\S", re.IGNORECASE)
"""``specimen:``, ``matter:`` and ``mark:`` are for binding, which puts in their place where they lead."""

_DECIMALS = re.compile(r"(?<![\w<.])-?\d*\.\d{3,}(?![\w>])")

# PDF/A allows a property in XMP only if its schema is described there (ISO 19005-3, 6.6.2.3).
_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def claim(document: Document, standard: Standard) -> None:
    """Let the metadata of a PDF/A say PDF/UA-1 too, where it is to.

    All metadata stay uncompressed, for those who search files for them.
    """
    metadata = document.metadata
    written, included = metadata.generate_rdf_metadata, metadata.include_in_pdf

    def generate(*arguments: Any) -> bytes:
        rdf = bytes(written(*arguments))
        return rdf.replace(b"</rdf:RDF>", _CLAIM) if standard.archival and standard.accessible else rdf

    def include(pdf: Any, variant: str, version: Any, conformance: Any, compress: bool) -> None:  # noqa: ARG001
        included(pdf, variant, version, conformance, compress=False)

    metadata.generate_rdf_metadata, metadata.include_in_pdf = generate, include


def keep_in(document: Document) -> None:
    """Drop what a PDF could carry out or in: attached files, form fields, links but to the web, to mail and within.

    WeasyPrint lets ``javascript:``, ``file:`` and ``data:`` addresses through, in links and as where a form is sent.
    It also gives every child element of an ``<a>`` an annotation of its own, which PDF/UA-1 forbids.
    """
    if document.metadata.attachments:
        _LOGGER.warning("Attached files are left out")
        document.metadata.attachments = []
    for page in document.pages:
        if any(page.forms.values()):
            _LOGGER.warning("Form fields are left out")
        page.forms = {}
        own = [link for link in page.links if (link[3].element_tag or "").split(":")[0] == "a"]
        page.links = [link for link in own if _proper(*link[:2])]
        for kind, target, *_ in own:
            if not _proper(kind, target):
                _LOGGER.warning("A link is left out: %.80s", target)


def _proper(kind: str, target: str) -> bool:
    return kind == "internal" or (kind == "external" and _LINK.match(target) is not None)


def finish(pdf: pydyf.PDF, origins: Origins) -> None:
    """Mend the structure tree of a PDF that is about to be written."""
    mark_heads(pdf)
    release(pdf, mend(pdf, origins))


def mark_heads(pdf: pydyf.PDF) -> None:
    """Turn running heads and feet into pagination artifacts.

    WeasyPrint tags the text of margin boxes but leaves it out of the structure tree (``pdf/tags.py``, "only allowed in
    PDF 2.0"): elements without a parent, which a reader may or may not speak on every page. Can go when WeasyPrint
    writes artifacts itself.
    """
    elements = {one.reference: one for one in pdf.objects if _is(one, "/StructElem")}
    owned = {kid for one in elements.values() for kid in one["K"] if isinstance(kid, bytes)}
    top = next(reference for reference, one in elements.items() if one["S"] == "/Document")
    release(pdf, [one for reference, one in elements.items() if reference not in owned and one.get("P") == top])


def release(pdf: pydyf.PDF, unwanted: Iterable[Any]) -> None:
    """Turn what elements hold into pagination artifacts; each of them, with those below it, is on one page."""
    elements = {one.reference: one for one in pdf.objects if _is(one, "/StructElem")}
    numbers = _parent_tree(pdf)
    pages = {page.reference: page for page in pdf.objects if _is(page, "/Page")}
    for element in unwanted:
        page = pages[element["Pg"]]
        marks = set(_release(element, elements))
        _unmark(pdf.objects[_number(page["Contents"])], marks)
        owners = numbers[page["StructParents"]]
        for mark in marks:
            owners[mark] = "null"


def coarsen(pdf: pydyf.PDF) -> None:
    """Write numbers on the pages with as many decimals as an eye can tell: a hundredth of a px, 0.003 mm."""
    for one in pdf.objects:
        if (
            isinstance(one, pydyf.Stream)
            and one.extra.get("Subtype", "/Form") == "/Form"
            and "Length1" not in one.extra
        ):
            one.stream = [_coarse(item) for item in one.stream]


def _coarse(item: Any) -> Any:
    if isinstance(item, str):
        return _DECIMALS.sub(_rounded, item)
    if isinstance(item, bytes) and item.isascii():
        return _DECIMALS.sub(_rounded, item.decode()).encode()
    return item


def _rounded(match: re.Match[str]) -> str:
    value = float(match[0])
    text = f"{value:.2f}" if abs(value) >= 10 else f"{value:.4f}"
    return text.rstrip("0").rstrip(".").replace("-0.", "-.").removeprefix("0") or "0"


def _is(one: Any, kind: str) -> bool:
    return isinstance(one, dict) and one.get("Type") == kind


def _parent_tree(pdf: pydyf.PDF) -> dict[int, Any]:
    """Arrays of structure elements by mark, for every page."""
    root = pdf.objects[_number(pdf.catalog["StructTreeRoot"])]
    flat = pdf.objects[_number(root["ParentTree"])]["Nums"]
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _release(element: Any, elements: dict[bytes, Any]) -> Iterator[int]:
    """Empty an element and those below it; yields the marks of their content.

    They are emptied, not freed: pydyf 0.13 numbers the objects of a compressed file wrongly when one is free.
    """
    kids = list(element["K"])
    element.clear()
    for kid in kids:
        if isinstance(kid, int):
            yield kid
        elif kid in elements:
            yield from _release(elements[kid], elements)


def _unmark(stream: Any, marks: set[int]) -> None:
    content = stream.stream
    for place, item in enumerate(content):
        if isinstance(item, dict) and item.get("MCID") in marks:
            content[place - 1] = "/Artifact"
            content[place] = pydyf.Dictionary({"Type": "/Pagination"})


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
