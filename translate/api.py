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
from translate.desk import Desk, described
from translate.errors import EngineBusy, EngineFailed, ShelfFull, TranslateError
from translate.gate import Gate
from translate.keys import Key, usage
from translate.languages import to_wire
from translate.people import TranslatePage
from translate.service import TranslationService
from translate.shelf import Shelf
from translate.suggestions import keep_suggestion
from translate.wire import ApiError

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
    disclaimer: Callable[[str, bool], str],
    wait: Callable[[str | None], float],
    key_wait: Callable[[int, int], float] = lambda _key, _per_minute: 0.0,
    files: Path | None = None,
) -> Blueprint:
    """The API's routes.

    :param text_limit: characters in one request.
    :param disclaimer: the disclaimer's text in a language, or in the site's first, and whether it
        says that the translation went by way of English.
    :param wait: given the caller's address, 0.0 or the seconds to wait before the next request.
    :param key_wait: the same for a caller with a key, given its id and its requests a minute.
    :param files: folder for translated documents, for half an hour each; None refuses documents.
    """
    bp = Blueprint("api", __name__)
    _answer_errors(bp)
    shelf = Shelf(files) if files else None
    desk = Desk(service, session, text_limit, disclaimer, file_api.supported(shelf))

    gate = Gate(session, wait, key_wait)
    file_api.add_routes(bp, desk, gate, shelf)

    page = TranslatePage(service, session, gate, text_limit, disclaimer)

    @bp.get("/translate")
    def translate_page() -> ResponseReturnValue:
        return page.show(request.args)

    @bp.post("/translate")
    def translate() -> ResponseReturnValue:
        values = wire.read_values(request)
        if values.get("page"):
            return page.answer(request, values)
        asked = wire.read_translation(values, text_limit)
        gate.let_in(request, values, sum(map(len, asked.texts)))
        return jsonify(desk.translate(asked))

    @bp.post("/detect")
    def detection() -> ResponseReturnValue:
        values = wire.read_values(request)
        texts, is_list = wire.read_texts(values, text_limit)
        gate.let_in(request, values, 0)
        found = [[described(d) for d in desk.detect(t)] for t in texts]
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
        texts, is_list = wire.read_texts(values, text_limit)
        if is_list:
            raise wire.bad("Invalid request: q must be one text, as s is its translation")
        better = wire.text(values, "s")
        if len(better) > text_limit:
            raise wire.bad(f"Invalid request: s exceeds text limit ({text_limit})")
        source, target = wire.language(values, "source"), wire.language(values, "target")
        service.route(source, target)
        gate.let_in(request, values, 0)
        keep_suggestion(session(), source, target, texts[0], better, now=datetime.now(UTC))
        return jsonify(success=True)

    return bp


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
        if isinstance(error, EngineBusy | ShelfFull):
            return _error(HTTPStatus.SERVICE_UNAVAILABLE, str(error), error.retry_after)
        if isinstance(error, EngineFailed):
            return _error(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), None)
        return _error(HTTPStatus.BAD_REQUEST, str(error), None)


def _error(status: HTTPStatus, message: str, retry_after: int | None) -> ResponseReturnValue:
    headers: Mapping[str, str] = {"Retry-After": str(retry_after)} if retry_after else {}
    return jsonify(error=message), int(status), headers
