"""The composition root: makes the application out of its rooms; the only place where they meet."""

from __future__ import annotations

import time

from flask import Flask

from survey.answering.limits import Buckets
from survey.answering.sightings import Sightings
from survey.app.admin_pages import register_admin_pages
from survey.app.chores import housekeeping
from survey.app.flask_app import make_flask
from survey.app.own_modules import check_modules
from survey.app.parts import Parts
from survey.app.public_pages import register_public_pages
from survey.db import Database
from survey.ratings import read_wording
from survey.settings import Settings
from survey.web import i18n, request_session
from survey.wordings import WordingStore
from translate.engine import Engine
from translate.sentences.decoding import Resources
from translate.service import TranslationService


def create_app(
    settings: Settings, database: Database | None = None, *, translations: int = 8
) -> Flask:
    """The WSGI application for these settings.

    The caller may hand in an open database; otherwise the one of the settings is opened.

    :param translations: how many requests may translate or wait to at a time before the next gets
        503; fewer than the server has threads, or long ones keep everybody waiting.
    """
    check_modules()
    app = make_flask(settings)
    database = database or Database(settings.database_url)
    i18n.init_app(app, settings.languages)
    built_in = {c: w for c, w in read_wording().items() if c in settings.languages}
    parts = Parts(
        settings=settings,
        database=database,
        store=WordingStore(built_in, database.session, time.monotonic),
        translation=TranslationService(Engine(settings.packages, Resources(waiting=translations))),
        sightings=Sightings(settings.zone),
        buckets=Buckets(enabled=settings.limits),
        session=request_session.init_app(app, database),
    )
    app.extensions["translation"] = parts.translation
    app.extensions["housekeeping"] = housekeeping(
        settings, database, parts.sightings, parts.buckets
    )
    register_public_pages(app, parts)
    register_admin_pages(app, parts)
    return app
