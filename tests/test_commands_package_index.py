"""Packages come only from where `rayak packages` was told; what fails is said in one line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import rayak
from survey.settings import Settings, SettingsError
from tests.package_files import PARTS, write
from translate.argos import package_index, packages

KEY = "a key of the tests that signs nothing of worth"


def run(folder: Path, *arguments: str, index: str = "") -> Result:
    environment = {"RAYAK_DATA_DIR": str(folder), "RAYAK_SECRET_KEY": KEY}
    if index:
        environment["RAYAK_PACKAGE_INDEX"] = index
    return CliRunner().invoke(rayak, ["packages", *arguments], env=environment)


def failed(result: Result) -> str:
    """The one line of a failure, whether click prints it or the program does at its end."""
    assert result.exit_code != 0
    text = result.output.strip() if isinstance(result.exception, SystemExit) else ""
    text = text or str(result.exception)
    assert "\n" not in text
    assert "Traceback" not in text
    return text


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    folder = tmp_path / "mirror"
    folder.mkdir()
    write(folder / "en_fr.argosmodel", PARTS, package_version="1.0")
    return folder


@pytest.fixture
def answers() -> Iterator[tuple[str, dict[str, bytes]]]:
    """Address of a server on this machine, and what it answers by path; 404 for all else."""
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            self.send_response(200)
            # Promises more than comes for what is called cut-off.
            extra = 1_000 if "cut-off" in self.path else 0
            self.send_header("Content-Length", str(len(data) + extra))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", files
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("arguments", [("available",), ("install", "en", "fr"), ("upgrade",)])
def test_without_an_index_nothing_is_asked_of_the_network(
    tmp_path: Path, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public index is named in the message, and only used once it is given."""

    def asked(*_args: object, **_more: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr("urllib.request.urlopen", asked)

    text = failed(run(tmp_path, *arguments))

    assert "RAYAK_PACKAGE_INDEX" in text
    assert package_index.DEFAULT_INDEX in text


def test_the_setting_names_the_index(tmp_path: Path, mirror: Path) -> None:
    assert "en fr" in run(tmp_path, "available", index=str(mirror)).output
    assert run(tmp_path, "install", "en", "fr", index=str(mirror)).exit_code == 0
    write(mirror / "newer.argosmodel", PARTS, package_version="1.1")
    assert run(tmp_path, "upgrade", index=str(mirror)).exit_code == 0

    assert [p.version for p in packages.installed(tmp_path / "packages")] == ["1.1"]


def test_the_option_is_stronger_than_the_setting(tmp_path: Path, mirror: Path) -> None:
    result = run(tmp_path, "available", "--index", str(mirror), index="/nowhere")

    assert "en fr" in result.output


def test_several_files_are_installed_together(tmp_path: Path, mirror: Path) -> None:
    other = mirror / "fr_en.argosmodel"
    write(other, PARTS, from_code="fr", to_code="en")

    assert run(tmp_path, "install", str(mirror / "en_fr.argosmodel"), str(other)).exit_code == 0

    found = packages.installed(tmp_path / "packages")
    assert {p.pair for p in found} == {("en", "fr"), ("fr", "en")}


def test_the_licence_and_the_readme_are_shown(tmp_path: Path) -> None:
    file = tmp_path / "x.argosmodel"
    readme = b"# Harbour model\n\n" + b"A line.\n" * 30 + b"License: CC-BY 4.0\n"
    write(file, {**PARTS, "p/README.md": readme}, from_code="en", to_code="fr")

    result = run(tmp_path, "install", str(file))

    assert "\n  Licence: CC-BY 4.0\n" in result.output
    assert "| # Harbour model" in result.output


def entry(link: str, **fields: str) -> bytes:
    return json.dumps(
        [{"package_version": "1.0", "from_code": "en", "to_code": "fr", "links": [link], **fields}]
    ).encode()


def test_what_goes_wrong_is_one_line_and_leaves_nothing(
    tmp_path: Path, mirror: Path, answers: tuple[str, dict[str, bytes]]
) -> None:
    """Missing, cut off, no package, another checksum: said so, and no package appears."""
    address, files = answers
    good = (mirror / "en_fr.argosmodel").read_bytes()
    files["/cut-off.argosmodel"] = good[:100]
    files["/short.argosmodel"] = good[:100]
    files["/good.argosmodel"] = good
    links = {
        "missing": ("/gone.argosmodel", "", "404|Not Found"),
        "cut": ("/cut-off.argosmodel", "", "cannot be downloaded"),
        "short": ("/short.argosmodel", "", "not a zip"),
        "other": ("/good.argosmodel", "0" * 64, "checksum|SHA-256"),
    }
    for name, (link, checksum, expected) in links.items():
        files["/index.json"] = entry(link, sha256=checksum)
        result = run(tmp_path, "install", "en", "fr", "--index", f"{address}/index.json")
        text = failed(result)
        assert any(e.lower() in text.lower() for e in expected.split("|")), (name, text)
        assert packages.installed(tmp_path / "packages") == []


def test_without_network_the_message_says_what_to_do(tmp_path: Path) -> None:
    text = failed(run(tmp_path, "available", "--index", "http://127.0.0.1:9/index.json"))

    assert "cannot be reached" in text
    assert "rayak packages install FILE" in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["install", "en"], "a pair is two languages"),
        (["install", "en", "fr", "--index", "file:///mirror"], "without file://"),
    ],
)
def test_half_a_pair_and_the_address_of_a_file_are_told_from_files(
    tmp_path: Path, words: list[str], expected: str
) -> None:
    assert expected in failed(run(tmp_path, *words))


@pytest.mark.parametrize("value", ["http://mirror.example/index.json", "ftp://x", "file:///etc"])
def test_an_index_is_https_or_on_this_machine(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingsError, match="RAYAK_PACKAGE_INDEX"):
        Settings.from_env(
            {
                "RAYAK_DATA_DIR": str(tmp_path),
                "RAYAK_SECRET_KEY": KEY,
                "RAYAK_PACKAGE_INDEX": value,
            }
        )


def test_a_path_is_read_from_where_the_command_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {"RAYAK_DATA_DIR": "d", "RAYAK_SECRET_KEY": KEY, "RAYAK_PACKAGE_INDEX": "mirror"}

    assert Settings.from_env(given).package_index == str(tmp_path / "mirror")
