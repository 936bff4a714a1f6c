"""What the translate room tells the reports room of articles."""

from __future__ import annotations

from reports.articles import Articles
from translate.articles.flagged import flag_counts
from translate.articles.titles import titles

ARTICLES = Articles(flag_counts=flag_counts, titles=titles)
