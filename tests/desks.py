"""The desks' forms as an editor's browser sends them, and the audit trail of it."""

from __future__ import annotations

from sqlalchemy import select

from survey.db import Database
from survey.models import AuditEvent
from tests.pages import PageClient


def csrf(browser: PageClient, path: str = "/admin/articles") -> str:
    return browser.get(path).attribute(".sign-out input", "value")


def send(browser: PageClient, path: str, **fields: object) -> str:
    """Send a form that must be taken; gives the address that it leads to."""
    data = {"csrf_token": csrf(browser), **fields}
    response = browser.http.post(path, data=data)
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    return str(response.location)


def actions(database: Database) -> list[str]:
    """What the cast did, without their signing in."""
    query = (
        select(AuditEvent.action)
        .where(AuditEvent.actor != "tests", AuditEvent.action != "signed in")
        .order_by(AuditEvent.id)
    )
    with database.scope() as session:
        return list(session.scalars(query))
