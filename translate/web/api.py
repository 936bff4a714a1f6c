"""The translation API: LibreTranslate's addresses and answers, with more where it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from translate.errors import EngineBusy, EngineFailed, ShelfFull, TranslateError
from translate.keys import Key, usage
from translate.languages import to_wire
from translate.service import TranslationService
from translate.shelf import Shelf
from translate.suggestions import keep_suggestion
from translate.web import file_api, wire
from translate.web.desk import Desk, described
from translate.web.file_api import FileApi
from translate.web.gate import Gate
from translate.web.people import TranslatePage
from translate.web.wire import ApiError

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
    bp.after_request(_cors)
    bp.register_error_handler(ApiError, _refused)
    bp.register_error_handler(TranslateError, _not_translated)
    shelf = Shelf(files) if files else None
    desk = Desk(service, session, text_limit, disclaimer, file_api.supported(shelf))
    gate = Gate(session, wait, key_wait)
    api = Api(desk, gate, TranslatePage(service, session, gate, text_limit, disclaimer))
    bp.get("/translate")(api.translate_page)
    bp.post("/translate")(api.translate)
    bp.post("/detect")(api.detection)
    bp.get("/usage")(api.used)
    bp.get("/languages")(api.languages)
    bp.get("/openapi.json")(api.openapi)
    bp.get("/frontend/settings")(api.frontend_settings)
    bp.post("/suggest")(api.suggest)
    documents = FileApi(desk, gate, shelf)
    bp.post("/translate_file")(documents.upload)
    bp.get("/download_file/<name>")(documents.download)
    return bp


@dataclass(frozen=True, slots=True)
class Api:
    """The views of the API; `page` answers people at the same address."""

    desk: Desk
    gate: Gate
    page: TranslatePage

    def translate_page(self) -> ResponseReturnValue:
        """The page for people."""
        return self.page.show(request.args)

    def translate(self) -> ResponseReturnValue:
        """Texts in another language."""
        values = wire.read_values(request)
        if values.get("page"):
            return self.page.answer(request, values)
        asked = wire.read_translation(values, self.desk.text_limit)
        self.gate.let_in(request, values, sum(map(len, asked.texts)))
        return jsonify(self.desk.translate(asked))

    def detection(self) -> ResponseReturnValue:
        """The likely languages of texts."""
        values = wire.read_values(request)
        texts, is_list = wire.read_texts(values, self.desk.text_limit)
        self.gate.let_in(request, values, 0)
        found = [[described(d) for d in self.desk.detect(t)] for t in texts]
        return jsonify(found if is_list else found[0])

    def used(self) -> ResponseReturnValue:
        """What a key used."""
        key = self.gate.key_of(request, wire.read_values(request))
        if key is None:
            raise ApiError(HTTPStatus.FORBIDDEN, "Send your API key to see what it used")
        return jsonify(_usage(self.desk.session(), key))

    def languages(self) -> ResponseReturnValue:
        """The languages, and into which each can be translated."""
        return jsonify(
            [
                {
                    "code": to_wire(language.code),
                    "name": language.name,
                    "targets": [to_wire(t) for t in language.targets],
                }
                for language in self.desk.service.languages()
            ]
        )

    def openapi(self) -> ResponseReturnValue:
        """The description of this API for programs."""
        return Response(OPENAPI.read_bytes(), mimetype="application/json")

    def frontend_settings(self) -> ResponseReturnValue:
        """What LibreTranslate's own page asks for first."""
        return jsonify(self.desk.frontend_settings())

    def suggest(self) -> ResponseReturnValue:
        """A better translation, kept for an editor."""
        values, limit = wire.read_values(request), self.desk.text_limit
        texts, is_list = wire.read_texts(values, limit)
        if is_list:
            raise wire.bad("Invalid request: q must be one text, as s is its translation")
        better = wire.text(values, "s")
        if len(better) > limit:
            raise wire.bad(f"Invalid request: s exceeds text limit ({limit})")
        source, target = wire.language(values, "source"), wire.language(values, "target")
        self.desk.service.route(source, target)
        self.gate.let_in(request, values, 0)
        now = datetime.now(UTC)
        keep_suggestion(self.desk.session(), source, target, texts[0], better, now=now)
        return jsonify(success=True)


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


def _cors(response: Response) -> Response:
    for name, value in CORS.items():
        response.headers.setdefault(name, value)
    return response


def _refused(error: ApiError) -> ResponseReturnValue:
    return _error(error.status, error.message, error.retry_after)


def _not_translated(error: TranslateError) -> ResponseReturnValue:
    if isinstance(error, EngineBusy | ShelfFull):
        return _error(HTTPStatus.SERVICE_UNAVAILABLE, str(error), error.retry_after)
    if isinstance(error, EngineFailed):
        return _error(HTTPStatus.INTERNAL_SERVER_ERROR, str(error), None)
    return _error(HTTPStatus.BAD_REQUEST, str(error), None)


def _error(status: HTTPStatus, message: str, retry_after: int | None) -> ResponseReturnValue:
    """An error as LibreTranslate words it: `{"error": "..."}` with the right status."""
    headers: Mapping[str, str] = {"Retry-After": str(retry_after)} if retry_after else {}
    return jsonify(error=message), int(status), headers
