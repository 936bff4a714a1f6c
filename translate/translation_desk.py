"""An article's translation on an editor's screen: translated, corrected, published, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from translate.checks import Flag
from translate.corrections import withdraw_translation
from translate.editing import (
    Intent,
    Merged,
    OpenTranslation,
    TranslationChanged,
    Typed,
    filled,
    fingerprint,
    merged,
    open_translation,
    restore_translation,
    row_flags,
    save_translation,
)
from translate.errors import (
    ArticleError,
    EngineBusy,
    TranslateError,
    UnknownLanguage,
    UnsupportedPair,
)
from translate.forms import Form, Office, flag_words
from translate.publication import translate_article
from translate.service import TranslationService
from translate.sheet import Sheet

_DONE = {Intent.SAVE: "corrected", Intent.REVIEW: "reviewed", Intent.PUBLISH: "published"}
_MOST_ROWS = 5_000


def add_routes(
    bp: Blueprint,
    office: Office,
    service: TranslationService,
    states: Mapping[str, Any],
    *,
    longest: int,
) -> None:
    """`/<slug>/<language>` and what can be done there."""

    def opened(slug: str, language: str) -> OpenTranslation:
        if language not in office.languages:
            abort(404)
        try:
            return open_translation(office.session(), slug, language)
        except ArticleError:
            abort(404)

    def page(
        found: OpenTranslation,
        sheet: Sheet,
        form: Form,
        merges: Sequence[Merged] = (),
        lost: Sequence[str] = (),
    ) -> str:
        words = flag_words()
        shown = found if sheet is found.sheet else None
        flags: Sequence[Sequence[Flag]] = row_flags(office.session(), found) if shown else ()
        return render_template(
            "admin/translation.html",
            found=found,
            rows=sheet.rows,
            shape=",".join(map(str, sheet.shape)),
            was=[fingerprint(row.target) for row in found.sheet.shaped(sheet.shape).rows],
            flags=[[words[f] for f in some] for some in flags],
            merges=merges,
            lost="\n\n".join(lost),
            form=form,
            states=states,
        )

    @bp.get("/<slug>/<language>")
    def translation(slug: str, language: str) -> ResponseReturnValue:
        found = opened(slug, language)
        return page(found, found.sheet, Form(typed={}))

    @bp.post("/<slug>/<language>")
    def save(slug: str, language: str) -> ResponseReturnValue:
        asked, typed = request.form.get("action", ""), _typed()
        opened(slug, language)
        intent = next((i for i in Intent if i == asked), Intent.SAVE)
        try:
            count = save_translation(
                office.session(),
                slug,
                language,
                typed,
                intent,
                by=office.who(),
                now=datetime.now(UTC),
            )
        except TranslationChanged:
            return _changed(opened(slug, language), typed)
        except ArticleError:
            form = Form(typed={})
            form.refuse("row-0", _("A translation needs a title and a text."))
            found = opened(slug, language)
            return page(found, filled(found, typed), form), 422
        office.audit(f"translation {_DONE[intent]}", f"{slug} ({language})")
        learned = ngettext(
            "Saved. %(num)s sentence is now remembered and helps the next texts.",
            "Saved. %(num)s sentences are now remembered and help the next texts.",
            count,
        )
        flash(learned if count else _("Saved."))
        return redirect(url_for(".translation", slug=slug, language=language), 303)

    def _changed(found: OpenTranslation, typed: Typed) -> ResponseReturnValue:
        """Both editors' work on one page; nothing is stored until the form is sent again."""
        form = Form(typed={})
        try:
            sheet, merges = merged(found, typed)
        except TranslationChanged:
            form.refuse(
                "typed",
                _("The article itself was changed meanwhile. What you typed is kept below."),
            )
            return page(found, found.sheet, form, lost=typed.targets), 422
        form.refuse(
            "row-0",
            _(
                "Somebody else saved this translation meanwhile. Nothing you "
                "typed is lost: look at the marked sentences and save again."
            ),
        )
        for number, row in enumerate(merges):
            if row.theirs:
                form.refuse(f"row-{number}", _("Sentence %(n)s: you both changed it.", n=number))
            elif row.taken_over:
                form.refuse(
                    f"row-{number}", _("Sentence %(n)s: the other's text was taken over.", n=number)
                )
        return page(found, sheet.filled([row.target for row in merges]), form, merges), 422

    @bp.post("/<slug>/<language>/translate")
    def translate(slug: str, language: str) -> ResponseReturnValue:
        found = opened(slug, language)
        form = Form(typed={})
        try:
            translate_article(
                office.session(), service, slug, language, longest=longest, now=datetime.now(UTC)
            )
        except (UnknownLanguage, UnsupportedPair):
            form.refuse(
                "translate",
                _(
                    "No package translates %(pair)s. An administrator can install one, or you can "
                    "write the translation here.",
                    pair=f"{found.source_language} → {language}",
                ),
            )
        except EngineBusy:
            form.refuse("translate", _("The translator is busy. Please send again."))
        except ArticleError:
            form.refuse(
                "row-0",
                _(
                    "This cannot be translated here: the article is too long, "
                    "or a person's translation is there already."
                ),
            )
        except TranslateError:
            message = _("The text could not be translated just now. Nothing was lost.")
            form.refuse("translate", message)
        if form.errors:
            return page(found, found.sheet, form), 422
        office.audit("article translated", f"{slug} ({language})")
        flash(_("The article was translated."))
        return redirect(url_for(".translation", slug=slug, language=language), 303)

    @bp.post("/<slug>/<language>/withdraw")
    def withdraw(slug: str, language: str) -> ResponseReturnValue:
        opened(slug, language)
        try:
            withdraw_translation(office.session(), slug, language)
        except ArticleError:
            abort(404)
        office.audit("translation withdrawn", f"{slug} ({language})")
        flash(_("Readers no longer see this translation."))
        return redirect(url_for(".translation", slug=slug, language=language), 303)

    @bp.post("/<slug>/<language>/restore")
    def restore(slug: str, language: str) -> ResponseReturnValue:
        opened(slug, language)
        try:
            restore_translation(office.session(), slug, language)
        except ArticleError:
            flash(_("This translation is not withdrawn."))
        else:
            office.audit("translation restored", f"{slug} ({language})")
            flash(_("Readers see this translation again."))
        return redirect(url_for(".translation", slug=slug, language=language), 303)


def _typed() -> Typed:
    """What the form brings; a shape that is none is told apart later, with the text kept."""
    sizes = request.form.get("shape", "").split(",")[:_MOST_ROWS]
    return Typed(
        version=request.form.get("version", ""),
        revision=request.form.get("revision", ""),
        shape=tuple(int(s) if s.isascii() and s.isdigit() and len(s) < 6 else 0 for s in sizes),
        targets=tuple(request.form.getlist("target")),
        was=tuple(request.form.getlist("was")),
    )
