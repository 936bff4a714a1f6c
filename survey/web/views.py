"""The pages a visitor answers on: the form, the box under an article, thanks, and privacy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.answering.answers import NotStored, UnknownWording
from survey.answering.limits import ANSWERS, Buckets, of_network
from survey.answering.proof_of_work import ProofMissing
from survey.answering.tokens import Submission, TokenError, TokenOutOfTime
from survey.ratings import Channel, RatingError, clean_comment
from survey.web.desk import FeedbackDesk
from survey.web.feedback_form import explain, held_for_a_look
from survey.web.forms import FieldError
from survey.web.i18n import current_language
from survey.web.privacy import stored_tables
from survey.web.readers_translator import as_translated, disclaimer_of
from survey.web.sent_answer import LARGEST, comment, is_ticked, only_value

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
    views = SurveyViews(desk, sessions, buckets, monotonic)
    bp.url_value_preprocessor(views.known_language)
    bp.get("/")(views.front)
    bp.get("/favicon.ico")(views.favicon)
    bp.get("/<lang>/feedback")(views.feedback)
    bp.post("/<lang>/feedback")(views.send_feedback)
    bp.post("/<lang>/feedback/again")(views.feedback_again)
    bp.get("/<lang>/feedback/thanks")(views.thanks)
    bp.get("/<lang>/privacy")(views.privacy)
    return bp


@dataclass(frozen=True, slots=True)
class SurveyViews:
    """The views of the survey."""

    desk: FeedbackDesk
    sessions: Callable[[], Session]
    buckets: Buckets
    monotonic: Callable[[], float]

    def known_language(self, endpoint: str | None, values: dict[str, str] | None) -> None:
        """Stop with 404 at an address in a language that is none of the site's.

        But an answer on a form of ours is taken: the site may have given the language up since.
        """
        languages = self.desk.settings.languages
        if not values or values.get("lang", "") in ("", *languages):
            return
        if endpoint != "survey.send_feedback" or self._sent() is None:
            abort(404)
        values["lang"] = current_language(languages[0])

    def front(self) -> ResponseReturnValue:
        """To the pages in the visitor's language."""
        response = redirect(f"/{current_language()}/", 302)
        # Not 301: the next visitor behind the same cache may read another language.
        response.headers["Vary"] = "Accept-Language"
        return response

    def favicon(self) -> ResponseReturnValue:
        """Where browsers look for it unasked."""
        return current_app.send_static_file("favicon.svg")

    def feedback(self, lang: str) -> ResponseReturnValue:
        """An empty form."""
        form = self.desk.ask(self.desk.own_page(lang))
        return render_template("survey/feedback.html", form=form)

    def send_feedback(self, lang: str) -> ResponseReturnValue:
        """An answer; what is wrong with it is said above the form, with what was typed in it."""
        request.max_content_length = LARGEST
        now = datetime.now(UTC)
        wanted = of_network("answer", request.remote_addr, ANSWERS)
        if wait := self.buckets.take_each(wanted, at=self.monotonic()):
            self.desk.metrics.slowed_answer(Channel.PAGE)
            said = _("Please wait a moment and send again.")
            page = self._again(lang, self._sent(), _at_the_scale(said), same=True)
            return page, 429, {"Retry-After": str(int(wait) + 1)}
        submission = None
        try:
            submission = self.desk.tokens.read(only_value("token"), now=now)
            proven = self.desk.take_in(self.sessions, submission, now=now)
        except (TokenError, RatingError, ProofMissing, UnknownWording) as error:
            if isinstance(error, TokenOutOfTime):
                submission = error.submission
            # A form that was only filled in wrongly stays the same form: as old, and one answer.
            same = isinstance(error, RatingError | ProofMissing)
            return self._again(lang, submission, explain(error), same=same), 422
        except NotStored:
            said = _("Your answer could not be stored just now. Please send it again.")
            page = self._again(lang, submission, _at_the_scale(said), same=True)
            return page, 503, {"Retry-After": "5"}
        article = submission.shown.article or None
        held = None if proven else "yes"
        return redirect(url_for("survey.thanks", lang=lang, article=article, held=held), 303)

    def feedback_again(self, lang: str) -> ResponseReturnValue:
        """The form for a page that the reader's own translator has changed, or changed back.

        `made` is the token that the page came with, `again` that of the form on it now, whose view
        becomes the new form's.
        """
        request.max_content_length = LARGEST
        try:
            made = self.desk.tokens.read(only_value("made"), now=datetime.now(UTC)).shown
        except TokenOutOfTime as error:
            made = error.submission.shown
        except TokenError:
            abort(422)
        shown = as_translated(made, self.desk.settings, request.form)
        form = self.desk.ask_again(shown, only_value("again"))
        form = replace(form, disclaimer=disclaimer_of(shown, self.desk.settings))
        with force_locale(shown.site_language):
            level = 3 if shown.article else 2
            page = render_template("survey/form.html", form=form, level=level)
        return page, {"Cache-Control": "no-store"}

    def thanks(self, lang: str) -> ResponseReturnValue:
        """Thanks, with the way back to the article the answer was about."""
        article = request.args.get("article", "")
        return render_template(
            "survey/thanks.html",
            wording=self.desk.settings.wordings[lang],
            article=article if SLUG.fullmatch(article) else "",
            held=held_for_a_look() if "held" in request.args else "",
        )

    def privacy(self, lang: str) -> ResponseReturnValue:
        """What is stored, from the schema, and for how long."""
        settings = self.desk.settings
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

    def _sent(self) -> Submission | None:
        """What this request's token says, if it is one of ours, however old."""
        request.max_content_length = LARGEST
        try:
            return self.desk.tokens.read(only_value("token"), now=datetime.now(UTC))
        except TokenOutOfTime as error:
            return error.submission
        except TokenError:
            return None

    def _again(
        self, language: str, submission: Submission | None, error: FieldError, *, same: bool
    ) -> str:
        """The form once more, with what was typed and what is wrong.

        :param same: it stays the same form, with the question it asked; else a fresh one for the
            same screen, with the question of today.
        """
        shown = submission.shown if submission else self.desk.own_page(language)
        today = replace(shown, question=self.desk.question(shown))
        form = self.desk.form(today, before=submission)
        if submission and same:
            form = replace(form, token=request.form["token"])
        if submission:
            form = self.desk.asked_before(self.sessions(), form, shown if same else today)
        form = replace(
            form,
            rating=only_value("rating")[:20],
            comment=clean_comment(comment()),
            acknowledged=is_ticked("acknowledged"),
            errors=(error,),
        )
        return render_template("survey/feedback.html", form=form)


def _at_the_scale(message: str) -> FieldError:
    return FieldError(target="rating-1", message=message)
