"""The form that signs an administrator in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Regexp


class LoginForm(FlaskForm):
    """Name and password; Flask-WTF adds the CSRF token."""

    # Spaces around a name are not part of it; without this each spelling would be another name.
    name = StringField(
        _l("Name"),
        filters=[lambda value: (value or "").strip()],
        validators=[
            InputRequired(_l("Enter your name")),
            Regexp(r"[^\x00-\x1f\x7f]{1,80}\Z", message=_l("A name has at most 80 characters")),
        ],
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])
