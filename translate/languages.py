"""Language codes: which spellings are accepted, their English names and writing direction."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Codes of Argos packages that API clients spell otherwise, as LibreTranslate spells them.
_WIRE = {"pb": "pt-BR", "zh": "zh-Hans", "zt": "zh-Hant"}
_ACCEPTED = {
    **{wire.lower(): code for code, wire in _WIRE.items()},
    "zh-cn": "zh",
    "zh-tw": "zt",
    "zh-hk": "zt",
    "zh-mo": "zt",
    "iw": "he",
    "no": "nb",
}

# Written from right to left.
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})

_ARABIC_SCRIPT = frozenset({"ar", "fa", "ur", "ps", "ckb", "ug", "sd"})
# Scripts as the names of their letters begin; of any other language LATIN.
_SCRIPTS = {
    **dict.fromkeys(_ARABIC_SCRIPT, "ARABIC"),
    **dict.fromkeys(("bg", "ru", "uk", "ky", "sr"), "CYRILLIC"),
    **dict.fromkeys(("el",), "GREEK"),
    **dict.fromkeys(("he", "yi"), "HEBREW"),
    **dict.fromkeys(("hi",), "DEVANAGARI"),
    **dict.fromkeys(("bn",), "BENGALI"),
    **dict.fromkeys(("th",), "THAI"),
    **dict.fromkeys(("zh", "zt"), "CJK"),
    **dict.fromkeys(("ja",), "CJK HIRAGANA KATAKANA"),
    **dict.fromkeys(("ko",), "HANGUL"),
}

# Scripts without spaces between words.
UNSPACED = frozenset({"ja", "km", "lo", "my", "th", "zh", "zt"})

NAMES = {
    "ar": "Arabic",
    "az": "Azerbaijani",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "eo": "Esperanto",
    "es": "Spanish",
    "et": "Estonian",
    "eu": "Basque",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "gl": "Galician",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "ky": "Kyrgyz",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "ms": "Malay",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pb": "Portuguese (Brazil)",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sq": "Albanian",
    "sr": "Serbian",
    "sv": "Swedish",
    "th": "Thai",
    "tl": "Tagalog",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "zt": "Chinese (traditional)",
}

_REGION = re.compile(r"[a-z]{2}|\d{3}")
_CODE = re.compile(r"[a-z]{2,3}(?:[-_][a-zA-Z]{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language with the codes of the languages it can be translated into."""

    code: str
    name: str
    targets: tuple[str, ...]


def is_code(value: str) -> bool:
    """Whether a value has the shape of a language code, such as `fr` or `pt-BR`."""
    return bool(_CODE.fullmatch(value))


def from_wire(value: str) -> str:
    """The package's code for what a client wrote: `pt-br` is `pb`, `EN` and `en-US` are `en`."""
    code = value.strip().lower().replace("_", "-")
    if code in _ACCEPTED:
        return _ACCEPTED[code]
    # Of a region that no package is for, the language.
    language, dash, region = code.partition("-")
    return from_wire(language) if dash and _REGION.fullmatch(region) else code


def to_wire(code: str) -> str:
    """The code as LibreTranslate's clients expect it: `pb` is `pt-BR`."""
    return _WIRE.get(code, code)


def name_of(code: str) -> str:
    """The English name of a language, or its code when the name is not known."""
    return NAMES.get(code, code)


def scripts(code: str) -> tuple[str, ...]:
    """What a language is written in, as the Unicode names of its letters begin."""
    return tuple(_SCRIPTS.get(code, "LATIN").split())


def is_in_latin_letters(code: str) -> bool:
    """Whether a language is written in the letters of English."""
    return "LATIN" in scripts(code)


def direction(code: str) -> str:
    """`rtl` or `ltr`, for the attribute `dir`."""
    return "rtl" if code.split("-")[0] in _RIGHT_TO_LEFT else "ltr"
