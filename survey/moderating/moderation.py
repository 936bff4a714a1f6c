"""What moderators do with answers: stop counting them, count them again; every step audited."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey import rollup
from survey.models import AuditEvent, Response
from survey.ratings import SpamReason, State
from survey.services import begin_write

# The state to give an answer, and why where that is spam.
_Wish = tuple[State, SpamReason]


class UnknownResponse(LookupError):
    """No answer has this number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An answer's state before and after, by its number: what is needed to undo.

    `reason` is why it was spam before, if it was.
    """

    id: int
    before: State
    after: State
    reason: SpamReason = SpamReason.NONE


def change_state(
    session: Session, response_id: int, state: State, *, actor: str, now: datetime
) -> None:
    """Count an answer, or stop counting it: spam, withdrawn, restored; audited.

    :raise UnknownResponse: when there is no such answer.
    """
    begin_write(session)
    if session.get(Response, response_id) is None:
        session.rollback()
        raise UnknownResponse(response_id)
    _apply(session, {response_id: _wish(state)}, actor=actor, now=now)
    session.commit()


def change_states(
    session: Session, ids: Collection[int], state: State, *, actor: str, now: datetime
) -> list[Change]:
    """Give answers a state, in one transaction; gives what changed.

    Numbers of no answer, and answers that are in this state already, are passed over.
    """
    begin_write(session)
    changes = _apply(session, dict.fromkeys(ids, _wish(state)), actor=actor, now=now)
    session.commit()
    return changes


def undo(
    session: Session, changes: Collection[Change], *, actor: str, now: datetime
) -> list[Change]:
    """Take changes back, in one transaction; gives what was taken back.

    An answer that has been given yet another state since then keeps it.
    """
    begin_write(session)
    after = {change.id: change.after for change in changes}
    query = select(Response.id, Response.state).where(Response.id.in_(after))
    same = {number for number, state in session.execute(query) if state is after[number]}
    wanted = {change.id: (change.before, change.reason) for change in changes if change.id in same}
    done = _apply(session, wanted, actor=actor, now=now)
    session.commit()
    return done


def _wish(state: State) -> _Wish:
    return state, SpamReason.MODERATOR if state is State.SPAM else SpamReason.NONE


def _apply(
    session: Session, wanted: Mapping[int, _Wish], *, actor: str, now: datetime
) -> list[Change]:
    # Always in the order of their numbers: two moderators must not wait for each other.
    query = select(Response).where(Response.id.in_(wanted)).order_by(Response.id)
    changes = []
    tally = rollup.Tally()
    for response in session.scalars(query.with_for_update()).all():
        before, reason = response.state, response.spam_reason
        after, new_reason = wanted[response.id]
        if before is after:
            continue
        tally.count(response, -1)
        response.state, response.spam_reason = after, new_reason
        tally.count(response, +1)
        changes.append(Change(id=response.id, before=before, after=after, reason=reason))
        action = f"answer {before.value} -> {after.value}"
        session.add(
            AuditEvent(at=now, actor=actor, action=action, target=f"response {response.id}")
        )
    tally.write(session.connection())
    return changes
