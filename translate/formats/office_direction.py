"""Right-to-left marks for the paragraphs of Word and PowerPoint files."""

from __future__ import annotations

import re

# What the schema puts after `bidi` in a paragraph's properties, and after `rtl` in a run's.
_AFTER_BIDI = (
    "adjustRightInd|snapToGrid|spacing|ind|contextualSpacing|mirrorIndents|suppressOverlap|jc|"
    "textDirection|textAlignment|textboxTightWrap|outlineLvl|divId|cnfStyle|rPr|sectPr|pPrChange"
)
_AFTER_RTL = "cs|em|lang|eastAsianLayout|specVanish|oMath|rPrChange"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def word(xml: str, prefix: str) -> str:
    """Every paragraph from right to left, and every run that holds such letters.

    :param prefix: of the document's elements, with its colon.
    """
    w = re.escape(prefix)
    xml = _marked(xml, prefix, "p", "pPr", "bidi", _AFTER_BIDI)
    run = re.compile(rf"<{w}r(?:\s[^>]*)?(?<!/)>.*?</{w}r>", re.DOTALL)

    def spoken(match: re.Match[str]) -> str:
        if not _RIGHT_TO_LEFT.search(match.group()):
            return match.group()
        return _marked(match.group(), prefix, "r", "rPr", "rtl", _AFTER_RTL)

    return run.sub(spoken, xml)


def slide(xml: str, prefix: str) -> str:
    """Every paragraph of a slide from right to left; what stood at the left stands at the right."""
    a = re.escape(prefix)
    paragraph = re.compile(rf"(<{a}p(?:\s[^>]*)?(?<!/)>)(?:(\s*<{a}pPr\b)([^>]*>))?")

    def turned(match: re.Match[str]) -> str:
        opening, properties, rest = match.groups()
        if properties is None:
            return f'{opening}<{prefix}pPr algn="r" rtl="1"/>'
        rest = re.sub(r'\srtl="[^"]*"|\salgn="l"', "", rest)
        side = "" if re.search(r"\salgn=", rest) else ' algn="r"'
        return f'{opening}{properties}{side} rtl="1"{rest}'

    return paragraph.sub(turned, xml)


def _marked(xml: str, prefix: str, element: str, properties: str, mark: str, after: str) -> str:
    """The XML with an empty element `mark` at its place in the properties of each `element`."""
    w = re.escape(prefix)
    pattern = re.compile(
        rf"(<{w}{element}(?:\s[^>]*)?(?<!/)>\s*)"
        rf"(?:<{w}{properties}/>|(<{w}{properties}>)(.*?)(?=<{w}(?:{after})[\s/>]|</{w}{properties}>))?",
        re.DOTALL,
    )
    made = f"<{prefix}{mark}/>"

    def put(match: re.Match[str]) -> str:
        opening, start, before = match.groups()
        if start is None:
            return f"{opening}<{prefix}{properties}>{made}</{prefix}{properties}>"
        before = re.sub(rf"<{w}{mark}(?:\s[^>]*)?/>", "", before)
        return f"{opening}{start}{before}{made}"

    return pattern.sub(put, xml)
