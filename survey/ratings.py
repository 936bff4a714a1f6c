"""The domain: the 1-5 scale, what was on the screen when it was answered, and the wording."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import StrEnum
from pathlib import Path

SCALE = (1, 2, 3, 4, 5)
COMMENT_LIMIT = 2_000
# Control characters but tabs and line ends, halves of characters, and what turns the direction.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class Translation(StrEnum):
    """How the text on the screen came into the reader's language."""

    ORIGINAL = "original"
    MACHINE = "machine"
    REVIEWED = "reviewed"
    THIRD_PARTY = "third_party"


class Channel(StrEnum):
    """Where the answer was given."""

    PAGE = "page"
    EMBED = "embed"
    API = "api"


class State(StrEnum):
    """Whether an answer counts. Reports count COUNTED, and POSSIBLE_DUPLICATE by a switch."""

    COUNTED = "counted"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"


class SpamReason(StrEnum):
    """Why an answer is spam; NONE for every answer that is not, and where nobody knows any more."""

    NONE = ""
    HONEYPOT = "honeypot"
    TOO_QUICK = "too_quick"
    NO_PROOF = "no_proof"
    MODERATOR = "moderator"


class Acknowledgement(StrEnum):
    """Whether a reader who is shown a disclaimer may, or must, confirm having read it."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class WordingKind(StrEnum):
    """The two texts whose every version is kept."""

    QUESTION = "question"
    DISCLAIMER = "disclaimer"


class RatingError(ValueError):
    """An answer that cannot be taken."""


class RatingMissing(RatingError):
    """Nothing was chosen."""


class RatingOutOfScale(RatingError):
    """Something other than 1, 2, 3, 4 or 5."""


class CommentTooLong(RatingError):
    """More than `COMMENT_LIMIT` characters."""


class NotAcknowledged(RatingError):
    """The disclaimer must be confirmed here, and was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What translated: a package with version and checksum, or a third party such as google."""

    name: str
    version: str = ""
    checksum: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What stood on the screen beside the question; travels signed, never as free form fields.

    `question` and `disclaimer` are SHA-256 hex digests of wordings; `disclaimer` is empty when
    none was shown. `revision` is the SHA-256 of the article's original text.
    """

    page: str
    site_language: str
    shown_language: str
    source_language: str
    translation: Translation
    question: str
    disclaimer: str = ""
    article: str = ""
    revision: str = ""
    engine: Engine | None = None
    channel: Channel = Channel.PAGE

    @property
    def translator(self) -> Engine:
        """What translated the text; without a name for an original."""
        translated = self.translation is not Translation.ORIGINAL
        return (self.engine if translated else None) or Engine(name="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """One valid answer: a level of the scale and a cleaned comment, perhaps empty.

    `acknowledged` is whether the disclaimer beside the question was confirmed.
    """

    level: int
    comment: str = ""
    acknowledged: bool = False

    @classmethod
    def parse(cls, level: str | None, comment: str | None) -> Rating:
        """Read what a form sent.

        :raise RatingMissing: when no level was chosen.
        :raise RatingOutOfScale: for anything that is not exactly one digit from 1 to 5.
        :raise CommentTooLong: past `COMMENT_LIMIT` characters.
        """
        chosen = (level or "").strip()
        if not chosen:
            raise RatingMissing
        if not re.fullmatch(r"[1-5]", chosen):
            raise RatingOutOfScale(chosen[:20])
        text = clean_comment(comment or "")
        if len(text) > COMMENT_LIMIT:
            raise CommentTooLong(str(len(text)))
        return cls(level=int(chosen), comment=text)


def clean_comment(text: str) -> str:
    """The comment with one kind of line end and without control characters.

    Bidirectional formatting goes too: it can make a stored comment read as another sentence.
    """
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The site's calendar day at a moment; stored with the answer, so that a recount agrees."""
    return moment.astimezone(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The survey's texts in one language; a changed text has another digest, so another version."""

    language: str
    heading: str
    form_title: str
    question: str
    low_label: str
    high_label: str
    scale: tuple[str, str, str, str, str]
    disclaimer: str
    providers: Mapping[str, str]
    reviewed: str
    # Beside the disclaimer: translated by way of English; made by a starter package.
    pivot: str
    starter: str
    # By provider, where an admin has written one of its own.
    disclaimers: Mapping[str, str] = field(default_factory=dict)

    def disclaimer_template(self, provider: str) -> str:
        """The disclaimer with its placeholders; `provider` is argos, google or browser."""
        return self.disclaimers.get(provider, self.disclaimer)

    def disclaimer_text(self, provider: str, organisation: str) -> str:
        """The disclaimer as shown; `provider` is argos, google or browser."""
        template = self.disclaimer_template(provider)
        return template.format(provider=self.providers[provider], organisation=organisation)


def digest(text: str) -> str:
    """SHA-256 of a text, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def read_wording(path: Path | None = None) -> dict[str, Wording]:
    """The wording by language code; the shipped one unless another file is given."""
    source = path or Path(__file__).with_name("wording.toml")
    tables = tomllib.loads(source.read_text(encoding="utf-8"))
    wordings = {}
    for language, t in tables.items():
        one, two, three, four, five = t["scale"]
        wordings[language] = Wording(
            language=language,
            heading=t["heading"],
            form_title=t["form_title"],
            question=t["question"],
            low_label=t["low_label"],
            high_label=t["high_label"],
            scale=(one, two, three, four, five),
            disclaimer=t["disclaimer"],
            providers={p: t[f"provider_{p}"] for p in ("argos", "google", "browser")},
            reviewed=t["reviewed"],
            pivot=t["pivot"],
            starter=t["starter"],
        )
    return wordings
