"""The signed form token: what was on the screen, when, and a nonce; no cookie needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from survey.ratings import Channel, Engine, Shown, Translation

MAX_AGE = timedelta(hours=24)
CLOCK_SKEW = timedelta(minutes=2)
LONGEST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What a token says: the screen, the nonce that makes an answer count once, and its age."""

    shown: Shown
    nonce: str
    issued_at: datetime


class TokenError(ValueError):
    """The form cannot be taken as it is; a fresh one can."""


class TokenInvalid(TokenError):
    """Not signed by this site, or changed on the way."""


class TokenOutOfTime(TokenError):
    """Signed by this site at another time; what it says still holds for a fresh form."""

    def __init__(self, submission: Submission) -> None:
        super().__init__("out of time")
        self.submission = submission


class TokenExpired(TokenOutOfTime):
    """Signed too long ago."""


class TokenEarly(TokenOutOfTime):
    """Signed in the future: the clock has been set back since."""


class FormTokens:
    """Signs and reads tokens; with several keys the last signs and all are accepted."""

    def __init__(self, keys: Sequence[str], max_age: timedelta = MAX_AGE) -> None:
        self._serializer = URLSafeSerializer(list(keys), salt="rayak-form")
        # Made once: reading a token would make another one each time.
        self._signer = self._serializer.make_signer()
        self._max_age = max_age

    def issue(self, shown: Shown, *, nonce: str, now: datetime) -> str:
        """A URL-safe token for one form."""
        engine = shown.engine
        payload = [
            nonce,
            int(now.timestamp()),
            shown.page,
            shown.site_language,
            shown.shown_language,
            shown.source_language,
            shown.translation.value,
            shown.question,
            shown.disclaimer,
            shown.article,
            shown.revision,
            [engine.name, engine.version, engine.checksum] if engine else None,
            shown.channel.value,
        ]
        token = self._serializer.dumps(payload)
        return token if isinstance(token, str) else token.decode()

    def read(self, token: str, *, now: datetime) -> Submission:
        """Check a token and give back what it says.

        :raise TokenInvalid: when it was not signed here.
        :raise TokenEarly: when it claims to come from the future.
        :raise TokenExpired: when it is older than the maximum age.
        """
        if not token or len(token) > LONGEST:
            raise TokenInvalid
        try:
            submission = _submission(self._serializer.load_payload(self._signer.unsign(token)))
        except (BadData, ValueError, TypeError) as error:
            raise TokenInvalid from error
        if submission.issued_at > now + CLOCK_SKEW:
            raise TokenEarly(submission)
        if now - submission.issued_at > self._max_age:
            raise TokenExpired(submission)
        return submission


def _submission(payload: list[object]) -> Submission:
    nonce, issued, page, site, shown, source, how, question, disclaimer, article, revision = map(
        str, payload[:11]
    )
    engine, channel = payload[11:]
    return Submission(
        nonce=nonce,
        issued_at=datetime.fromtimestamp(int(issued), UTC),
        shown=Shown(
            page=page,
            site_language=site,
            shown_language=shown,
            source_language=source,
            translation=Translation(how),
            question=question,
            disclaimer=disclaimer,
            article=article,
            revision=revision,
            engine=_engine(engine),
            channel=Channel(str(channel)),
        ),
    )


def _engine(value: object) -> Engine | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise TypeError("engine")
    name, version, checksum = map(str, value)
    return Engine(name=name, version=version, checksum=checksum)
