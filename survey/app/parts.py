"""What the pages of an application share, made once for each application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import g, has_app_context
from sqlalchemy.orm import Session

from survey.answering.limits import Buckets
from survey.answering.sightings import Sightings
from survey.db import Database, DatabaseError
from survey.metrics import Metrics
from survey.ratings import Wording
from survey.settings import Settings
from survey.wordings import Wordings, WordingStore
from translate.service import TranslationService


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts, wired; `session` gives the session of the request that is being answered."""

    settings: Settings
    database: Database
    store: WordingStore
    translation: TranslationService
    sightings: Sightings
    buckets: Buckets
    session: Callable[[], Session]
    metrics: Metrics = field(default_factory=Metrics)
    wordings: Wordings = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wordings", Wordings(lambda: _held_still(self.store)))

    def today(self) -> date:
        """The site's day."""
        return datetime.now(UTC).astimezone(self.settings.zone).date()

    def problems(self) -> dict[str, str]:
        """What keeps the service from doing its work, by part; empty when it can."""
        problems = {}
        try:
            self.database.check()
        except DatabaseError as error:
            problems["database"] = str(error)
        if not self.translation.pairs():
            problems["packages"] = (
                "No translation package is installed: run `rayak packages install`"
            )
        elif self.translation.warm_up.is_running:
            problems["models"] = "The translation models are being loaded"
        return problems


def _held_still(store: WordingStore) -> Mapping[str, Wording]:
    """The wordings of this request: the question on its page is the one its token names."""
    if not has_app_context():
        return store.now()
    if "wordings" not in g:
        g.wordings = store.now()
    held: Mapping[str, Wording] = g.wordings
    return held
