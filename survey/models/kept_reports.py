"""The reports that are kept, and their ways to their recipients."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from survey.keeping.delivery_state import DeliveryState
from survey.models.base import Base


class KeptReport(Base):
    """The report of one week or month that has ended; its row is the claim to make it."""

    __tablename__ = "kept_report"
    __table_args__ = (UniqueConstraint("cadence", "first_day", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cadence: Mapped[str] = mapped_column(String(16))
    first_day: Mapped[date]
    last_day: Mapped[date]
    # The checksum of the version it is about; empty for the newest of each language.
    question: Mapped[str] = mapped_column(String(64), default="", server_default="")
    # By commas; empty until the files are there.
    languages: Mapped[str] = mapped_column(String(80), default="")
    claimed_at: Mapped[datetime]
    attempts: Mapped[int]
    made_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")


class ReportDelivery(Base):
    """A kept report on its way to one recipient."""

    __tablename__ = "report_delivery"
    __table_args__ = (UniqueConstraint("report_id", "recipient"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("kept_report.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(254))
    state: Mapped[DeliveryState] = mapped_column(index=True)
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(default="")
