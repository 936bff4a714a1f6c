"""What a moderator just changed, signed, so that it can be changed back for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from survey.moderating.moderation import Change
from survey.ratings import SpamReason, State

UNDO_FOR = timedelta(hours=1)


class UndoTokens:
    """Signs changes for the account that made them; nobody else can undo them."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        """:param secret_keys: the last one signs, all of them are believed."""
        self._signer = URLSafeTimedSerializer(list(secret_keys), salt="rayak-undo")

    def issue(self, account: int, changes: Sequence[Change]) -> str:
        """A token of these changes."""
        rows = [[c.id, c.before, c.after, c.reason] for c in changes]
        return str(self._signer.dumps([account, rows]))

    def read(self, account: int, token: str) -> list[Change] | None:
        """The changes of a token; None when it is none, is over, or is another account's."""
        try:
            owner, rows = self._signer.loads(token, max_age=int(UNDO_FOR.total_seconds()))
            changes = [
                Change(id=n, before=State(before), after=State(after), reason=SpamReason(reason))
                for n, before, after, reason in rows
            ]
        except (BadData, ValueError):
            # In the hour after an upgrade, signed tokens of another make come back.
            return None
        return changes if owner == account else None
