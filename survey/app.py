"""The composition root: makes the application out of its rooms; the only place where they meet."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from flask import Blueprint, Flask, g, has_app_context
from flask_wtf.csrf import CSRFProtect
from markupsafe import Markup
from sqlalchemy.orm import Session
from werkzeug.middleware.proxy_fix import ProxyFix

import reports.dashboard_views
import reports.views
import translate.api
import translate.article_desk
import translate.glossary_desk
import translate.key_desk
import translate.memory_desk
import translate.package_desk
import translate.views
from reports.edition import make_edition
from reports.periods import last_ended
from survey import (
    audit_views,
    auth,
    db,
    embed,
    http,
    i18n,
    kept_views,
    moderation_views,
    user_views,
    views,
    wording_views,
)
from survey.backlog import backlog
from survey.comment_reading import CommentReader
from survey.db import Database, DatabaseError
from survey.desk import FeedbackDesk, FeedbackSettings
from survey.housekeeping import Chore, DailyPurge, Housekeeping
from survey.limits import TRANSLATIONS, Allowance, Buckets, network
from survey.lingering import Lingering
from survey.mail_server import mail_server
from survey.queries import begin_snapshot
from survey.ratings import Engine, Shown, Translation, Wording, digest, read_wording
from survey.report_keeper import Plan, Press, ReportKeeper
from survey.roles import Role
from survey.settings import Settings
from survey.sightings import FLUSH_SECONDS, Sightings
from survey.tokens import FormTokens
from survey.wordings import Wordings, WordingStore
from translate.articles import ArticleShown
from translate.detect import detect
from translate.engine import Engine as TranslationEngine
from translate.errors import TranslateError
from translate.flagged import flag_counts
from translate.forms import Office
from translate.service import TranslationService
from translate.shelf import Shelf

ROOT = Path(__file__).resolve().parent.parent
LARGEST_REQUEST = 16 * 1024 * 1024


class WrongModules(RuntimeError):
    """Another distribution's package stands where one of ours should."""


def create_app(settings: Settings, database: Database | None = None) -> Flask:
    """The WSGI application for these settings.

    The caller may hand in an open database; otherwise the one of the settings is opened.
    """
    _check_modules()
    app = Flask("survey", root_path=str(ROOT / "survey"), template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_keys[-1],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[:-1]),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        SESSION_COOKIE_NAME="__Host-rayak" if settings.secure_cookies else "rayak-admin",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    # JSON in UTF-8, as LibreTranslate sends it; six bytes for each Arabic letter would be a waste.
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # of Flask's default provider
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = settings.organisation_in
    app.wsgi_app = Lingering(app.wsgi_app)  # type: ignore[method-assign] # Flask's documented way
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    database = database or Database(settings.database_url)
    store = WordingStore(
        {c: w for c, w in read_wording().items() if c in settings.languages},
        database.session,
        time.monotonic,
    )
    db.init_app(app, database)
    i18n.init_app(app, settings.languages)
    http.init_app(app, https=settings.secure_cookies)
    service = TranslationService(TranslationEngine(settings.packages))
    app.extensions["translation"] = service
    sightings = Sightings(settings.zone)
    app.extensions["housekeeping"] = _housekeeping(settings, database, sightings)
    _register(app, settings, database, store, service, sightings)
    return app


def _register(
    app: Flask,
    settings: Settings,
    database: Database,
    store: WordingStore,
    service: TranslationService,
    sightings: Sightings,
) -> None:
    """Every blueprint, and who may reach it."""
    buckets = Buckets(enabled=settings.limits)
    wordings = Wordings(lambda: _held_still(store))
    desk = FeedbackDesk(
        FormTokens(settings.secret_keys),
        FeedbackSettings(
            languages=settings.languages,
            wordings=wordings,
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
        sightings,
    )

    def session() -> Session:
        return db.current_session(app)

    def snapshot() -> Session:
        begin_snapshot(session())
        return session()

    def feedback_box(shown: ArticleShown) -> Markup:
        return desk.box(_on_screen(shown, wordings, settings.organisation_in))

    def disclaimer(language: str) -> str:
        wording = wordings.get(language) or next(iter(wordings.values()))
        return wording.disclaimer_text("argos", settings.organisation_in(wording.language))

    def translation_wait(address: str | None) -> float:
        return buckets.take(f"translate {network(address)}", TRANSLATIONS, at=time.monotonic())

    def key_wait(key: int, per_minute: int) -> float:
        allowance = Allowance(burst=per_minute, per_second=per_minute / 60)
        return buckets.take(f"key {key}", allowance, at=time.monotonic())

    app.register_blueprint(http.blueprint(lambda: _problems(database, service)))
    app.register_blueprint(
        translate.api.blueprint(
            service=service,
            session=session,
            text_limit=settings.text_limit,
            disclaimer=disclaimer,
            wait=translation_wait,
            key_wait=key_wait,
            files=settings.data_dir / "files",
        )
    )
    app.register_blueprint(
        views.blueprint(desk, sessions=session, buckets=buckets, monotonic=time.monotonic)
    )
    app.register_blueprint(
        embed.blueprint(
            desk,
            sessions=session,
            buckets=buckets,
            monotonic=time.monotonic,
            origins=settings.embed_origins,
        )
    )
    app.register_blueprint(
        translate.views.blueprint(
            session=session,
            wording=wordings.__getitem__,
            organisation=settings.organisation_in,
            languages=settings.languages,
            feedback_box=feedback_box,
        )
    )
    admin = auth.blueprint(
        sessions=session,
        buckets=buckets,
        monotonic=time.monotonic,
        csrf=CSRFProtect(app),
        uploads={"admin.desk_packages.install": translate.package_desk.LARGEST_FILE},
    )
    admin.register_blueprint(
        reports.views.blueprint(
            session=snapshot,
            wording=wordings.__getitem__,
            locale=i18n.current_language,
            organisation=settings.organisation,
            minimum_cell=settings.minimum_cell,
            today=lambda: _today(settings),
            flag_counts=flag_counts,
        ),
        url_prefix="/reports",
    )
    admin.register_blueprint(
        reports.dashboard_views.blueprint(
            session=snapshot,
            locale=i18n.current_language,
            minimum_cell=settings.minimum_cell,
            today=lambda: _today(settings),
            flag_counts=flag_counts,
            backlog=backlog,
            packages=lambda: [
                (f"{p.from_code} → {p.to_code} {p.version}", p.is_starter)
                for p in service.engine.catalogue.packages().values()
            ],
            problems=lambda: _problems(database, service),
            may_moderate=lambda: auth.has(Role.EDITOR),
        ),
    )
    admin.register_blueprint(
        kept_views.blueprint(
            session=session,
            folder=settings.data_dir / "reports",
            zone=settings.zone,
            languages=settings.languages,
            schedule=settings.report_schedule,
        ),
        url_prefix="/reports/kept",
    )
    admin.register_blueprint(
        moderation_views.blueprint(
            session=session,
            languages=settings.languages,
            zone=settings.zone,
            secret_keys=settings.secret_keys,
            comments_in=_comment_reader(service, settings.languages).read,
        ),
        url_prefix="/responses",
    )
    admin.register_blueprint(
        wording_views.blueprint(
            session=session,
            store=store,
            organisation=settings.organisation_in,
            zone=settings.zone,
        ),
        url_prefix="/wordings",
    )
    admin.register_blueprint(audit_views.blueprint(session=session, zone=settings.zone))
    _register_desks(admin, settings, service, session)
    app.register_blueprint(admin)


def _register_desks(
    admin: Blueprint,
    settings: Settings,
    service: TranslationService,
    session: Callable[[], Session],
) -> None:
    """The editors' and operators' pages of the translate room, under the one guard."""
    office = Office(
        session=session,
        editor=lambda: auth.require(Role.EDITOR),
        admin=lambda: auth.require(Role.ADMIN),
        is_admin=lambda: auth.has(Role.ADMIN),
        who=lambda: auth.current_account().name,
        audit=lambda action, target: auth.note(session(), action, target),
        languages=settings.languages,
    )
    admin.register_blueprint(
        translate.article_desk.blueprint(office, service, longest=settings.text_limit),
        url_prefix="/articles",
    )
    admin.register_blueprint(translate.glossary_desk.blueprint(office), url_prefix="/glossary")
    admin.register_blueprint(translate.key_desk.blueprint(office), url_prefix="/keys")
    admin.register_blueprint(translate.memory_desk.blueprint(office), url_prefix="/memory")
    admin.register_blueprint(
        translate.package_desk.blueprint(office, settings.packages), url_prefix="/packages"
    )
    admin.register_blueprint(user_views.blueprint(session=session))


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


def _housekeeping(settings: Settings, database: Database, sightings: Sightings) -> Housekeeping:
    """What a running service does by itself; `rayak serve` starts and stops it."""
    purge = DailyPurge(
        database,
        now=lambda: datetime.now(UTC),
        zone=settings.zone,
        comment_days=settings.comment_days,
    )
    return Housekeeping(
        [
            Chore(name="purge", seconds=60, do=purge),
            Chore(name="reports", seconds=60, do=report_keeper(settings, database)),
            Chore(name="documents", seconds=300, do=Shelf(settings.data_dir / "files").sweep),
            Chore(
                name="views",
                seconds=FLUSH_SECONDS,
                do=lambda: sightings.flush(database.session),
                at_end=True,
            ),
        ]
    )


def report_keeper(settings: Settings, database: Database) -> ReportKeeper:
    """Makes and sends the reports of weeks and months that are over."""
    languages = settings.report_languages or settings.languages
    plan = Plan(
        folder=settings.data_dir / "reports",
        schedule=settings.report_schedule,
        languages=languages,
        recipients=settings.report_recipients,
        sender=settings.report_sender,
        server=mail_server(settings.smtp_url, settings.smtp_password)
        if settings.smtp_url
        else None,
    )
    make = partial(
        make_edition,
        languages=languages,
        minimum_cell=settings.minimum_cell,
        flag_counts=flag_counts,
    )
    press = Press(last_ended=last_ended, make=make)
    return ReportKeeper(database, plan, press, now=lambda: datetime.now(UTC), zone=settings.zone)


def _held_still(store: WordingStore) -> Mapping[str, Wording]:
    """The wordings of this request: the question on its page is the one its token names."""
    if not has_app_context():
        return store.now()
    if "wordings" not in g:
        g.wordings = store.now()
    held: Mapping[str, Wording] = g.wordings
    return held


def _on_screen(
    shown: ArticleShown, wordings: Mapping[str, Wording], organisation: Callable[[str], str]
) -> Shown:
    """What the article page showed, as the survey keeps it."""
    wording = wordings[shown.site_language]
    engine = None
    if shown.engine is not None:
        engine = Engine(
            name=shown.engine.name, version=shown.engine.version, checksum=shown.engine.checksum
        )
    disclaimer = ""
    if shown.disclaimer_shown:
        in_language = wordings[shown.shown_language]
        disclaimer = digest(
            in_language.disclaimer_text("argos", organisation(in_language.language))
        )
    return Shown(
        page=f"/{shown.site_language}/articles/{shown.slug}",
        article=shown.slug,
        revision=shown.revision,
        site_language=shown.site_language,
        shown_language=shown.shown_language,
        source_language=shown.source_language,
        translation=Translation(shown.translation),
        engine=engine,
        question=digest(wording.question),
        disclaimer=disclaimer,
    )


def _today(settings: Settings) -> date:
    return datetime.now(UTC).astimezone(settings.zone).date()


def _problems(database: Database, service: TranslationService) -> dict[str, str]:
    """What keeps the service from doing its work, by part; empty when it can."""
    problems = {}
    try:
        database.check()
    except DatabaseError as error:
        problems["database"] = str(error)
    if not service.pairs():
        problems["packages"] = "No translation package is installed: run `rayak packages install`"
    elif service.is_warming:
        problems["models"] = "The translation models are being loaded"
    return problems


def _check_modules() -> None:
    """Stop when a distribution from the index has taken one of our generic names.

    :raise WrongModules: naming the folder that should be emptied of it.
    """
    for name in ("survey", "translate", "reports"):
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).parent if spec and spec.origin else None
        if found != ROOT / name:
            raise WrongModules(
                f"The module {name} comes from {found}, not from Rayak: use an environment of "
                "its own (make install) without the distributions survey, translate and reports"
            )
