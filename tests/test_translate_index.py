"""Packages come from an index, a mirror or a folder, and downloads go on where they stopped."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.package_files import PARTS, write
from translate.argos import package_index, packages
from translate.argos.package_index import available, find, install, upgrades
from translate.errors import BadPackage, PackageError


class Mirror:
    """A web server with files in memory; it can break connections off and lists what was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.break_after = 0
        self.ranges: list[str | None] = []
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mirror.answer(self)

            def log_message(self, *_args: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        data = self.files.get(handler.path)
        if data is None:
            handler.send_error(404)
            return
        wanted = handler.headers.get("Range")
        self.ranges.append(wanted)
        start = int(re.findall(r"\d+", wanted)[0]) if wanted else 0
        if start and start >= len(data):
            handler.send_error(416)
            return
        handler.send_response(206 if wanted else 200)
        handler.send_header("Content-Length", str(len(data) - start))
        handler.end_headers()
        sent = data[start:]
        if self.break_after and handler.path.endswith(".argosmodel"):
            sent, self.break_after = sent[: self.break_after], 0
            handler.close_connection = True
        handler.wfile.write(sent)

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    mirror = Mirror()
    mirror.files["/en_fr.argosmodel"] = write(tmp_path / "source", PARTS).read_bytes()
    mirror.files["/index.json"] = index(links=["en_fr.argosmodel"])
    yield mirror
    mirror.close()


def index(*more: object, **fields: object) -> bytes:
    entry = {
        "package_version": "1.0",
        "from_code": "en",
        "from_name": "English",
        "to_code": "fr",
        "to_name": "French",
        **fields,
    }
    return json.dumps([entry, *more]).encode()


def quiet(_done: int, _of: int) -> None:
    """Tells nobody."""


def test_a_package_comes_from_an_index_on_the_web(mirror: Mirror, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    offer = find(available(f"{mirror.url}/index.json"), "en", "fr")

    package = install(
        offer, tmp_path / "packages", tmp_path / "down", lambda n, of: told.append((n, of))
    )

    size = len(mirror.files["/en_fr.argosmodel"])
    assert packages.installed(tmp_path / "packages") == [package]
    assert told[-1] == (size, size)
    assert list((tmp_path / "down").iterdir()) == []


def test_a_broken_download_goes_on_where_it_stopped(mirror: Mirror, tmp_path: Path) -> None:
    (offer,) = available(f"{mirror.url}/index.json")
    mirror.ranges.clear()
    mirror.break_after = 100

    install(offer, tmp_path / "packages", tmp_path / "down", quiet)

    assert mirror.ranges == [None, "bytes=100-"]


def test_a_download_goes_on_in_a_later_call(
    mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (offer,) = available(f"{mirror.url}/index.json")
    monkeypatch.setattr(package_index, "_ATTEMPTS", 1)
    mirror.break_after = 100
    with pytest.raises(PackageError, match="cannot be downloaded"):
        install(offer, tmp_path / "packages", tmp_path / "down", quiet)
    assert packages.installed(tmp_path / "packages") == []
    mirror.ranges.clear()

    install(offer, tmp_path / "packages", tmp_path / "down", quiet)

    assert mirror.ranges == ["bytes=100-"]


def test_a_part_of_something_larger_is_thrown_away(mirror: Mirror, tmp_path: Path) -> None:
    (offer,) = available(f"{mirror.url}/index.json")
    (tmp_path / "down").mkdir()
    part = tmp_path / "down" / "translate-en_fr-1_0.argosmodel.part"
    part.write_bytes(b"x" * 100_000)

    install(offer, tmp_path / "packages", tmp_path / "down", quiet)

    assert len(packages.installed(tmp_path / "packages")) == 1


def test_a_file_that_is_not_what_the_index_says_is_refused(mirror: Mirror, tmp_path: Path) -> None:
    mirror.files["/index.json"] = index(links=["en_fr.argosmodel"], sha256="0" * 64)
    (offer,) = available(f"{mirror.url}/index.json")

    with pytest.raises(BadPackage, match="SHA-256"):
        install(offer, tmp_path / "packages", tmp_path / "down", quiet)

    assert packages.installed(tmp_path / "packages") == []


@pytest.mark.parametrize("how", ["folder", "index file", "folder with index"])
def test_a_folder_or_a_file_is_as_good_as_an_address(tmp_path: Path, how: str) -> None:
    source = tmp_path / "mirror"
    source.mkdir()
    write(source / "en_fr.argosmodel", PARTS)
    (source / "broken.argosmodel").write_bytes(b"")
    if how != "folder":
        (source / "index.json").write_bytes(index(links=["en_fr.argosmodel"]))

    (offer,) = available(str(source / "index.json" if how == "index file" else source))
    install(offer, tmp_path / "packages", tmp_path / "down", quiet)

    assert len(packages.installed(tmp_path / "packages")) == 1
    assert not (tmp_path / "down").exists()


def test_only_the_newest_sound_entry_of_a_pair_is_offered(tmp_path: Path) -> None:
    other = {"type": "sbd", "package_version": "1", "links": ["x"]}
    odd = {"from_code": "../x", "to_code": "fr", "package_version": "1", "links": ["x"]}
    new = {"from_code": "en", "to_code": "fr", "package_version": "1.10", "links": ["y"]}
    (tmp_path / "index.json").write_bytes(index(other, odd, new, 5, links=["x"]))

    (offer,) = available(str(tmp_path))

    assert offer.version == "1.10"
    with pytest.raises(PackageError, match="no package from fr to en"):
        find([offer], "fr", "en")


def test_upgrades_are_newer_versions_of_what_is_installed(tmp_path: Path) -> None:
    old = packages.install(write(tmp_path / "a", PARTS, package_version="0.9"), tmp_path / "p")
    (tmp_path / "index.json").write_bytes(index(links=["x"]))

    offers = available(str(tmp_path))

    assert upgrades([old], offers) == offers
    newer = packages.install(write(tmp_path / "b", PARTS, package_version="1.0"), tmp_path / "p")
    assert upgrades([newer], offers) == []


@pytest.mark.parametrize("data", [b"", b"{", b"{}", b"5", b"[" * 100_000, b"\xff"])
def test_an_index_that_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "index.json").write_bytes(data)

    with pytest.raises(PackageError, match="package index"):
        available(str(tmp_path))


def test_an_index_that_cannot_be_had_says_what_to_do(mirror: Mirror, tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"carry the .* file over"):
        available(f"{mirror.url}/nowhere.json")
    with pytest.raises(PackageError, match="cannot be reached"):
        available("http://[nonsense/index.json")
    with pytest.raises(PackageError, match="cannot be read"):
        available(str(tmp_path / "nowhere"))
