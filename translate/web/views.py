"""The pages of the articles: the list, and an article in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from markupsafe import Markup
from sqlalchemy.orm import Session

from translate.articles.reading import (
    ArticleShown,
    ReadArticle,
    TextKind,
    list_articles,
    read_article,
)
from translate.languages import direction

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PAGE = re.compile(r"[1-9]\d{0,5}")
# A reader's own choice to see an article as it was written, whatever the page's language.
ORIGINAL = "original"


def blueprint(
    *,
    session: Callable[[], Session],
    wording: Callable[[str], Any],
    organisation: Callable[[str], str],
    languages: tuple[str, ...],
    feedback_box: Callable[[ArticleShown], Markup],
) -> Blueprint:
    """The articles' public pages.

    :param wording: the texts of a language, with `disclaimer_text(provider, organisation)`,
        `reviewed` (of organisation and date) and `starter` (of version).
    :param organisation: the institution's name in a language.
    :param feedback_box: the survey's box for what is on the screen, as HTML.
    """
    bp = Blueprint("articles", __name__)
    bp.add_app_template_global(direction, "text_direction")

    views = ArticleViews(
        session=session,
        wording=wording,
        organisation=organisation,
        languages=languages,
        feedback_box=feedback_box,
    )
    # Any other first part is another room's address, or no address at all.
    prefix = f"/<any({', '.join(languages)}):lang>"
    bp.get(f"{prefix}/")(views.index)
    bp.get(f"{prefix}/articles/<slug>")(views.article)
    return bp


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleViews:
    """The views of the articles."""

    session: Callable[[], Session]
    wording: Callable[[str], Any]
    organisation: Callable[[str], str]
    languages: tuple[str, ...]
    feedback_box: Callable[[ArticleShown], Markup]

    def index(self, lang: str) -> ResponseReturnValue:
        """The articles, newest first."""
        asked = request.args.get("page", "1")
        if not _PAGE.fullmatch(asked):
            abort(404)
        found = list_articles(self.session(), lang, page=int(asked))
        if found.page > found.pages:
            abort(404)
        return render_template("translate/list.html", found=found)

    def article(self, lang: str, slug: str) -> ResponseReturnValue:
        """One article, translated where there is a translation, with what is said of it."""
        original = request.args.get("text") == ORIGINAL
        found = None
        if _SLUG.fullmatch(slug):
            found = read_article(self.session(), slug, lang, original=original)
        if found is None:
            abort(404)
        return render_template(
            "translate/article.html",
            article=found,
            notes=_notes(found, self.wording(lang), self.organisation(lang)),
            original_link=_original_link(found, lang, self.languages),
            alternates=[
                (code, url_for("articles.article", lang=code, slug=slug))
                for code in self.languages
                if code in found.languages
            ],
            feedback_box=self.feedback_box(_shown(found, lang)),
        )


def _shown(article: ReadArticle, site_language: str) -> ArticleShown:
    return ArticleShown(
        slug=article.slug,
        revision=article.revision,
        site_language=site_language,
        shown_language=article.language,
        source_language=article.source_language,
        translation=article.kind.value,
        engine=article.engine,
        disclaimer_shown=article.kind is TextKind.MACHINE,
    )


def _notes(article: ReadArticle, texts: Any, organisation: str) -> list[str]:
    """What stands above a translated text, in the reader's language."""
    if article.kind is TextKind.MACHINE:
        notes = [texts.disclaimer_text("argos", organisation)]
        if article.engine and article.engine.is_pivot:
            notes.append(texts.pivot)
        if article.engine and article.engine.is_starter:
            notes.append(texts.starter.format(version=article.engine.version))
        return notes
    if article.kind is TextKind.REVIEWED and article.reviewed_at:
        day = format_date(article.reviewed_at, "long")
        return [texts.reviewed.format(organisation=organisation, date=day)]
    return []


def _original_link(article: ReadArticle, site_language: str, languages: tuple[str, ...]) -> str:
    """Where the original can be read: on its own language's page, if the site has one."""
    source = article.source_language
    if source in languages:
        return url_for("articles.article", lang=source, slug=article.slug)
    return url_for("articles.article", lang=site_language, slug=article.slug, text=ORIGINAL)
