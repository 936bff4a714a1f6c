"""The box on other websites: its scripts, what they draw, and the answers they send."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from babel import Locale, UnknownLocaleError
from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from survey.answers import NotStored, UnknownWording
from survey.desk import FeedbackDesk
from survey.feedback_form import (
    FeedbackForm,
    acknowledgement_label,
    explain,
    held_for_a_look,
    working,
)
from survey.i18n import PageLanguage
from survey.limits import ANSWERS, Buckets, network
from survey.proof_of_work import ProofMissing
from survey.ratings import (
    COMMENT_LIMIT,
    Acknowledgement,
    Channel,
    Engine,
    NotAcknowledged,
    RatingError,
    Shown,
    Translation,
    digest,
)
from survey.sent_answer import TRAP, only_value
from survey.tokens import TokenError, TokenExpired

LONGEST_PAGE = 500
REFUSED = 403
TRANSLATORS = {"google": "google", "browser": "browser"}


class PageRefused(ValueError):
    """The box stands on a page it cannot stand on; the message says why."""


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

    @bp.after_request
    def share(response: Response) -> Response:
        # A refused page may read why, for its console, and nothing else.
        origin = request.headers.get("Origin")
        if origin in origins or (origin and response.status_code == REFUSED):
            response.headers["Access-Control-Allow-Origin"] = origin
        # Always: a cache between must not hand a browser the copy of a program without origin.
        response.vary.add("Origin")
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    @bp.get("/embed.js")
    def script() -> ResponseReturnValue:
        return _script("embed.js")

    @bp.get("/embed/proof.js")
    def proof_script() -> ResponseReturnValue:
        return _script("proof.js")

    @bp.get("/embed/feedback")
    def form() -> ResponseReturnValue:
        shown = _shown(desk, origins, request.args)
        return _drawn(desk, desk.ask(shown), shown) if desk.asks() else _nothing()

    # The token of the form that stood there: in a body, since addresses are written into logs.
    @bp.post("/embed/feedback/again")
    def form_again() -> ResponseReturnValue:
        shown = _shown(desk, origins, request.form)
        return _drawn(desk, desk.ask_again(shown, request.form.get("again", "")), shown)

    @bp.errorhandler(PageRefused)
    def refuse(error: PageRefused) -> ResponseReturnValue:
        return jsonify(error=str(error)), REFUSED

    @bp.post("/embed/feedback")
    def answer() -> ResponseReturnValue:
        language = _language(desk, request.form.get("language", ""))
        _origin(origins)
        wait = buckets.take(f"answer {network(request.remote_addr)}", ANSWERS, at=monotonic())
        now = datetime.now(UTC)
        with force_locale(language):
            if wait:
                desk.metrics.slowed_answer(Channel.EMBED)
                message = _("Please wait a moment and send again.")
                return jsonify(error=message), 429, {"Retry-After": str(int(wait) + 1)}
            try:
                submission = desk.tokens.read(only_value("token"), now=now)
                rating = desk.rating(submission)
                proven = desk.is_proven()
                desk.record(sessions, rating, submission, proven=proven, now=now)
            except (TokenError, RatingError, ProofMissing, UnknownWording) as error:
                wrong = explain(error)
                more = _what_it_lacks(desk, error)
                return jsonify(error=wrong.message, field=wrong.target, **more), 422
            except NotStored:
                message = _("Your answer could not be stored just now. Please send it again.")
                return jsonify(error=message), 503, {"Retry-After": "5"}
            message = _("Thank you for your opinion")
            if not proven:
                message = f"{message}. {held_for_a_look()}"
            return jsonify(message=message)

    return bp


def _script(name: str) -> Response:
    response = current_app.send_static_file(name)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _what_it_lacks(desk: FeedbackDesk, error: Exception) -> dict[str, object]:
    """What the script can bring itself, so that what was typed is sent once more at once."""
    work = desk.settings.proof_of_work
    if isinstance(error, TokenExpired):
        # For the same screen.
        return {"token": desk.form(error.submission.shown).token, "work": work}
    return {"work": work} if isinstance(error, ProofMissing) else {}


def _origin(origins: tuple[str, ...]) -> str:
    """The website that asks.

    :raise PageRefused: for any that is not exactly one of `origins`.
    """
    origin = request.headers.get("Origin", "")
    if origin not in origins:
        raise PageRefused(
            f"{origin or 'a page without origin'} may not show this box; "
            "its operator can allow it with RAYAK_EMBED_ORIGINS"
        )
    return origin


def _shown(desk: FeedbackDesk, origins: tuple[str, ...], said: Mapping[str, str]) -> Shown:
    """What the script says is on the screen.

    :raise PageRefused: for a page of another origin, or an address that is none.
    """
    page = _page(said.get("page", ""), _origin(origins))
    translator = TRANSLATORS.get(said.get("translator", ""))
    language = _language(desk, said.get("language", ""))
    wording = desk.settings.wordings[language]
    disclaimer = ""
    if translator:
        text = wording.disclaimer_text(translator, desk.settings.organisation(language))
        disclaimer = digest(text)
    return Shown(
        page=page,
        site_language=language,
        shown_language=_code(said.get("language", "")) or language,
        source_language=_code(said.get("source", "")) or language,
        translation=Translation.THIRD_PARTY if translator else Translation.ORIGINAL,
        engine=Engine(name=translator) if translator else None,
        question=digest(wording.question),
        disclaimer=disclaimer,
        channel=Channel.EMBED,
    )


def _drawn(desk: FeedbackDesk, form: FeedbackForm, shown: Shown) -> Response:
    response = jsonify(_drawing(desk, form, shown))
    response.headers["Cache-Control"] = "no-store"
    return response


def _nothing() -> ResponseReturnValue:
    """This page view is not one of those that are asked."""
    return "", 204, {"Cache-Control": "no-store"}


def _drawing(desk: FeedbackDesk, form: FeedbackForm, shown: Shown) -> dict[str, object]:
    """What the script needs to draw the box, in the language of the page."""
    language = shown.site_language
    wording = desk.settings.wordings[language]
    disclaimer = ""
    if shown.engine:
        organisation = desk.settings.organisation(language)
        disclaimer = wording.disclaimer_text(shown.engine.name, organisation)
    confirm = desk.acknowledgement(shown)
    must_confirm = confirm is Acknowledgement.REQUIRED
    with force_locale(language):
        texts = {
            "heading": wording.heading,
            "question": wording.question,
            "low_label": wording.low_label,
            "high_label": wording.high_label,
            "scale": wording.scale,
            "comment": _("What could be better? (optional)"),
            "send": _("Send your answer"),
            "choose": _("Choose a number from 1 to 5."),
            "later": _("There is no connection. Your answer will be sent when it is back."),
            "acknowledge": acknowledgement_label(confirm),
            # Only where it must be ticked.
            "confirm": explain(NotAcknowledged()).message if must_confirm else "",
            "failed": _("Your answer could not be sent. Please try again."),
            "working": working(),
        }
    return {
        "token": form.token,
        "work": form.work,
        "language": language,
        "direction": PageLanguage.of(language).direction,
        "comment_limit": COMMENT_LIMIT,
        "trap": TRAP,
        "disclaimer": disclaimer,
        "texts": texts,
    }


def _page(address: str, origin: str) -> str:
    """The page's address as it is stored: origin and path, nothing that tells who reads it."""
    try:
        parts = urlsplit(address)
        userinfo = parts.username or parts.password
    except ValueError as error:
        raise PageRefused("the page's address cannot be read") from error
    if f"{parts.scheme}://{parts.netloc}" != origin or userinfo:
        raise PageRefused(f"the page {address[:100]!r} is not of the origin {origin}")
    page = origin + (parts.path or "/")
    if not page.isprintable():
        raise PageRefused("the page's address holds control characters")
    if len(page) > LONGEST_PAGE:
        raise PageRefused(f"the page's address is longer than {LONGEST_PAGE} characters")
    return page


def _language(desk: FeedbackDesk, tag: str) -> str:
    """The site's language for a page's language tag, such as ar for ar-MA; else the first."""
    code = _code(tag)
    return code if code in desk.settings.wordings else desk.settings.languages[0]


def _code(tag: str) -> str:
    """The language of a BCP 47 tag, or nothing when it is none."""
    try:
        return str(Locale.parse(tag.replace("_", "-"), sep="-").language)
    except (ValueError, UnknownLocaleError):
        return ""
