"""What reports are told of articles by those who keep them; reports keep none themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

# An article by its short name, and the language of a text.
Text = tuple[str, str]
# Titles by short name and language, that of the original first.
Titles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Articles:
    """Two look-ups: in how many segments of a text each check failed, and what articles are called.

    An article that neither knows is named by its short name and has no flags.
    """

    flag_counts: Callable[[Session, Sequence[Text]], Mapping[Text, Mapping[str, int]]]
    titles: Callable[[Session, Collection[str]], Titles]


UNKNOWN = Articles(flag_counts=lambda _session, _texts: {}, titles=lambda _session, _slugs: {})
