"""The public pages beside the form: errors, privacy, the front page, health."""

from __future__ import annotations

import pytest
from flask import Flask

from survey.models import Base
from survey.web.privacy import COLUMNS, PURPOSES
from tests.pages import PageClient

LANGUAGES = ("en", "fr", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", [404, 405])
def test_error_pages_are_in_the_readers_language(
    client: PageClient, language: str, status: int
) -> None:
    """What is missing or refused is said in the language of the address."""
    if status == 404:
        client.get(f"/{language}/no-such-page", status=404)
    else:
        page = client.post(f"/{language}/privacy", status=405)
        assert "GET" in page.response.headers["Allow"]


def test_an_unknown_language_is_a_missing_page(client: PageClient) -> None:
    """Not an error of ours, and not another language."""
    client.get("/xx/feedback", status=404, headers={"Accept-Language": "ar"})


def test_an_unexpected_error_is_a_page_without_details(app: Flask) -> None:
    """500 in the reader's language; what failed stays in the log."""

    @app.get("/fr/broken")
    def broken() -> str:
        raise LookupError("the secret detail")

    page = PageClient(app).get("/fr/broken", status=500)
    assert "secret detail" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_privacy_page_lists_every_column_about_visitors(
    client: PageClient, language: str
) -> None:
    """The page is made from the schema: a new column without an explanation fails here."""
    names = {code.to_text() for code in client.get(f"/{language}/privacy").all("dt code")}
    assert names == {c.name for model in PURPOSES for c in model.__table__.columns}
    assert names == set(COLUMNS)


def test_every_table_is_either_about_visitors_or_known_not_to_be() -> None:
    """A new table cannot stay off the privacy page unnoticed."""
    about_staff = {"admin_user", "audit_event", "kept_report", "report_delivery"}
    about_staff |= {"verification", "wording_change"}
    explained = {model.__tablename__ for model in PURPOSES}
    assert explained | about_staff == set(Base.metadata.tables)


def test_the_front_page_chooses_by_query_and_browser(client: PageClient) -> None:
    """`?lang=` wins over the browser's wishes; without either it is the site's first language."""

    def sent_to(path: str, wishes: str = "") -> str:
        headers = {"Accept-Language": wishes} if wishes else {}
        return str(client.http.get(path, headers=headers).location)

    assert sent_to("/", "fr-CH, fr;q=0.9, en;q=0.8") == "/fr/"
    assert sent_to("/?lang=ar", "fr") == "/ar/"
    assert sent_to("/?lang=xx", "de") == "/en/"


def test_health_and_readiness(client: PageClient) -> None:
    """The process lives; without translation packages it is not ready and says why."""
    assert client.http.get("/health").json == {"status": "ok"}
    response = client.http.get("/ready")
    assert response.status_code == 503
    assert "packages" in response.json["problems"]
