"""The translation API: LibreTranslate's addresses and answers, with more where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from translate import file_api, wire
from translate.detect import Detection, detect
from translate.errors import EngineBusy, EngineFailed, TranslateError
from translate.gate import Gate
from translate.keys import Key, has_keys, usage
from translate.languages import name_of, to_wire
from translate.results import Translated, engine_checksum, engine_name, engine_version
from translate.service import TranslationService
from translate.suggestions import keep_suggestion
from translate.wire import AUTO, ApiError, TranslationRequest

OPENAPI = Path(__file__).with_name("openapi.json")
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}


def blueprint(
    *,
    service: TranslationService,
    session: Callable[[], Session],
    text_limit: int,
    disclaimer: Callable[[str], str],
    wait: Callable[[str | None], float],
    key_wait: Callable[[int, int], float] = lambda _key, _per_minute: 0.0,
    files: Path | None = None,
) -> Blueprint:
    """The API's routes.

    :param text_limit: characters in one request.
    :param disclaimer: the disclaimer's text in a language, or in the site's first.
    :param wait: given the caller's address, 0.0 or the seconds to wait before the next request.
    :param key_wait: the same for a caller with a key, given its id and its requests a minute.
    :param files: folder for translated documents, for half an hour each; None refuses documents.
    """
    bp = Blueprint("api", __name__)
    _answer_errors(bp)
    desk = _Desk(service, session, text_limit, disclaimer, file_api.supported(files))

    gate = Gate(session, wait, key_wait)
    file_api.add_routes(bp, service, session, gate, text_limit, files)

    @bp.post("/translate")
    def translate() -> ResponseReturnValue:
        values = wire.read_values(request)
        asked = wire.read_translation(values, text_limit)
        gate.let_in(request, values, sum(map(len, asked.texts)))
        return jsonify(desk.translate(asked))

    @bp.post("/detect")
    def detection() -> ResponseReturnValue:
        values = wire.read_values(request)
        texts, is_list = wire.read_texts(values, text_limit)
        gate.let_in(request, values, 0)
        found = [[_detection(d) for d in desk.detect(t)] for t in texts]
        return jsonify(found if is_list else found[0])

    @bp.get("/usage")
    def used() -> ResponseReturnValue:
        key = gate.key_of(request, wire.read_values(request))
        if key is None:
            raise ApiError(HTTPStatus.FORBIDDEN, "Send your API key to see what it used")
        return jsonify(_usage(session(), key))

    @bp.get("/languages")
    def languages() -> ResponseReturnValue:
        return jsonify(
            [
                {
                    "code": to_wire(language.code),
                    "name": language.name,
                    "targets": [to_wire(t) for t in language.targets],
                }
                for language in service.languages()
            ]
        )

    @bp.get("/openapi.json")
    def openapi() -> ResponseReturnValue:
        return Response(OPENAPI.read_bytes(), mimetype="application/json")

    @bp.get("/frontend/settings")
    def frontend_settings() -> ResponseReturnValue:
        return jsonify(desk.frontend_settings())

    @bp.post("/suggest")
    def suggest() -> ResponseReturnValue:
        values = wire.read_values(request)
        texts, _ = wire.read_texts(values, text_limit)
        better = wire.text(values, "s")
        if len(better) > text_limit:
            raise wire.bad(f"Invalid request: s exceeds text limit ({text_limit})")
        source, target = wire.language(values, "source"), wire.language(values, "target")
        service.route(source, target)
        gate.let_in(request, values, 0)
        keep_suggestion(session(), source, target, texts[0], better, now=datetime.now(UTC))
        return jsonify(success=True)

    return bp


class _Desk:
    """Answers requests that were read already."""

    def __init__(
        self,
        service: TranslationService,
        session: Callable[[], Session],
        text_limit: int,
        disclaimer: Callable[[str], str],
        files: list[str],
    ) -> None:
        self.files = files
        self.service = service
        self.session = session
        self.text_limit = text_limit
        self.disclaimer = disclaimer

    def detect(self, text: str) -> list[Detection]:
        return detect(text, [language.code for language in self.service.languages()])

    def translate(self, asked: TranslationRequest) -> dict[str, Any]:
        detected = [self.detect(t)[0] for t in asked.texts] if asked.source == AUTO else []
        sources = [d.language or "en" for d in detected] or [asked.source] * len(asked.texts)
        results = self._translate(asked, sources)
        answer: dict[str, Any] = {
            "translatedText": _shaped(asked, [r.text for r in results]),
            "disclaimer": self.disclaimer(asked.target),
        }
        if asked.alternatives:
            answer["alternatives"] = _shaped(asked, self._alternatives(asked, sources, results))
        if asked.source == AUTO:
            answer["detectedLanguage"] = _shaped(asked, [_detection(d) for d in detected])
        if asked.detail:
            answer["detail"] = _shaped(asked, [_detail(r) for r in results])
        return answer

    def _translate(self, asked: TranslationRequest, sources: list[str]) -> list[Translated]:
        """Texts of one language together; the results in the order of the request."""
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


def _shaped(asked: TranslationRequest, values: list[Any]) -> Any:
    return values if asked.is_list else values[0]


def _detection(found: Detection) -> dict[str, Any]:
    return {"confidence": found.confidence, "language": to_wire(found.language) or "other"}


def _detail(result: Translated) -> dict[str, Any]:
    return {
        "segments": [
            {
                "source": s.source,
                "target": s.target,
                "sourceOffset": None if s.start is None else [s.start, s.end],
                "targetOffset": [s.target_start, s.target_end],
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
        "pivot": len(result.packages) > 1,
    }


def _usage(session: Session, key: Key) -> dict[str, Any]:
    since = datetime.now(UTC).date() - timedelta(days=30)
    return {
        "name": key.name,
        "charactersPerDay": key.characters_per_day,
        "requestsPerMinute": key.requests_per_minute,
        "days": [
            {"day": u.day.isoformat(), "requests": u.requests, "characters": u.characters}
            for u in usage(session, since=since, key_id=key.id)
        ],
    }


def _answer_errors(bp: Blueprint) -> None:
    """Errors as LibreTranslate words them: `{"error": "..."}` with the right status."""

    @bp.after_request
    def cors(response: Response) -> Response:
        for name, value in CORS.items():
            response.headers.setdefault(name, value)
        return response

    @bp.errorhandler(ApiError)
    def refused(error: ApiError) -> ResponseReturnValue:
        return _error(error.status, error.message, error.retry_after)

    @bp.errorhandler(TranslateError)
    def not_translated(error: TranslateError) -> ResponseReturnValue:
        if isinstance(error, EngineBusy):
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, str(error), error.retry_after)
        if isinstance(error, EngineFailed):
            return _error(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), None)
        return _error(HTTPStatus.BAD_REQUEST, str(error), None)


def _error(status: HTTPStatus, message: str, retry_after: int | None) -> ResponseReturnValue:
    headers: Mapping[str, str] = {"Retry-After": str(retry_after)} if retry_after else {}
    return jsonify(error=message), int(status), headers
