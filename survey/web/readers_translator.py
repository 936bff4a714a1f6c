"""A page that a translator in the reader's browser has changed: by whom, and under what note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from survey.language_tags import language_code
from survey.ratings import Engine, Shown, Translation, digest
from survey.web.desk import FeedbackSettings

# What the scripts may say: Google's widget and Chrome, and any other browser's own.
TRANSLATORS = ("google", "browser")


def as_translated(shown: Shown, settings: FeedbackSettings, said: Mapping[str, str]) -> Shown:
    """What is on the screen once the fields `translator` and `language` are what a script says.

    The question stands in the language of the translation where the site has it, else where it
    stood. Without a translator it is the screen as the server made it, with today's question.

    :param shown: what the server put on the page.
    """
    translator = said.get("translator", "")
    if translator not in TRANSLATORS:
        return _asked_today(shown, settings)
    code = language_code(said.get("language", "")) or shown.shown_language
    language = code if code in settings.languages else shown.site_language
    shown = _asked_today(replace(shown, site_language=language, shown_language=code), settings)
    text = settings.wordings[shown.site_language].disclaimer_text(
        translator, settings.organisation(shown.site_language)
    )
    return replace(
        shown,
        translation=Translation.THIRD_PARTY,
        engine=Engine(name=translator),
        disclaimer=digest(text),
    )


def disclaimer_of(shown: Shown, settings: FeedbackSettings) -> str:
    """The note about the reader's own translator, in words; empty where there is none."""
    if shown.translation is not Translation.THIRD_PARTY or shown.engine is None:
        return ""
    language = shown.site_language
    wording = settings.wordings[language]
    return wording.disclaimer_text(shown.engine.name, settings.organisation(language))


def _asked_today(shown: Shown, settings: FeedbackSettings) -> Shown:
    """The same screen with today's question; in the site's first language if its own went."""
    languages = settings.languages
    language = shown.site_language if shown.site_language in languages else languages[0]
    question = digest(settings.wordings[language].question)
    return replace(shown, site_language=language, question=question)
