"""What an operator can set: every `RAYAK_*` variable, parsed once and strictly."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from survey.mail_server import plan_problems
from survey.personal_data import COUNTRIES
from survey.proof_of_work import MOST_BITS
from survey.ratings import Acknowledgement

PREFIX = "RAYAK_"
SITE_LANGUAGES = ("en", "fr", "ar")
SECRET_MINIMUM = 32
ORGANISATION = {"en": "Meridian Institute", "fr": "Institut Méridien", "ar": "معهد ميريديان"}


Choice = TypeVar("Choice", bound=StrEnum)


class SettingsError(ValueError):
    """A variable is unknown, missing or not of its type; the message says which and what to do."""


def setting(name: str, help_text: str, *, secret: bool = False) -> dict[str, object]:
    """Metadata of one field: its variable without the prefix, and what it is for."""
    return {"name": name, "help": help_text, "secret": secret}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's configuration; made by `from_env`, or by hand in tests."""

    data_dir: Path = field(metadata=setting("DATA_DIR", "folder of all that is written"))
    database_url: str = field(metadata=setting("DATABASE_URL", "address of the database"))
    secret_keys: tuple[str, ...] = field(
        repr=False,
        metadata=setting(
            "SECRET_KEY", "signs forms and logins; several, newest last, by commas", secret=True
        ),
    )
    organisation: str = field(
        default="", metadata=setting("ORGANISATION", "name of the institution, in every language")
    )
    organisation_en: str = field(
        default="", metadata=setting("ORGANISATION_EN", "its name on English pages, if another")
    )
    organisation_fr: str = field(
        default="", metadata=setting("ORGANISATION_FR", "its name on French pages, if another")
    )
    organisation_ar: str = field(
        default="", metadata=setting("ORGANISATION_AR", "its name on Arabic pages, if another")
    )
    languages: tuple[str, ...] = field(
        default=SITE_LANGUAGES, metadata=setting("LANGUAGES", "languages of the site, by commas")
    )
    time_zone: str = field(
        default="UTC", metadata=setting("TIME_ZONE", "IANA zone in which a day begins and ends")
    )
    limits: bool = field(default=True, metadata=setting("LIMITS", "off only for load tests"))
    min_answer_seconds: float = field(
        default=2.0,
        metadata=setting("MIN_ANSWER_SECONDS", "quicker answers are spam; 0 for load tests"),
    )
    repeat_minutes: float = field(
        default=10.0,
        metadata=setting("REPEAT_MINUTES", "a second answer of one visitor changes the first"),
    )
    comment_days: int = field(
        default=365, metadata=setting("COMMENT_DAYS", "comments are deleted after; 0 keeps them")
    )
    national_ids: tuple[str, ...] = field(
        default=(),
        metadata=setting("NATIONAL_IDS", "countries whose identity numbers are masked in comments"),
    )
    ask_one_in: int = field(
        default=1,
        metadata=setting("ASK_ONE_IN", "the box is shown on one page view in so many"),
    )
    embed_origins: tuple[str, ...] = field(
        default=(),
        metadata=setting("EMBED_ORIGINS", "websites that may show the box, as https://host"),
    )
    acknowledgement: Acknowledgement = field(
        default=Acknowledgement.OFF,
        metadata=setting("ACKNOWLEDGEMENT", "confirming a disclaimer: off, optional or required"),
    )
    proof_of_work: int = field(
        default=0,
        metadata=setting("PROOF_OF_WORK", "bits of work asked for with an answer; 0 asks for none"),
    )
    report_schedule: tuple[str, ...] = field(
        default=(),
        metadata=setting("REPORT_SCHEDULE", "reports kept: off, weekly, monthly, weekly,monthly"),
    )
    report_languages: tuple[str, ...] = field(
        default=(),
        metadata=setting("REPORT_LANGUAGES", "languages of kept reports; default the site's"),
    )
    report_recipients: tuple[str, ...] = field(
        default=(),
        metadata=setting("REPORT_RECIPIENTS", "mail addresses that get kept reports, by commas"),
    )
    report_sender: str = field(
        default="", metadata=setting("REPORT_SENDER", "mail address that kept reports come from")
    )
    smtp_url: str = field(
        default="", metadata=setting("SMTP_URL", "mail server, as smtp://user@host:587 or smtps://")
    )
    smtp_password: str = field(
        default="",
        repr=False,
        metadata=setting("SMTP_PASSWORD", "password of the mail server", secret=True),
    )
    minimum_cell: int = field(
        default=10, metadata=setting("MINIMUM_CELL", "breakdown rows with fewer answers are hidden")
    )
    trusted_proxies: int = field(
        default=0, metadata=setting("TRUSTED_PROXIES", "reverse proxies in front of the service")
    )
    secure_cookies: bool = field(
        default=False,
        metadata=setting("SECURE_COOKIES", "on when admins reach the service by https only"),
    )
    text_limit: int = field(
        default=20_000, metadata=setting("TEXT_LIMIT", "characters in one translation request")
    )
    packages_dir: Path | None = field(
        default=None, metadata=setting("PACKAGES_DIR", "Argos packages; default DATA_DIR/packages")
    )
    package_index: str = field(
        default="",
        metadata=setting("PACKAGE_INDEX", "https address, file or folder that packages come from"),
    )

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    def organisation_in(self, language: str) -> str:
        """The institution's name on pages of a language; the samples' own when none is set."""
        own: str = getattr(self, f"organisation_{language}", "")
        return own or self.organisation or ORGANISATION.get(language, ORGANISATION["en"])

    @property
    def packages(self) -> Path:
        """Folder of the installed Argos packages."""
        return self.packages_dir or self.data_dir / "packages"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment.

        :raise SettingsError: for an unknown `RAYAK_*` name, a wrong value or a missing secret.
        """
        env = dict(os.environ if environ is None else environ)
        known = {str(f.metadata["name"]) for f in fields(cls)}
        known |= {f"{n}_FILE" for n in ("SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD")}
        given = {k.removeprefix(PREFIX): v for k, v in env.items() if k.startswith(PREFIX)}
        for name in sorted(set(given) - known):
            raise SettingsError(
                f"{PREFIX}{name} is not a setting of Rayak; known: "
                + ", ".join(PREFIX + n for n in sorted(known))
            )
        read = _Reader(given)
        data_dir = Path(read.text("DATA_DIR", "data")).expanduser().absolute()
        default_url = f"sqlite:///{data_dir / 'rayak.sqlite3'}"
        packages = read.text("PACKAGES_DIR", "")
        settings = cls(
            data_dir=data_dir,
            database_url=read.secret("DATABASE_URL") or default_url,
            secret_keys=_secret_keys(read.secret("SECRET_KEY") or _stored_secret(data_dir)),
            organisation=read.text("ORGANISATION", ""),
            organisation_en=read.text("ORGANISATION_EN", ""),
            organisation_fr=read.text("ORGANISATION_FR", ""),
            organisation_ar=read.text("ORGANISATION_AR", ""),
            languages=tuple(c.strip() for c in read.text("LANGUAGES", "en,fr,ar").split(",")),
            time_zone=read.text("TIME_ZONE", "UTC"),
            limits=read.switch("LIMITS", default=True),
            min_answer_seconds=read.number("MIN_ANSWER_SECONDS", 2.0, most=60),
            repeat_minutes=read.number("REPEAT_MINUTES", 10.0, most=1_440),
            comment_days=read.whole("COMMENT_DAYS", 365, most=36_500),
            national_ids=read.several("NATIONAL_IDS", upper=True),
            ask_one_in=read.whole("ASK_ONE_IN", 1, most=1_000_000),
            embed_origins=read.several("EMBED_ORIGINS"),
            acknowledgement=read.choice("ACKNOWLEDGEMENT", Acknowledgement.OFF),
            proof_of_work=read.whole("PROOF_OF_WORK", 0, most=MOST_BITS),
            report_schedule=_schedule(read.several("REPORT_SCHEDULE")),
            report_languages=read.several("REPORT_LANGUAGES"),
            report_recipients=read.several("REPORT_RECIPIENTS"),
            report_sender=read.text("REPORT_SENDER", ""),
            smtp_url=read.text("SMTP_URL", ""),
            smtp_password=read.secret("SMTP_PASSWORD"),
            minimum_cell=read.whole("MINIMUM_CELL", 10, most=1_000),
            trusted_proxies=read.whole("TRUSTED_PROXIES", 0, most=20),
            secure_cookies=read.switch("SECURE_COOKIES", default=False),
            text_limit=read.whole("TEXT_LIMIT", 20_000, most=10_000_000),
            packages_dir=Path(packages).expanduser().absolute() if packages else None,
            package_index=_index(read.text("PACKAGE_INDEX", "")),
        )
        settings.check()
        return settings

    def check(self) -> None:
        """:raise SettingsError: when the values do not fit together."""
        unknown = [c for c in self.languages if c not in SITE_LANGUAGES]
        repeated = len(set(self.languages)) < len(self.languages)
        if unknown or repeated or not self.languages:
            raise SettingsError(
                f"RAYAK_LANGUAGES: {', '.join(unknown) or 'empty or repeated'}: "
                f"the pages exist in {', '.join(SITE_LANGUAGES)}"
            )
        strange = [c for c in self.national_ids if c not in COUNTRIES]
        if strange:
            raise SettingsError(
                f"RAYAK_NATIONAL_IDS: {', '.join(strange)}: known are {', '.join(COUNTRIES)}"
            )
        absent = [c for c in self.report_languages if c not in self.languages]
        if absent:
            raise SettingsError(
                f"RAYAK_REPORT_LANGUAGES: {', '.join(absent)}: not among RAYAK_LANGUAGES"
            )
        for name, problem in plan_problems(
            schedule=self.report_schedule,
            recipients=self.report_recipients,
            sender=self.report_sender,
            url=self.smtp_url,
            password=self.smtp_password,
        ):
            raise SettingsError(f"{PREFIX}{name}: {problem}")
        if self.ask_one_in < 1:
            raise SettingsError("RAYAK_ASK_ONE_IN must be 1 (every page view) or more")
        for origin in self.embed_origins:
            parts = urlsplit(origin)
            if (
                parts.scheme not in ("http", "https")
                or f"{parts.scheme}://{parts.netloc}" != origin
            ):
                raise SettingsError(
                    f"RAYAK_EMBED_ORIGINS: {origin!r} is no origin, such as https://www.example.org"
                )
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(
                f"RAYAK_TIME_ZONE: {self.time_zone!r} is no IANA time zone, such as Africa/Rabat"
            ) from error

    def unfit_for_production(self) -> list[str]:
        """What is set for tests and must not stay so, as sentences for `rayak doctor`."""
        found = []
        if not self.limits:
            found.append("RAYAK_LIMITS is off: nothing slows down a flood of requests")
        if self.min_answer_seconds == 0:
            found.append("RAYAK_MIN_ANSWER_SECONDS is 0: the time trap for robots is off")
        return found


class _Reader:
    """Values of the environment by type; each failure names its variable."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given

    def text(self, name: str, default: str) -> str:
        return self.given.get(name, "").strip() or default

    def several(self, name: str, *, upper: bool = False) -> tuple[str, ...]:
        parts = (part.strip() for part in self.text(name, "").split(","))
        return tuple(part.upper() if upper else part for part in parts if part)

    def switch(self, name: str, *, default: bool) -> bool:
        value = self.text(name, "on" if default else "off").lower()
        if value not in ("on", "off"):
            raise SettingsError(f"{PREFIX}{name} must be on or off, not {value!r}")
        return value == "on"

    def choice(self, name: str, default: Choice) -> Choice:
        kind = type(default)
        value = self.text(name, default.value).lower()
        try:
            return kind(value)
        except ValueError as error:
            known = ", ".join(kind)
            raise SettingsError(f"{PREFIX}{name} must be one of {known}, not {value!r}") from error

    def number(self, name: str, default: float, *, most: float) -> float:
        value = self.text(name, str(default))
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number <= most:
            raise SettingsError(f"{PREFIX}{name} must be from 0 to {most:g}, not {value!r}")
        return number

    def whole(self, name: str, default: int, *, most: int) -> int:
        number = self.number(name, default, most=most)
        # Half a day of comments must not become none, which would mean for ever.
        if number != int(number):
            raise SettingsError(f"{PREFIX}{name} must be a whole number, not {number:g}")
        return int(number)

    def secret(self, name: str) -> str:
        """The value itself, or the first line of the file that `NAME_FILE` points to."""
        path = self.text(f"{name}_FILE", "")
        if not path:
            return self.text(name, "")
        if self.text(name, ""):
            raise SettingsError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one")
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingsError(f"{PREFIX}{name}_FILE: cannot read {path}: {error}") from error


def _schedule(names: tuple[str, ...]) -> tuple[str, ...]:
    """Off is the same as nothing."""
    return () if names == ("off",) else names


def _index(value: str) -> str:
    """An address as it is, a path made absolute, or nothing.

    :raise SettingsError: for an address that is not https: what came over it could be anyone's.
    """
    if not value or urlsplit(value).scheme == "https":
        return value
    if "://" in value:
        raise SettingsError(
            f"{PREFIX}PACKAGE_INDEX: {value!r} is no https address, and no file or folder"
        )
    return str(Path(value).expanduser().absolute())


def _stored_secret(data_dir: Path) -> str:
    """The secret that `rayak setup` generated, if it did."""
    path = data_dir / "secret-key"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def _secret_keys(value: str) -> tuple[str, ...]:
    keys = tuple(k.strip() for k in value.split(",") if k.strip())
    if not keys:
        raise SettingsError(
            "No secret key: run `rayak setup`, or set RAYAK_SECRET_KEY or RAYAK_SECRET_KEY_FILE"
        )
    if any(len(k) < SECRET_MINIMUM for k in keys):
        raise SettingsError(
            f"RAYAK_SECRET_KEY is shorter than {SECRET_MINIMUM} characters; "
            "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return keys
