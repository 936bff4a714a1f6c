"""The operators' pages of translation packages: what is installed, checked, installed, removed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from translate import health
from translate.argos import packages
from translate.argos.package_fault import Finding
from translate.argos.package_folder import Package
from translate.errors import BadPackage, PackageError
from translate.web import forms
from translate.web.forms import Form, Office

LARGEST_FILE = 512 * 1024 * 1024


def blueprint(office: Office, folder: Path) -> Blueprint:
    """`/packages`, to be registered under the guarded admin blueprint.

    Editors may look; installing, checking and removing is for administrators.

    :param folder: where packages are installed.
    """
    bp = Blueprint("desk_packages", __name__)
    bp.before_request(office.editor)
    desk = PackageDesk(office, folder)
    bp.get("")(desk.listing)
    bp.post("")(desk.install)
    bp.get("/<pair>")(desk.package)
    bp.get("/<pair>/remove")(desk.remove_form)
    bp.post("/<pair>/remove")(desk.remove)
    return bp


@dataclass(frozen=True, slots=True)
class PackageDesk:
    """The views of the packages that are installed in a folder."""

    office: Office
    folder: Path

    def listing(self) -> ResponseReturnValue:
        """What is installed, what is broken, and which pairs of the site have none."""
        return self._page(Form(typed={}))

    def install(self) -> ResponseReturnValue:
        """The package of an uploaded file, checked before anything is replaced."""
        self.office.admin()
        form = Form(typed={})
        package = self._installed(form)
        if package is None:
            return self._page(form), 422
        name = f"{package.name} {package.version}"
        self.office.audit("package installed", name)
        flash(_("Installed: %(name)s", name=name))
        return redirect(url_for(".listing"), 303)

    def package(self, pair: str) -> ResponseReturnValue:
        """One package; with `verify`, what is wrong with its files now."""
        found = self._one(pair)
        wrong = None
        if request.args.get("verify"):
            # Reads a few hundred megabytes and changes nothing.
            self.office.admin()
            wrong = packages.verify(found)
        return render_template(
            "admin/package.html",
            package=found,
            licence=health.licence(found),
            wrong=wrong,
            sentence=sentence,
            is_admin=self.office.is_admin(),
        )

    def remove_form(self, pair: str) -> ResponseReturnValue:
        """What removing it means."""
        self.office.admin()
        found = self._one(pair)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this package"),
            subject=f"{found.name} {found.version}",
            explanation=_(
                "Texts are no longer translated with it. Translations that were made stay."
            ),
            action=url_for(".remove", pair=pair),
            button=_("Remove this package"),
            back=url_for(".package", pair=pair),
        )

    def remove(self, pair: str) -> ResponseReturnValue:
        """One package less."""
        self.office.admin()
        found = self._one(pair)
        try:
            packages.remove(self.folder, *found.pair)
        except PackageError:
            abort(404)
        self.office.audit("package removed", f"{found.name} {found.version}")
        flash(_("Removed: %(title)s", title=found.name))
        return redirect(url_for(".listing"), 303)

    def _page(self, form: Form) -> str:
        found = packages.installed(self.folder)
        return render_template(
            "admin/packages.html",
            form=form,
            found=[(p, health.licence(p)) for p in found],
            starters=[p for p in found if p.is_starter],
            broken=packages.broken(self.folder),
            sentence=sentence,
            gaps=health.gaps(found, self.office.languages),
            is_admin=self.office.is_admin(),
            megabytes=LARGEST_FILE // 1024**2,
        )

    def _one(self, pair: str) -> Package:
        found = packages.installed(self.folder)
        return next((p for p in found if "-".join(p.pair) == pair), None) or abort(404)

    def _installed(self, form: Form) -> Package | None:
        """The package that was sent, now installed; None where the form says why it is not."""
        file = forms.sent_file()
        if file is None:
            form.refuse("file", _("Choose a file."))
            return None
        # Not below the packages' folder, which may have little room: the upload lies here already.
        with tempfile.TemporaryDirectory() as room:
            path = Path(room) / (secure_filename(file.filename or "") or "package.argosmodel")
            file.save(path)
            file.close()
            try:
                return packages.install(path, self.folder)
            except PackageError as error:
                reason = _("the server's disk refuses it")
                if isinstance(error, BadPackage):
                    reason = sentence(error.finding)
                form.refuse("file", _("This file cannot be installed: %(reason)s", reason=reason))
                return None


def sentence(finding: Finding) -> str:
    """What is wrong with a package, in the reader's language; the system's own words left out."""
    return str(_(finding.fault.value, **finding.about))
