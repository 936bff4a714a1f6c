"""What somebody changed in a text, paragraph by paragraph."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from translate.text import paragraphs

# Comparing takes the square of their number at worst.
_MOST_PARAGRAPHS = 1_000


class Change(StrEnum):
    """What became of a paragraph."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedParagraph:
    """A paragraph of the text before, after, or both."""

    text: str
    change: Change


def compared(before: str, after: str) -> list[ComparedParagraph]:
    """The paragraphs of both texts in their order; of a very long text those after, unmarked."""
    old, new = paragraphs(before), paragraphs(after)
    if max(len(old), len(new)) > _MOST_PARAGRAPHS:
        return [ComparedParagraph(text=text, change=Change.SAME) for text in new]
    found: list[ComparedParagraph] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _all(old[a:b], Change.SAME)
        else:
            found += [*_all(old[a:b], Change.REMOVED), *_all(new[c:d], Change.ADDED)]
    return found


def _all(texts: list[str], change: Change) -> list[ComparedParagraph]:
    return [ComparedParagraph(text=text, change=change) for text in texts]
