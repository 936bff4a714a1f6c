"""Where the formats of office documents hold their text."""

from __future__ import annotations

from translate.formats.xml_text import Dialect

_OOXML = "http://schemas.openxmlformats.org"
# Namespaces of the strict variant that Office can save.
_STRICT = "http://purl.oclc.org/ooxml"

WORD = Dialect(
    namespaces={"w": (f"{_OOXML}/wordprocessingml/2006/main", f"{_STRICT}/wordprocessingml/main")},
    paragraphs=frozenset({"w:p"}),
    text=frozenset({"w:t"}),
    spaced=frozenset({"w:t"}),
    breaks=frozenset({"w:br", "w:tab", "w:cr"}),
    computed=frozenset({"w:fldsimple"}),
    has_word_fields=True,
)

# Slides, charts and diagrams; the names of a chart's rows and columns are cached in it.
DRAWING = Dialect(
    paragraphs=frozenset({"a:p", "c:pt"}),
    text=frozenset({"a:t", "c:v"}),
    breaks=frozenset({"a:br", "a:tab"}),
    computed=frozenset({"a:fld"}),
    namespaces={
        "a": (f"{_OOXML}/drawingml/2006/main", f"{_STRICT}/drawingml/main"),
        "c": (f"{_OOXML}/drawingml/2006/chart", f"{_STRICT}/drawingml/chart"),
    },
)

SHEET = Dialect(
    paragraphs=frozenset({"si", "is"}),
    text=frozenset({"t"}),
    spaced=frozenset({"t"}),
    # How a Japanese word is read.
    silent=frozenset({"rph"}),
    namespaces={"": (f"{_OOXML}/spreadsheetml/2006/main", f"{_STRICT}/spreadsheetml/main")},
)

OPEN_DOCUMENT = Dialect(
    paragraphs=frozenset({"text:p", "text:h", "svg:title", "svg:desc"}),
    breaks=frozenset({"text:line-break", "text:tab"}),
    worded=frozenset(
        {"text:span", "text:a", "text:ruby", "text:ruby-base", "text:meta", "text:meta-field"}
    ),
    silent=frozenset({"text:note-citation", "dc:creator", "dc:date", "meta:creator-initials"}),
    namespaces={
        "text": ("urn:oasis:names:tc:opendocument:xmlns:text:1.0",),
        "svg": ("urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",),
    },
)
