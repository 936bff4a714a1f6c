"""The box on other websites: its scripts, what they draw, and the answers they send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from survey.answering.answers import NotStored, UnknownWording
from survey.answering.limits import ANSWERS, Buckets, of_network
from survey.answering.proof_of_work import ProofMissing
from survey.answering.tokens import TokenError, TokenOutOfTime
from survey.ratings import (
    COMMENT_LIMIT,
    Acknowledgement,
    Channel,
    NotAcknowledged,
    RatingError,
    Shown,
    Wording,
)
from survey.web.desk import FeedbackDesk
from survey.web.embedding_page import PageRefused, asking_origin, shown_on, site_language
from survey.web.feedback_form import (
    FeedbackForm,
    acknowledgement_label,
    explain,
    held_for_a_look,
    too_long,
    working,
)
from survey.web.i18n import PageLanguage
from survey.web.readers_translator import disclaimer_of
from survey.web.sent_answer import LARGEST, TRAP, only_value

REFUSED = 403


def blueprint(
    desk: FeedbackDesk,
    *,
    sessions: Callable[[], Session],
    buckets: Buckets,
    monotonic: Callable[[], float],
    origins: tuple[str, ...],
) -> Blueprint:
    """`/embed.js`, `/embed/proof.js` and `/embed/feedback`, for pages of exactly these origins."""
    bp = Blueprint("embed", __name__)
    views = EmbedViews(desk, sessions, buckets, monotonic, origins)
    bp.after_request(views.share)
    bp.register_error_handler(PageRefused, views.refuse)
    bp.get("/embed.js")(views.script)
    bp.get("/embed/proof.js")(views.proof_script)
    bp.get("/embed/feedback")(views.form)
    bp.post("/embed/feedback/again")(views.form_again)
    bp.post("/embed/feedback")(views.answer)
    return bp


@dataclass(frozen=True, slots=True)
class EmbedViews:
    """The views of the box on other websites."""

    desk: FeedbackDesk
    sessions: Callable[[], Session]
    buckets: Buckets
    monotonic: Callable[[], float]
    origins: tuple[str, ...]

    def share(self, response: Response) -> Response:
        """Let the websites of the list read what they get."""
        # A refused page may read why, for its console, and nothing else.
        origin = request.headers.get("Origin")
        if origin in self.origins or (origin and response.status_code == REFUSED):
            response.headers["Access-Control-Allow-Origin"] = origin
        # Always: a cache between must not hand a browser the copy of a program without origin.
        response.vary.add("Origin")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    def refuse(self, error: PageRefused) -> ResponseReturnValue:
        """Why the box cannot stand there."""
        return jsonify(error=str(error)), REFUSED

    def script(self) -> ResponseReturnValue:
        """The script that draws the box."""
        return _script("embed.js")

    def proof_script(self) -> ResponseReturnValue:
        """The script that finds the proof of work."""
        return _script("proof.js")

    def form(self) -> ResponseReturnValue:
        """What the script draws, on the page views that are asked."""
        shown = shown_on(self.desk.settings, self.origins, request.args)
        if not self.desk.asks():
            return "", 204, {"Cache-Control": "no-store"}
        return _drawn(self.desk, self.desk.ask(shown), shown)

    def form_again(self) -> ResponseReturnValue:
        """The same for another screen of the same page view.

        The token of the form that stood there comes in a body: addresses are written into logs.
        """
        request.max_content_length = LARGEST
        shown = shown_on(self.desk.settings, self.origins, request.form)
        form = self.desk.ask_again(shown, request.form.get("again", ""))
        return _drawn(self.desk, form, shown)

    def answer(self) -> ResponseReturnValue:
        """An answer; thanks, or what is wrong with it, in the language of the page."""
        request.max_content_length = LARGEST
        try:
            said = request.form.get("language", "")
        except RequestEntityTooLarge:
            # Nothing of it was read: the browser's wishes say the language.
            wrong = too_long()
            return jsonify(error=wrong.message, field=wrong.target), 413
        language = site_language(self.desk.settings, said)
        asking_origin(self.origins)
        with force_locale(language):
            return self._answered(datetime.now(UTC))

    def _answered(self, now: datetime) -> ResponseReturnValue:
        wanted = of_network("answer", request.remote_addr, ANSWERS)
        if wait := self.buckets.take_each(wanted, at=self.monotonic()):
            self.desk.metrics.slowed_answer(Channel.EMBED)
            message = _("Please wait a moment and send again.")
            return jsonify(error=message), 429, {"Retry-After": str(int(wait) + 1)}
        try:
            submission = self.desk.tokens.read(only_value("token"), now=now)
            proven = self.desk.take_in(self.sessions, submission, now=now)
        except (TokenError, RatingError, ProofMissing, UnknownWording) as error:
            wrong = explain(error)
            more = _what_it_lacks(self.desk, error)
            return jsonify(error=wrong.message, field=wrong.target, **more), 422
        except NotStored:
            message = _("Your answer could not be stored just now. Please send it again.")
            return jsonify(error=message), 503, {"Retry-After": "5"}
        message = _("Thank you for your opinion")
        return jsonify(message=message if proven else f"{message}. {held_for_a_look()}")


def _script(name: str) -> Response:
    response = current_app.send_static_file(name)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _what_it_lacks(desk: FeedbackDesk, error: Exception) -> dict[str, object]:
    """What the script can bring itself, so that what was typed is sent once more at once."""
    work = desk.settings.proof_of_work
    if isinstance(error, TokenOutOfTime):
        # For the same screen, and the same answer: it may have arrived though nobody was thanked.
        before = error.submission
        form = desk.form(before.shown, before.nonce, before=before)
        return {"token": form.token, "work": work}
    return {"work": work} if isinstance(error, ProofMissing) else {}


def _drawn(desk: FeedbackDesk, form: FeedbackForm, shown: Shown) -> Response:
    response = jsonify(_drawing(desk, form, shown))
    response.headers["Cache-Control"] = "no-store"
    return response


def _drawing(desk: FeedbackDesk, form: FeedbackForm, shown: Shown) -> dict[str, object]:
    """What the script needs to draw the box, in the language of the page."""
    language = shown.site_language
    wording = desk.settings.wordings[language]
    with force_locale(language):
        texts = _texts(wording, desk.acknowledgement(shown))
    return {
        "token": form.token,
        "work": form.work,
        "language": language,
        "direction": PageLanguage.of(language).direction,
        "comment_limit": COMMENT_LIMIT,
        "privacy": url_for("survey.privacy", lang=language),
        "trap": TRAP,
        "disclaimer": disclaimer_of(shown, desk.settings),
        "texts": texts,
    }


def _texts(wording: Wording, confirm: Acknowledgement) -> dict[str, object]:
    """The words of the box, in the language of the moment."""
    must_confirm = confirm is Acknowledgement.REQUIRED
    return {
        "heading": wording.heading,
        "question": wording.question,
        "low_label": wording.low_label,
        "high_label": wording.high_label,
        "scale": wording.scale,
        "comment": _("What could be better? (optional)"),
        "hint": _(
            "At most %(n)s characters. Please write nothing that tells who you are.",
            n=COMMENT_LIMIT,
        ),
        "privacy": _("What we store"),
        "send": _("Send your answer"),
        "choose": _("Choose a number from 1 to 5."),
        "later": _("There is no connection. Your answer will be sent when it is back."),
        "acknowledge": acknowledgement_label(confirm),
        # Only where it must be ticked.
        "confirm": explain(NotAcknowledged()).message if must_confirm else "",
        "failed": _("Your answer could not be sent. Please try again."),
        "working": working(),
    }
