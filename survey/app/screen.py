"""What an article's page showed, in the words of the survey."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from survey.ratings import Engine, Shown, Translation, Wording, digest
from translate.articles.reading import ArticleShown


def on_screen(
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
