"""Language tags as browsers and files write them, read with what is known of languages."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError

# Characters: what RFC 5646 has every program take. A stranger's longer one is not remembered.
LONGEST = 35
# Where extensions and private use begin, which Babel does not read: Google calls its translations
# ar-x-mtfrom-en.
EXTENSION = re.compile("-[a-z0-9]-", re.IGNORECASE)


def language_code(tag: str) -> str:
    """The language of a BCP 47 tag, such as ar for ar-MA; nothing for one unknown."""
    return _known(tag) if len(tag) <= LONGEST else ""


@lru_cache(maxsize=1_000)
def _known(tag: str) -> str:
    try:
        named = EXTENSION.split(tag.replace("_", "-"))[0]
        return str(Locale.parse(named, sep="-").language)
    except (ValueError, TypeError, UnknownLocaleError):
        return ""
