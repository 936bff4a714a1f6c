"""Language tags as browsers and files write them, read with what is known of languages."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=1_000)
def language_code(tag: str) -> str:
    """The language of a BCP 47 tag, such as ar for ar-MA; nothing for one unknown."""
    try:
        return str(Locale.parse(tag.replace("_", "-"), sep="-").language)
    except (ValueError, TypeError, UnknownLocaleError):
        return ""
