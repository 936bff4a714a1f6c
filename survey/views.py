"""The pages a visitor answers on: the form, the box under an article, thanks, and privacy."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from survey.i18n import current_language
from survey.limits import ANSWERS, Buckets, network
from survey.privacy import stored_tables
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
from survey.services import NotStored, UnknownWording, record_answer
from survey.tokens import FormTokens, Submission, TokenError, TokenExpired
from survey.visitors import Visitor

# Room for a comment far over the limit, so that it can be given back to be shortened.
LARGEST_ANSWER = 4_000_000
# The name of a field that people leave empty and programs fill in.
TRAP = "subject"
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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


class FeedbackDesk:
    """Makes forms for screens: signs what is shown into the token."""

    def __init__(self, tokens: FormTokens, settings: FeedbackSettings) -> None:
        self.tokens = tokens
        self.settings = settings

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
        if settings.repeat_minutes is not None:
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
        """The box under an article, as HTML."""
        return Markup(render_template("survey/box.html", form=self.form(shown)))  # noqa: S704 -- a template's own, escaped output


def blueprint(
    desk: FeedbackDesk,
    *,
    sessions: Callable[[], Session],
    buckets: Buckets,
    monotonic: Callable[[], float],
) -> Blueprint:
    """The survey's public pages."""
    bp = Blueprint("survey", __name__)
    settings = desk.settings

    @bp.url_value_preprocessor
    def known_language(_endpoint: str | None, values: dict[str, str] | None) -> None:
        if values and "lang" in values and values["lang"] not in settings.languages:
            abort(404)

    @bp.get("/")
    def front() -> ResponseReturnValue:
        response = redirect(f"/{current_language()}/", 302)
        # Not 301: the next visitor behind the same cache may read another language.
        response.headers["Vary"] = "Accept-Language"
        return response

    @bp.get("/<lang>/feedback")
    def feedback(lang: str) -> ResponseReturnValue:
        return render_template("survey/feedback.html", form=desk.form(desk.own_page(lang)))

    @bp.post("/<lang>/feedback")
    def send_feedback(lang: str) -> ResponseReturnValue:
        request.max_content_length = LARGEST_ANSWER
        now = datetime.now(UTC)
        wait = buckets.take(f"answer {network(request.remote_addr)}", ANSWERS, at=monotonic())
        if wait:
            error = FieldError(target="rating-1", message=_("Please wait a moment and send again."))
            page = _again(desk, lang, None, error)
            return page, 429, {"Retry-After": str(int(wait) + 1)}
        submission = None
        try:
            submission = desk.tokens.read(request.form.get("token", ""), now=now)
            rating = Rating.parse(_one("rating"), _one("comment"))
            desk.record(sessions(), rating, submission, now=now)
        except (TokenError, RatingError, UnknownWording) as error:
            if isinstance(error, TokenExpired):
                submission = error.submission
            return _again(desk, lang, submission, _explain(error)), 422
        except NotStored:
            message = _("Your answer could not be stored just now. Please send it again.")
            error_503 = FieldError(target="rating-1", message=message)
            return _again(desk, lang, submission, error_503), 503, {"Retry-After": "5"}
        article = submission.shown.article or None
        return redirect(url_for("survey.thanks", lang=lang, article=article), 303)

    @bp.get("/<lang>/feedback/thanks")
    def thanks(lang: str) -> ResponseReturnValue:
        article = request.args.get("article", "")
        return render_template(
            "survey/thanks.html",
            wording=settings.wordings[lang],
            article=article if SLUG.fullmatch(article) else "",
        )

    @bp.get("/<lang>/privacy")
    def privacy(lang: str) -> ResponseReturnValue:
        return render_template(
            "survey/privacy.html",
            tables=stored_tables(),
            organisation=settings.organisation(lang),
            repeat_minutes=settings.repeat_minutes,
            comment_days=settings.comment_days,
        )

    return bp


def _one(name: str) -> str:
    """The only value of a field; a repeated field is not guessed at."""
    values = request.form.getlist(name)
    return values[0] if len(values) == 1 else "repeated" if values else ""


def _again(
    desk: FeedbackDesk, language: str, submission: Submission | None, error: FieldError
) -> str:
    """The form once more, with what was typed, what is wrong, and a token for the same screen."""
    shown = submission.shown if submission else desk.own_page(language)
    wordings = desk.settings.wordings
    shown = replace(shown, question=digest(wordings[shown.site_language].question))
    form = replace(
        desk.form(shown),
        rating=request.form.get("rating", "")[:20],
        comment=request.form.get("comment", ""),
        errors=(error,),
    )
    return render_template("survey/feedback.html", form=form)


def _explain(error: Exception) -> FieldError:
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
