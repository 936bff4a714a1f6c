"""The tables of the translate side, a module for each kind of thing."""

from translate.models.articles import Article, ArticleRevision, ArticleTranslation, TranslationState
from translate.models.base import Base
from translate.models.clients import ApiKey, Suggestion, SuggestionState, UsageDay
from translate.models.memory import GlossaryTerm, MemorySegment, Origin

__all__ = [
    "ApiKey",
    "Article",
    "ArticleRevision",
    "ArticleTranslation",
    "Base",
    "GlossaryTerm",
    "MemorySegment",
    "Origin",
    "Suggestion",
    "SuggestionState",
    "TranslationState",
    "UsageDay",
]
