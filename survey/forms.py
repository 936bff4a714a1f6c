"""The form that signs an administrator in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired


class LoginForm(FlaskForm):
    """Name and password; Flask-WTF adds the CSRF token."""

    name = StringField(_l("Name"), validators=[InputRequired(_l("Enter your name"))])
    password = PasswordField(_l("Password"), validators=[InputRequired(_l("Enter your password"))])
