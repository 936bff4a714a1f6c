"""Documents over the API: translated at once, fetched by an address nobody can guess."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path, PurePath
from typing import Any

from flask import Blueprint, Response, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.utils import secure_filename

from translate import wire
from translate.detect import detect
from translate.files import EXTENSIONS, extension_of, translate_file
from translate.gate import Gate
from translate.languages import to_wire
from translate.service import TranslationService
from translate.wire import AUTO, ApiError

# How long a translated document can be fetched; LibreTranslate's clients do so at once.
KEPT_SECONDS = 30 * 60
# A document may hold this many times the text of one request.
TIMES_TEXT_LIMIT = 10
_ID = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_.-]{1,150}")


def add_routes(
    bp: Blueprint,
    service: TranslationService,
    session: Callable[[], Session],
    gate: Gate,
    text_limit: int,
    folder: Path | None,
) -> None:
    """Add `/translate_file` and `/download_file/<id>`; without a folder both refuse."""

    @bp.post("/translate_file")
    def upload() -> ResponseReturnValue:
        if folder is None:
            message = "Files translation are disabled on this server."
            raise ApiError(HTTPStatus.FORBIDDEN, message)
        values: Mapping[str, Any] = request.values.to_dict()
        file = request.files.get("file")
        if file is None or not file.filename:
            raise wire.bad("Invalid request: missing file parameter")
        source, target = wire.language(values, "source"), wire.language(values, "target")
        extension = extension_of(file.filename)
        data = file.read()
        if not data:
            raise wire.bad("Invalid request: empty file")
        if source == AUTO:
            source = _detected(service, data)
        service.route(source, target)
        translated = translate_file(
            service,
            session(),
            data,
            extension,
            source,
            target,
            text_limit=TIMES_TEXT_LIMIT * text_limit,
            admit=lambda characters: gate.let_in(request, values, characters),
        )
        name = _kept(folder, file.filename, extension, target, translated)
        return jsonify(translatedFileUrl=url_for("api.download", name=name, _external=True))

    @bp.get("/download_file/<name>")
    def download(name: str) -> ResponseReturnValue:
        path = folder / name if folder and _ID.fullmatch(name) else None
        if path is None or not path.is_file() or _is_old(path):
            raise ApiError(HTTPStatus.NOT_FOUND, "There is no such file, or not any more")
        answer: Response = send_file(
            path,
            as_attachment=True,
            download_name=name.partition(".")[2],
            # Never a page of this site, whatever the document holds.
            mimetype="application/octet-stream",
        )
        answer.headers["Cache-Control"] = "no-store"
        return answer


def supported(folder: Path | None) -> list[str]:
    """The extensions for `/frontend/settings`."""
    return list(EXTENSIONS) if folder else []


def _detected(service: TranslationService, data: bytes) -> str:
    """The language of a text file; of an archive there is no guess.

    :raise ApiError: 400, asking for the language.
    """
    found = detect(
        data[:20_000].decode("utf-8", "ignore"), [language.code for language in service.languages()]
    )[0]
    if data.startswith(b"PK") or not found.language:
        raise wire.bad("The language of this file could not be detected; give it as source")
    return found.language


def _kept(folder: Path, name: str, extension: str, target: str, data: bytes) -> str:
    """Store a document under a new unguessable name; throw away those that are old."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if _is_old(path):
            path.unlink(missing_ok=True)
    stem = secure_filename(PurePath(name).stem)[:80] or "document"
    stored = f"{secrets.token_hex(16)}.{stem}_{to_wire(target)}{extension}"
    (folder / stored).write_bytes(data)
    return stored


def _is_old(path: Path) -> bool:
    try:
        return path.stat().st_mtime < time.time() - KEPT_SECONDS
    except FileNotFoundError:
        return False
