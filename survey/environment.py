"""The `RAYAK_*` variables of the environment, read strictly: each failure names its variable.

A parser of this module makes a value of one text, or raises `ValueError` saying what it must be;
`setting` makes a field of a dataclass that says which parser reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PREFIX = "RAYAK_"

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")


class SettingsError(ValueError):
    """A variable is unknown, missing or not of its type; the message says which and what to do."""


def about(name: str, purpose: str, **more: Any) -> dict[str, Any]:
    """Metadata of a field: its variable without the prefix, and what it is for."""
    return {"name": name, "help": purpose, "secret": False} | more


def setting(
    name: str, purpose: str, default: Value, parse: Callable[[str], Value], *, secret: bool = False
) -> Value:
    """A field with the parser of its variable, and the value of one that is not set."""
    metadata = about(name, purpose, parse=parse, secret=secret)
    return field(default=default, repr=not secret, metadata=metadata)


class Environment:
    """What is set, by names without the prefix; an empty value is the same as none."""

    def __init__(
        self, environ: Mapping[str, str], known: Collection[str], from_files: Collection[str]
    ) -> None:
        """:param from_files: those of the known names whose value may also lie in a file, which
            `NAME_FILE` points to.
        :raise SettingsError: for a name that is not known.
        """
        self._given = {
            name.removeprefix(PREFIX): text.strip()
            for name, text in environ.items()
            if name.startswith(PREFIX)
        }
        self._from_files = from_files
        settings = {*known, *(f"{name}_FILE" for name in from_files)}
        for name in sorted(self._given.keys() - settings):
            raise SettingsError(
                f"{PREFIX}{name} is not a setting of Rayak; known: "
                + ", ".join(PREFIX + n for n in sorted(settings))
            )

    def text(self, name: str) -> str:
        """The value as it is, of the variable or of its file.

        :raise SettingsError: when both are set, or the file cannot be read.
        """
        text, file = self._given.get(name, ""), self._given.get(f"{name}_FILE", "")
        if name not in self._from_files or not file:
            return text
        if text:
            raise SettingsError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one")
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{PREFIX}{name}_FILE: cannot read {file}: {error}") from error

    def parsed(self, name: str, default: Value, parse: Callable[[str], Value]) -> Value:
        """What the parser makes of the value, or the default where there is none.

        :raise SettingsError: when the parser refuses it.
        """
        text = self.text(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as error:
            raise SettingsError(f"{PREFIX}{name} must be {error}, not {text!r}") from error


def switch(text: str) -> bool:
    """On or off."""
    if text.lower() not in ("on", "off"):
        raise ValueError("on or off")
    return text.lower() == "on"


def number(*, most: float) -> Callable[[str], float]:
    """A parser of numbers from 0 on."""

    def parse(text: str) -> float:
        value = _float(text)
        if value is None or not 0 <= value <= most:
            raise ValueError(f"a number from 0 to {most:g}")
        return value

    return parse


def whole(*, least: int = 0, most: int) -> Callable[[str], int]:
    """A parser of whole numbers; half a day of comments must not become none."""

    def parse(text: str) -> int:
        value = _float(text)
        # The range first: infinity is no whole number, and cannot be made one.
        if value is None or not least <= value <= most or value != int(value):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(value)

    return parse


def choice(kind: type[Choice]) -> Callable[[str], Choice]:
    """A parser of one of some names, in capitals or not."""

    def parse(text: str) -> Choice:
        try:
            return kind(text.lower())
        except ValueError:
            raise ValueError(f"one of {', '.join(kind)}") from None

    return parse


def several(text: str) -> tuple[str, ...]:
    """Values by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def origins(text: str) -> tuple[str, ...]:
    """Websites by commas: scheme, host and port, and nothing after them."""
    found = several(text)
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or f"{parts.scheme}://{parts.netloc}" != origin:
            raise ValueError("origins by commas, such as https://www.example.org")
    return found


def zone_name(text: str) -> str:
    """The name of a time zone that this machine knows."""
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("an IANA time zone, such as Africa/Rabat") from None
    return text


def path(text: str) -> Path:
    """A path, made absolute."""
    return Path(text).expanduser().absolute()


def address_or_path(text: str) -> str:
    """An https address as it is, or a path made absolute.

    Not http: what came over it could be anyone's.
    """
    if urlsplit(text).scheme == "https":
        return text
    if "://" in text:
        raise ValueError("an https address, a file or a folder")
    return str(path(text))


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
