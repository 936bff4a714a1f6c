"""The page of another website on which the box stands: who asks, and what is on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import request

from survey.language_tags import language_code
from survey.ratings import Channel, Shown, Translation, digest
from survey.web.desk import FeedbackSettings
from survey.web.readers_translator import as_translated

LONGEST_PAGE = 500


class PageRefused(ValueError):
    """The box stands on a page it cannot stand on; the message says why."""


def asking_origin(origins: tuple[str, ...]) -> str:
    """The website that asks.

    :raise PageRefused: for any that is not exactly one of `origins`.
    """
    origin = request.headers.get("Origin", "")
    if origin not in origins:
        raise PageRefused(
            f"{origin or 'a page without origin'} may not show this box; "
            "its operator can allow it with RAYAK_EMBED_ORIGINS"
        )
    return origin


def shown_on(
    settings: FeedbackSettings, origins: tuple[str, ...], said: Mapping[str, str]
) -> Shown:
    """What the script says is on the screen.

    :raise PageRefused: for a page of another origin, or an address that is none.
    """
    page = _page(said.get("page", ""), asking_origin(origins))
    language = site_language(settings, said.get("language", ""))
    made = Shown(
        page=page,
        site_language=language,
        shown_language=language_code(said.get("language", "")) or language,
        source_language=language_code(said.get("source", "")) or language,
        translation=Translation.ORIGINAL,
        question=digest(settings.wordings[language].question),
        channel=Channel.EMBED,
    )
    return as_translated(made, settings, said)


def _page(address: str, origin: str) -> str:
    """The page's address as it is stored: origin and path, nothing that tells who reads it."""
    try:
        parts = urlsplit(address)
        userinfo = parts.username or parts.password
    except ValueError as error:
        raise PageRefused("the page's address cannot be read") from error
    if f"{parts.scheme}://{parts.netloc}" != origin or userinfo:
        raise PageRefused(f"the page {address[:100]!r} is not of the origin {origin}")
    page = origin + (parts.path or "/")
    if not page.isprintable():
        raise PageRefused("the page's address holds control characters")
    if len(page) > LONGEST_PAGE:
        raise PageRefused(f"the page's address is longer than {LONGEST_PAGE} characters")
    return page


def site_language(settings: FeedbackSettings, tag: str) -> str:
    """The site's language for a page's language tag, such as ar for ar-MA; else the first."""
    code = language_code(tag)
    return code if code in settings.wordings else settings.languages[0]
