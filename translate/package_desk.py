"""The operators' pages of translation packages: what is installed, checked, installed, removed."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from translate import health, packages
from translate.errors import BadPackage, PackageError
from translate.forms import Form, Office
from translate.package_fault import Finding
from translate.package_folder import Package

LARGEST_FILE = 512 * 1024 * 1024


def blueprint(office: Office, folder: Path) -> Blueprint:
    """`/packages`, to be registered under the guarded admin blueprint.

    Editors may look; installing, checking and removing is for administrators.

    :param folder: where packages are installed.
    """
    bp = Blueprint("desk_packages", __name__)
    bp.before_request(office.editor)

    def one(pair: str) -> Package:
        for package in packages.installed(folder):
            if "-".join(package.pair) == pair:
                return package
        abort(404)

    def page(form: Form) -> str:
        found = packages.installed(folder)
        return render_template(
            "admin/packages.html",
            form=form,
            found=[(p, health.licence(p)) for p in found],
            broken=packages.broken(folder),
            sentence=sentence,
            gaps=health.gaps(found, office.languages),
            is_admin=office.is_admin(),
            megabytes=LARGEST_FILE // 1024**2,
        )

    @bp.get("")
    def listing() -> ResponseReturnValue:
        return page(Form(typed={}))

    @bp.post("")
    def install() -> ResponseReturnValue:
        office.admin()
        form = Form(typed={})
        file = request.files.get("file")
        if file is None or not file.filename:
            form.refuse("file", _("Choose a file."))
            return page(form), 422
        # The one below the packages' folder may be small; the upload itself lies there already.
        with tempfile.TemporaryDirectory() as room:
            path = Path(room) / (secure_filename(file.filename) or "package.argosmodel")
            file.save(path)
            file.close()
            try:
                package = packages.install(path, folder)
            except PackageError as error:
                reason = _("the server's disk refuses it")
                if isinstance(error, BadPackage):
                    reason = sentence(error.finding)
                form.refuse("file", _("This file cannot be installed: %(reason)s", reason=reason))
                return page(form), 422
        office.audit("package installed", f"{package.name} {package.version}")
        flash(_("Installed: %(name)s", name=f"{package.name} {package.version}"))
        return redirect(url_for(".listing"), 303)

    @bp.get("/<pair>")
    def package(pair: str) -> ResponseReturnValue:
        found = one(pair)
        wrong = None
        if request.args.get("verify"):
            # Reads a few hundred megabytes and changes nothing.
            office.admin()
            wrong = packages.verify(found)
        return render_template(
            "admin/package.html",
            package=found,
            licence=health.licence(found),
            wrong=wrong,
            sentence=sentence,
            is_admin=office.is_admin(),
        )

    @bp.get("/<pair>/remove")
    def remove_form(pair: str) -> ResponseReturnValue:
        office.admin()
        found = one(pair)
        return render_template(
            "admin/confirm.html",
            heading=_("Remove this package"),
            subject=f"{found.name} {found.version}",
            explanation=_(
                "Texts are no longer translated from %(source)s into %(target)s. "
                "Translations that were made stay.",
                source=found.from_name,
                target=found.to_name,
            ),
            action=url_for(".remove", pair=pair),
            button=_("Remove this package"),
            back=url_for(".package", pair=pair),
        )

    @bp.post("/<pair>/remove")
    def remove(pair: str) -> ResponseReturnValue:
        office.admin()
        found = one(pair)
        try:
            packages.remove(folder, *found.pair)
        except PackageError:
            abort(404)
        office.audit("package removed", f"{found.name} {found.version}")
        flash(_("Removed: %(title)s", title=found.name))
        return redirect(url_for(".listing"), 303)

    return bp


def sentence(finding: Finding) -> str:
    """What is wrong with a package, in the reader's language; the system's own words left out."""
    return str(_(finding.fault.value, **finding.about))
