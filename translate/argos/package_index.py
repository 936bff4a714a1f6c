"""Packages to be had from the Argos index, a mirror of it, or a folder; downloads that resume."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from translate.argos import packages
from translate.argos.archive import LARGEST_PACKAGE
from translate.argos.package_folder import Package, version_key
from translate.errors import BadPackage, PackageError
from translate.languages import is_code

DEFAULT_INDEX = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/index.json"

# What the standard library raises for addresses, networks and servers that are not right.
_FAILURES = (OSError, HTTPException, ValueError)

_LARGEST_INDEX = 10 * 1024**2
_CHUNK = 256 * 1024
_TIMEOUT_SECONDS = 30
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A package that can be had: `source` is the address or the path of its file."""

    from_code: str
    from_name: str
    to_code: str
    to_name: str
    version: str
    source: str
    sha256: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The codes of the languages it translates from and to."""
        return self.from_code, self.to_code


def available(index: str = DEFAULT_INDEX) -> list[Offer]:
    """The newest package of each pair, by codes.

    :param index: address of an index, path of one, or a folder: with an `index.json`, or with
        `.argosmodel` files.
    :raise PackageError: when the index cannot be had or read.
    """
    if _is_address(index):
        return _newest(_offers(_get(index), index))
    if index.lower().startswith("file:"):
        raise PackageError(f"{index} is an address; give the path alone, without file://")
    path = Path(index)
    if path.is_dir() and not (path / "index.json").exists():
        return _newest(_offers_of_folder(path))
    path = path / "index.json" if path.is_dir() else path
    try:
        return _newest(_offers(path.read_bytes(), str(path)))
    except OSError as error:
        raise PackageError(f"The index {path} cannot be read: {error.strerror}") from error


def find(offers: Iterable[Offer], from_code: str, to_code: str) -> Offer:
    """The offer of a pair.

    :raise PackageError: when there is none.
    """
    offer = next((o for o in offers if o.pair == (from_code, to_code)), None)
    if offer is None:
        raise PackageError(f"The index has no package from {from_code} to {to_code}")
    return offer


def upgrades(installed: Iterable[Package], offers: Iterable[Offer]) -> list[Offer]:
    """The offers that are newer than what is installed of their pair."""
    versions = {p.pair: version_key(p.version) for p in installed}
    return [o for o in offers if o.pair in versions and version_key(o.version) > versions[o.pair]]


def install(
    offer: Offer, folder: Path, downloads: Path, progress: Callable[[int, int], None]
) -> Package:
    """Get an offered package and install it.

    An interrupted download goes on where it stopped, also in a later call; its unfinished file
    lies in `downloads`, and nothing of it in `folder`.

    :param progress: told the bytes that are there, of how many (0 when not known).
    :raise PackageError: when it cannot be had, or is no sound package.
    """
    if not _is_address(offer.source):
        return packages.install(Path(offer.source), folder, expected=offer.sha256)
    name = f"translate-{offer.from_code}_{offer.to_code}-{offer.version.replace('.', '_')}"
    file = downloads / f"{name}.argosmodel"
    try:
        downloads.mkdir(parents=True, exist_ok=True)
        _download(offer.source, file, progress)
        return packages.install(file, folder, expected=offer.sha256)
    except PackageError:
        raise
    except _FAILURES as error:
        raise PackageError(f"{offer.source} cannot be downloaded: {_reason(error)}") from error
    finally:
        file.unlink(missing_ok=True)


def _download(address: str, file: Path, progress: Callable[[int, int], None]) -> None:
    part = file.with_name(file.name + ".part")
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            _continue(address, part, progress)
        except (OSError, HTTPException):
            if attempt == _ATTEMPTS:
                raise
        else:
            part.replace(file)
            return


def _continue(address: str, part: Path, progress: Callable[[int, int], None]) -> None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Range": f"bytes={have}-"} if have else {}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 -- http(s), see _is_address
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS)  # noqa: S310 -- as above
    except urllib.error.HTTPError as error:
        if error.code == 416:
            # More is there than the server has: not a part of this file, so from the start.
            part.unlink(missing_ok=True)
        error.close()
        raise
    with answer:
        if answer.status != 206:
            have = 0
        total = have + int(answer.headers.get("Content-Length") or 0)
        with part.open("ab" if have else "wb") as out:
            while chunk := answer.read(_CHUNK):
                have += len(chunk)
                if have > LARGEST_PACKAGE:
                    raise PackageError(f"{address} is larger than any package")
                out.write(chunk)
                progress(have, max(total, have) if total else 0)
    if have < total:
        raise ConnectionError("the connection broke off")


def _get(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 -- http(s), see _is_address
            data: bytes = answer.read(_LARGEST_INDEX + 1)
    except _FAILURES as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        raise PackageError(
            f"The package index {address} cannot be reached ({_reason(error)}). Without internet, "
            "carry the .argosmodel file over and run `rayak packages install FILE`"
        ) from error
    if len(data) > _LARGEST_INDEX:
        raise PackageError(f"The package index {address} is larger than 10 MB")
    return data


def _offers(data: bytes, origin: str) -> list[Offer]:
    try:
        entries = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PackageError(f"The package index {origin} is not JSON") from error
    if not isinstance(entries, list):
        raise PackageError(f"The package index {origin} is not a list of packages")
    return [o for e in entries if isinstance(e, dict) and (o := _offer(e, origin))]


def _offer(entry: dict[str, Any], origin: str) -> Offer | None:
    """An entry of the index; None for one of another type, or that says too little."""
    links = entry.get("links")
    fields = {k: str(entry.get(k) or "") for k in ("from_code", "to_code", "package_version")}
    is_model = entry.get("type", "translate") == "translate"
    if not is_model or not isinstance(links, list) or not links:
        return None
    version = fields["package_version"]
    if not (is_code(fields["from_code"]) and is_code(fields["to_code"]) and _is_version(version)):
        return None
    link = str(links[0])
    if _is_address(origin):
        link = urljoin(origin, link)
    elif not _is_address(link):
        link = str(Path(origin).parent / link)
    return Offer(
        from_code=fields["from_code"],
        from_name=str(entry.get("from_name") or fields["from_code"]),
        to_code=fields["to_code"],
        to_name=str(entry.get("to_name") or fields["to_code"]),
        version=version,
        source=link,
        sha256=str(entry.get("sha256") or ""),
    )


def _offers_of_folder(folder: Path) -> list[Offer]:
    offers = []
    for file in sorted(folder.glob("*.argosmodel")):
        try:
            metadata = packages.inspect(file)
        except BadPackage:
            continue
        offers.append(
            Offer(
                from_code=metadata.from_code,
                from_name=metadata.from_name,
                to_code=metadata.to_code,
                to_name=metadata.to_name,
                version=metadata.version,
                source=str(file),
            )
        )
    return offers


def _newest(offers: Iterable[Offer]) -> list[Offer]:
    newest: dict[tuple[str, str], Offer] = {}
    for offer in sorted(offers, key=lambda o: version_key(o.version)):
        newest[offer.pair] = offer
    return [newest[pair] for pair in sorted(newest)]


def _is_address(value: str) -> bool:
    return value.lower().startswith(("http://", "https://"))


def _is_version(value: str) -> bool:
    return all(part.isascii() and part.isdecimal() and len(part) < 7 for part in value.split("."))


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", None) or getattr(error, "strerror", None) or error)
