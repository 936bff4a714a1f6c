"""What reports read: sums of the roll-ups over a period, as frozen dataclasses, never rows."""

from survey.queries.article_sizes import ArticleSize, article_sizes
from survey.queries.article_views import ArticleViews, article_views
from survey.queries.comments import CommentText, comments
from survey.queries.counts import (
    ArticleCount,
    CellCount,
    Levels,
    StepCount,
    articles,
    cells,
    steps,
)
from survey.queries.days import Unit, span
from survey.queries.engines import EngineDays, engine_days
from survey.queries.filters import Filters
from survey.queries.freshness import Recount, last_answer, last_recount
from survey.queries.snapshot import begin_snapshot
from survey.queries.view_counts import StepViews, ViewCount, step_views, views
from survey.queries.wordings import WordingVersion, wordings
from survey.sums import REPORTED, Period

__all__ = [
    "REPORTED",
    "ArticleCount",
    "ArticleSize",
    "ArticleViews",
    "CellCount",
    "CommentText",
    "EngineDays",
    "Filters",
    "Levels",
    "Period",
    "Recount",
    "StepCount",
    "StepViews",
    "Unit",
    "ViewCount",
    "WordingVersion",
    "article_sizes",
    "article_views",
    "articles",
    "begin_snapshot",
    "cells",
    "comments",
    "engine_days",
    "last_answer",
    "last_recount",
    "span",
    "step_views",
    "steps",
    "views",
    "wordings",
]
