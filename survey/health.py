"""Whether the service lives and can do its work, for programs that watch it."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue


def blueprint(ready: Callable[[], dict[str, str]]) -> Blueprint:
    """`/health` (the process lives) and `/ready` (`ready` returns what is wrong, by part)."""
    bp = Blueprint("health", __name__)

    @bp.get("/health")
    def health() -> ResponseReturnValue:
        return jsonify(status="ok")

    @bp.get("/ready")
    def readiness() -> ResponseReturnValue:
        wrong = ready()
        state = "unavailable" if wrong else "ready"
        answer = jsonify(status=state, version=version("rayak"), problems=wrong)
        return answer, 503 if wrong else 200

    return bp
