"""Answers and comments that nobody gave, for pictures of pages that would be empty without."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from survey.answering.answers import record
from survey.answering.arrivals import arrival
from survey.answering.sightings import Sightings
from survey.answering.tokens import Submission
from survey.answering.visitors import Visitor
from survey.db import Database
from survey.ratings import (
    Engine,
    Rating,
    Shown,
    SpamReason,
    Translation,
    Wording,
    digest,
    read_wording,
)
from survey.settings import Settings

LANGUAGES = ("en", "fr", "ar")
ARTICLES = (
    "delegation-from-almaty-visits-the-institute",
    "teacher-training-workshop-in-amman",
    "khan-of-the-weavers-reopens",
)
REVIEWED = ARTICLES[2]
ANSWERS = 2400
DAYS = 120
VIEWS_AN_ANSWER = 12
# Of 100 readers of an original or reviewed text, and of a machine's, how many choose each level.
CONTENT, LESS_CONTENT = (5, 8, 15, 40, 32), (12, 17, 21, 32, 18)
COMMENTS = {
    "en": (
        "Clear and well written, thank you.",
        "The photographs take long to load on my phone.",
        "I could not find the date of the workshop anywhere on the page.",
    ),
    "fr": (
        "Très bon article, merci.",
        "La traduction du titre est étrange.",
        "On ne trouve pas l’adresse de l’exposition.",
    ),
    "ar": (
        "شكرا جزيلا، المقال مفيد.",
        "الترجمة غير واضحة في الفقرة الثانية.",
        "أرجو إضافة رابط للتسجيل.",
    ),
}


def answer_everything(settings: Settings) -> None:
    """Answers of the last four months, one in six with a comment, and the views they came from."""
    chance, now = random.Random(7), datetime.now(UTC)  # noqa: S311 -- no secret hangs on it
    wordings, sightings = read_wording(), Sightings(settings.zone)
    moments = sorted(
        now - timedelta(days=chance.randint(0, DAYS), minutes=chance.randint(0, 900))
        for _ in range(ANSWERS)
    )
    database = Database(settings.database_url)
    with database.scope() as session:
        for number, moment in enumerate(moments):
            language = chance.choices(LANGUAGES, (4, 3, 3))[0]
            shown = _screen(language, chance.choice(ARTICLES), wordings[language])
            for view in range(VIEWS_AN_ANSWER):
                sightings.count(shown, f"made-up-{number}-{view}", now=moment)
            weights = LESS_CONTENT if shown.translation is Translation.MACHINE else CONTENT
            comment = chance.choice(COMMENTS[language]) if chance.random() < 1 / 6 else ""
            rating = Rating(level=chance.choices((1, 2, 3, 4, 5), weights)[0], comment=comment)
            submission = Submission(shown=shown, nonce=f"made-up-{number}", issued_at=moment)
            # A few from one office: the second of a day is a possible duplicate.
            visitor = Visitor(address="192.0.2.1", agent="") if chance.random() < 0.05 else None
            record(
                session,
                arrival(
                    rating,
                    submission,
                    now=moment,
                    zone=settings.zone,
                    visitor=visitor,
                    spam=SpamReason.TOO_QUICK if chance.random() < 0.01 else SpamReason.NONE,
                ),
            )
    sightings.flush(database.session)
    database.close()


def _screen(language: str, article: str, wording: Wording) -> Shown:
    """An article as it stood on a screen in a language."""
    how = Translation.MACHINE
    if language == "en":
        how = Translation.ORIGINAL
    elif article == REVIEWED:
        how = Translation.REVIEWED
    machine = how is Translation.MACHINE
    return Shown(
        page=f"/{language}/articles/{article}",
        article=article,
        site_language=language,
        shown_language=language,
        source_language="en",
        translation=how,
        question=digest(wording.question),
        engine=Engine(name=f"argos en-{language}", version="0.4") if machine else None,
    )
