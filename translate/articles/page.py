"""A plain-text news page: which of its lines are articles, and which are furniture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from translate.sentences.dates import first_day

# A line that no headline is as long as.
LONGEST_TITLE = 250
# Plain blanks only: French typography's no-break spaces are part of the text.
_BLANKS = re.compile(r"[ \t]+")
_SENTENCE_END = re.compile(r"[.!?؟…:;؛][\"'”’»)\]]*\Z")


class Furniture(StrEnum):
    """What stands on a news page besides the articles."""

    DISCLAIMER = "disclaimer"
    FEEDBACK = "feedback box"
    SCALE = "end labels of the scale"
    ASSISTANT = "assistant"
    OTHER = "no article"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article of a page; `day` is None when the text gives no full date."""

    title: str
    paragraphs: tuple[str, ...]
    day: date | None

    @property
    def body(self) -> str:
        """The paragraphs with blank lines between them."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A line that belongs to no article, and why."""

    text: str
    kind: Furniture


# satisfait, satisfaite, satisfait(e), satisfait(e)s, satisfait·e·s, satisfait.e
_FRENCH_ENDING = r"(?:(?:\([es]s?\)|[·.•-]e)(?:[·.•-]?s)?|es?|s)?(?!\w)"
_FRENCH_FEELING = rf"(?:in|mé)?(?:satisfait|content){_FRENCH_ENDING}"

_KNOWN = {
    Furniture.DISCLAIMER: re.compile(
        r"disclaimer\b|you are using .*translat|.*not responsible for the accuracy"
        r"|avertissement\b|vous utilisez .*tradu|.*pas responsable de l.exactitude"
        r"|إخلاء (?:ال)?مسؤولية|تنبيه\b|أنتم? تستخدم(?:ون)?\b|.*غير مسؤول(?:ة)? عن دقة"
        r"|.*لا تتحمل\b.*مسؤولية عن دقة",
        re.IGNORECASE,
    ),
    Furniture.SCALE: re.compile(
        r"(?:\W*\b(?:(?:extremely|very) )?(?:dis)?satisfied\b)+\W*\Z"
        r"|\W*neither satisfied nor dissatisfied\W*\Z"
        rf"|(?:\W*\b(?:(?:extrêmement|très|tout à fait|pas du tout) )?{_FRENCH_FEELING})+\W*\Z"
        rf"|\W*ni {_FRENCH_FEELING},? ni {_FRENCH_FEELING}\W*\Z"
        r"|(?:\W*\b(?:غير )?راضٍ?(?: (?:تماما|للغاية|جدا|على الإطلاق))?(?!\w))+\W*\Z"
        r"|\W*لا راضٍ? ولا غير راضٍ?\W*\Z",
        re.IGNORECASE,
    ),
    Furniture.FEEDBACK: re.compile(
        r"your opinion\W*\Z|user feedback\W*\Z|overall, how satisfied\b|how satisfied are you\b"
        r"|votre avis\W*\Z|(?:avis des utilisateurs|évaluation du site)\W*\Z"
        rf"|.*êtes-vous (?:globalement )?satisfait{_FRENCH_ENDING}.*\?"
        r"|رأيك(?:م)?\W*\Z|آراء المستخدمين\W*\Z|.*ما مدى رضاك(?:م)?\b.*؟",
        re.IGNORECASE,
    ),
    Furniture.ASSISTANT: re.compile(
        r"by (?:messaging|chatting|writing)\b.*\bagree\b"
        r"|.{0,60}\b(?:ai|virtual) assistant\W*\Z"
        r"|en (?:envoyant|écrivant)\b.*\bacceptez\b"
        r"|.{0,60}\bassistant (?:ia|virtuel)\b.{0,20}\Z"
        r"|.*بإرسالكم?\b.*توافق(?:ون)?\b|.{0,60}المساعد (?:الذكي|الافتراضي).{0,20}\Z",
        re.IGNORECASE,
    ),
}


def parse(text: str, language: str) -> tuple[list[FoundArticle], list[LeftOut]]:
    """Cut a page into articles.

    A title is a line that ends like no sentence; the paragraphs up to the next title are its
    body. A title without body, and text before the first title, belong to no article.
    """
    left_out: list[LeftOut] = []
    articles: list[FoundArticle] = []
    title: str | None = None
    body: list[str] = []

    def close() -> None:
        nonlocal title
        if title is not None and body:
            day = first_day("\n".join(body), language)
            articles.append(FoundArticle(title=title, paragraphs=tuple(body), day=day))
        elif title is not None:
            left_out.append(LeftOut(text=title, kind=Furniture.OTHER))
        title = None
        body.clear()

    for block in _blocks(text, left_out):
        if _is_title(block):
            close()
            title = block
        elif title is None:
            left_out.append(LeftOut(text=block, kind=Furniture.OTHER))
        else:
            body.append(block)
    close()
    return articles, left_out


def _blocks(text: str, left_out: list[LeftOut]) -> Iterator[str]:
    """Paragraphs: lines up to a blank one, put together; furniture is taken out line by line."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        clean = _BLANKS.sub(" ", line).strip()
        kind = furniture(clean) if clean else None
        if kind:
            left_out.append(LeftOut(text=clean, kind=kind))
        if clean and not kind:
            block.append(clean)
        elif block:
            yield " ".join(block)
            block = []


def furniture(line: str) -> Furniture | None:
    """What kind of furniture a line is, or None for a line of an article."""
    bare = line.strip("\ufeff \t")[:500]
    return next((kind for kind, known in _KNOWN.items() if known.match(bare)), None)


def _is_title(block: str) -> bool:
    if len(block) > LONGEST_TITLE:
        return False
    return not _SENTENCE_END.search(block) or _is_question_in_title_case(block)


def _is_question_in_title_case(block: str) -> bool:
    """An English headline may be a question; a body's question has small letters."""
    words = [w for w in re.findall(r"[^\W\d_]+", block) if len(w) > 3]
    return block.endswith(("?", "!")) and len(words) > 1 and all(w[0].isupper() for w in words)
