"""A sentence without what readers do not see and models stumble over."""

from __future__ import annotations

import re

# Soft hyphens, spaces of no width, marks of writing direction; a hyphen is a hyphen.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
) | {0x2010: "-", 0x2011: "-"}
# An American dash joins two words that belong to two parts of a sentence.
_GLUED_DASH = re.compile(r"(?<=\w)\u2014(?=\w)")


def readable(sentence: str, *, words_must_agree: bool = False) -> str:
    """The sentence as running text has it.

    :param words_must_agree: with tags to carry over, word for word; then dashes stay glued.
    """
    plain = sentence.translate(_INVISIBLE)
    return plain if words_must_agree else _GLUED_DASH.sub(" \u2014 ", plain)
