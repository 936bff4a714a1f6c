"""What the parts of an office document must be before their text is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from xml.parsers import expat

from translate.errors import BadFile

# Of all parts with text together: a thousand pages, or ten microseconds each.
MOST_ELEMENTS = 500_000
DEEPEST = 256


def check_names(names: Iterable[str]) -> None:
    """Refuse names that would leave the folder somebody unpacks the answer into.

    :raise BadFile: naming the part.
    """
    for name in names:
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name:
            raise BadFile(f"the file holds a part with an unsafe name: {name[:80]!r}")


class XmlGuard:
    """Reads the XML of one document part by part and keeps count over all of them."""

    def __init__(self) -> None:
        self._elements = 0

    def prefixes(self, name: str, xml: bytes) -> dict[str, str]:
        """Check a part; give its first prefix of each namespace (of `xmlns=` it is empty).

        :raise BadFile: for XML that is not well-formed, has a document type (and so could have
            entities), is nested more than `DEEPEST` deep, or has more tags than are allowed.
        """
        found: dict[str, str] = {}
        depth = 0

        def start(_tag: str, _attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self._elements += 1
            if depth > DEEPEST:
                raise BadFile(f"{name} is nested more than {DEEPEST} deep")
            if self._elements > MOST_ELEMENTS:
                raise BadFile(f"the file has more than {MOST_ELEMENTS} XML elements")

        def end(_tag: str) -> None:
            nonlocal depth
            depth -= 1

        def namespace(prefix: str | None, uri: str | None) -> None:
            found.setdefault(uri or "", prefix or "")

        def doctype(*_declaration: object) -> None:
            raise BadFile(f"{name} has a document type, which office documents never have")

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartNamespaceDeclHandler = namespace
        parser.StartDoctypeDeclHandler = doctype
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError) as error:
            if isinstance(error, BadFile):
                raise
            raise BadFile(f"{name} is not well-formed XML: {error}") from error
        return found
