"""The desk where forms are made for screens and answers are taken in, for pages and boxes alike."""

from __future__ import annotations

import logging
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from flask import render_template, request, url_for
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from survey.answering.answer_queue import AnswerQueue
from survey.answering.arrivals import arrival
from survey.answering.proof_of_work import ProofMissing, proves
from survey.answering.sightings import Sightings
from survey.answering.tokens import FormTokens, Submission, TokenError
from survey.answering.turnstile import Turnstile
from survey.answering.visitors import Visitor
from survey.metrics import Metrics
from survey.ratings import (
    Acknowledgement,
    NotAcknowledged,
    Rating,
    Shown,
    Translation,
    Wording,
    WordingKind,
    digest,
)
from survey.web.feedback_form import FeedbackForm
from survey.web.i18n import current_language
from survey.web.sent_answer import comment, is_on_a_screen, is_ticked, only_value, spam
from survey.wording_changes import text_of

log = logging.getLogger(__name__)


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
    acknowledgement: Acknowledgement = Acknowledgement.OFF
    proof_of_work: int = 0
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
        turnstile: Turnstile,
        metrics: Metrics,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.tokens = tokens
        self.settings = settings
        self.metrics = metrics
        self._sightings = sightings
        self._turnstile = turnstile
        self._queue = AnswerQueue()
        self._chance = chance

    def asks(self) -> bool:
        """Whether to ask at this page view: one in `ask_one_in`, nobody being remembered."""
        return self._chance() * self.settings.ask_one_in < 1

    def ask(self, shown: Shown) -> FeedbackForm:
        """An empty form that comes on a screen now, counted as one view.

        What a browser fetches ahead of time is not on a screen and not counted, nor is a HEAD.
        Of a network that asks without end only so many views count; the form comes all the same.
        """
        nonce = _new_nonce()
        if is_on_a_screen() and self._turnstile.counts(request.remote_addr, shown.channel):
            self._sightings.count(shown, nonce, now=datetime.now(UTC))
        return self.form(shown, nonce)

    def ask_again(self, shown: Shown, token: str) -> FeedbackForm:
        """An empty form in the place of the one with this token, whose view becomes its own.

        A view that cannot be told from the token stays where it was counted.
        """
        now = datetime.now(UTC)
        try:
            before = self.tokens.read(token, now=now)
        except TokenError:
            return self.form(shown)
        if before.shown.page != shown.page:
            return self.form(shown)
        nonce = _new_nonce()
        if is_on_a_screen():
            self._sightings.move(before.nonce, shown, nonce, now=now)
        return self.form(shown, nonce, before=before)

    def form(
        self, shown: Shown, nonce: str = "", *, before: Submission | None = None
    ) -> FeedbackForm:
        """An empty form for what is on the screen, with a nonce of its own unless one is given.

        :param before: what the form said that this one takes the place of: whoever has read that
            one may answer at once, and is no program.
        """
        issued = now = datetime.now(UTC)
        if before is not None:
            # No older than it has to be: this form is good for a day again.
            oldest = now - timedelta(seconds=self.settings.min_answer_seconds)
            # Nor younger, where the clock has been set back since that one was read.
            issued = before.issued_at if oldest <= before.issued_at <= now else oldest
        token = self.tokens.issue(shown, nonce=nonce or _new_nonce(), now=issued)
        language = self._language(shown)
        return FeedbackForm(
            wording=self.settings.wordings[language],
            token=token,
            action=url_for("survey.feedback", lang=language),
            acknowledgement=self.acknowledgement(shown),
            work=self.settings.proof_of_work,
        )

    def question(self, shown: Shown) -> str:
        """The digest of the question that is asked today where this was shown."""
        return digest(self.settings.wordings[self._language(shown)].question)

    def _language(self, shown: Shown) -> str:
        """Of the site; the page's for a form of a language that the site no longer has."""
        languages = self.settings.languages
        if shown.site_language in languages:
            return shown.site_language
        return current_language(languages[0])

    def acknowledgement(self, shown: Shown) -> Acknowledgement:
        """Whether to have the disclaimer confirmed; never where none is shown."""
        return self.settings.acknowledgement if shown.disclaimer else Acknowledgement.OFF

    def rating(self, submission: Submission) -> Rating:
        """The answer that this request brings.

        :raise RatingError: what is wrong with it, as `Rating.parse`.
        :raise NotAcknowledged: when the disclaimer must be confirmed and was not.
        """
        rating = Rating.parse(only_value("rating"), comment())
        asked = self.acknowledgement(submission.shown)
        ticked = asked is not Acknowledgement.OFF and is_ticked("acknowledged")
        if asked is Acknowledgement.REQUIRED and not ticked:
            raise NotAcknowledged
        return replace(rating, acknowledged=ticked)

    def is_proven(self) -> bool:
        """Whether this request's answer came with the proof of work that is asked for now.

        False where the form left the proof empty, as a browser without JavaScript does.

        :raise ProofMissing: when there is none or a wrong one, though it could be brought: in a
            form of the time before proofs, or of fewer bits.
        """
        bits = self.settings.proof_of_work
        if not bits:
            return True
        if request.form.getlist("proof") == [""]:
            return False
        if not proves(only_value("token"), only_value("proof"), bits):
            raise ProofMissing
        return True

    def asked_before(self, session: Session, form: FeedbackForm, shown: Shown) -> FeedbackForm:
        """The form with the texts of its token, which may have been changed since it was made.

        The disclaimer comes with it: the page it stood on is not this one.
        """
        wording, disclaimer = form.wording, ""
        try:
            if digest(wording.question) != shown.question:
                question = text_of(session, WordingKind.QUESTION, shown.question)
                wording = replace(wording, question=question or wording.question)
            if form.acknowledgement is not Acknowledgement.OFF:
                disclaimer = text_of(session, WordingKind.DISCLAIMER, shown.disclaimer) or ""
        except SQLAlchemyError as error:
            # What was typed matters more than the older text: the form is given back without it.
            log.warning("an earlier text could not be read: %s", error)
        return replace(form, wording=wording, disclaimer=disclaimer)

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

    def take_in(
        self, session: Callable[[], Session], submission: Submission, *, now: datetime
    ) -> bool:
        """Store the answer that this request brings; gives whether it came with its proof.

        :raise RatingError: as `rating` does.
        :raise ProofMissing: as `is_proven` does; see `answers.record` for the others.
        """
        rating, proven = self.rating(submission), self.is_proven()
        self.record(session, rating, submission, proven=proven, now=now)
        return proven

    def record(
        self,
        session: Callable[[], Session],
        rating: Rating,
        submission: Submission,
        *,
        proven: bool,
        now: datetime,
    ) -> None:
        """Store the answer that this request brings; see `answers.record` for what is raised.

        An answer that is not `proven` is kept as spam, for moderators to look at.
        """
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
        answer = arrival(
            rating,
            submission,
            now=now,
            zone=settings.zone,
            min_seconds=settings.min_answer_seconds,
            visitor=visitor,
            repeat_seconds=60 * (settings.repeat_minutes or 0),
            spam=spam(proven=proven),
            countries=settings.national_ids,
        )
        self._queue.record(session, answer)
        self.metrics.took_answer(submission.shown.channel, answer.values["spam_reason"])

    def box(self, shown: Shown) -> Markup:
        """The box under an article, as HTML; nothing where this page view is not asked."""
        if not self.asks():
            return Markup()
        return Markup(render_template("survey/box.html", form=self.ask(shown)))  # noqa: S704 -- a template's own, escaped output


def _new_nonce() -> str:
    return secrets.token_urlsafe(16)
