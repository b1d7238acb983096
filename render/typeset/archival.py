"""What makes a PDF archival and accessible at once: PDF/A-3a with the claim to PDF/UA-1."""

from __future__ import annotations

from typing import Any

from weasyprint import Document

VARIANT = "pdf/a-3a"

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


def claim(document: Document) -> None:
    """Let the document's metadata say PDF/UA-1 too."""
    metadata = document.metadata
    written = metadata.generate_rdf_metadata

    def generate(*arguments: Any) -> bytes:
        return bytes(written(*arguments)).replace(b"</rdf:RDF>", _CLAIM)

    metadata.generate_rdf_metadata = generate


def keep_links(document: Document) -> None:
    """Drop links that lead anywhere but to the web, to mail or within, and those repeated on a link's children.

    WeasyPrint lets ``javascript:``, ``file:`` and ``data:`` addresses through, and gives every child element of an
    ``<a>`` an annotation of its own, which PDF/UA-1 forbids.
    """
    for page in document.pages:
        page.links = [link for link in page.links if _proper(*link)]


def _proper(kind: str, target: str, _rectangle: Any, box: Any) -> bool:
    outside = kind == "external" and target.partition(":")[0].lower() in ("https", "http", "mailto")
    return (kind == "internal" or outside) and (box.element_tag or "").split(":")[0] == "a"
