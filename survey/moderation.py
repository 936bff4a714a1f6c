"""What moderators do with answers: stop counting them, count them again; every step audited."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey import rollup
from survey.models import AuditEvent, Response
from survey.ratings import State
from survey.services import begin_write


class UnknownResponse(LookupError):
    """No answer has this number."""


def change_state(
    session: Session, response_id: int, state: State, *, actor: str, now: datetime
) -> None:
    """Count an answer, or stop counting it: spam, withdrawn, restored; audited.

    :raise UnknownResponse: when there is no such answer.
    """
    begin_write(session)
    response = session.get(Response, response_id, with_for_update=True)
    if response is None:
        session.rollback()
        raise UnknownResponse(response_id)
    rollup.count(session, response, -1)
    response.state = state
    rollup.count(session, response, +1)
    event = AuditEvent(at=now, actor=actor, action=state.value, target=f"response {response_id}")
    session.add(event)
    session.commit()
