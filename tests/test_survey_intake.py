"""A file of answers that is not sound is refused with the place and the reason."""

from __future__ import annotations

import csv
import io
import json

import pytest

from survey.exchange.export import (
    NAMES,
    json_lines,
)
from survey.exchange.intake import BadAnswers, from_csv, from_json
from survey.ratings import SpamReason
from tests.made_answers import made


def lines(data: bytes) -> io.BytesIO:
    """A file to be read line by line."""
    return io.BytesIO(data)


ROW = json.loads(next(json_lines(iter(made(1)))))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rating": 6}, "rating"),
        ({"rating": "5; DROP"}, "rating"),
        ({"rating": True}, "rating"),
        ({"answered_at": "2026-01-01T00:00:00"}, "answered_at"),
        ({"day": "soon"}, "day"),
        ({"state": "lost"}, "state"),
        ({"spam_reason": "ugly"}, "spam_reason"),
        ({"spam_reason": "honeypot"}, "state is not spam"),
        ({"nonce": ""}, "nonce is empty"),
        ({"nonce": "n" * 65}, "longer than 64"),
        ({"comment": None}, "comment"),
        ({"comment": "a\0b"}, "comment"),
        ({"disclaimer_acknowledged": 2}, "disclaimer_acknowledged"),
        ({"extra": 1}, "exactly these"),
        (
            {"shown_language": "klingon"},
            "shown_language 'klingon' is no code of a known language; write",
        ),
        ({"site_language": ""}, "site_language '' is no code of a known language; write one"),
        ({"source_language": "zz"}, "source_language 'zz' is no code of a known language"),
        ({"shown_language": "ar_MA"}, "shown_language 'ar_MA' is no code of a known language"),
        ({"shown_language": "AR"}, "shown_language 'AR' is no code of a known language"),
        ({"comment": "half \ud800"}, "comment"),
        ({"answered_at": "9999-12-31T23:59:59+00:00", "day": "9999-12-31"}, "answered_at"),
        ({"answered_at": "0001-01-01T00:00:00+14:00", "day": "0001-01-01"}, "answered_at"),
        ({"day": "9998-12-31"}, "day 9998-12-31 is not that of answered_at"),
    ],
)
def test_a_bad_value_is_named_with_its_answer(change: dict[str, object], words: str) -> None:
    """Which answer, which column, and nothing of a file's rest is guessed at."""
    bad = json.dumps(ROW | change).encode()
    with pytest.raises(BadAnswers, match=f"Answer 2.*{words}"):
        list(from_json(lines(json.dumps(ROW).encode() + b"\n" + bad)))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "name the columns"),
        (b"a,b\n1,2\n", "name the columns"),
        (",".join(NAMES).encode() + b"\n1,2\n", "columns"),
        (",".join(NAMES).encode() + b'\n"1', "no CSV"),
        (",".join(NAMES).encode() + b"\n\xff\n", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_export_is_refused(data: bytes, words: str) -> None:
    """With what is wrong with it."""
    with pytest.raises(BadAnswers, match=words):
        list(from_csv(lines(data)))


def test_an_export_of_before_reasons_were_kept_can_be_loaded() -> None:
    """Its spam has none; what is missing otherwise is refused."""
    old = {name: value for name, value in ROW.items() if name != "spam_reason"}
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, list(old))
    writer.writeheader()
    writer.writerow({**old, "disclaimer_acknowledged": "false"})
    for [loaded] in (
        list(from_json(lines(json.dumps(old).encode()))),
        list(from_csv(lines(sheet.getvalue().encode()))),
    ):
        assert loaded.spam_reason is SpamReason.NONE
    del old["state"]
    with pytest.raises(BadAnswers, match="exactly these"):
        list(from_json(lines(json.dumps(old).encode())))
