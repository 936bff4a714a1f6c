"""Names in capitals that a model cannot know, and that therefore should stay as they are.

A model that never saw an acronym invents something in its place or spells half of it. Those of
international life have names of their own in many languages, so they are left to the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from translate.mask import Span

# Fewer capitals are left to the model: UN, EU, TV are known, and two letters prove little.
_ACRONYM = re.compile(r"(?<![\w.'’-])[A-Z]{3,12}(?![\w'’-])")
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{2,}(?!\w)")
# Capitals side by side are a stressed phrase: PRESS RELEASE.
_BESIDE = re.compile(r"[A-Z]{2,}[^\S\n]+\Z"), re.compile(r"[^\S\n]+[A-Z]{2,}(?!\w)")
# A word of as many pieces of the package's vocabulary is put together from letters.
_UNKNOWN_PIECES = 3

# They have other names in other languages, which the model may know (English and French ones).
_NAMES = (
    "AIDS AIEA BAD BCE BERD BM CCG CEDEAO CEE CEO CESAO CICR CIJ CPI CPLP DNA EBRD ECB ECOSOC "
    "ECOWAS ESCWA FAO FIDA FMI GCC GDP GNP HCDH HCR HIV IAEA IATA IBRD ICAO ICC ICJ ICRC IDB "
    "IFAD IFC IFRC ILO IMF IMO IOC IOM IPCC IPU ISESCO IUCN KSA LAS MERCOSUR MRI NASA NATO "
    "NGO OACI OCDE OCHA OCI OECD OHCHR OIC OIF OIM OIT OMC OMD OMI OMM OMPI OMS OMT ONG ONU "
    "ONUDI OPEC OPEP OSCE OTAN OUA PAM PDG PIB PNB PNUD PNUE RNA SADC SIDA TVA UAE UEMOA UIT "
    "UMA UNCTAD UNDP UNEP UNESCO UNFPA UNHCR UNICEF UNIDO UNRWA UNWTO UPU USA USD VAT VIH WCO "
    "WFP WHO WIPO WMO WTO"
)
_TRANSLATED = frozenset(_NAMES.split())


def unknown(sentence: str, pieces: Callable[[str], int]) -> list[Span]:
    """The acronyms of a sentence that the model cannot know, in order; each stays as it is.

    :param pieces: of how many pieces of the package's vocabulary a word is made.
    """
    return [
        Span(m.start(), m.end(), m.group())
        for m in _ACRONYM.finditer(sentence)
        if m.group() not in _TRANSLATED
        and not _is_stressed(sentence, m)
        and pieces(m.group()) >= _UNKNOWN_PIECES
        # An ordinary word for stress: NOTE.
        and pieces(m.group().lower()) >= _UNKNOWN_PIECES
    ]


def capitals(sentence: str) -> list[Span]:
    """Every word in capitals, for a sentence in which a model has mixed two scripts."""
    return [Span(m.start(), m.end(), m.group()) for m in _CAPITALS.finditer(sentence)]


def _is_stressed(sentence: str, word: re.Match[str]) -> bool:
    before, after = _BESIDE
    return bool(before.search(sentence[: word.start()]) or after.match(sentence, word.end()))
