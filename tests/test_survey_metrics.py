"""What programs that watch the service may read, and views that a network has too many of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from survey.answering.limits import ANSWERS, VIEWS, Allowance
from survey.app.application import create_app
from survey.db import Database
from survey.settings import Settings
from tests.embedding import SITE, ask, send
from tests.pages import PageClient, token_of
from tests.test_survey_sightings import flushed

TOKEN = "a token for the program that watches, long enough"


@pytest.fixture
def site(app: Flask, settings: Settings, sqlite: Database) -> Flask:
    """A site with its limits on, in the box on another website as well; `app` made its texts."""
    return create_app(
        replace(settings, limits=True, embed_origins=(SITE,), metrics_token=TOKEN), sqlite
    )


def counted(browser: FlaskClient) -> dict[tuple[str, ...], float]:
    """Every counter of our own that is not zero, by name and labels."""
    text = browser.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("rayak_") and sample.name.endswith("_total") and sample.value
    }


def test_views_past_a_networks_allowance_are_shown_and_not_counted(
    site: Flask, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On our page and in the box alike: the form comes, the metrics tell, other networks count."""
    monkeypatch.setattr("survey.answering.turnstile.VIEWS", Allowance(burst=3, per_second=0.001))
    visitor, browser = PageClient(site), site.test_client()
    for _ in range(4):
        assert token_of(visitor.get("/en/feedback"))
    for _ in range(3):
        assert ask(browser).json["token"]
    elsewhere = {"REMOTE_ADDR": "198.51.100.7"}
    assert token_of(visitor.get("/en/feedback", environ_base=elsewhere))
    assert counted(browser) == {
        ("rayak_views_total", "page", "yes"): 4,
        ("rayak_views_total", "page", "no"): 1,
        ("rayak_views_total", "embed", "no"): 3,
    }
    assert flushed(site, sqlite) == 4


def test_a_view_that_did_not_count_counts_as_nothing_when_the_page_is_translated(
    site: Flask, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has nothing to move."""
    monkeypatch.setattr("survey.answering.turnstile.VIEWS", Allowance(burst=1, per_second=0.001))
    browser = site.test_client()
    tokens = [ask(browser).json["token"] for _ in range(2)]
    for token in tokens:
        form = {"page": f"{SITE}/news/1", "language": "ar", "translator": "google", "again": token}
        browser.post("/embed/feedback/again", data=form, headers={"Origin": SITE})
    assert flushed(site, sqlite) == 1


def test_answers_cannot_outrun_the_views_of_their_network() -> None:
    """Else the response rate of an office would be more than all of it."""
    assert VIEWS.burst >= ANSWERS.burst
    assert VIEWS.per_second >= ANSWERS.per_second


def test_answers_are_counted_by_what_became_of_them(
    site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, spam with its reason, and sent back for a moment."""
    browser = site.test_client()
    send(browser, token=ask(browser).json["token"], rating="4")
    send(browser, token=ask(browser).json["token"], rating="4", subject="buy")
    monkeypatch.setattr("survey.web.embed.ANSWERS", Allowance(burst=0, per_second=0.001))
    assert send(browser, token=ask(browser).json["token"], rating="4").status_code == 429
    found = counted(browser)
    assert found["rayak_answers_total", "embed", ""] == 1
    assert found["rayak_answers_total", "embed", "honeypot"] == 1
    assert found["rayak_answers_slowed_total", "embed"] == 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.7"}, 403),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}"}, 200),
        ("192.0.2.7", {"Authorization": f"Bearer {TOKEN}x"}, 403),
        ("192.0.2.7", {"Authorization": "Bearer "}, 403),
        ("192.0.2.7", {"Authorization": "Bearer ÿ"}, 403),
    ],
)
def test_metrics_are_for_this_machine_or_for_whoever_brings_the_token(
    site: Flask, address: str, headers: dict[str, str], status: int
) -> None:
    """What came by a proxy that nobody told us of is not from this machine."""
    response = site.test_client().get(
        "/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}
    )
    assert response.status_code == status
    assert ("RAYAK_METRICS_TOKEN" in response.get_data(as_text=True)) == (status == 403)


def test_without_a_token_set_none_opens_the_metrics(client: PageClient) -> None:
    """Not even the empty one."""
    for given in ("Bearer ", "Bearer", ""):
        response = client.http.get(
            "/metrics",
            headers={"Authorization": given},
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        )
        assert response.status_code == 403


def test_no_label_tells_of_anybody(site: Flask) -> None:
    """Neither address nor browser nor what was written."""
    browser = site.test_client()
    token = ask(browser).json["token"]
    form = {"token": token, "rating": "2", "comment": "a telling comment"}
    browser.post(
        "/embed/feedback",
        data=form,
        headers={"Origin": SITE, "User-Agent": "a-telling-browser"},
        environ_base={"REMOTE_ADDR": "198.51.100.77"},
    )
    text = browser.get("/metrics").get_data(as_text=True)
    for telling in ("telling", "198.51", "example.org", token):
        assert telling not in text


def test_a_token_that_can_be_guessed_is_called_unfit(settings: Settings) -> None:
    """Whoever reads the metrics learns when a site is attacked."""
    assert "METRICS_TOKEN" in " ".join(
        replace(settings, metrics_token="short").unfit_for_production()
    )
    assert "METRICS_TOKEN" not in " ".join(
        replace(settings, metrics_token=TOKEN).unfit_for_production()
    )
