"""How far a kept report is on its way to a recipient."""

from __future__ import annotations

from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a kept report is on its way to one recipient; `sending` and `unknown` never repeat."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    # The connection or the process ended after the text was sent and before it was accepted.
    UNKNOWN = "unknown"
    GIVEN_UP = "given_up"
