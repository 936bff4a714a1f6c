"""One translation of an article in an editor's hands: opened, saved, published, taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from translate import glossary, memory
from translate.articles.corrections import aligned, current_translation, remember
from translate.articles.outdated import OutdatedTranslation, outdated_translation
from translate.articles.sheet import Row, Sheet, side_by_side, tidy
from translate.checks import Flag, check
from translate.errors import ArticleError
from translate.memory import write_flags
from translate.models import ArticleTranslation, TranslationState
from translate.transaction import begin_change

BY_A_PERSON = (TranslationState.REVIEWED, TranslationState.PUBLISHED)


class Intent(StrEnum):
    """What an editor wants with a saving: only correct, or also stand for the whole text."""

    SAVE = "save"
    REVIEW = "review"
    PUBLISH = "publish"


_STATES = {
    Intent.SAVE: None,
    Intent.REVIEW: TranslationState.REVIEWED,
    Intent.PUBLISH: TranslationState.PUBLISHED,
}


class TranslationChanged(ArticleError):
    """Somebody else saved this translation since it was opened; nothing was stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTranslation:
    """A translation as it stands now, next to its source; the first row is the title.

    `state` is None when there is no translation yet. `version` changes with every saving.
    `outdated` is the translation of an earlier text, while the present one has none; the rows hold
    what can be carried over from it.
    """

    slug: str
    source_language: str
    language: str
    state: TranslationState | None
    sheet: Sheet
    version: str
    revision: str
    engine: str
    engine_version: str
    reviewed_at: datetime | None
    reviewed_by: str
    outdated: OutdatedTranslation | None = None

    @property
    def title(self) -> str:
        """The title of the source."""
        return self.sheet.rows[0].source


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What an editor sends: a text for each row, and what the rows were when they were opened.

    `was` are the `fingerprint`s of the texts that the editor was shown.
    """

    version: str
    revision: str
    shape: tuple[int, ...]
    targets: tuple[str, ...]
    was: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """A row after two editors worked on it: the text to go on with, and the other's, if it differs.

    `taken_over` when only the other changed it.
    """

    target: str
    theirs: str = ""
    taken_over: bool = False


def fingerprint(text: str) -> str:
    """A short name of a text, to tell whether it was changed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def open_translation(session: Session, slug: str, language: str) -> OpenTranslation:
    """An article's current text with its translation into a language.

    :raise ArticleError: for an unknown article, or its own language.
    """
    article, revision, row = current_translation(session, slug, language)
    title, body = (row.title, row.body) if row else ("", "")
    heading = Row(gap="", source=revision.title, sentences=(revision.title,), target=title)
    plain = side_by_side(revision.body, "", article.language, language, {})
    known = memory.targets(session, article.language, language, plain.sentences)
    sheet = side_by_side(revision.body, body, article.language, language, known)
    rows = (heading, *sheet.rows)
    outdated = None if row else outdated_translation(session, article, language)
    if outdated:
        rows = tuple(map(outdated.carried_over, rows))
    parts = [revision.sha256, row.state.value if row else "", title, body]
    return OpenTranslation(
        slug=article.slug,
        source_language=article.language,
        language=language,
        state=row.state if row else None,
        sheet=Sheet(rows=rows, end=sheet.end),
        version=hashlib.sha256("\n\0".join(parts).encode()).hexdigest(),
        revision=revision.sha256,
        engine=row.engine if row else "",
        engine_version=row.engine_version if row else "",
        reviewed_at=row.reviewed_at if row else None,
        reviewed_by=row.reviewed_by if row else "",
        outdated=outdated,
    )


def row_flags(session: Session, opened: OpenTranslation) -> list[tuple[Flag, ...]]:
    """What the checks say about each row, sorted; nothing about a row without translation."""
    terms = glossary.load(session, opened.source_language, opened.language)
    return [_flags(row, opened, terms) for row in opened.sheet.rows]


def save_translation(
    session: Session,
    slug: str,
    language: str,
    typed: Typed,
    intent: Intent,
    *,
    by: str,
    now: datetime,
) -> int:
    """Store what an editor typed; corrected sentences go into the memory.

    :param intent: a text that is reviewed or published is a person's, and every sentence of it
        goes into the memory; a mere saving keeps the state that it has.
    :return: how many sentences went into the memory.
    :raise TranslationChanged: when somebody else was quicker.
    :raise ArticleError: for an unknown article, or a text without title or body.
    """
    state = _STATES[intent]
    begin_change(session)
    opened = open_translation(session, slug, language)
    if typed.version != opened.version or typed.revision != opened.revision:
        session.rollback()
        raise TranslationChanged(f"Somebody else saved {slug} in {language} meanwhile")
    sheet = filled(opened, typed)
    title, body = sheet.rows[0].target, _body(sheet)
    if not title or not body:
        session.rollback()
        raise ArticleError("A translation needs a title and a text")
    _article, revision, row = current_translation(session, slug, language)
    if row is None:
        row = ArticleTranslation(revision_id=revision.id, language=language, translated_at=now)
        session.add(row)
    row.title, row.body = title, body
    row.state = state or opened.state or TranslationState.REVIEWED
    if row.state in BY_A_PERSON:
        # The text is a person's now: no engine answers for it, and no check of the machine's.
        row.engine = row.engine_version = row.engine_checksum = row.flags = ""
        row.reviewed_at, row.reviewed_by = now, by
    else:
        terms = glossary.load(session, opened.source_language, language)
        row.flags = write_flags({f for r in sheet.rows for f in _flags(r, opened, terms)})
    count = 0
    for line, was in zip(sheet.rows, typed.was, strict=True):
        if line.target and (state in BY_A_PERSON or fingerprint(line.target) != was):
            for source, target in _pairs(line, opened):
                changed = remember(
                    session, opened.source_language, language, source, target, by=by, now=now
                )
                count += changed
    session.commit()
    return count


def filled(opened: OpenTranslation, typed: Typed) -> Sheet:
    """The source's rows as the editor had them, with what was typed.

    :raise TranslationChanged: when the rows are not those of this source.
    """
    try:
        sheet = opened.sheet.shaped(typed.shape)
        if len(typed.was) != len(sheet.rows):
            raise ValueError("a row was lost on the way")
        pairs = zip(sheet.rows, typed.targets, strict=True)
        return sheet.filled([tidy(text, row) for row, text in pairs])
    except ValueError as error:
        raise TranslationChanged("The form is not of this text") from error


def merged(opened: OpenTranslation, typed: Typed) -> tuple[Sheet, list[Merged]]:
    """What two editors did, row by row: one's own text stays, the other's is shown or taken over.

    :raise TranslationChanged: when the source itself has another text now.
    """
    if typed.revision != opened.revision:
        raise TranslationChanged("The article itself was changed")
    mine = filled(opened, typed)
    now = opened.sheet.shaped(typed.shape)
    found = []
    for own, current, was in zip(mine.rows, now.rows, typed.was, strict=True):
        if own.target == current.target or fingerprint(current.target) == was:
            found.append(Merged(target=own.target))
        elif fingerprint(own.target) == was:
            found.append(Merged(target=current.target, taken_over=True))
        else:
            found.append(Merged(target=own.target, theirs=current.target))
    return now, found


def restore_translation(session: Session, slug: str, language: str) -> TranslationState:
    """Bring a withdrawn translation back as what it was: a machine's, or a person's.

    :raise ArticleError: when none is withdrawn.
    """
    begin_change(session)
    _article, _revision, row = current_translation(session, slug, language)
    if row is None or row.state is not TranslationState.WITHDRAWN:
        session.rollback()
        raise ArticleError(f"No translation of {slug} into {language} is withdrawn")
    row.state = TranslationState.MACHINE if row.engine else TranslationState.REVIEWED
    state = row.state
    session.commit()
    return state


def _flags(row: Row, opened: OpenTranslation, terms: glossary.Glossary) -> tuple[Flag, ...]:
    if not row.target:
        return ()
    fixed = [span.replacement for span in terms.spans(row.source)]
    found = check(row.source, row.target, opened.source_language, opened.language, fixed)
    return tuple(sorted(found))


def _body(sheet: Sheet) -> str:
    return Sheet(rows=sheet.rows[1:], end=sheet.end).text()


def _pairs(row: Row, opened: OpenTranslation) -> Sequence[tuple[str, str]]:
    if len(row.sentences) == 1:
        return [(row.sentences[0], row.target)]
    return list(aligned(row.source, opened.source_language, row.target, opened.language))
