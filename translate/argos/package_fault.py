"""What can be wrong with a package: one sentence each, which pages say in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


def N_(sentence: str) -> str:
    """The sentence itself; marks it for the catalogues."""
    return sentence


class Fault(StrEnum):
    """The sentence of a fault, in English; `%(name)s` stands for what it is about."""

    NO_ZIP = N_("it is not a zip archive that can be read")
    UNREADABLE = N_("it cannot be read")
    UNPACKABLE = N_("it cannot be unpacked")
    DAMAGED = N_("it is damaged")
    CHECKSUM = N_("its SHA-256 is %(found)s, not %(expected)s")
    LACKS = N_("it lacks %(files)s")
    TOO_MANY_FILES = N_("it holds %(found)s files; a package has less than %(most)s")
    TOO_LARGE = N_("it would unpack to %(found)s bytes; the limit is %(most)s")
    BOMB = N_("%(file)s grows %(times)s times or more: a zip bomb")
    LARGER_THAN_SAID = N_("%(file)s is larger than the archive says")
    UNSAFE_PATH = N_("it holds the unsafe path %(path)s")
    LINK = N_("%(file)s is a link or a special file")
    ENCRYPTED = N_("%(file)s is encrypted")
    OUTSIDE = N_("%(file)s lies outside the package's one folder")
    TWICE = N_("it holds %(file)s twice")
    FOLDERS = N_("it holds %(found)s folders; a package is exactly one")
    METADATA_LARGE = N_("metadata.json is larger than 1 MB")
    METADATA_NO_JSON = N_("metadata.json is not JSON")
    METADATA_NO_OBJECT = N_("metadata.json is not a JSON object")
    OTHER_TYPE = N_("this is a package of type %(type)s, not a translation model")
    NO_SHORT_TEXT = N_("metadata.json: %(name)s is not a short text")
    NO_LANGUAGE = N_("metadata.json: %(name)s is %(value)s, not a language code")
    INTO_ITSELF = N_("metadata.json: translates %(language)s into itself")
    NO_VERSION = N_(
        "metadata.json: package_version is %(value)s, not numbers with dots, such as 1.9"
    )
    NO_RECORD = N_("it was not installed by Rayak, so there is nothing to compare it with")
    MISSING = N_("%(file)s is missing")
    ADDED = N_("%(file)s was added")
    CHANGED = N_("%(file)s was changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault that was found: what it is about, by the names in its sentence.

    `place` is the package's folder where several are looked at; `reason` is what the system or a
    library said, in its own words.
    """

    fault: Fault
    about: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    place: str = ""

    @classmethod
    def of(cls, fault: Fault, reason: object = "", **about: object) -> Finding:
        """A fault and what its sentence names."""
        return cls(fault=fault, about=about, reason=str(reason))

    def __str__(self) -> str:
        sentence = self.fault.value % self.about
        return ": ".join(part for part in (self.place, sentence, self.reason) if part)
