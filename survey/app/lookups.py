"""What the translate room tells the reports room of articles."""

from __future__ import annotations

from reports.articles import Articles
from translate.flagged import flag_counts
from translate.titles import titles

ARTICLES = Articles(flag_counts=flag_counts, titles=titles)
