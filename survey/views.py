"""The pages a visitor answers on: the form, the box under an article, thanks, and privacy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.answers import NotStored, UnknownWording
from survey.desk import FeedbackDesk
from survey.feedback_form import explain, held_for_a_look
from survey.forms import FieldError
from survey.i18n import current_language
from survey.limits import ANSWERS, Buckets, network
from survey.privacy import stored_tables
from survey.proof_of_work import ProofMissing
from survey.ratings import Channel, RatingError, clean_comment, digest
from survey.sent_answer import comment, is_ticked, only_value
from survey.tokens import Submission, TokenError, TokenExpired

# Room for a comment far over the limit, so that it can be given back to be shortened.
LARGEST_ANSWER = 4_000_000
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


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

    @bp.get("/favicon.ico")
    def favicon() -> ResponseReturnValue:
        return current_app.send_static_file("favicon.svg")

    @bp.get("/<lang>/feedback")
    def feedback(lang: str) -> ResponseReturnValue:
        return render_template("survey/feedback.html", form=desk.ask(desk.own_page(lang)))

    @bp.post("/<lang>/feedback")
    def send_feedback(lang: str) -> ResponseReturnValue:
        request.max_content_length = LARGEST_ANSWER
        now = datetime.now(UTC)
        wait = buckets.take(f"answer {network(request.remote_addr)}", ANSWERS, at=monotonic())
        if wait:
            desk.metrics.slowed_answer(Channel.PAGE)
            error = FieldError(target="rating-1", message=_("Please wait a moment and send again."))
            page = _again(desk, sessions, lang, _read(desk, now), error, same=True)
            return page, 429, {"Retry-After": str(int(wait) + 1)}
        submission = None
        try:
            submission = desk.tokens.read(only_value("token"), now=now)
            rating = desk.rating(submission)
            proven = desk.is_proven()
            desk.record(sessions, rating, submission, proven=proven, now=now)
        except (TokenError, RatingError, ProofMissing, UnknownWording) as error:
            if isinstance(error, TokenExpired):
                submission = error.submission
            # A form that was only filled in wrongly stays the same form: as old, and one answer.
            same = isinstance(error, RatingError | ProofMissing)
            return _again(desk, sessions, lang, submission, explain(error), same=same), 422
        except NotStored:
            message = _("Your answer could not be stored just now. Please send it again.")
            error_503 = FieldError(target="rating-1", message=message)
            again = _again(desk, sessions, lang, submission, error_503, same=True)
            return again, 503, {"Retry-After": "5"}
        article = submission.shown.article or None
        held = None if proven else "yes"
        return redirect(url_for("survey.thanks", lang=lang, article=article, held=held), 303)

    @bp.get("/<lang>/feedback/thanks")
    def thanks(lang: str) -> ResponseReturnValue:
        article = request.args.get("article", "")
        return render_template(
            "survey/thanks.html",
            wording=settings.wordings[lang],
            article=article if SLUG.fullmatch(article) else "",
            held=held_for_a_look() if "held" in request.args else "",
        )

    @bp.get("/<lang>/privacy")
    def privacy(lang: str) -> ResponseReturnValue:
        return render_template(
            "survey/privacy.html",
            tables=stored_tables(),
            organisation=settings.organisation(lang),
            repeat_minutes=settings.repeat_minutes,
            comment_days=settings.comment_days,
            acknowledgement=settings.acknowledgement,
            proof_of_work=settings.proof_of_work,
            held=held_for_a_look(),
        )

    return bp


def _read(desk: FeedbackDesk, now: datetime) -> Submission | None:
    """What this request's token says, if it holds."""
    try:
        return desk.tokens.read(only_value("token"), now=now)
    except TokenError:
        return None


def _again(
    desk: FeedbackDesk,
    sessions: Callable[[], Session],
    language: str,
    submission: Submission | None,
    error: FieldError,
    *,
    same: bool,
) -> str:
    """The form once more, with what was typed and what is wrong.

    :param same: it stays the same form, with the question it asked; else a fresh one for the same
        screen, with the question of today.
    """
    shown = submission.shown if submission else desk.own_page(language)
    wordings = desk.settings.wordings
    today = replace(shown, question=digest(wordings[shown.site_language].question))
    form = desk.form(today)
    if submission and same:
        form = replace(form, token=request.form["token"])
    if submission:
        form = desk.asked_before(sessions(), form, shown if same else today)
    form = replace(
        form,
        rating=only_value("rating")[:20],
        comment=clean_comment(comment()),
        acknowledged=is_ticked("acknowledged"),
        errors=(error,),
    )
    return render_template("survey/feedback.html", form=form)
