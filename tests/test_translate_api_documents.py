"""Documents go in and come out translated, for half an hour and within bounds."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey.db import Database
from survey.settings import Settings
from tests.conftest import HELLO, upload
from translate.keys import create_key

pytestmark = pytest.mark.slow


def fetched(api: FlaskClient, answer: TestResponse) -> str:
    path = answer.json["translatedFileUrl"].removeprefix("http://localhost")
    with api.get(path) as file:
        return file.get_data(as_text=True)


def test_a_document_goes_in_and_comes_out_translated(api: FlaskClient) -> None:
    news = b"The meeting was held in Rabat.\n\n2026\n"
    answer = upload(api, "The News.txt", news, disclaimer="false")

    address = answer.json["translatedFileUrl"]
    path = address.removeprefix("http://localhost")
    assert re.fullmatch(r"/download_file/[0-9a-f]{32}\.The_News_fr\.txt", path)
    file = api.get(path)
    assert file.status_code == 200
    assert file.mimetype == "application/octet-stream"
    assert file.headers["Content-Disposition"] == "attachment; filename=The_News_fr.txt"
    text = file.get_data(as_text=True)
    file.close()
    assert text.endswith("\n\n2026\n")
    expected = api.post("/translate", json=HELLO).json["translatedText"]
    assert text.split("\n")[0] == expected


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.srt", "a.vtt", "a.po"])
def test_a_document_carries_the_disclaimer_unless_it_is_left_out(
    api: FlaskClient, name: str
) -> None:
    data = b'msgid ""\nmsgstr ""\n\nmsgid "Hello"\nmsgstr ""\n' if name == "a.po" else b"Hello"
    disclaimer = api.post("/translate", json=HELLO).json["disclaimer"]

    with_it = upload(api, name, data)
    without = upload(api, name, data, disclaimer="false")

    assert with_it.json["disclaimer"] == without.json["disclaimer"] == disclaimer
    assert disclaimer in fetched(api, with_it)
    assert disclaimer not in fetched(api, without)


def test_a_document_comes_with_the_flags_of_its_sentences(api: FlaskClient) -> None:
    text = "<p>The meeting was held in <b>Rabat</b>.</p><p>Это русский текст про погоду</p>"

    plain = upload(api, "a.html", text.encode()).json
    detail = upload(api, "a.html", text.encode(), detail="true").json

    segments = detail["detail"]["segments"]
    assert "detail" not in plain
    assert segments[0]["source"] == "The meeting was held in Rabat."
    assert {flag for s in segments for flag in s["flags"]} == set(detail["flags"])
    assert detail["flags"] == plain["flags"] == detail["detail"]["flags"]
    assert detail["flags"]
    assert detail["detail"]["starter"] is True


def test_a_full_folder_is_503_with_retry_after_and_a_key_finds_room(
    api: FlaskClient, sqlite: Database, settings: Settings
) -> None:
    """Half a gibibyte that others have not fetched; the file is sparse, only its size counts."""
    with sqlite.scope() as session:
        _, key = create_key(session, "a", "s" * 43, now=datetime.now(UTC))
    folder = settings.data_dir / "files" / "anybody"
    folder.mkdir(parents=True)
    with (folder / f"{'0' * 32}.a_fr.txt").open("wb") as file:
        file.truncate(512 * 1024**2)

    refused = upload(api, "b.txt", b"2026")
    allowed = upload(api, "b.txt", b"2026", api_key=key)

    assert refused.status_code == 503
    assert 0 < int(refused.headers["Retry-After"]) <= 1_801
    assert "fetched" in refused.json["error"]
    assert allowed.status_code == 200


def test_the_language_of_a_text_file_is_detected(api: FlaskClient) -> None:
    answer = upload(api, "a.md", b"# The experts met in the city of Rabat", source="auto")

    assert answer.status_code == 200


FILES = {
    "empty": ("a.txt", b"", {}),
    "wrong extension": ("a.exe", b"x", {}),
    "no docx": ("a.docx", b"rubbish", {}),
    "docx with auto": ("a.docx", b"PK\3\4", {"source": "auto"}),
    "not utf-8": ("a.txt", b"\xff\xfe", {}),
    "nul": ("a.txt", b"a\0b", {}),
    "too much text": ("a.txt", b"Word. " * 40_000, {}),
    "unknown language": ("a.txt", b"x", {"target": "zz"}),
    "no such pair": ("a.txt", b"x", {"source": "de", "target": "ar"}),
    "no target": ("a.txt", b"x", {"target": ""}),
}


@pytest.mark.parametrize(("name", "data", "fields"), FILES.values(), ids=FILES.keys())
def test_a_bad_document_gets_400_and_says_why(
    api: FlaskClient, name: str, data: bytes, fields: dict[str, str]
) -> None:
    answer = upload(api, name, data, **fields)

    assert answer.status_code == 400
    assert 10 < len(answer.json["error"]) < 300


def test_a_request_without_file_gets_400(api: FlaskClient) -> None:
    answer = api.post("/translate_file", data={"source": "en", "target": "fr"})

    assert answer.status_code == 400
    assert "file" in answer.json["error"]


@pytest.mark.parametrize(
    "name",
    ["x", "..%2F..%2Fetc%2Fpasswd", "0" * 32, "0" * 32 + ".a_fr.txt", "0" * 32 + ".%2e%2e", "%00"],
)
def test_no_other_file_can_be_fetched(api: FlaskClient, name: str) -> None:
    answer = api.get(f"/download_file/{name}")

    assert answer.status_code == 404
    assert set(answer.json) == {"error"}


def test_a_document_is_thrown_away_after_half_an_hour(api: FlaskClient, settings: Settings) -> None:
    path = upload(api, "a.txt", b"2026").json["translatedFileUrl"].removeprefix("http://localhost")
    (stored,) = (settings.data_dir / "files").rglob("*.txt")
    os.utime(stored, (1, 1))

    assert api.get(path).status_code == 404
    upload(api, "b.txt", b"2026")
    assert not stored.exists()
