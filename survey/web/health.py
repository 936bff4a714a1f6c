"""Whether the service lives, can do its work, and how much it does, for programs that watch it."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from survey.metrics import Metrics


def blueprint(
    ready: Callable[[], dict[str, str]], metrics: Metrics, *, token: str, trusted_proxies: int
) -> Blueprint:
    """`/health` (the process lives), `/ready` (can it work) and `/metrics` (what it did).

    :param ready: gives what is wrong, by part.
    :param token: lets programs on other machines read the metrics; empty lets none.
    """
    bp = Blueprint("health", __name__)
    views = HealthViews(ready=ready, metrics=metrics, token=token, trusted_proxies=trusted_proxies)
    bp.get("/health")(views.health)
    bp.get("/ready")(views.readiness)
    bp.get("/metrics")(views.counters)
    return bp


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthViews:
    """The views for programs that watch the service."""

    ready: Callable[[], dict[str, str]]
    metrics: Metrics
    token: str = field(repr=False)
    trusted_proxies: int

    def health(self) -> ResponseReturnValue:
        """Whether the process lives."""
        return jsonify(status="ok")

    def readiness(self) -> ResponseReturnValue:
        """Whether the service can do its work, and what keeps it from it."""
        wrong = self.ready()
        state = "unavailable" if wrong else "ready"
        answer = jsonify(status=state, version=version("rayak"), problems=wrong)
        return answer, 503 if wrong else 200

    def counters(self) -> ResponseReturnValue:
        """What it did, as Prometheus reads it."""
        if not (_brings(self.token) or _is_of_this_machine(self.trusted_proxies)):
            error = "only for this machine, or with RAYAK_METRICS_TOKEN as a bearer token"
            return jsonify(error=error), 403
        return Response(self.metrics.text(), content_type=CONTENT_TYPE_LATEST)


def _brings(token: str) -> bool:
    given = request.headers.get("Authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _is_of_this_machine(trusted_proxies: int) -> bool:
    """Whether the request came from here, and by no proxy that nobody told us of."""
    try:
        local = ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return local and ("X-Forwarded-For" not in request.headers or trusted_proxies > 0)
