"""What an operator can set: every `RAYAK_*` variable, parsed once and strictly."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from survey.answering.personal_data import COUNTRIES
from survey.answering.proof_of_work import MOST_BITS
from survey.environment import (
    PREFIX,
    Environment,
    SettingsError,
    about,
    address_or_path,
    choice,
    number,
    origins,
    path,
    setting,
    several,
    switch,
    whole,
    zone_name,
)
from survey.keeping.mail_server import SCHEDULES, plan_problems
from survey.ratings import Acknowledgement

__all__ = ["ORGANISATION", "PREFIX", "SITE_LANGUAGES", "Settings", "SettingsError"]

SITE_LANGUAGES = ("en", "fr", "ar")
SECRET_MINIMUM = 32
ORGANISATION = {"en": "Meridian Institute", "fr": "Institut Méridien", "ar": "معهد ميريديان"}
# What may also lie in a file, which `NAME_FILE` points to.
FROM_FILES = ("SECRET_KEY", "DATABASE_URL", "SMTP_PASSWORD", "METRICS_TOKEN")


def _languages(text: str) -> tuple[str, ...]:
    found = several(text)
    if not found or len(set(found)) < len(found) or not set(found) <= set(SITE_LANGUAGES):
        raise ValueError(f"some of {', '.join(SITE_LANGUAGES)}, by commas and each once")
    return found


def _countries(text: str) -> tuple[str, ...]:
    found = several(text.upper())
    if not COUNTRIES.keys() >= set(found):
        raise ValueError(f"some of {', '.join(COUNTRIES)}, by commas")
    return found


def _schedule(text: str) -> tuple[str, ...]:
    """Off is the same as nothing."""
    return () if text == "off" else several(text)


class Periods(StrEnum):
    """Which periods the report's pages offer."""

    ANY = "any"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The service's configuration; made by `from_env`, or by hand in tests."""

    data_dir: Path = field(metadata=about("DATA_DIR", "folder of all that is written"))
    database_url: str = field(metadata=about("DATABASE_URL", "address of the database"))
    secret_keys: tuple[str, ...] = field(
        repr=False,
        metadata=about(
            "SECRET_KEY", "signs forms and logins; several, newest last, by commas", secret=True
        ),
    )
    organisation: str = setting(
        "ORGANISATION", "name of the institution, in every language", "", str
    )
    organisation_en: str = setting(
        "ORGANISATION_EN", "its name on English pages, if another", "", str
    )
    organisation_fr: str = setting(
        "ORGANISATION_FR", "its name on French pages, if another", "", str
    )
    organisation_ar: str = setting(
        "ORGANISATION_AR", "its name on Arabic pages, if another", "", str
    )
    languages: tuple[str, ...] = setting(
        "LANGUAGES", "languages of the site, by commas", SITE_LANGUAGES, _languages
    )
    time_zone: str = setting(
        "TIME_ZONE", "IANA zone in which a day begins and ends", "UTC", zone_name
    )
    limits: bool = setting("LIMITS", "off only for load tests", True, switch)
    min_answer_seconds: float = setting(
        "MIN_ANSWER_SECONDS", "quicker answers are spam; 0 for load tests", 2.0, number(most=60)
    )
    repeat_minutes: float = setting(
        "REPEAT_MINUTES",
        "a second answer of one visitor changes the first",
        10.0,
        number(most=1_440),
    )
    comment_days: int = setting(
        "COMMENT_DAYS", "comments are deleted after; 0 keeps them", 365, whole(most=36_500)
    )
    national_ids: tuple[str, ...] = setting(
        "NATIONAL_IDS", "countries whose identity numbers are masked in comments", (), _countries
    )
    ask_one_in: int = setting(
        "ASK_ONE_IN",
        "the box is shown on one page view in so many",
        1,
        whole(least=1, most=1_000_000),
    )
    embed_origins: tuple[str, ...] = setting(
        "EMBED_ORIGINS", "websites that may show the box, as https://host", (), origins
    )
    acknowledgement: Acknowledgement = setting(
        "ACKNOWLEDGEMENT",
        "confirming a disclaimer: off, optional or required",
        Acknowledgement.OFF,
        choice(Acknowledgement),
    )
    proof_of_work: int = setting(
        "PROOF_OF_WORK",
        "bits of work asked for with an answer; 0 asks for none",
        0,
        whole(most=MOST_BITS),
    )
    report_schedule: tuple[str, ...] = setting(
        "REPORT_SCHEDULE", "reports kept: off, weekly, monthly, weekly,monthly", (), _schedule
    )
    report_periods: Periods = setting(
        "REPORT_PERIODS",
        "periods of reports: any, or months that have ended",
        Periods.ANY,
        choice(Periods),
    )
    report_languages: tuple[str, ...] = setting(
        "REPORT_LANGUAGES", "languages of kept reports; default the site's", (), several
    )
    report_recipients: tuple[str, ...] = setting(
        "REPORT_RECIPIENTS", "mail addresses that get kept reports, by commas", (), several
    )
    report_sender: str = setting(
        "REPORT_SENDER", "mail address that kept reports come from", "", str
    )
    smtp_url: str = setting("SMTP_URL", "mail server, as smtp://user@host:587 or smtps://", "", str)
    smtp_password: str = setting(
        "SMTP_PASSWORD", "password of the mail server", "", str, secret=True
    )
    minimum_cell: int = setting(
        "MINIMUM_CELL", "breakdown rows with fewer answers are hidden", 10, whole(most=1_000)
    )
    trusted_proxies: int = setting(
        "TRUSTED_PROXIES", "reverse proxies in front of the service", 0, whole(most=20)
    )
    metrics_token: str = setting(
        "METRICS_TOKEN", "opens /metrics to programs on other machines", "", str, secret=True
    )
    secure_cookies: bool = setting(
        "SECURE_COOKIES", "on when admins reach the service by https only", False, switch
    )
    text_limit: int = setting(
        "TEXT_LIMIT", "characters in one translation request", 20_000, whole(most=10_000_000)
    )
    packages_dir: Path | None = setting(
        "PACKAGES_DIR", "Argos packages; default DATA_DIR/packages", None, path
    )
    package_index: str = setting(
        "PACKAGE_INDEX",
        "https address, file or folder that packages come from",
        "",
        address_or_path,
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
    def whole_months(self) -> bool:
        """Whether reports are of whole months only."""
        return self.report_periods is Periods.MONTHS

    @property
    def cadences(self) -> tuple[str, ...]:
        """Which kept reports may be made and given out: a week can be subtracted from its month."""
        return ("monthly",) if self.whole_months else SCHEDULES

    @property
    def packages(self) -> Path:
        """Folder of the installed Argos packages."""
        return self.packages_dir or self.data_dir / "packages"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment.

        :raise SettingsError: for an unknown `RAYAK_*` name, a wrong value or a missing secret.
        """
        names = {f.metadata["name"] for f in fields(cls)}
        env = Environment(os.environ if environ is None else environ, names, FROM_FILES)
        data_dir = env.parsed("DATA_DIR", path("data"), path)
        parsed: dict[str, Any] = {
            f.name: env.parsed(f.metadata["name"], f.default, f.metadata["parse"])
            for f in fields(cls)
            if "parse" in f.metadata
        }
        settings = cls(
            data_dir=data_dir,
            database_url=env.text("DATABASE_URL") or f"sqlite:///{data_dir / 'rayak.sqlite3'}",
            secret_keys=_secret_keys(env.text("SECRET_KEY") or _stored_secret(data_dir)),
            **parsed,
        )
        settings.check()
        return settings

    def check(self) -> None:
        """:raise SettingsError: when the values do not fit together."""
        if self.whole_months and "weekly" in self.report_schedule:
            raise SettingsError(
                f"{PREFIX}REPORT_SCHEDULE: a week could be subtracted from its month: leave weekly "
                f"out, or let {PREFIX}REPORT_PERIODS be any"
            )
        absent = [c for c in self.report_languages if c not in self.languages]
        if absent:
            raise SettingsError(
                f"{PREFIX}REPORT_LANGUAGES: {', '.join(absent)}: not among {PREFIX}LANGUAGES"
            )
        for name, problem in plan_problems(
            schedule=self.report_schedule,
            recipients=self.report_recipients,
            sender=self.report_sender,
            url=self.smtp_url,
            password=self.smtp_password,
        ):
            raise SettingsError(f"{PREFIX}{name}: {problem}")

    def unfit_for_production(self) -> list[str]:
        """What is set for tests and must not stay so, as sentences for `rayak doctor`."""
        found = []
        if not self.limits:
            found.append("RAYAK_LIMITS is off: nothing slows down a flood of requests")
        if 0 < len(self.metrics_token) < SECRET_MINIMUM:
            found.append(f"RAYAK_METRICS_TOKEN is shorter than {SECRET_MINIMUM} characters")
        if self.min_answer_seconds == 0:
            found.append("RAYAK_MIN_ANSWER_SECONDS is 0: the time trap for robots is off")
        return found


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
