"""The box as the script on another website asks for it and sends it."""

from __future__ import annotations

from flask.testing import FlaskClient

SITE = "https://www.example.org"


def ask(browser: FlaskClient, origin: str = SITE, **query: str) -> object:
    """What the script asks for when it draws."""
    query = {"page": f"{SITE}/news/1", "language": "en", "source": "en", "translator": ""} | query
    return browser.get("/embed/feedback", query_string=query, headers={"Origin": origin})


def send(browser: FlaskClient, origin: str = SITE, **form: str) -> object:
    """What the script sends."""
    return browser.post("/embed/feedback", data=form, headers={"Origin": origin})
