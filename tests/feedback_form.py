"""The feedback form as a visitor sends it, and what was stored."""

from __future__ import annotations

from sqlalchemy import select

from survey.db import Database
from survey.models import Response
from tests.pages import PageClient, token_of


def stored(database: Database) -> list[tuple[int, str]]:
    """Level and site language of every stored answer."""
    with database.scope() as session:
        query = select(Response.rating, Response.site_language).order_by(Response.id)
        return [tuple(row) for row in session.execute(query)]


def send(client: PageClient, language: str = "en", **fields: object) -> object:
    """Send the feedback form as it stands on the page, with these fields."""
    token = token_of(client.get(f"/{language}/feedback"))
    return client.http.post(f"/{language}/feedback", data={"token": token, **fields})
