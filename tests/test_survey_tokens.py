"""The form token: nobody else can make one, it grows old, and yesterday's key still reads."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answering.tokens import FormTokens, TokenEarly, TokenError, TokenExpired, TokenInvalid
from survey.ratings import Channel, Engine, Shown, Translation
from tests.screens import TRANSLATED

NOW = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
OLD, NEW = "an old key of the tests that signed before", "a new key of the tests that signs now"


def issue(keys: list[str], shown: Shown = TRANSLATED, at: datetime = NOW) -> str:
    """A token as the page would carry it."""
    return FormTokens(keys).issue(shown, nonce="n1", now=at)


@given(
    shown=st.builds(
        Shown,
        page=st.text(max_size=50),
        site_language=st.sampled_from(["en", "fr", "ar"]),
        shown_language=st.sampled_from(["en", "fr", "ar"]),
        source_language=st.sampled_from(["en", "fr", "ar"]),
        translation=st.sampled_from(list(Translation)),
        question=st.text(max_size=10),
        disclaimer=st.text(max_size=10),
        article=st.text(max_size=20),
        revision=st.text(max_size=10),
        engine=st.none() | st.builds(Engine, name=st.text(max_size=10)),
        channel=st.sampled_from(list(Channel)),
    )
)
def test_what_is_read_is_what_was_on_the_screen(shown: Shown) -> None:
    """The token carries everything, whatever is in it."""
    tokens = FormTokens([NEW])

    submission = tokens.read(tokens.issue(shown, nonce="n", now=NOW), now=NOW)

    assert submission.shown == shown
    assert (submission.nonce, submission.issued_at) == ("n", NOW)


@given(st.text(max_size=200))
def test_no_other_text_is_a_token(text: str) -> None:
    """Anything not signed here is refused as invalid, without another error."""
    with pytest.raises(TokenInvalid):
        FormTokens([NEW]).read(text, now=NOW)


def test_a_changed_character_makes_a_token_invalid() -> None:
    """What was shown cannot be altered by whoever sends the form."""
    token = issue([NEW])
    for place in range(0, len(token), 7):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(TokenInvalid):
            FormTokens([NEW]).read(forged, now=NOW)


def test_a_token_of_another_site_is_refused() -> None:
    """Another key is another site."""
    with pytest.raises(TokenInvalid):
        FormTokens([OLD]).read(issue([NEW]), now=NOW)


def test_after_a_change_of_keys_yesterdays_token_is_still_read() -> None:
    """Pages that are open while the operator changes the key keep working."""
    assert FormTokens([OLD, NEW]).read(issue([OLD]), now=NOW).shown == TRANSLATED
    assert FormTokens([NEW]).read(issue([OLD, NEW]), now=NOW).shown == TRANSLATED


def test_an_old_token_says_what_was_shown_but_is_not_taken() -> None:
    """The fresh form that replaces an expired one is about the same screen."""
    with pytest.raises(TokenExpired) as caught:
        FormTokens([NEW]).read(issue([NEW]), now=NOW + timedelta(hours=25))

    assert caught.value.submission.shown == TRANSLATED


def test_a_token_of_tomorrow_is_refused() -> None:
    """A clock set back must not make tokens that never grow old; what it says is known."""
    with pytest.raises(TokenEarly) as caught:
        FormTokens([NEW]).read(issue([NEW], at=NOW + timedelta(days=1)), now=NOW)
    assert caught.value.submission.shown == TRANSLATED


def test_a_small_difference_of_clocks_is_accepted() -> None:
    """Two servers may differ by a minute."""
    assert FormTokens([NEW]).read(issue([NEW], at=NOW + timedelta(minutes=1)), now=NOW)


def test_a_token_with_the_right_signature_and_another_shape_is_refused() -> None:
    """A token of an earlier version of Rayak leads to a fresh form, not to an error page."""
    tokens = FormTokens([NEW])
    odd = tokens._serializer.dumps(["n", 1, 2])
    with pytest.raises(TokenError):
        tokens.read(odd if isinstance(odd, str) else odd.decode(), now=NOW)
    assert replace(TRANSLATED, article="") != TRANSLATED
