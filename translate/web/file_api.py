"""Documents over the API: translated at once, fetched by an address nobody can guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

from flask import Response, jsonify, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from translate.detect import detect
from translate.files import EXTENSIONS, TranslatedFile, extension_of, translate_file
from translate.languages import to_wire
from translate.service import TranslationService
from translate.shelf import Shelf
from translate.web import wire
from translate.web.desk import Desk, detailed
from translate.web.gate import Gate
from translate.web.wire import AUTO, ApiError

# A document may hold this many times the text of one request.
TIMES_TEXT_LIMIT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class _FileRequest:
    """What `/translate_file` was asked."""

    name: str
    extension: str
    data: bytes
    source: str
    target: str
    with_notice: bool


@dataclass(frozen=True, slots=True)
class FileApi:
    """The views of documents; without a shelf both refuse."""

    desk: Desk
    gate: Gate
    shelf: Shelf | None

    def upload(self) -> ResponseReturnValue:
        """A document in another language, kept for a while under an address of its own."""
        if self.shelf is None:
            message = "Files translation are disabled on this server."
            raise ApiError(HTTPStatus.FORBIDDEN, message)
        values: Mapping[str, Any] = request.values.to_dict()
        asked = _read(values, request.files.get("file"), self.desk.service)
        has_key = self.gate.key_of(request, values) is not None
        self.shelf.make_room(len(asked.data), has_key=has_key)
        by_pivot = len(self.desk.service.route(asked.source, asked.target)) > 1
        disclaimer = self.desk.disclaimer(asked.target, by_pivot)
        done = self._translated(asked, values, disclaimer)
        stem = PurePath(asked.name).stem[:80]
        name = f"{stem}_{to_wire(asked.target)}{asked.extension}"
        stored = self.shelf.keep(name, done.data, has_key=has_key)
        answer: dict[str, Any] = {
            "translatedFileUrl": url_for("api.download", name=stored, _external=True),
            "disclaimer": disclaimer,
            "flags": list(done.result.flags),
        }
        if wire.switch(values, "detail"):
            answer["detail"] = detailed(done.result, offsets=False)
        return jsonify(answer)

    def download(self, name: str) -> ResponseReturnValue:
        """A translated document."""
        path = self.shelf.find(name) if self.shelf else None
        if path is None:
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

    def _translated(
        self, asked: _FileRequest, values: Mapping[str, Any], disclaimer: str
    ) -> TranslatedFile:
        return translate_file(
            self.desk.service,
            self.desk.session(),
            asked.data,
            asked.extension,
            asked.source,
            asked.target,
            text_limit=TIMES_TEXT_LIMIT * self.desk.text_limit,
            notice=disclaimer if asked.with_notice and asked.source != asked.target else "",
            admit=lambda characters: self.gate.let_in(request, values, characters),
        )


def _read(
    values: Mapping[str, Any], file: FileStorage | None, service: TranslationService
) -> _FileRequest:
    """Check the fields of an upload.

    :raise ApiError: 400 with what is missing or wrong.
    :raise TranslateError: for languages without a way between them.
    """
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
    return _FileRequest(
        name=file.filename,
        extension=extension,
        data=data,
        source=source,
        target=target,
        with_notice=wire.switch(values, "disclaimer", default=True),
    )


def supported(shelf: Shelf | None) -> list[str]:
    """The extensions for `/frontend/settings`."""
    return list(EXTENSIONS) if shelf else []


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
