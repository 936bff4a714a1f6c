"""The desk where forms are made for screens and answers are taken in, for pages and boxes alike."""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from flask import render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey.answers import record_answer
from survey.ratings import (
    COMMENT_LIMIT,
    CommentTooLong,
    Rating,
    RatingError,
    RatingMissing,
    Shown,
    Translation,
    Wording,
    digest,
)
from survey.sightings import Sightings
from survey.tokens import FormTokens, Submission, TokenExpired
from survey.visitors import Visitor

log = logging.getLogger(__name__)

# The name of a field that people leave empty and programs fill in.
TRAP = "subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field, linked from the error summary to the field's id."""

    target: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackForm:
    """The survey form as a page shows it: token, what was typed, what is wrong with it."""

    wording: Wording
    token: str
    action: str
    rating: str = ""
    comment: str = ""
    comment_limit: int = COMMENT_LIMIT
    errors: tuple[FieldError, ...] = ()

    def error_for(self, target: str) -> str:
        """The message of a field, or nothing."""
        return next((e.message for e in self.errors if e.target == target), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSettings:
    """What the survey pages need to know of the site."""

    languages: tuple[str, ...]
    wordings: Mapping[str, Wording]
    organisation: Callable[[str], str]
    zone: tzinfo
    min_answer_seconds: float
    # None for load tests: then every form is an answer of its own.
    repeat_minutes: float | None = None
    comment_days: int = 0
    national_ids: tuple[str, ...] = ()
    ask_one_in: int = 1
    trusted_proxies: int = 0


class FeedbackDesk:
    """Makes forms for screens: signs what is shown into the token, and counts that it was shown.

    `chance` gives numbers from 0 up to 1: whether this page view is one of the asked ones.
    """

    def __init__(
        self,
        tokens: FormTokens,
        settings: FeedbackSettings,
        sightings: Sightings,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.tokens = tokens
        self.settings = settings
        self._sightings = sightings
        self._chance = chance

    def asks(self) -> bool:
        """Whether to ask at this page view: one in `ask_one_in`, nobody being remembered."""
        return self._chance() * self.settings.ask_one_in < 1

    def ask(self, shown: Shown) -> FeedbackForm:
        """An empty form that comes on a screen now, counted as one view.

        What a browser fetches ahead of time is not on a screen and not counted, nor is a HEAD.
        """
        ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
        if request.method == "GET" and not ahead:
            self._sightings.count(shown, now=datetime.now(UTC))
        return self.form(shown)

    def form(self, shown: Shown) -> FeedbackForm:
        """An empty form for what is on the screen."""
        token = self.tokens.issue(shown, nonce=secrets.token_urlsafe(16), now=datetime.now(UTC))
        return FeedbackForm(
            wording=self.settings.wordings[shown.site_language],
            token=token,
            action=url_for("survey.feedback", lang=shown.site_language),
        )

    def own_page(self, language: str) -> Shown:
        """The feedback page itself, which shows no article."""
        return Shown(
            page=url_for("survey.feedback", lang=language),
            site_language=language,
            shown_language=language,
            source_language=language,
            translation=Translation.ORIGINAL,
            question=digest(self.settings.wordings[language].question),
        )

    def record(
        self, session: Session, rating: Rating, submission: Submission, *, now: datetime
    ) -> None:
        """Store the answer that this request brings; see `record_answer` for what is raised."""
        settings = self.settings
        visitor = None
        # Behind a proxy that nobody told us of, all visitors have its address: then no answer may
        # count as another's repetition.
        hidden = "X-Forwarded-For" in request.headers and not settings.trusted_proxies
        if hidden:
            log.warning("a proxy is in front of the service: set RAYAK_TRUSTED_PROXIES")
        if settings.repeat_minutes is not None and not hidden:
            visitor = Visitor(
                address=request.remote_addr or "", agent=request.headers.get("User-Agent", "")
            )
        record_answer(
            session,
            rating,
            submission,
            now=now,
            zone=settings.zone,
            min_seconds=settings.min_answer_seconds,
            visitor=visitor,
            repeat_seconds=60 * (settings.repeat_minutes or 0),
            trapped=bool(request.form.get(TRAP)),
            countries=settings.national_ids,
        )

    def box(self, shown: Shown) -> Markup:
        """The box under an article, as HTML; nothing where this page view is not asked."""
        if not self.asks():
            return Markup()
        return Markup(render_template("survey/box.html", form=self.ask(shown)))  # noqa: S704 -- a template's own, escaped output


def only_value(name: str) -> str:
    """The only value of a field; a repeated field is not guessed at."""
    values = request.form.getlist(name)
    return values[0] if len(values) == 1 else "repeated" if values else ""


def explain(error: Exception) -> FieldError:
    if isinstance(error, CommentTooLong):
        message = _(
            "The comment has %(n)s characters; shorten it to %(limit)s.",
            n=error,
            limit=COMMENT_LIMIT,
        )
        return FieldError(target="comment", message=message)
    if isinstance(error, RatingMissing):
        message = _("Choose a number from 1 to 5.")
    elif isinstance(error, RatingError):
        message = _("That is not a number from 1 to 5. Choose one.")
    elif isinstance(error, TokenExpired):
        message = _("This page had been open for more than a day. Please send your answer again.")
    else:
        message = _("This form could not be checked. Please send your answer again.")
    return FieldError(target="rating-1", message=message)
