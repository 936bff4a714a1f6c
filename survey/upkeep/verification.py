"""The recount of every answer against the roll-up, and the memory of what it found."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Verification
from survey.queries import begin_snapshot
from survey.services import begin_write, mend_rollup


def verify(session: Session, *, now: datetime, mend: bool = False) -> list[rollup.Mismatch]:
    """Every cell where the roll-up and the answers differ; when and with what result is stored.

    Reads every answer once, in one snapshot, so that a busy site is no mismatch.

    :param mend: write the roll-up anew from the answers when they differ.
    """
    begin_snapshot(session)
    wrong = rollup.mismatches(session)
    session.rollback()
    mended = bool(wrong) and mend
    if mended:
        mend_rollup(session)
    begin_write(session)
    session.add(Verification(verified_at=now, differing=len(wrong), mended=mended))
    session.commit()
    return wrong
