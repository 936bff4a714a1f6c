"""How an estimate and its interval are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import estimates
from reports.summary import Interval, wilson
from reports.texts import LANGUAGES, Texts


@pytest.mark.parametrize("language", LANGUAGES)
@given(
    total=st.integers(1, 10**8),
    part=st.floats(0.01, 0.99),
)
def test_the_limits_of_a_share_are_not_written_the_same(
    language: str, total: int, part: float
) -> None:
    written = estimates.share(wilson(round(part * total), total), Texts(language))
    assert written.low != written.high


def test_a_share_of_few_answers_has_no_decimals() -> None:
    written = estimates.share(wilson(14, 100), Texts("en"))
    assert (written.value, written.low, written.high) == ("14%", "9%", "22%")


def test_a_share_of_very_many_answers_has_as_many_decimals_as_it_can_be_known_to() -> None:
    written = estimates.share(wilson(1_412_345, 10_000_000), Texts("en"))
    assert (written.value, written.low, written.high) == ("14.12%", "14.10%", "14.15%")


def test_a_difference_says_which_way_it_goes_by_its_sign_or_by_words() -> None:
    gap = Interval(value=-0.0512, low=-0.0581, high=-0.0444)
    signed, size = (f(gap, Texts("en")) for f in (estimates.points, estimates.size))
    assert (signed.value, size.value) == ("−5.1 points", "5.1 points")
    assert signed.low == size.low == "−5.8 points"


def test_what_cannot_be_estimated_is_a_dash() -> None:
    nothing = Interval(value=None, low=None, high=None)
    for write in (estimates.share, estimates.points, estimates.size, estimates.mean):
        assert write(nothing, Texts("fr")).between.count("–") >= 2
