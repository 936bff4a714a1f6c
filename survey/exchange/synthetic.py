"""Made-up answers for load tests and benchmarks: plausible in their proportions, about nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from survey.exchange.export import ExportedAnswer
from survey.ratings import Channel, SpamReason, State, Translation, Wording

ARTICLES = 400
ENGINE = "made-up-engine"
# Weights of the levels 1 to 5.
LIKED = (4, 6, 15, 40, 35)
LESS_LIKED = (10, 14, 22, 34, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many answers, over which days, both included; the same seed makes the same answers."""

    number: int
    first: date
    last: date
    seed: int


def any_article(random: Random, _day: date) -> str:
    """One of the made-up articles, each as likely as the others on every day."""
    return f"made-up-{random.randrange(ARTICLES) + 1}"


def made_up(
    plan: Plan,
    wordings: Mapping[str, Wording],
    organisation: Callable[[str], str],
    article_of: Callable[[Random, date], str] = any_article,
) -> Iterator[ExportedAnswer]:
    """The answers in the order of their days, as the years would have brought them.

    :param article_of: draws the article of an answer that is given under one.
    """
    random = Random(plan.seed)  # noqa: S311 -- repeatable on purpose, no secret depends on it
    days = (plan.last - plan.first).days + 1
    languages = tuple(wordings)
    disclaimers = {
        code: wording.disclaimer_text("argos", organisation(code))
        for code, wording in wordings.items()
    }
    for n in range(plan.number):
        day = plan.first + timedelta(days=n * days // plan.number)
        language = random.choices(languages, (5, 3, 4)[: len(languages)])[0]
        machine = language != languages[0] and random.random() < 0.6
        article = article_of(random, day) if random.random() < 0.8 else ""
        yield ExportedAnswer(
            nonce=f"made-up-{plan.seed}-{n:010}",
            answered_at=datetime.combine(day, time(12), tzinfo=UTC),
            day=day,
            rating=random.choices((1, 2, 3, 4, 5), LESS_LIKED if machine else LIKED)[0],
            state=State.COUNTED if random.random() < 0.97 else State.POSSIBLE_DUPLICATE,
            spam_reason=SpamReason.NONE,
            channel=Channel.PAGE if random.random() < 0.7 else Channel.EMBED,
            page=f"/{language}/articles/{article}" if article else f"/{language}/feedback",
            article=article,
            revision="",
            site_language=language,
            shown_language=language,
            source_language=languages[0] if machine else language,
            translation=Translation.MACHINE if machine else Translation.ORIGINAL,
            engine=ENGINE if machine else "",
            engine_version="1.0" if machine else "",
            engine_checksum="",
            question=wordings[language].question,
            disclaimer=disclaimers[language] if machine else "",
            disclaimer_acknowledged=False,
            comment="A made-up comment." if random.random() < 0.05 else "",
        )
