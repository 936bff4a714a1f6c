"""Requests of LibreTranslate's clients, read strictly: JSON, form or query string."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from translate.languages import from_wire, is_code

BATCH_LIMIT = 1_000
ALTERNATIVES_LIMIT = 10
FORMATS = ("text", "html")
AUTO = "auto"
_NOT_JSON = ("application/x-www-form-urlencoded", "text/plain", "")
# Longer values are echoed only in part.
_SHOWN = 40


class ApiError(Exception):
    """A request that gets an error as its answer."""

    def __init__(self, status: HTTPStatus, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationRequest:
    """What `/translate` was asked. `is_list` says how the client wants its answer."""

    texts: tuple[str, ...]
    is_list: bool
    source: str
    target: str
    html: bool
    alternatives: int
    detail: bool


def read_values(request: Request) -> Mapping[str, Any]:
    """The parameters of a request, wherever they are; a repeated `q` becomes a list.

    :raise ApiError: 400 for a body that is not what its content type says.
    :raise RequestEntityTooLarge: 413 for one that is longer than any request may be.
    """
    _refuse_the_cut(request)
    _refuse_the_mislabelled(request)
    if request.mimetype == "application/json" and request.get_data(cache=True):
        try:
            values = request.get_json(silent=False)
        except RecursionError as error:
            raise bad("Invalid JSON format: it is nested too deeply") from error
        except Exception as error:
            raise bad("Invalid JSON format") from error
        if not isinstance(values, dict):
            raise bad("Invalid JSON format: the body must be an object")
        return {**request.args.to_dict(), **values}
    found: dict[str, Any] = request.values.to_dict()
    texts = request.values.getlist("q")
    if len(texts) > 1:
        found["q"] = texts
    return found


def _refuse_the_cut(request: Request) -> None:
    """A body whose length was not announced is cut at the limit, which must not pass unseen."""
    most = request.max_content_length
    # Documents are read piece by piece, and reading past the limit is refused by itself.
    if most is None or request.content_length is not None:
        return
    if request.mimetype == "multipart/form-data":
        return
    if len(request.get_data(cache=True)) >= most:
        raise RequestEntityTooLarge


def _refuse_the_mislabelled(request: Request) -> None:
    """JSON that calls itself a form, as curl has it, would be a form without any parameter."""
    if request.mimetype in _NOT_JSON and request.get_data(cache=True).lstrip()[:1] == b"{":
        raise bad("Invalid request: a JSON body needs the header Content-Type: application/json")


def read_key(request: Request, values: Mapping[str, Any]) -> str:
    """The API key of a request: parameter `api_key`, or `Authorization: Bearer KEY`; or nothing."""
    key = values.get("api_key")
    if isinstance(key, str) and key:
        return key
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "deepl-auth-key") else ""


def bad(message: str) -> ApiError:
    """An error of the client's."""
    return ApiError(HTTPStatus.BAD_REQUEST, message)


def read_translation(values: Mapping[str, Any], text_limit: int) -> TranslationRequest:
    """Check the parameters of `/translate`.

    :raise ApiError: 400 with what is missing or wrong.
    """
    texts, is_list = read_texts(values, text_limit)
    source, target = language(values, "source"), language(values, "target")
    kind = values.get("format")
    if kind is None or kind == "":
        kind = "text"
    if kind not in FORMATS:
        raise bad(f"{shown(kind)} format is not supported")
    return TranslationRequest(
        texts=texts,
        is_list=is_list,
        source=source,
        target=target,
        html=kind == "html",
        alternatives=_alternatives(values.get("alternatives")),
        detail=switch(values, "detail"),
    )


def read_texts(values: Mapping[str, Any], text_limit: int) -> tuple[tuple[str, ...], bool]:
    """The parameter `q`, one text or a list of texts, within the limits.

    :raise ApiError: 400.
    """
    q = values.get("q")
    if q is None or q in ("", []):
        raise bad("Invalid request: missing q parameter")
    is_list = isinstance(q, list)
    texts = q if is_list else [q]
    if len(texts) > BATCH_LIMIT:
        raise bad(f"Invalid request: request ({len(texts)}) exceeds batch limit ({BATCH_LIMIT})")
    if not all(isinstance(t, str) for t in texts):
        raise bad("Invalid request: q must be a text or a list of texts")
    size = sum(map(len, texts))
    if size > text_limit:
        raise bad(f"Invalid request: request ({size}) exceeds text limit ({text_limit})")
    return tuple(_whole(t) for t in texts), is_list


def text(values: Mapping[str, Any], name: str) -> str:
    """A parameter that must be a text and not blank.

    :raise ApiError: 400.
    """
    value = values.get(name)
    if value is None or value == "":
        raise bad(f"Invalid request: missing {name} parameter")
    if not isinstance(value, str):
        raise bad(f"Invalid request: {name} must be a text")
    return _whole(value)


def language(values: Mapping[str, Any], name: str) -> str:
    """A parameter that must be a language; the code is that of the packages.

    :raise ApiError: 400 when it is missing or no text.
    """
    value = text(values, name)
    code = from_wire(value)
    if code != AUTO and not is_code(code):
        raise bad(f"{shown(value)} is not supported")
    return code


def shown(value: object) -> str:
    """A value to be named in a message, cut when it is long."""
    written = _whole(str(value))
    return written if len(written) <= _SHOWN else written[:_SHOWN] + "…"


def _whole(value: str) -> str:
    """A text without halves of surrogate pairs: JSON can write them, UTF-8 cannot."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _alternatives(value: object) -> int:
    if value is None or value == "":
        return 0
    try:
        count = int(str(value)) if not isinstance(value, bool) else -1
    except ValueError:
        count = -1
    if count < 0:
        raise bad("Invalid request: alternatives parameter is not a number")
    if count > ALTERNATIVES_LIMIT:
        raise bad(f"Invalid request: alternatives parameter must be <= {ALTERNATIVES_LIMIT}")
    return count


def switch(values: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    """A parameter that is on or off; anything that says neither is off."""
    value = values.get(name)
    if value is None or value == "":
        return default
    return value is True or str(value).lower() in ("true", "1", "on")
