"""Token buckets slow floods down and never lock anyone out for long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answering.limits import (
    ANSWERS,
    LOGINS,
    LOGINS_OF_NETWORK,
    MOST_BUCKETS,
    NEIGHBOURS,
    REMEMBERED_SECONDS,
    TRANSLATIONS,
    VIEWS,
    Allowance,
    Buckets,
    neighbourhood,
    network,
    of_network,
)
from survey.answering.sightings import Sightings
from survey.app.chores import housekeeping
from survey.db import Database
from survey.settings import Settings


def test_a_flood_of_ten_thousand_lets_the_burst_and_the_rate_through() -> None:
    """Ten thousand tries within a minute: the burst, and then one a second."""
    buckets = Buckets()

    granted = sum(buckets.take("office", ANSWERS, at=i * 60 / 10_000) == 0 for i in range(10_000))

    assert 119 <= granted <= 120


@given(st.lists(st.floats(min_value=0, max_value=10), max_size=200))
def test_the_wait_is_never_longer_than_one_token_takes(pauses: list[float]) -> None:
    """A shared office is told to come back soon, however long the flood lasted."""
    buckets, at = Buckets(), 0.0
    allowance = Allowance(burst=3, per_second=0.5)
    for pause in pauses:
        at += pause
        wait = buckets.take("office", allowance, at=at)
        assert 0 <= wait <= 2.0001
        if wait:
            assert buckets.take("office", allowance, at=at + wait + 1e-6) == 0
            at += wait + 1e-6


@pytest.mark.parametrize(
    "flood",
    [
        [f"2001:db8:1:{line:x}::1" for line in range(10_000)],
        [f"192.0.2.{n % 256}" for n in range(10_000)],
        ["2001:db8:1:2::1"] * 5_000 + [f"2001:db8:1:2:{n:x}::1" for n in range(5_000)],
    ],
)
def test_a_whole_neighbourhood_gets_no_further_than_ten_lines(flood: list[str]) -> None:
    """Ten thousand tries from a /48 or a /24 within a minute; the memory holds only who got in."""
    buckets = Buckets()
    granted = sum(
        buckets.take_each(of_network("answer", address, ANSWERS), at=n * 60 / 10_000) == 0
        for n, address in enumerate(flood)
    )
    lines = len({network(address) for address in flood})
    assert granted == pytest.approx(NEIGHBOURS * 120 if lines > 1 else 120, abs=1)
    assert len(buckets._levels) <= granted + 1


def test_an_office_beside_a_flood_waits_a_moment_at_most_and_others_not_at_all() -> None:
    """A tenth of a second in the same /48, then it is its turn; nothing outside of it."""
    buckets = Buckets()
    for line in range(5_000):
        buckets.take_each(of_network("answer", f"2001:db8:1:{line:x}::1", ANSWERS), at=0)
    office, elsewhere = (
        of_network("answer", a, ANSWERS) for a in ("2001:db8:1:ffff::1", "2001:db8:2::1")
    )
    wait = buckets.take_each(office, at=0)
    assert 0 < wait <= 1 / NEIGHBOURS
    assert buckets.take_each(elsewhere, at=0) == 0
    assert buckets.take_each(office, at=wait + 1e-6) == 0


def test_who_is_refused_has_lost_no_token() -> None:
    """One bucket's refusal takes nothing from the other."""
    buckets = Buckets()
    one, two = Allowance(burst=1, per_second=0.01), Allowance(burst=3, per_second=0.01)
    assert buckets.take("one", one, at=0) == 0
    for _ in range(5):
        assert buckets.take_each({"one": one, "two": two}, at=0) == pytest.approx(100)
    assert [buckets.take("two", two, at=0) > 0 for _ in range(4)] == [False] * 3 + [True]


def test_one_visitor_does_not_use_up_anothers_allowance() -> None:
    """Keys are apart."""
    buckets = Buckets()
    allowance = Allowance(burst=1, per_second=0.1)
    assert buckets.take("a", allowance, at=0) == 0
    assert buckets.take("a", allowance, at=0) > 0
    assert buckets.take("b", allowance, at=0) == 0


def test_memory_is_bounded() -> None:
    """A flood from ever new addresses does not fill the memory."""
    buckets = Buckets()
    for i in range(MOST_BUCKETS + 500):
        buckets.take(str(i), ANSWERS, at=0)
    assert len(buckets._levels) == MOST_BUCKETS


def test_an_address_is_forgotten_once_its_bucket_is_full_again() -> None:
    """Nothing of it stays in memory, and nobody gets more than their allowance by waiting."""
    for allowance in (ANSWERS, VIEWS, TRANSLATIONS, LOGINS, LOGINS_OF_NETWORK):
        assert allowance.burst / allowance.per_second < REMEMBERED_SECONDS
    buckets = Buckets()
    buckets.take("192.0.2.7", ANSWERS, at=0)
    buckets.take("198.51.100.7", ANSWERS, at=500)
    buckets.take("203.0.113.7", ANSWERS, at=REMEMBERED_SECONDS + 1)
    assert set(buckets._levels) == {"198.51.100.7", "203.0.113.7"}


def test_an_address_is_forgotten_while_nobody_asks(
    settings: Settings, sqlite: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last visitor of the evening too is gone a quarter of an hour later, as the page says."""
    buckets = Buckets()
    buckets.take("192.0.2.7", ANSWERS, at=time.monotonic())
    chores = housekeeping(settings, sqlite, Sightings(settings.zone), buckets)
    (chore,) = (chore for chore in chores._chores if chore.name == "addresses")
    chore.do()
    assert set(buckets._levels) == {"192.0.2.7"}
    later = time.monotonic() + REMEMBERED_SECONDS + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    chore.do()
    assert not buckets._levels
    assert chore.seconds < REMEMBERED_SECONDS


def test_networks_are_one_address_in_ipv4_and_a_line_in_ipv6() -> None:
    """A household's IPv6 line has one allowance, however many addresses it has."""
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("2001:db8:1:2:aaaa::1") == network("2001:db8:1:2:bbbb::2")
    assert network("::ffff:192.0.2.7") == "192.0.2.7"
    assert network(None) == network("not an address") == "unknown"
    assert neighbourhood("192.0.2.7") == neighbourhood("::ffff:192.0.2.200") == "192.0.2.0/24"
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:ff::") == "2001:db8:1::/48"
    assert of_network("answer", None, ANSWERS) == {"answer unknown": ANSWERS}
