"""The tables of the survey side and of the operators, a module for each kind of thing."""

from survey.models.answers import Comment, Response, VisitorSalt
from survey.models.base import Base
from survey.models.kept_reports import KeptReport, ReportDelivery
from survey.models.operators import AdminUser, AuditEvent
from survey.models.rollups import (
    DailyArticleCount,
    DailyCount,
    DailyLanguageCount,
    DailyView,
    MonthlyArticleCount,
    MonthlyArticleView,
    MonthlyCount,
    Verification,
)
from survey.models.wordings import WordingChange, WordingRow

__all__ = [
    "AdminUser",
    "AuditEvent",
    "Base",
    "Comment",
    "DailyArticleCount",
    "DailyCount",
    "DailyLanguageCount",
    "DailyView",
    "KeptReport",
    "MonthlyArticleCount",
    "MonthlyArticleView",
    "MonthlyCount",
    "ReportDelivery",
    "Response",
    "Verification",
    "VisitorSalt",
    "WordingChange",
    "WordingRow",
]
