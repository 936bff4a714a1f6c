"""What tells who somebody is does not reach the database; all else stays as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from survey.answering.answers import Outcome
from survey.answering.personal_data import ACCOUNT, COUNTRIES, EMAIL, IDENTITY, TELEPHONE, mask
from survey.db import Database
from survey.models import Comment
from tests.screens import answer

WORDS = st.text(st.characters(categories=("Ll", "Lu", "Lo", "Po", "Zs")), max_size=40).filter(
    lambda text: "@" not in text and "\uff20" not in text
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Write to amina.k+news@mail.example.org.", f"Write to {EMAIL}."),
        ("راسلوني على amina@example.org شكرا", f"راسلوني على {EMAIL} شكرا"),
        ("call +212 6 12 34 56 78 now", f"call {TELEPHONE} now"),
        ("tél. 05.37.12.34.56", f"tél. {TELEPHONE}"),
        ("(0537) 12-34-56", TELEPHONE),
        ("هاتفي ٠٦١٢٣٤٥٦٧٨", f"هاتفي {TELEPHONE}"),
        ("00212612345678", TELEPHONE),
        ("card 4000 1234 5678 9010", f"card {TELEPHONE}"),
        ("IBAN MA64 0115 1900 0001 2050 0053 4921 please", f"IBAN {ACCOUNT} please"),
        ("gb29nwbk60161331926819", ACCOUNT),
        ("MT84MALT011000012345MTLCAST001S", ACCOUNT),
    ],
)
def test_personal_data_is_masked(written: str, kept: str) -> None:
    """E-mail addresses, telephone numbers in any grouping and script, account numbers."""
    assert mask(written) == kept


@pytest.mark.parametrize(
    "written",
    [
        "On 2026-11-25 and on 25/11/2026 the page was down",
        "the years 2019-2023",
        "Article 12, page 345; 1 500 readers",
        "3 of 5, 4.5 stars, room 1204",
        "the @ sign alone",
        "",
    ],
)
def test_what_tells_nobody_stays(written: str) -> None:
    """Dates, years and small numbers are part of what a visitor wants to say."""
    assert mask(written) == written


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("MA", "AB123456"),
        ("MA", "k 12345"),
        ("FR", "1 84 12 76 451 089 46"),
        ("GB", "QQ 12 34 56 C".replace("QQ", "AB")),
        ("ES", "12345678Z"),
        ("ES", "X1234567L"),
        ("IT", "RSSMRA85T10A562S"),
        ("US", "123-45-6789"),
        ("AE", "784-1984-1234567-1"),
        ("EG", "29001011234567"),
        ("SA", "1012345678"),
        ("TN", "01234567"),
    ],
)
def test_identity_numbers_of_configured_countries_are_masked(country: str, number: str) -> None:
    """Each country's own notation."""
    assert mask(f"my number {number}, thanks", [country]) == f"my number {IDENTITY}, thanks"


def test_letters_with_digits_stay_where_no_country_asks_for_them() -> None:
    """Without configuration a reference such as AB123456 is a reference."""
    assert mask("see AB123456") == "see AB123456"


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._+-", min_size=1, max_size=40)
DOMAIN = st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,10}){1,3}", fullmatch=True)


@given(before=WORDS, local=LOCAL, domain=DOMAIN, after=WORDS)
def test_no_address_survives_wherever_it_stands(
    before: str, local: str, domain: str, after: str
) -> None:
    """Whatever surrounds it, the name before the @ and the @ itself are gone."""
    masked = mask(f"{before} {local}@{domain} {after}")
    assert "@" not in masked
    assert EMAIL in masked


@given(
    before=WORDS,
    digits=st.lists(st.integers(0, 9), min_size=9, max_size=15),
    gaps=st.lists(st.sampled_from(["", " ", "-", ".", " - "]), min_size=15, max_size=15),
    after=WORDS,
)
def test_no_long_number_survives_however_it_is_grouped(
    before: str, digits: list[int], gaps: list[str], after: str
) -> None:
    """Nine digits and more are masked as one."""
    number = "".join(f"{d}{gap}" for d, gap in zip(digits, gaps, strict=False)).rstrip(" -.")
    masked = mask(f"{before} {number} {after}")
    assert not any(c.isdigit() for c in masked)


@given(text=st.text(max_size=200), countries=st.sets(st.sampled_from(sorted(COUNTRIES))))
def test_masking_twice_is_masking_once(text: str, countries: set[str]) -> None:
    """The masks themselves are never taken for something else."""
    once = mask(text, countries)
    assert mask(once, countries) == once


@given(text=WORDS)
def test_a_text_without_digits_and_addresses_is_untouched(text: str) -> None:
    """Nothing is lost from an ordinary comment."""
    assert mask(text, COUNTRIES) == text


@pytest.mark.parametrize(
    "piece", ["a", "a.", "1", "1 ", "+", "AB12", "ab12 cd34 ", "@", "a@b.", "(1-", "784 "]
)
@pytest.mark.timeout(60)
def test_a_long_text_made_to_hurt_is_no_hang(piece: str) -> None:
    """In proportion it is a second's work; a pattern that looks back would take many minutes."""
    masked = mask(piece * (100_000 // len(piece)), COUNTRIES)
    assert mask(masked, COUNTRIES) == masked


def test_personal_data_in_a_comment_is_masked_before_it_is_stored(ready: Database) -> None:
    """And the same form sent again is still the same answer."""
    text = "ask amina@example.org about AB123456"
    assert answer(ready, 3, "n1", comment=text, countries=("MA",)) is Outcome.ADDED
    assert answer(ready, 3, "n1", comment=text, countries=("MA",)) is Outcome.UNCHANGED
    with ready.scope() as session:
        stored = session.scalars(select(Comment.text)).one()
    assert stored == f"ask {EMAIL} about [identity number]"
