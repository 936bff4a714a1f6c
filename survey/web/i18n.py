"""The language of a page: chosen from the address, then the query, then the browser's wishes."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote, urlencode

from babel import Locale
from babel.dates import format_skeleton, format_time
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale

from survey.language_tags import language_code


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLanguage:
    """A language as a page needs it: BCP 47 tag, direction, and its name in itself."""

    tag: str
    direction: str
    name: str

    @classmethod
    def of(cls, code: str) -> PageLanguage:
        """The language with this code, for example `ar`."""
        locale = Locale.parse(code, sep="-")
        name = locale.get_display_name(locale) or code
        return cls(tag=code, direction=locale.text_direction, name=name.capitalize())


def init_app(app: Flask, languages: tuple[str, ...]) -> None:
    """Choose a language for each request and tell the templates about it."""
    known = {code: PageLanguage.of(code) for code in languages}

    def choose() -> str:
        if not has_request_context():
            return languages[0]
        first = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
        if first in known:
            return first
        asked = request.args.get("lang", "")
        if asked in known:
            return asked
        remembered = session.get("language", "") if request.path.startswith("/admin") else ""
        if remembered in known:
            return str(remembered)
        return request.accept_languages.best_match(languages, default=languages[0])

    Babel(
        app,
        locale_selector=choose,
        default_locale=languages[0],
        default_translation_directories="locales",
    )

    @app.context_processor
    def for_templates() -> dict[str, object]:
        return {
            "page_language": known[current_language(languages[0])],
            "language_links": [(lang, _same_page_in(lang.tag, known)) for lang in known.values()],
        }

    @app.template_global()
    def language(code: str) -> PageLanguage:
        return known.get(code) or PageLanguage.of(code)

    app.add_template_global(language_name)
    app.add_template_global(language_names)
    app.add_template_filter(day)
    app.add_template_filter(moment)


def current_language(default: str = "en") -> str:
    """The code of the language this request is answered in."""
    locale = get_locale()
    return str(locale.language) if locale else default


def language_name(code: str, *, inside: bool = False) -> str:
    """What the page's language calls a language: "Arabe" in French, `inside` a sentence "arabe".

    The code itself where it has no name, or a dash where there is no code.
    """
    name = code or "–"
    if language_code(code):
        name = (
            Locale.parse(code.replace("_", "-"), sep="-").get_display_name(get_locale() or "en")
            or code
        )
    return name if inside else name[:1].upper() + name[1:]


def language_names(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Languages to choose from, each with its name."""
    return [(code, language_name(code)) for code in codes]


def day(value: date) -> str:
    """A date for a table, in the order of the page's language, its month in letters."""
    return format_skeleton("yMMMd", value, locale=get_locale())


def moment(value: datetime) -> str:
    """A date and a time of day for a table; `value` is local time already."""
    pattern = (get_locale() or Locale("en")).datetime_formats["medium"]
    return str(pattern.format(format_time(value, "short", locale=get_locale()), day(value)))


def _same_page_in(code: str, languages: Container[str]) -> str:
    """Address of the page being shown, in another language."""
    _, first, *rest = request.path.split("/", 2)
    query = [(k, v) for k, v in request.args.items(multi=True) if k != "lang"]
    if first in languages:
        path = "/".join(["", code, *rest])
    else:
        path, query = request.path, [*query, ("lang", code)]
    return quote(path) + (f"?{urlencode(query)}" if query else "")
