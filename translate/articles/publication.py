"""Gives articles machine translations, and renews those that an older package made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from translate.articles.corrections import current_translation
from translate.errors import ArticleError, UnknownLanguage, UnsupportedPair
from translate.memory import write_flags
from translate.models import Article, ArticleRevision, ArticleTranslation, TranslationState
from translate.results import Translated, engine_checksum, engine_name, engine_version
from translate.service import TranslationService
from translate.transaction import begin_change


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """How many article texts were translated, and the pairs that no package serves."""

    translated: int
    missing_pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    revision_id: int
    title: str
    body: str
    source: str
    target: str


def translate_articles(
    session: Session,
    service: TranslationService,
    languages: Iterable[str],
    *,
    now: datetime,
    progress: Callable[[int, int], None],
) -> Publication:
    """Translate every article into these languages, as far as there are packages.

    What a person translated, reviewed or withdrew is left alone; a machine's text is renewed when
    the packages have changed since. Each article is stored as soon as it is done, so that an
    interrupted run loses nothing and the next one goes on.

    :param progress: told how many texts are done, of how many.
    :raise TranslateError: when a model fails; what was done before is kept.
    """
    work, missing = _pending(session, service, list(languages))
    session.rollback()
    progress(0, len(work))
    for number, item in enumerate(work, 1):
        title, body = service.translate(
            [item.title, item.body], item.source, item.target, session=session, store=True, now=now
        )
        _save(session, item, title, body, now)
        progress(number, len(work))
    return Publication(translated=len(work), missing_pairs=tuple(sorted(missing)))


def translate_article(
    session: Session,
    service: TranslationService,
    slug: str,
    language: str,
    *,
    longest: int,
    now: datetime,
) -> None:
    """Translate one article now, or renew a machine's translation of it.

    :param longest: characters of an article for which somebody can wait.
    :raise ArticleError: for an unknown article, a longer one, or one whose translation is a
        person's or withdrawn.
    :raise TranslateError: when languages, models or queue refuse; nothing is stored then.
    """
    article, revision, row = current_translation(session, slug, language)
    if row and row.state not in (TranslationState.MACHINE, TranslationState.STALE):
        raise ArticleError("Only a machine's translation can be made anew by a machine")
    if len(revision.title) + len(revision.body) > longest:
        raise ArticleError(
            f"The article is longer than {longest} characters: translate it with "
            "`rayak articles translate`"
        )
    item = _Work(
        revision_id=revision.id,
        title=revision.title,
        body=revision.body,
        source=article.language,
        target=language,
    )
    session.rollback()
    title, body = service.translate(
        [item.title, item.body], item.source, item.target, session=session, store=True, now=now
    )
    _save(session, item, title, body, now)


def _pending(
    session: Session, service: TranslationService, languages: list[str]
) -> tuple[list[_Work], set[tuple[str, str]]]:
    done = {
        (revision_id, language): (state, checksum)
        for revision_id, language, state, checksum in session.execute(
            select(
                ArticleTranslation.revision_id,
                ArticleTranslation.language,
                ArticleTranslation.state,
                ArticleTranslation.engine_checksum,
            )
        )
    }
    rows = session.execute(
        select(ArticleRevision, Article.language)
        .join(Article, Article.id == ArticleRevision.article_id)
        .where(ArticleRevision.sha256 == Article.revision)
        .order_by(Article.listed_on.desc(), Article.id.desc())
    )
    checksums: dict[tuple[str, str], str | None] = {}
    work = []
    for revision, source in rows:
        for target in languages:
            if target == source:
                continue
            if (source, target) not in checksums:
                checksums[source, target] = _checksum(service, source, target)
            checksum = checksums[source, target]
            state, made_with = done.get((revision.id, target), (TranslationState.STALE, ""))
            is_current = state is TranslationState.MACHINE and made_with == checksum
            renewable = state in (TranslationState.MACHINE, TranslationState.STALE)
            if checksum and renewable and not is_current:
                work.append(
                    _Work(
                        revision_id=revision.id,
                        title=revision.title,
                        body=revision.body,
                        source=source,
                        target=target,
                    )
                )
    return work, {pair for pair, checksum in checksums.items() if checksum is None}


def _checksum(service: TranslationService, source: str, target: str) -> str | None:
    try:
        return engine_checksum(service.route(source, target))
    except (UnknownLanguage, UnsupportedPair):
        return None


def _save(
    session: Session, item: _Work, title: Translated, body: Translated, now: datetime
) -> None:
    begin_change(session)
    row = session.scalar(
        select(ArticleTranslation).where(
            ArticleTranslation.revision_id == item.revision_id,
            ArticleTranslation.language == item.target,
        )
    )
    if row is None:
        row = ArticleTranslation(revision_id=item.revision_id, language=item.target)
        session.add(row)
    elif row.state not in (TranslationState.MACHINE, TranslationState.STALE):
        # A person finished it while the machine was at work; the person's text stands.
        session.rollback()
        return
    row.state = TranslationState.MACHINE
    row.title = title.text
    row.body = body.text
    row.engine = engine_name(body.packages)
    row.engine_version = engine_version(body.packages)
    row.engine_checksum = engine_checksum(body.packages)
    row.flags = write_flags({*title.flags, *body.flags})
    row.translated_at = now
    row.reviewed_at = None
    row.reviewed_by = ""
    session.commit()
