"""The admin pages under their one guard: reports, moderation, wordings, and the desks."""

from __future__ import annotations

import time
from collections.abc import Sequence

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import Session

import reports.web.dashboard_views
import reports.web.views
import translate.web.article_desk
import translate.web.forms
import translate.web.glossary_desk
import translate.web.key_desk
import translate.web.memory_desk
import translate.web.package_desk
from survey.accounts.roles import Role
from survey.app.lookups import ARTICLES
from survey.app.parts import Parts
from survey.moderating.backlog import backlog
from survey.moderating.comment_reading import CommentReader
from survey.queries import begin_snapshot
from survey.web import (
    audit_views,
    auth,
    i18n,
    kept_views,
    login_views,
    moderation_views,
    user_views,
    wording_views,
)
from translate.detect import detect
from translate.errors import TranslateError
from translate.service import TranslationService
from translate.web.forms import Office


def register_admin_pages(app: Flask, parts: Parts) -> None:
    """Every blueprint that needs an account."""
    admin = login_views.blueprint(
        sessions=parts.session,
        buckets=parts.buckets,
        monotonic=time.monotonic,
        csrf=CSRFProtect(app),
        uploads={"admin.desk_packages.install": translate.web.package_desk.LARGEST_FILE},
        written=translate.web.forms.WRITTEN,
    )
    _register_reports(admin, parts)
    _register_survey_desks(admin, parts)
    _register_translation_desks(admin, parts)
    app.register_blueprint(admin)


def _register_reports(admin: Blueprint, parts: Parts) -> None:
    settings = parts.settings

    def snapshot() -> Session:
        begin_snapshot(parts.session())
        return parts.session()

    admin.register_blueprint(
        reports.web.views.blueprint(
            session=snapshot,
            wording=parts.wordings.__getitem__,
            locale=i18n.current_language,
            minimum_cell=settings.minimum_cell,
            whole_months=settings.whole_months,
            today=parts.today,
            articles=ARTICLES,
        ),
        url_prefix="/reports",
    )
    admin.register_blueprint(
        reports.web.dashboard_views.blueprint(
            session=snapshot,
            locale=i18n.current_language,
            minimum_cell=settings.minimum_cell,
            whole_months=settings.whole_months,
            today=parts.today,
            articles=ARTICLES,
            backlog=backlog,
            packages=lambda: list(parts.translation.engine.catalogue.packages().values()),
            problems=parts.problems,
            may_moderate=lambda: auth.has(Role.EDITOR),
        ),
    )
    admin.register_blueprint(
        kept_views.blueprint(
            session=parts.session,
            folder=settings.data_dir / "reports",
            zone=settings.zone,
            languages=settings.languages,
            schedule=settings.report_schedule,
            cadences=settings.cadences,
        ),
        url_prefix="/reports/kept",
    )


def _register_survey_desks(admin: Blueprint, parts: Parts) -> None:
    settings = parts.settings
    admin.register_blueprint(
        moderation_views.blueprint(
            session=parts.session,
            languages=settings.languages,
            zone=settings.zone,
            secret_keys=settings.secret_keys,
            comments_in=_comment_reader(parts.translation, settings.languages).read,
            titles=ARTICLES.titles,
        ),
        url_prefix="/responses",
    )
    admin.register_blueprint(
        wording_views.blueprint(
            session=parts.session,
            store=parts.store,
            organisation=settings.organisation_in,
            zone=settings.zone,
        ),
        url_prefix="/wordings",
    )
    admin.register_blueprint(
        audit_views.blueprint(session=parts.session, zone=settings.zone, titles=ARTICLES.titles)
    )
    admin.register_blueprint(user_views.blueprint(session=parts.session))


def _register_translation_desks(admin: Blueprint, parts: Parts) -> None:
    """The editors' and operators' pages of the translate room."""
    settings, service = parts.settings, parts.translation
    office = Office(
        session=parts.session,
        editor=lambda: auth.require(Role.EDITOR),
        admin=lambda: auth.require(Role.ADMIN),
        is_admin=lambda: auth.has(Role.ADMIN),
        who=lambda: auth.current_account().name,
        audit=lambda action, target: auth.note(parts.session(), action, target),
        languages=settings.languages,
        zone=settings.zone,
    )
    admin.register_blueprint(
        translate.web.article_desk.blueprint(office, service, longest=settings.text_limit),
        url_prefix="/articles",
    )
    admin.register_blueprint(translate.web.glossary_desk.blueprint(office), url_prefix="/glossary")
    admin.register_blueprint(translate.web.key_desk.blueprint(office), url_prefix="/keys")
    admin.register_blueprint(translate.web.memory_desk.blueprint(office), url_prefix="/memory")
    admin.register_blueprint(
        translate.web.package_desk.blueprint(office, settings.packages), url_prefix="/packages"
    )


def _comment_reader(service: TranslationService, languages: tuple[str, ...]) -> CommentReader:
    """Translates comments without the database: they must not outlive themselves in a memory."""

    def translate_texts(texts: Sequence[str], source: str, target: str) -> list[str]:
        try:
            return [done.text for done in service.translate(texts, source, target)]
        except TranslateError:
            return []

    return CommentReader(
        detect=lambda text: detect(text, languages)[0].language, translate=translate_texts
    )
