"""What visitors and other programs reach: articles, the survey, the box elsewhere, the API."""

from __future__ import annotations

import time

from flask import Flask
from markupsafe import Markup

import translate.web.api
import translate.web.views
from survey.answering.limits import TRANSLATIONS, Allowance, of_network
from survey.answering.tokens import FormTokens
from survey.answering.turnstile import Turnstile
from survey.app.parts import Parts
from survey.app.screen import on_screen
from survey.web import embed, health, views
from survey.web.desk import FeedbackDesk, FeedbackSettings
from translate.articles.reading import ArticleShown


def register_public_pages(app: Flask, parts: Parts) -> None:
    """Every blueprint that needs no account."""
    desk = _desk(parts)
    app.register_blueprint(
        health.blueprint(
            parts.problems,
            parts.metrics,
            token=parts.settings.metrics_token,
            trusted_proxies=parts.settings.trusted_proxies,
        )
    )
    _register_translation_api(app, parts)
    app.register_blueprint(
        views.blueprint(
            desk, sessions=parts.session, buckets=parts.buckets, monotonic=time.monotonic
        )
    )
    app.register_blueprint(
        embed.blueprint(
            desk,
            sessions=parts.session,
            buckets=parts.buckets,
            monotonic=time.monotonic,
            origins=parts.settings.embed_origins,
        )
    )
    _register_articles(app, parts, desk)


def _desk(parts: Parts) -> FeedbackDesk:
    settings = parts.settings
    return FeedbackDesk(
        FormTokens(settings.secret_keys),
        FeedbackSettings(
            languages=settings.languages,
            wordings=parts.wordings,
            organisation=settings.organisation_in,
            zone=settings.zone,
            min_answer_seconds=settings.min_answer_seconds,
            repeat_minutes=settings.repeat_minutes if settings.limits else None,
            comment_days=settings.comment_days,
            national_ids=settings.national_ids,
            trusted_proxies=settings.trusted_proxies,
            ask_one_in=settings.ask_one_in,
            acknowledgement=settings.acknowledgement,
            proof_of_work=settings.proof_of_work,
        ),
        parts.sightings,
        Turnstile(parts.buckets, parts.metrics, time.monotonic),
        parts.metrics,
    )


def _register_articles(app: Flask, parts: Parts, desk: FeedbackDesk) -> None:
    organisation = parts.settings.organisation_in

    def feedback_box(shown: ArticleShown) -> Markup:
        return desk.box(on_screen(shown, parts.wordings, organisation))

    app.register_blueprint(
        translate.web.views.blueprint(
            session=parts.session,
            wording=parts.wordings.__getitem__,
            organisation=organisation,
            languages=parts.settings.languages,
            feedback_box=feedback_box,
        )
    )


def _register_translation_api(app: Flask, parts: Parts) -> None:
    settings, wordings, buckets = parts.settings, parts.wordings, parts.buckets

    def disclaimer(language: str, by_pivot: bool) -> str:
        wording = wordings.get(language) or next(iter(wordings.values()))
        text = wording.disclaimer_text("argos", settings.organisation_in(wording.language))
        return f"{text} {wording.pivot}" if by_pivot else text

    def wait(address: str | None) -> float:
        wanted = of_network("translate", address, TRANSLATIONS)
        return buckets.take_each(wanted, at=time.monotonic())

    def key_wait(key: int, per_minute: int) -> float:
        allowance = Allowance(burst=per_minute, per_second=per_minute / 60)
        return buckets.take(f"key {key}", allowance, at=time.monotonic())

    app.register_blueprint(
        translate.web.api.blueprint(
            service=parts.translation,
            session=parts.session,
            text_limit=settings.text_limit,
            disclaimer=disclaimer,
            wait=wait,
            key_wait=key_wait,
            files=settings.data_dir / "files",
        )
    )
