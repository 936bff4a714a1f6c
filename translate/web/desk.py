"""Answers the API's requests that were read already, in LibreTranslate's shapes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from sqlalchemy.orm import Session

from translate.detect import UNSURE, Detection, detect
from translate.errors import UnsupportedPair
from translate.keys import has_keys
from translate.languages import name_of, to_wire
from translate.results import Translated, engine_checksum, engine_name, engine_version
from translate.service import TranslationService
from translate.web.wire import AUTO, TranslationRequest


class Desk:
    """Translates and describes; knows no request of the web."""

    def __init__(
        self,
        service: TranslationService,
        session: Callable[[], Session],
        text_limit: int,
        disclaimer: Callable[[str, bool], str],
        files: list[str],
    ) -> None:
        self.files = files
        self.service = service
        self.session = session
        self.text_limit = text_limit
        self.disclaimer = disclaimer

    def detect(self, text: str) -> list[Detection]:
        """The likely languages of a text among those of the packages, best first."""
        return detect(text, [language.code for language in self.service.languages()])

    def translate(self, asked: TranslationRequest) -> dict[str, Any]:
        """The body of `/translate`'s answer.

        :raise TranslateError: when languages, models or queue refuse.
        """
        detected = [self._likeliest(t, asked) for t in asked.texts] if asked.source == AUTO else []
        sources = [_read_as(d, asked.target) for d in detected] or [asked.source] * len(asked.texts)
        results, others = self._results(asked, sources)
        answer: dict[str, Any] = {
            "translatedText": _shaped(asked, [r.text for r in results]),
            "disclaimer": self.disclaimer(asked.target, any(r.is_pivot for r in results)),
        }
        if asked.alternatives:
            answer["alternatives"] = _shaped(asked, others)
        if asked.source == AUTO:
            answer["detectedLanguage"] = _shaped(asked, [described(d) for d in detected])
        if asked.detail:
            answer["detail"] = _shaped(asked, [detailed(r) for r in results])
        return answer

    def _likeliest(self, text: str, asked: TranslationRequest) -> Detection:
        """The language of a text; of those it might be in, one that can be translated from."""
        found = self.detect(text)
        if found[0].confidence >= UNSURE:
            return found[0]
        return next((d for d in found if d.language and self._leads(d, asked)), found[0])

    def _leads(self, detection: Detection, asked: TranslationRequest) -> bool:
        try:
            self.service.route(detection.language, asked.target)
        except UnsupportedPair:
            return False
        return True

    def _results(
        self, asked: TranslationRequest, sources: list[str]
    ) -> tuple[list[Translated], list[list[str]]]:
        """Translations and alternatives; a request is refused before it is begun or not at all."""
        is_one_call = not asked.alternatives and len(set(sources)) == 1
        with nullcontext() if is_one_call else self.service.engine.turn():
            results = self._translate(asked, sources)
            others = self._alternatives(asked, sources, results) if asked.alternatives else []
        return results, others

    def _translate(self, asked: TranslationRequest, sources: list[str]) -> list[Translated]:
        """Texts of one language together; the results in the order of the request."""
        self._refuse_wayless(asked, sources)
        results: dict[int, Translated] = {}
        for source in dict.fromkeys(sources):
            places = [i for i, s in enumerate(sources) if s == source]
            done = self.service.translate(
                [asked.texts[i] for i in places],
                source,
                asked.target,
                session=self.session(),
                html=asked.html,
            )
            results |= dict(zip(places, done, strict=True))
        return [results[i] for i in range(len(asked.texts))]

    def _refuse_wayless(self, asked: TranslationRequest, sources: list[str]) -> None:
        """Before anything is translated: of a list the error names the text."""
        for number, source in enumerate(sources, 1):
            try:
                self.service.route(source, asked.target)
            except UnsupportedPair as error:
                if asked.source != AUTO or not asked.is_list:
                    raise
                raise UnsupportedPair(f"Text {number} of q: {error}") from error

    def _alternatives(
        self, asked: TranslationRequest, sources: list[str], results: list[Translated]
    ) -> list[list[str]]:
        if asked.html:
            return [[] for _ in results]
        found = []
        for text, source, result in zip(asked.texts, sources, results, strict=True):
            others = self.service.alternatives(
                text, source, asked.target, asked.alternatives + 1, session=self.session()
            )
            found.append([o for o in others if o != result.text][: asked.alternatives])
        return found

    def frontend_settings(self) -> dict[str, Any]:
        """The body of `/frontend/settings`."""
        languages = {language.code: language for language in self.service.languages()}
        targets = next(iter(languages.values())).targets if languages else ()
        if "en" in languages:
            targets = languages["en"].targets
        target = next((t for t in targets if t != "en"), "en")
        return {
            "apiKeys": has_keys(self.session()),
            "charLimit": self.text_limit,
            "filesTranslation": bool(self.files),
            "frontendTimeout": 500,
            "keyRequired": False,
            "language": {
                "source": {"code": AUTO, "name": "Auto Detect"},
                "target": {"code": to_wire(target), "name": name_of(target)},
            },
            "suggestions": True,
            "supportedFilesFormat": self.files,
        }


def _read_as(detection: Detection, target: str) -> str:
    """The language a text is translated from; one in no language of ours stays as it is.

    Read as English it would become something made up.
    """
    return detection.language or (target if detection.confidence >= UNSURE else "en")


def _shaped(asked: TranslationRequest, values: list[Any]) -> Any:
    return values if asked.is_list else values[0]


def described(found: Detection) -> dict[str, Any]:
    """A detection as clients read it."""
    return {"confidence": found.confidence, "language": to_wire(found.language) or "other"}


def detailed(result: Translated, *, offsets: bool = True) -> dict[str, Any]:
    """Where each sentence comes from, and what made it.

    :param offsets: say where it stands in the texts; in the bytes of a document it means nothing.
    """
    return {
        "segments": [
            {
                "source": s.source,
                "target": s.target,
                "sourceOffset": [s.start, s.end] if offsets and s.start is not None else None,
                "targetOffset": [s.target_start, s.target_end] if offsets else None,
                "origin": s.provenance.value,
                "flags": list(s.flags),
            }
            for s in result.segments
        ],
        "flags": list(result.flags),
        "engine": engine_name(result.packages),
        "version": engine_version(result.packages),
        "checksum": engine_checksum(result.packages) if result.packages else "",
        "starter": any(p.is_starter for p in result.packages),
        "pivot": result.is_pivot,
        "packages": [
            {
                "source": to_wire(p.from_code),
                "target": to_wire(p.to_code),
                "version": p.version,
                "checksum": p.checksum,
            }
            for p in result.packages
        ],
    }
