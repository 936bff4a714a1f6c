"""The report page and its files as an administrator gets them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from reports.files import document_tables
from reports.files.export import FORMATS
from reports.labels import breakdowns
from reports.pictures import pictures
from reports.service import build_report
from reports.texts import Texts
from reports.web.views import MIME_TYPES
from survey.db import Database
from survey.queries import Filters
from survey.ratings import State, Translation
from tests.answers import DAY, Answers, put, put_views
from tests.pages import PageClient

LANGUAGES = ("en", "fr", "ar")
FILES = {kind: MIME_TYPES[kind] for kind in FORMATS}


@pytest.fixture
def answers(sqlite: Database, app: Flask) -> None:
    """Answers of two weeks in three languages, with views."""
    groups = [
        Answers(rating=r, number=n, language=lang, translation=t, day=DAY + timedelta(days=d))
        for lang, t, levels in [
            ("en", Translation.ORIGINAL, (2, 3, 5, 20, 25)),
            ("fr", Translation.ORIGINAL, (1, 2, 5, 12, 15)),
            ("fr", Translation.MACHINE, (9, 8, 6, 7, 5)),
            ("ar", Translation.MACHINE, (10, 8, 6, 6, 4)),
        ]
        for d in (0, 1, 9)
        for r, n in enumerate(levels, 1)
    ]
    groups.append(Answers(rating=1, number=12, state=State.POSSIBLE_DUPLICATE))
    with sqlite.scope() as session:
        put(session, groups)
        put_views(session, 2_000)


def test_a_row_with_views_has_its_response_rate(amina: PageClient, answers: None) -> None:
    """English, originals, and pages; none where no view was counted."""
    page = amina.get("/admin/reports?from=2026-03-01&to=2026-03-31")
    rates = [td.to_text() for td in page.all("td[data-label='Response rate']")]
    assert set(rates) == {"8.2%", "13.5%", "23.8%"}


def test_the_page_says_the_answers_and_the_verdict(amina: PageClient, answers: None) -> None:
    """In three languages: numbers, charts with alternatives, tables, and links to files."""
    for language in LANGUAGES:
        page = amina.get(f"/admin/reports?from=2026-03-01&to=2026-03-31&lang={language}")
        assert "477" in page.text
        assert len(page.all("main table")) >= 8
        images = page.all("main figure img")
        assert len(images) == 3
        for image in images:
            assert len(image.attrs["alt"]) > 40
            response = amina.http.get(image.attrs["src"])
            assert response.status_code == 200
            assert response.mimetype == "image/svg+xml"
        links = [a.attrs["href"] for a in page.all("main ul.downloads a")]
        for kind in FILES:
            assert any(f"/admin/reports.{kind}?" in link for link in links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_and_document_print_the_same_cells(
    amina: PageClient, answers: None, sqlite: Database, language: str
) -> None:
    """Each number of each breakdown and of each picture, letter for letter."""
    first, last = DAY, DAY + timedelta(days=20)
    page = amina.get(f"/admin/reports?from={first}&to={last}&lang={language}")
    with sqlite.scope() as session:
        report = build_report(session, Filters(start=first, end=last))
    texts = Texts(language)
    compared = 0
    for breakdown in breakdowns(report, texts):
        table = document_tables.answers(breakdown, report, texts)
        shown = [
            [" ".join(cell.to_text().split()) for cell in row.query("th, td")]
            for row in page.all(f"#table-{breakdown.name} ~ tbody tr")
        ]
        printed = [[" ".join(cell.split()) for cell in row] for row in table["rows"]]
        for on_page, in_document in zip(shown, printed, strict=True):
            assert on_page[: len(in_document)] == in_document
            compared += len(in_document)
    for picture in pictures(report, texts):
        rows = page.all(f"#picture-{picture.name} ~ tbody tr")
        for row, line in zip(rows, picture.table, strict=True):
            cells = [cell.to_text().strip() for cell in row.query("th, td")]
            assert cells == [*line]
            compared += len(line)
    assert compared > 100


def test_a_phone_gets_pictures_whose_letters_it_can_show(amina: PageClient, answers: None) -> None:
    """Half as wide, with the same words and numbers; any other width is refused."""
    for language in LANGUAGES:
        page = amina.get(f"/admin/reports?from=2026-03-01&to=2026-03-31&lang={language}")
        sources = page.all("main figure source")
        assert [s.attrs["media"] for s in sources] == ["(max-width: 45rem)"] * 3
        for source, image in zip(sources, page.all("main figure img"), strict=True):
            narrow, wide = (
                amina.http.get(address).get_data(as_text=True)
                for address in (source.attrs["srcset"], image.attrs["src"])
            )
            width = [float(re.search(r' width="([\d.]+)pt"', svg)[1]) for svg in (narrow, wide)]
            assert width[0] < 0.6 * width[1]
            assert re.search("<desc.*?</desc>", narrow)[0] == re.search("<desc.*?</desc>", wide)[0]
    refused = amina.http.get("/admin/reports.svg?width=huge")
    assert refused.status_code == 422
    assert "narrow" in refused.get_data(as_text=True)


def test_without_answers_every_page_and_file_says_so(amina: PageClient) -> None:
    """Nobody answered: words, no NaN, no division, and every file is written."""
    for language in LANGUAGES:
        page = amina.get(f"/admin/reports?lang={language}")
        assert "nan" not in page.text.lower().split()
        assert page.all("main .note.calm")
        for kind, mime in FILES.items():
            response = amina.http.get(f"/admin/reports.{kind}?lang={language}")
            assert response.status_code == 200
            assert response.content_type == mime
            assert b"NaN" not in response.data


WRONG = {
    "from=2026-03-31&to=2026-03-01": "from",
    "to=2999-01-01": "to",
    "from=1926-01-01&to=2026-01-01": "from",
    "from=yesterday": "from",
    "to=2026-02-30": "to",
    "to=9999-12-31": "to",
    "from=0001-01-01": "from",
    "language=xx": "language",
    "language=en'--": "language",
    "duplicates=perhaps": "duplicates",
}


def test_a_wrong_filter_is_explained_beside_its_field(amina: PageClient) -> None:
    """422 with a summary that leads to the field; files say it as text."""
    for query, field in WRONG.items():
        page = amina.get(f"/admin/reports?{query}", status=422)
        assert page.attribute(".error-summary a", "href") == f"#{field}", query
        assert page.attribute(f"#{field}", "aria-invalid") == "true", query
        for kind in FILES:
            response = amina.http.get(f"/admin/reports.{kind}?{query}")
            assert response.status_code == 422, query
            assert response.mimetype == "text/plain"


def test_a_hidden_language_says_why_on_its_page(amina: PageClient, sqlite: Database) -> None:
    """Under the minimum: the sentence and no number, on the page and in every file."""
    with sqlite.scope() as session:
        put(session, [Answers(rating=5, number=40), Answers(rating=1, number=7, language="ar")])
    page = amina.get("/admin/reports?language=ar")
    assert "fewer than 10" in page.text_of("main .note")
    assert not page.all("main figure")
    report = json.loads(amina.http.get("/admin/reports.json?language=ar").data)
    assert report["answers"] is None
    assert report["satisfied"]["share"] is None
    for kind in FILES:
        assert amina.http.get(f"/admin/reports.{kind}?language=ar").status_code == 200


def test_what_readers_wrote_is_text_on_the_page(amina: PageClient, sqlite: Database) -> None:
    """A comment with markup is shown as it was written."""
    comment = "<script>alert(1)</script> & =1+1"
    with sqlite.scope() as session:
        put(session, [Answers(rating=5, number=12), Answers(rating=2, comment=comment)])
    page = amina.get("/admin/reports")
    assert page.text_of("main blockquote") == comment
    assert not page.all("main script")


def test_an_unknown_chart_is_refused(amina: PageClient) -> None:
    """Only the three charts have a picture."""
    assert amina.http.get("/admin/reports.svg?chart=pie").status_code == 422


def test_visitors_see_no_report(client: PageClient) -> None:
    """Neither page nor file without signing in."""
    for suffix in ("", *(f".{kind}" for kind in FILES)):
        response = client.http.get(f"/admin/reports{suffix}")
        assert response.status_code in (302, 303, 401, 403)
        assert "/admin/login" in response.headers.get("Location", "/admin/login")


def test_page_and_files_have_the_same_numbers(amina: PageClient, answers: None) -> None:
    """JSON, CSV and page agree on every figure of the languages."""
    query = "from=2026-03-01&to=2026-03-31"
    report = json.loads(amina.http.get(f"/admin/reports.json?{query}").data)
    text = amina.http.get(f"/admin/reports.csv?{query}").data.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    page = amina.get(f"/admin/reports?{query}")
    by_language = {r["language"]: r for r in report["by_language"]}
    in_csv = {r["key"]: r for r in lines if r["table"] == "by_language"}
    assert set(by_language) == set(in_csv) == {"ar", "en", "fr"}
    for code, row in by_language.items():
        assert int(in_csv[code]["answers"]) == row["answers"]
        assert float(in_csv[code]["satisfied"]) == row["satisfied"]["share"]
        assert float(in_csv[code]["satisfied_low"]) == row["satisfied"]["low"]
        assert float(in_csv[code]["mean"]) == row["mean"]["value"]
        assert f"{row['answers']} {row['satisfied']['share']:.0%}" in page.text
    assert report["answers"] == sum(r["answers"] for r in by_language.values())
    assert report["views"] == 2_000


def test_possible_duplicates_are_in_or_out_by_a_switch(amina: PageClient, answers: None) -> None:
    """The same period with and without."""
    without = json.loads(amina.http.get("/admin/reports.json").data)
    with_them = json.loads(amina.http.get("/admin/reports.json?duplicates=include").data)
    assert with_them["answers"] - without["answers"] == 12


def test_the_default_period_reaches_from_the_first_answer_to_today(
    amina: PageClient, answers: None
) -> None:
    """Without filters nothing is left out."""
    report = json.loads(amina.http.get("/admin/reports.json").data)
    assert report["filters"]["from"] == DAY.isoformat()
    today = datetime.now(UTC).date()
    assert abs((datetime.fromisoformat(report["filters"]["to"]).date() - today).days) <= 1
