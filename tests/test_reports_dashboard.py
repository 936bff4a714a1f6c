"""The first admin page: what changed and whether it is noise, never other than the report says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from reports.periods import last_ended
from survey.db import Database
from survey.keeping import kept
from survey.ratings import State, Translation, local_day
from survey.settings import Settings
from tests.answers import Answers, put, put_views
from tests.conftest import sign_in
from tests.pages import PageClient

LANGUAGES = ("en", "fr", "ar")


@pytest.fixture
def two_weeks(sqlite: Database, settings: Settings, app: Flask) -> None:
    """A hundred answers last full week, many of them low; as many the week before, few of them."""
    first, _ = last_ended("weekly", local_day(datetime.now(UTC), settings.zone))
    before = first - timedelta(days=7)
    machine = {"language": "fr", "translation": Translation.MACHINE, "article": "observatory"}
    with sqlite.scope() as session:
        put(
            session,
            [
                Answers(rating=5, number=95, day=before),
                Answers(rating=1, number=5, day=before),
                Answers(rating=5, number=60, day=first),
                Answers(rating=1, number=40, day=first, comment="too short", **machine),
                Answers(rating=5, number=11, day=first, state=State.POSSIBLE_DUPLICATE),
                Answers(rating=1, number=7, day=first, state=State.SPAM),
            ],
        )
        put_views(session, 1_000, day=before)
        put_views(session, 4_000, day=first)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_overview_says_what_the_report_says(
    amina: PageClient, two_weeks: None, language: str
) -> None:
    """The same sentences and shares; each figure leads to the report of the very same days."""
    page = amina.get(f"/admin/?lang={language}")
    links = [a.attrs["href"] for a in page.all("main table a")]
    report = amina.get(next(link for link in links if link.endswith("#summary")).split("#")[0])
    sentences = [" ".join(p.to_text().split()) for p in page.all("main p.verdict")]
    assert len(sentences) == 2
    assert all(sentence in report.text for sentence in sentences)
    rows = [
        [" ".join(c.to_text().split()) for c in r.query("th, td")] for r in page.all("tbody tr")
    ]
    said = {row[0]: row for row in report_rows(report)}
    for label, now, *_rest in rows[3:5]:
        share = said[label][2]
        assert now.startswith(share)


def report_rows(page: object) -> list[list[str]]:
    """The cells of every table of a page."""
    return [
        [" ".join(cell.to_text().split()) for cell in row.query("th, td")]
        for row in page.all("tbody tr")
    ]


def test_changes_are_told_from_noise_and_need_no_script(amina: PageClient, two_weeks: None) -> None:
    """Answers are counts; shares and rate have intervals and a verdict."""
    page = amina.get("/admin/")
    rows = {row[0]: row for row in report_rows(page)}
    assert rows["Answers"][1:4] == ["100", "100", "0"]
    assert rows["Times the question was shown"][3] == "+3,000"
    assert rows["Response rate"][5] == "clear difference"
    assert rows["Satisfied (4 or 5)"][3] == "\u221235.0 points"
    assert rows["Dissatisfied (1 or 2)"][5] == "clear difference"
    assert rows["observatory"][2] == "40"
    assert page.all("main script") == []
    waiting = [" ".join(li.to_text().split()) for li in page.all("ul.figures li")]
    assert waiting == ["Possible duplicates 11", "Taken for spam 7", "New comments 40"]
    assert len(page.attribute("main figure img", "alt")) > 40
    assert amina.http.get(page.attribute("main figure img", "src")).status_code == 200
    # The article is not among this test's, and without packages the service is not ready.
    for link in page.all("main a"):
        # No package is installed here, so the service is not ready, and some pages lead nowhere.
        status = amina.http.get(link.attrs["href"].split("#")[0]).status_code
        assert status in (200, 404, 503)


def test_every_view_has_an_address(amina: PageClient, two_weeks: None) -> None:
    """Month and language by GET; what is no choice is said and not guessed."""
    assert amina.get("/admin/?period=monthly&language=fr")
    page = amina.get("/admin/?period=daily&language=xx", status=422)
    assert len(page.all(".error-summary a")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_answers_the_overview_says_so(amina: PageClient, language: str) -> None:
    """No figure, no picture, no division by nothing."""
    page = amina.get(f"/admin/?lang={language}")
    assert page.all("main .note.calm")
    assert page.all("main img") == []


def test_a_viewer_sees_it_without_links_to_the_answers(
    app: Flask, cast: None, two_weeks: None
) -> None:
    """Counts of what waits are no secret over all languages; the answers are an editor's."""
    vera = sign_in(PageClient(app), "Vera")
    page = vera.get("/admin/")
    waiting = [li.to_text() for li in page.all("ul.figures li")]
    assert waiting
    assert page.all("ul.figures a") == []
    arabic = vera.get("/admin/?language=ar")
    assert [li.to_text() for li in arabic.all("ul.figures li")] == waiting


def test_the_list_of_kept_reports_shows_them_with_their_files(
    app: Flask, cast: None, sqlite: Database, settings: Settings, two_weeks: None
) -> None:
    """To a viewer too, in three languages; a file that is none is not found."""
    from survey.app.chores import report_keeper

    vera = sign_in(PageClient(app), "Vera")
    assert vera.get("/admin/reports/kept").all("main .note.calm")
    report_keeper(settings, sqlite).keep("weekly")
    with sqlite.scope() as session:
        (report,) = kept.listed(session)
    for language in LANGUAGES:
        page = vera.get(f"/admin/reports/kept?lang={language}")
        links = [a.attrs["href"] for a in page.all("main td a")]
        assert len(links) == 15
    assert all(vera.http.get(link).status_code == 200 for link in links)
    for wrong in ("en.exe", "de.pdf", "..%2Fen.pdf"):
        assert vera.http.get(f"/admin/reports/kept/{report.id}/{wrong}").status_code == 404
    assert vera.http.get(f"/admin/reports/kept/{2**70}/en.pdf").status_code == 404
