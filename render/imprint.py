"""What a book's file says of itself: the catalogue, the information dictionary and the XMP metadata."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .pdf.syntax import string
from .standards import DEFAULT, Standard

PRODUCER = "dossier-press"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
{claims}<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description><dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
{described}</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""  # noqa: E501 - a packet of its own syntax

_ARCHIVAL = """<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance></rdf:Description>
"""

_ACCESSIBLE = """<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
"""

_DESCRIBED = """<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema><pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI><pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category><pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""  # noqa: E501
"""PDF/A allows a property in XMP only if its schema is described there (ISO 19005-3, 6.6.2.3)."""

_INTENT = "IEC 61966-2-1 Default RGB Colour Space - sRGB"
"""The name of the profile that WeasyPrint puts into parts."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Title, author, subject and language of a book, and what its file claims to be."""

    title: str
    author: str
    subject: str
    lang: str
    standard: Standard = DEFAULT


def xmp(imprint: Imprint) -> bytes:
    """The metadata, with what the file claims to be."""
    standard = imprint.standard
    claims = _ARCHIVAL.format(part=standard.part, level=standard.level) if standard.archival else ""
    claims += _ACCESSIBLE if standard.accessible else ""
    described = _DESCRIBED if standard.archival and standard.accessible else ""
    said = {name: escape(getattr(imprint, name)) for name in ("title", "author", "subject", "lang")}
    return _XMP.format(**said, producer=PRODUCER, claims=claims, described=described).encode()


def info(imprint: Imprint) -> bytes:
    """The same in the information dictionary."""
    return b"<</Title%b/Author%b/Subject%b/Producer%b>>" % tuple(
        map(string, (imprint.title, imprint.author, imprint.subject, PRODUCER))
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers of the objects that a catalogue names."""

    pages: int
    names: int
    outlines: int
    structure: int
    metadata: int
    profile: int


def catalog(imprint: Imprint, parts: Parts, labels: bytes) -> bytes:
    """The document's root: opens on spreads with the first page on the right, with its outline and its title shown."""
    intents = b"/OutputIntents[%b]" % _intent(parts.profile) if imprint.standard.archival else b""
    return (
        b"<</Type/Catalog/Pages %d 0 R/Names<</Dests %d 0 R>>/Outlines %d 0 R/StructTreeRoot %d 0 R/Metadata %d 0 R"
        b"%b/PageLabels%b/Lang%b/MarkInfo<</Marked true>>/ViewerPreferences<</DisplayDocTitle true>>"
        b"/PageLayout/TwoPageRight/PageMode/UseOutlines>>"
        % (
            *(parts.pages, parts.names, parts.outlines, parts.structure, parts.metadata),
            *(intents, labels, string(imprint.lang)),
        )
    )


def _intent(profile: int) -> bytes:
    return b"<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier%b/Info%b/DestOutputProfile %d 0 R>>" % (
        *(string(_INTENT), string(_INTENT), profile),
    )
