"""What an `.argosmodel` file must be before anything of it is written to the disk."""

from __future__ import annotations

import json
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from translate.argos.package_fault import Fault, Finding
from translate.errors import BadPackage
from translate.languages import is_code

# Unpacked bytes of one package and of one file of it; the largest Argos packages take 300 MB.
LARGEST_PACKAGE = 2 * 1024**3
MOST_FILES = 2_000
# A real model barely shrinks when zipped; a bomb shrinks a thousandfold.
LARGEST_RATIO = 200
_SMALL = 1024**2
_CHUNK = 1024**2
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What `metadata.json` says about a package."""

    from_code: str
    from_name: str
    to_code: str
    to_name: str
    version: str
    target_prefix: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The codes of the languages it translates from and to."""
        return self.from_code, self.to_code


def read_metadata(data: bytes) -> Metadata:
    """Parse the content of a `metadata.json`.

    :raise BadPackage: when it is no JSON object with the languages and the version.
    """
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadPackage(Finding.of(Fault.METADATA_NO_JSON, error)) from error
    if not isinstance(found, dict):
        raise BadPackage(Finding.of(Fault.METADATA_NO_OBJECT))
    if found.get("type", "translate") != "translate":
        raise BadPackage(Finding.of(Fault.OTHER_TYPE, type=repr(found["type"])))
    values = {
        name: found.get(name, "")
        for name in (
            "from_code",
            "from_name",
            "to_code",
            "to_name",
            "package_version",
            "target_prefix",
        )
    }
    for name, value in values.items():
        if not isinstance(value, str) or len(value) > 100:
            raise BadPackage(Finding.of(Fault.NO_SHORT_TEXT, name=name))
    for name in ("from_code", "to_code"):
        if not is_code(values[name]):
            raise BadPackage(Finding.of(Fault.NO_LANGUAGE, name=name, value=repr(values[name])))
    if values["from_code"] == values["to_code"]:
        raise BadPackage(Finding.of(Fault.INTO_ITSELF, language=values["to_code"]))
    if not _VERSION.fullmatch(values["package_version"]):
        raise BadPackage(Finding.of(Fault.NO_VERSION, value=repr(values["package_version"])))
    return Metadata(
        from_code=values["from_code"],
        from_name=values["from_name"] or values["from_code"],
        to_code=values["to_code"],
        to_name=values["to_name"] or values["to_code"],
        version=values["package_version"],
        target_prefix=values["target_prefix"],
    )


def missing_parts(names: set[str]) -> list[str]:
    """What a package with files of these names (relative to its folder) lacks."""
    missing = [n for n in ("metadata.json", "model/model.bin") if n not in names]
    if not any(n.startswith("model/") and n.endswith(("vocabulary.json", ".txt")) for n in names):
        missing.append("model/*vocabulary.json")
    if not names & {"sentencepiece.model", "bpe.model"}:
        missing.append("sentencepiece.model / bpe.model")
    return missing


def contents(path: Path) -> tuple[Metadata, dict[str, zipfile.ZipInfo]]:
    """Read the table of contents and the metadata; nothing is unpacked.

    :return: the metadata, and the entries by their name inside the package's one folder.
    :raise BadPackage: for a file that is no package or could write outside its folder.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _entries(archive.infolist())
            missing = missing_parts(set(entries))
            if missing:
                raise BadPackage(Finding.of(Fault.LACKS, files=", ".join(missing)))
            if entries["metadata.json"].file_size > _SMALL:
                raise BadPackage(Finding.of(Fault.METADATA_LARGE))
            return read_metadata(_read(archive, entries["metadata.json"])), entries
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadPackage(Finding.of(Fault.NO_ZIP, error)) from error
    except OSError as error:
        raise BadPackage(Finding.of(Fault.UNREADABLE, error.strerror or error)) from error


def extract(path: Path, entries: dict[str, zipfile.ZipInfo], folder: Path) -> None:
    """Unpack into a folder that must be new; never more bytes than were declared.

    :raise BadPackage: when a file is larger than it says, damaged, or the disk refuses it.
    """
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for name, info in entries.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as out:
                    written = 0
                    while chunk := source.read(_CHUNK):
                        written += len(chunk)
                        if written > info.file_size:
                            raise BadPackage(Finding.of(Fault.LARGER_THAN_SAID, file=name))
                        out.write(chunk)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, BadPackage):
            raise
        raise BadPackage(Finding.of(Fault.DAMAGED, error)) from error
    except OSError as error:
        raise BadPackage(Finding.of(Fault.UNPACKABLE, error.strerror or error)) from error


def _entries(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    if len(infos) > MOST_FILES:
        raise BadPackage(Finding.of(Fault.TOO_MANY_FILES, found=len(infos), most=MOST_FILES))
    entries: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for info in infos:
        path = _safe_path(info)
        folders.add(path.parts[0])
        if info.is_dir():
            continue
        if len(path.parts) < 2:
            raise BadPackage(Finding.of(Fault.OUTSIDE, file=path))
        name = "/".join(path.parts[1:])
        if name.lower() in {n.lower() for n in entries}:
            raise BadPackage(Finding.of(Fault.TWICE, file=name))
        entries[name] = info
    if len(folders) != 1:
        raise BadPackage(Finding.of(Fault.FOLDERS, found=len(folders)))
    _refuse_bombs(list(entries.values()))
    return entries


def _safe_path(info: zipfile.ZipInfo) -> PurePosixPath:
    name = info.filename
    path = PurePosixPath(name)
    odd = "\\" in name or "\0" in name or ":" in name
    if odd or path.is_absolute() or ".." in path.parts or not path.parts:
        raise BadPackage(Finding.of(Fault.UNSAFE_PATH, path=repr(name)))
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise BadPackage(Finding.of(Fault.LINK, file=name))
    if info.flag_bits & 1:
        raise BadPackage(Finding.of(Fault.ENCRYPTED, file=name))
    return path


def _refuse_bombs(infos: list[zipfile.ZipInfo]) -> None:
    total = sum(i.file_size for i in infos)
    if total > LARGEST_PACKAGE:
        raise BadPackage(Finding.of(Fault.TOO_LARGE, found=total, most=LARGEST_PACKAGE))
    for i in infos:
        if i.file_size > _SMALL and i.file_size > LARGEST_RATIO * max(1, i.compress_size):
            raise BadPackage(Finding.of(Fault.BOMB, file=i.filename, times=LARGEST_RATIO))


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as source:
        data = source.read(info.file_size + 1)
    if len(data) > info.file_size:
        raise BadPackage(Finding.of(Fault.LARGER_THAN_SAID, file=info.filename))
    return data
