"""What admins made of the question and the disclaimers: the texts that hold, changes, history."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from survey.models import AuditEvent, DailyCount, Response, WordingChange, WordingRow
from survey.ratings import State, Wording, WordingKind, digest
from survey.services import ShownText, add_shown_texts, begin_write, shown_texts

REPORTED = (State.COUNTED, State.POSSIBLE_DUPLICATE)


class ChangedMeanwhile(RuntimeError):
    """Somebody else has changed the texts since the form was made; load it anew and compare."""


class NothingChanged(ValueError):
    """The texts are those that hold already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Where a text stands: a question, or the disclaimer about one provider, in a language."""

    kind: WordingKind
    language: str
    provider: str = ""

    def read(self, wording: Wording) -> str:
        """The text with its placeholders."""
        if self.kind is WordingKind.QUESTION:
            return wording.question
        return wording.disclaimer_template(self.provider)

    def put(self, wording: Wording, text: str) -> Wording:
        """The wording with this text in its place."""
        if self.kind is WordingKind.QUESTION:
            return replace(wording, question=text)
        return replace(wording, disclaimers={**wording.disclaimers, self.provider: text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Since when a place has a text of an admin's, and whose; both None where it is built in."""

    since: datetime | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text as visitors were shown it, with how many answers it has and had acknowledged."""

    id: int
    language: str
    text: str
    sha256: str
    first_shown: datetime
    current_since: datetime
    answers: int
    acknowledged: int


def places(kind: WordingKind, wordings: Iterable[Wording]) -> list[TextPlace]:
    """Every place of a kind: of all languages, and of all providers of a disclaimer."""
    found = []
    for wording in wordings:
        providers = [""] if kind is WordingKind.QUESTION else list(wording.providers)
        found += [TextPlace(kind=kind, language=wording.language, provider=p) for p in providers]
    return found


def state_number(session: Session) -> int:
    """Grows with each change: as long as it is the same, so are the texts."""
    return session.scalar(select(func.max(WordingChange.id))) or 0


def current_wordings(session: Session, built_in: Mapping[str, Wording]) -> dict[str, Wording]:
    """The texts that hold: the built-in ones, with what admins have put in their place."""
    wordings = dict(built_in)
    for place, change in _newest(session).items():
        wording = wordings.get(place.language)
        known = wording and (not place.provider or place.provider in wording.providers)
        if wording and known and change.text is not None:
            wordings[place.language] = place.put(wording, change.text)
    return wordings


def held(session: Session) -> dict[TextPlace, Held]:
    """Who changed what last, for the places that ever were; the built-in text has none."""
    return {
        place: Held(since=change.at, actor=change.actor)
        for place, change in _newest(session).items()
    }


def change_texts(
    session: Session,
    texts: Mapping[TextPlace, str],
    *,
    seen: int,
    built_in: Mapping[str, Wording],
    organisation: Callable[[str], str],
    actor: str,
    now: datetime,
) -> list[TextPlace]:
    """Put texts on the pages from now on; gives the places that changed. Audited.

    A text equal to the built-in one is stored as "back to the built-in text". What visitors were
    shown until now stays with the answers given under it.

    :param texts: with placeholders, tidied and without problems (see `survey.wording_rules`).
    :param seen: `state_number` when the form was made.
    :raise ChangedMeanwhile: when somebody else has changed a text since then.
    :raise NothingChanged: when every text is the one that holds.
    """
    begin_write(session)
    if state_number(session) != seen:
        session.rollback()
        raise ChangedMeanwhile
    wordings = current_wordings(session, built_in)
    changed = [
        place for place, text in texts.items() if place.read(wordings[place.language]) != text
    ]
    if not changed:
        session.rollback()
        raise NothingChanged
    before = set(shown_texts(wordings.values(), organisation))
    for place in changed:
        text = texts[place]
        wordings[place.language] = place.put(wordings[place.language], text)
        is_built_in = text == place.read(built_in[place.language])
        session.add(
            WordingChange(
                kind=place.kind,
                language=place.language,
                provider=place.provider,
                text=None if is_built_in else text,
                at=now,
                actor=actor,
            )
        )
        action = f"{place.kind.value} {'back to built-in' if is_built_in else 'changed'}"
        target = " ".join(part for part in (place.language, place.provider) if part)
        session.add(AuditEvent(at=now, actor=actor, action=action, target=target))
    new = [text for text in shown_texts(wordings.values(), organisation) if text not in before]
    add_shown_texts(session, new, now=now)
    _come_back(session, new, now)
    session.commit()
    return changed


def versions(session: Session, kind: WordingKind, languages: Collection[str] = ()) -> list[Version]:
    """Every text of a kind that visitors were ever shown, the newest first in each language.

    Answers are those that reports count; a question's come from the roll-up, a disclaimer's from
    an index of the answers, which keep whether it was acknowledged.
    """
    query = select(WordingRow).filter_by(kind=kind)
    if languages:
        query = query.where(WordingRow.language.in_(languages))
    rows = session.scalars(
        query.order_by(WordingRow.language, WordingRow.current_since.desc(), WordingRow.id.desc())
    ).all()
    is_question = kind is WordingKind.QUESTION
    counts = _question_counts(session) if is_question else _readers(session, [r.id for r in rows])
    return [
        Version(
            id=row.id,
            language=row.language,
            text=row.text,
            sha256=row.sha256,
            first_shown=row.first_shown,
            current_since=row.current_since,
            answers=counts.get(row.id, (0, 0))[0],
            acknowledged=counts.get(row.id, (0, 0))[1],
        )
        for row in rows
    ]


def text_of(session: Session, kind: WordingKind, sha256: str) -> str | None:
    """The text with this digest, if it was ever on the pages."""
    return session.scalar(select(WordingRow.text).filter_by(kind=kind, sha256=sha256))


def _newest(session: Session) -> dict[TextPlace, WordingChange]:
    newest = select(func.max(WordingChange.id)).group_by(
        WordingChange.kind, WordingChange.language, WordingChange.provider
    )
    rows = session.scalars(select(WordingChange).where(WordingChange.id.in_(newest)))
    return {
        TextPlace(kind=row.kind, language=row.language, provider=row.provider): row for row in rows
    }


def _come_back(session: Session, texts: Iterable[ShownText], now: datetime) -> None:
    """Texts that are on the pages again, from now on."""
    for text in texts:
        row = session.scalar(select(WordingRow).filter_by(kind=text.kind, sha256=digest(text.text)))
        if row is not None:
            row.current_since = now


def _question_counts(session: Session) -> dict[int, tuple[int, int]]:
    query = (
        select(DailyCount.question_id, func.sum(DailyCount.answers))
        .where(DailyCount.state.in_(REPORTED))
        .group_by(DailyCount.question_id)
    )
    return {number: (int(answers), 0) for number, answers in session.execute(query)}


def _readers(session: Session, disclaimers: Collection[int]) -> dict[int, tuple[int, int]]:
    acknowledged = func.sum(case((Response.disclaimer_acknowledged.is_(True), 1), else_=0))
    query = (
        select(Response.disclaimer_id, func.count(), acknowledged)
        .where(Response.disclaimer_id.in_(disclaimers), Response.state.in_(REPORTED))
        .group_by(Response.disclaimer_id)
    )
    return {
        number: (int(answers), int(ticked)) for number, answers, ticked in session.execute(query)
    }
