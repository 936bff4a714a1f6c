"""The recount of every answer against the roll-up, and the memory of what it found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from survey import rollup
from survey.models import Verification
from survey.queries import begin_snapshot
from survey.services import begin_write, mend_rollup


def verify(
    session: Session,
    *,
    now: datetime,
    mend: bool = False,
    say: Callable[[rollup.Mismatch], None] = lambda _wrong: None,
) -> int:
    """In how many cells the roll-up and the answers differ; it is stored with when it was found.

    Reads every answer once, in one snapshot, so that a busy site is no mismatch.

    :param mend: write the roll-up anew from the answers in the months in which they differ.
    :param say: called with each cell that differs.
    """
    begin_snapshot(session)
    differing = 0
    months = set()
    for wrong in rollup.mismatches(session):
        differing += 1
        months.add(wrong.month)
        say(wrong)
    session.rollback()
    mended = bool(differing) and mend
    if mended:
        mend_rollup(session, sorted(months))
    begin_write(session)
    session.add(Verification(verified_at=now, differing=differing, mended=mended))
    session.commit()
    return differing
