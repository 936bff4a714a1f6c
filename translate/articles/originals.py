"""An article's own text in an editor's hands: written, opened, corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from translate.articles.intake import ArticleText, add_article, free_slug
from translate.errors import ArticleError
from translate.models import Article, ArticleRevision, ArticleTranslation, TranslationState
from translate.transaction import begin_change


class UnknownArticle(ArticleError):
    """There is no article with this short name."""


class OriginalChanged(ArticleError):
    """Somebody else changed this article since it was opened; nothing was stored."""


class AlreadyThere(ArticleError):
    """An article has this very text; `slug` is its short name."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"The article {slug} has this text already")
        self.slug = slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as an editor wants it; `day` is the day of publication, if it has one."""

    text: ArticleText
    day: date | None

    @property
    def version(self) -> str:
        """Changes with everything that an editor can change."""
        return f"{self.text.sha256} {self.day or ''}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierText:
    """A text that the article had before, by the number of its revision."""

    id: int
    title: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """An article as it stands now, with its translations and its earlier texts.

    `translations` are those of this text; `outdated` names the languages that only an earlier text
    has been translated into.
    """

    slug: str
    language: str
    draft: Draft
    translations: Mapping[str, TranslationState]
    outdated: frozenset[str]
    earlier: tuple[EarlierText, ...]

    @property
    def to_become_stale(self) -> dict[str, TranslationState]:
        """The translations that belong to this text and to no other."""
        return {
            language: state
            for language, state in self.translations.items()
            if state is not TranslationState.WITHDRAWN
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a correction did: whether anything, and to how many translations.

    `stale` went out of date, and `back` came back with an earlier text that is theirs.
    """

    changed: bool
    stale: int = 0
    back: int = 0


def write_article(session: Session, language: str, draft: Draft, *, now: datetime) -> str:
    """Put a new article on the site; gives its short name.

    :raise AlreadyThere: when an article has this text now.
    """
    begin_change(session)
    twin = session.scalar(select(Article.slug).where(Article.revision == draft.text.sha256))
    if twin is not None:
        session.rollback()
        raise AlreadyThere(twin)
    slug = free_slug(session, draft.text.title)
    add_article(session, slug, language, draft.text, day=draft.day, source="editor", now=now)
    session.commit()
    return slug


def open_original(session: Session, slug: str) -> Original:
    """An article as it stands now.

    :raise UnknownArticle: when there is none of this short name.
    """
    article = _found(session, slug)
    revisions = session.scalars(
        select(ArticleRevision)
        .where(ArticleRevision.article_id == article.id)
        .order_by(ArticleRevision.created_at.desc(), ArticleRevision.id.desc())
    ).all()
    current = next(r for r in revisions if r.sha256 == article.revision)
    rows = session.execute(
        select(
            ArticleTranslation.language, ArticleTranslation.state, ArticleTranslation.revision_id
        )
        .where(ArticleTranslation.revision_id.in_([r.id for r in revisions]))
        .order_by(ArticleTranslation.language)
    ).all()
    translations = {row.language: row.state for row in rows if row.revision_id == current.id}
    stale = {row.language for row in rows if row.state is TranslationState.STALE}
    return Original(
        slug=article.slug,
        language=article.language,
        draft=Draft(text=_text(current), day=article.published_on),
        translations=translations,
        outdated=frozenset(stale - set(translations)),
        earlier=tuple(
            EarlierText(id=r.id, title=r.title, since=r.created_at)
            for r in revisions
            if r is not current
        ),
    )


def earlier_text(session: Session, slug: str, number: int) -> ArticleText | None:
    """The text of one revision of an article, if it has such a one."""
    return _revision(session, slug, ArticleRevision.id == number)


def text_of_version(session: Session, slug: str, version: str) -> ArticleText | None:
    """The text that an editor had opened, by the version of that time."""
    return _revision(session, slug, ArticleRevision.sha256 == version.partition(" ")[0])


def correct_original(
    session: Session, slug: str, draft: Draft, *, version: str, now: datetime
) -> Correction:
    """Give an article another text or day; translations of the text before become stale.

    Where it had this text before, that text's translations are those of the article again.

    :param version: that of the `Draft` that the editor opened.
    :raise UnknownArticle: when it was removed.
    :raise OriginalChanged: when it is another one by now.
    """
    begin_change(session)
    article = _found(session, slug)
    current = _current(session, article)
    before = Draft(text=_text(current), day=article.published_on)
    if draft.version == before.version:
        session.rollback()
        return Correction(changed=False)
    if version != before.version:
        session.rollback()
        raise OriginalChanged(f"Somebody else changed {slug} meanwhile")
    article.published_on = draft.day
    article.listed_on = draft.day or article.created_at.astimezone(UTC).date()
    stale = back = 0
    if draft.text != before.text:
        stale = _make_stale(session, current)
        article.revision = draft.text.sha256
        back = _renewed(session, article, draft.text, now)
    session.commit()
    return Correction(changed=True, stale=stale, back=back)


def _renewed(session: Session, article: Article, text: ArticleText, now: datetime) -> int:
    """See to it that the article has this revision; how many translations came back with it."""
    known = session.scalar(
        select(ArticleRevision).where(
            ArticleRevision.article_id == article.id, ArticleRevision.sha256 == text.sha256
        )
    )
    if known is None:
        session.add(
            ArticleRevision(
                article_id=article.id,
                sha256=text.sha256,
                title=text.title,
                body=text.body,
                created_at=now,
            )
        )
        return 0
    rows = session.scalars(
        select(ArticleTranslation).where(
            ArticleTranslation.revision_id == known.id,
            ArticleTranslation.state == TranslationState.STALE,
        )
    ).all()
    for row in rows:
        row.state = TranslationState.MACHINE if row.engine else TranslationState.REVIEWED
    return len(rows)


def _make_stale(session: Session, revision: ArticleRevision) -> int:
    """Take the translations of a revision out of the readers' sight; how many there were."""
    gone = session.execute(
        update(ArticleTranslation)
        .where(
            ArticleTranslation.revision_id == revision.id,
            ArticleTranslation.state.not_in((TranslationState.WITHDRAWN, TranslationState.STALE)),
        )
        .values(state=TranslationState.STALE)
        .returning(ArticleTranslation.id)
    )
    return len(gone.all())


def _found(session: Session, slug: str) -> Article:
    article = session.scalar(select(Article).where(Article.slug == slug))
    if article is None:
        session.rollback()
        raise UnknownArticle(f"There is no article {slug}")
    return article


def _current(session: Session, article: Article) -> ArticleRevision:
    return session.scalars(
        select(ArticleRevision).where(
            ArticleRevision.article_id == article.id, ArticleRevision.sha256 == article.revision
        )
    ).one()


def _revision(session: Session, slug: str, condition: ColumnElement[bool]) -> ArticleText | None:
    row = session.scalar(
        select(ArticleRevision)
        .join(Article, Article.id == ArticleRevision.article_id)
        .where(Article.slug == slug, condition)
    )
    return _text(row) if row else None


def _text(row: ArticleRevision) -> ArticleText:
    return ArticleText(title=row.title, body=row.body)
