"""An article's translation on an editor's screen: translated, corrected, published, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from translate.articles.article_list import MISSING
from translate.articles.corrections import withdraw_translation
from translate.articles.editing import (
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
from translate.articles.publication import translate_article
from translate.articles.sheet import Sheet
from translate.checks import Flag
from translate.errors import (
    ArticleError,
    EngineBusy,
    TranslateError,
    UnknownLanguage,
    UnsupportedPair,
)
from translate.service import TranslationService
from translate.web.forms import Form, Office, flag_words

STATES: Mapping[str, Any] = {
    "machine": _l("Machine translation"),
    "reviewed": _l("Reviewed"),
    "published": _l("Published"),
    "withdrawn": _l("Withdrawn"),
    "stale": _l("Out of date"),
    MISSING: _l("Not translated"),
}
_DONE = {Intent.SAVE: "corrected", Intent.REVIEW: "reviewed", Intent.PUBLISH: "published"}
_SAID: Mapping[Intent, Any] = {
    Intent.SAVE: _l("Saved."),
    Intent.REVIEW: _l("Saved as reviewed."),
    Intent.PUBLISH: _l("Saved and published."),
}
_MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationDesk:
    """The views of an article in one language.

    `longest` is how many characters of an article are translated while the editor waits.
    """

    office: Office
    service: TranslationService
    longest: int

    def translation(self, slug: str, language: str) -> ResponseReturnValue:
        """The translation beside its original, sentence by sentence, in a form."""
        found = self._opened(slug, language)
        return self._page(found, found.sheet, Form(typed={}))

    def save(self, slug: str, language: str) -> ResponseReturnValue:
        """The translation as the editor typed it, unless somebody else saved it meanwhile."""
        intent = next((i for i in Intent if i == request.form.get("action", "")), Intent.SAVE)
        typed = _typed()
        session, by, now = self.office.session(), self.office.who(), datetime.now(UTC)
        self._known(language)
        try:
            open_translation(session, slug, language)
        except ArticleError:
            return _removed("\n\n".join(typed.targets)), 404
        try:
            count = save_translation(session, slug, language, typed, intent, by=by, now=now)
        except TranslationChanged:
            return self._changed(self._opened(slug, language), typed)
        except ArticleError:
            form = Form(typed={})
            form.refuse("row-0", _("A translation needs a title and a text."))
            found = self._opened(slug, language)
            return self._page(found, filled(found, typed), form), 422
        learned = ngettext(
            "%(num)s sentence is now remembered and helps the next texts.",
            "%(num)s sentences are now remembered and help the next texts.",
            count,
        )
        said = f"{_SAID[intent]} {learned if count else ''}".strip()
        return self._done(f"translation {_DONE[intent]}", slug, language, said)

    def translate(self, slug: str, language: str) -> ResponseReturnValue:
        """The article translated by the machine, while the editor waits."""
        found = self._opened(slug, language)
        session, now = self.office.session(), datetime.now(UTC)
        try:
            translate_article(session, self.service, slug, language, longest=self.longest, now=now)
        except TranslateError as error:
            form = Form(typed={})
            form.refuse(*_refusal(error, found))
            return self._page(found, found.sheet, form), 422
        return self._done("article translated", slug, language, _("The article was translated."))

    def withdraw(self, slug: str, language: str) -> ResponseReturnValue:
        """The translation hidden from readers."""
        self._opened(slug, language)
        try:
            withdraw_translation(self.office.session(), slug, language)
        except ArticleError:
            abort(404)
        said = _("Readers no longer see this translation.")
        return self._done("translation withdrawn", slug, language, said)

    def restore(self, slug: str, language: str) -> ResponseReturnValue:
        """A translation that was withdrawn, shown to readers again."""
        self._opened(slug, language)
        try:
            restore_translation(self.office.session(), slug, language)
        except ArticleError:
            flash(_("This translation is not withdrawn."))
            return _back(slug, language)
        said = _("Readers see this translation again.")
        return self._done("translation restored", slug, language, said)

    def _known(self, language: str) -> None:
        if language not in self.office.languages:
            abort(404)

    def _opened(self, slug: str, language: str) -> OpenTranslation:
        self._known(language)
        try:
            return open_translation(self.office.session(), slug, language)
        except ArticleError:
            abort(404)

    def _page(
        self,
        found: OpenTranslation,
        sheet: Sheet,
        form: Form,
        merges: Sequence[Merged] = (),
        lost: Sequence[str] = (),
    ) -> str:
        words = flag_words()
        shown = found if sheet is found.sheet else None
        flags: Sequence[Sequence[Flag]] = ()
        if shown:
            flags = row_flags(self.office.session(), found)
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
            states=STATES,
        )

    def _changed(self, found: OpenTranslation, typed: Typed) -> ResponseReturnValue:
        """Both editors' work on one page; nothing is stored until the form is sent again."""
        form = Form(typed={})
        try:
            sheet, merges = merged(found, typed)
        except TranslationChanged:
            form.refuse(
                "typed",
                _("The article itself was changed meanwhile. What you typed is kept below."),
            )
            return self._page(found, found.sheet, form, lost=typed.targets), 422
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
        return self._page(found, sheet.filled([row.target for row in merges]), form, merges), 422

    def _done(self, action: str, slug: str, language: str, said: str) -> ResponseReturnValue:
        self.office.audit(action, f"{slug} ({language})")
        flash(said)
        return _back(slug, language)


def _removed(kept: str) -> str:
    return render_template(
        "admin/removed.html",
        heading=_("This article was removed meanwhile"),
        explanation=_(
            "Its translation cannot be saved any more. What you typed stands here, so that you can "
            "copy it."
        ),
        button=_("All articles"),
        kept=kept,
    )


def _back(slug: str, language: str) -> ResponseReturnValue:
    return redirect(url_for(".translation", slug=slug, language=language), 303)


def _refusal(error: TranslateError, found: OpenTranslation) -> tuple[str, str]:
    """Why the machine did not translate: the field it is said at, and the words."""
    if isinstance(error, UnknownLanguage | UnsupportedPair):
        return "translate", _(
            "No package translates %(pair)s. An administrator can install one, or you can "
            "write the translation here.",
            pair=f"{found.source_language} → {found.language}",
        )
    if isinstance(error, EngineBusy):
        return "translate", _("The translator is busy. Please send again.")
    if isinstance(error, ArticleError):
        return "row-0", _(
            "This cannot be translated here: the article is too long, "
            "or a person's translation is there already."
        )
    return "translate", _("The text could not be translated just now. Nothing was lost.")


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
