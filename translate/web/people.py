"""The page on which people translate a text; the same address answers programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Request, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from translate.checks import Flag
from translate.detect import UNSURE, detect
from translate.errors import EngineBusy, TranslateError, UnknownLanguage, UnsupportedPair
from translate.languages import from_wire
from translate.results import Translated
from translate.service import TranslationService
from translate.web.forms import FormError, flag_words
from translate.web.gate import Gate
from translate.web.wire import AUTO, ApiError


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """The form as it is shown: what was typed and chosen, and what can be chosen."""

    text: str
    source: str
    target: str
    languages: tuple[str, ...]
    limit: int
    errors: tuple[FormError, ...] = ()


class TranslatePage:
    """Shows the form, and a text's translation under its disclaimer."""

    def __init__(
        self,
        service: TranslationService,
        session: Callable[[], Session],
        gate: Gate,
        text_limit: int,
        disclaimer: Callable[[str, bool], str],
    ) -> None:
        self._service = service
        self._session = session
        self._gate = gate
        self._limit = text_limit
        self._disclaimer = disclaimer

    def show(self, values: Mapping[str, Any]) -> ResponseReturnValue:
        """The empty form; languages may be given in the address."""
        return render_template("translate/translate.html", form=self._form(values), result=None)

    def answer(self, request: Request, values: Mapping[str, Any]) -> ResponseReturnValue:
        """The form again with the translation below it, or with what is wrong above it."""
        form = self._form(values)
        error = self._wrong(form)
        if error:
            return self._refused(form, error, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            self._gate.let_in(request, values, len(form.text))
            result, source = self._translated(form)
        except ApiError as problem:
            error = FormError(target="q", message=_("Please wait a moment and send again."))
            return self._refused(form, error, problem.status, problem.retry_after)
        except (UnknownLanguage, UnsupportedPair):
            message = _("There is no package for this pair of languages.")
            error = FormError(target="target", message=message)
            return self._refused(form, error, HTTPStatus.UNPROCESSABLE_ENTITY)
        except EngineBusy as busy:
            error = FormError(target="q", message=_("The translator is busy. Please send again."))
            return self._refused(form, error, HTTPStatus.SERVICE_UNAVAILABLE, busy.retry_after)
        except TranslateError:
            message = _("The text could not be translated just now. Nothing was lost.")
            error = FormError(target="q", message=message)
            return self._refused(form, error, HTTPStatus.INTERNAL_SERVER_ERROR)
        return render_template(
            "translate/translate.html",
            form=form,
            result=result,
            source=source,
            starter=next((p.version for p in result.packages if p.is_starter), ""),
            disclaimer=self._disclaimer(form.target, result.is_pivot),
            doubtful=[(s.target, _reasons(s.flags)) for s in result.segments if s.flags],
        )

    def _form(self, values: Mapping[str, Any]) -> PageForm:
        languages = tuple(language.code for language in self._service.languages())
        text = values.get("q")
        target = from_wire(str(values.get("target") or ""))
        others = [code for code in languages if code != "en"]
        return PageForm(
            text=text.replace("\r\n", "\n") if isinstance(text, str) else "",
            source=from_wire(str(values.get("source") or AUTO))[:20],
            target=target[:20] or (others[0] if others else ""),
            languages=languages,
            limit=self._limit,
        )

    def _wrong(self, form: PageForm) -> FormError | None:
        if not form.text.strip():
            return FormError(target="q", message=_("Enter a text to translate."))
        if len(form.text) > form.limit:
            message = _(
                "The text has %(n)s characters; shorten it to %(limit)s.",
                n=len(form.text),
                limit=form.limit,
            )
            return FormError(target="q", message=message)
        if form.source not in (AUTO, *form.languages):
            return FormError(target="source", message=_("Choose the language of the text."))
        if form.target not in form.languages:
            return FormError(target="target", message=_("Choose the language to translate into."))
        if not self._source(form):
            return FormError(target="source", message=_("Choose the language of the text."))
        return None

    def _translated(self, form: PageForm) -> tuple[Translated, str]:
        source = self._source(form)
        done = self._service.translate([form.text], source, form.target, session=self._session())
        return done[0], source

    def _source(self, form: PageForm) -> str:
        """What the text is read as; nothing where it is in no language of the packages.

        Read as English it would become something made up.
        """
        if form.source != AUTO:
            return form.source
        found = detect(form.text, form.languages)[0]
        return found.language or ("" if found.confidence >= UNSURE else "en")

    def _refused(
        self, form: PageForm, error: FormError, status: HTTPStatus, retry_after: int | None = None
    ) -> ResponseReturnValue:
        shown = PageForm(
            text=form.text,
            source=form.source,
            target=form.target,
            languages=form.languages,
            limit=form.limit,
            errors=(error,),
        )
        page = render_template("translate/translate.html", form=shown, result=None)
        return page, int(status), {"Retry-After": str(retry_after)} if retry_after else {}


def _reasons(flags: tuple[Flag, ...]) -> list[str]:
    """What the checks found, in the reader's language."""
    words = flag_words()
    return [words[flag] for flag in flags]
