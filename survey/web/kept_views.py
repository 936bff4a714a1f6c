"""The list of kept reports, and their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from survey.keeping import kept
from survey.keeping.delivery_state import DeliveryState
from survey.keeping.kept_files import FORMATS, MissingFile, file_name, folder_of, read_file

CADENCES: dict[str, Any] = {"weekly": _l("Weekly"), "monthly": _l("Monthly")}
STATES: dict[DeliveryState, Any] = {
    DeliveryState.WAITING: _l("waiting"),
    DeliveryState.SENDING: _l("being sent"),
    DeliveryState.SENT: _l("sent"),
    DeliveryState.REFUSED: _l("refused"),
    DeliveryState.UNKNOWN: _l("may have arrived; not sent again"),
    DeliveryState.GIVEN_UP: _l("given up"),
}
MIME_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def blueprint(
    *,
    session: Callable[[], Session],
    folder: Path,
    zone: tzinfo,
    languages: tuple[str, ...],
    schedule: tuple[str, ...],
    cadences: tuple[str, ...],
) -> Blueprint:
    """`/reports/kept`, to be registered under the guarded admin blueprint; for every account.

    :param folder: where the files of kept reports are.
    :param languages: the site's; no other is looked for.
    :param schedule: which reports are kept by themselves, to say so when there are none.
    :param cadences: which may be given out; others are kept, and neither listed nor handed over.
    """
    bp = Blueprint("kept", __name__)
    views = KeptViews(
        session=session,
        folder=folder,
        zone=zone,
        languages=languages,
        schedule=schedule,
        cadences=cadences,
    )
    bp.get("")(views.listing)
    bp.get("/<int:number>/<language>.<kind>")(views.report_file)
    return bp


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptViews:
    """The views of the kept reports."""

    session: Callable[[], Session]
    folder: Path
    zone: tzinfo
    languages: tuple[str, ...]
    schedule: tuple[str, ...]
    cadences: tuple[str, ...]

    def listing(self) -> ResponseReturnValue:
        """The kept reports, newest first, and where each is on its way."""
        found = kept.listed(self.session())
        return render_template(
            "admin/kept.html",
            reports=[report for report in found if report.cadence in self.cadences],
            cadences=CADENCES,
            states=STATES,
            formats=FORMATS,
            schedule=self.schedule,
            local=lambda moment: moment.astimezone(self.zone),
        )

    def report_file(self, number: int, language: str, kind: str) -> ResponseReturnValue:
        """One file of one report."""
        if kind not in MIME_TYPES or language not in self.languages:
            abort(404)
        found = kept.find(self.session(), number)
        if found is None or language not in found.languages:
            abort(404)
        if found.cadence not in self.cadences:
            abort(404)
        name = file_name(found.first, found.last, language, kind)
        try:
            where = folder_of(self.folder, found.cadence, found.first, found.last, found.question)
            content = read_file(where, name)
        except MissingFile:
            abort(404)
        response = Response(content, content_type=MIME_TYPES[kind])
        if kind != "svg":
            response.headers.set("Content-Disposition", "attachment", filename=name)
        return response
