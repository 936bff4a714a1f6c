"""Token buckets that slow down floods, in this process's memory only: no address is ever stored."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

MOST_BUCKETS = 50_000
# Longer than any bucket takes to be full again: then it need not be remembered, nor its address.
REMEMBERED_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many at once, and so many a second after that.

    A refused caller waits at most `1 / per_second` seconds for the next try: a shared office is
    slowed down, and locked out no longer than whoever floods beside it is quicker.
    """

    burst: float
    per_second: float

    def times(self, number: float) -> Allowance:
        """So many times as much."""
        return Allowance(burst=self.burst * number, per_second=self.per_second * number)


# A person answers once; an office of a hundred behind one address still gets through in a minute.
ANSWERS = Allowance(burst=60, per_second=1.0)
# As many a second as answers: no network's answers can outrun its views. A ministry behind one
# address opens its home page in the morning; a program may ask as often as it likes.
VIEWS = Allowance(burst=600, per_second=1.0)
TRANSLATIONS = Allowance(burst=30, per_second=0.5)
# By account and network: guessing is slow, and nobody can lock another network's Amina out.
LOGINS = Allowance(burst=8, per_second=1 / 30)
# By network alone: each try costs a quarter of a second of hashing, whatever name it is for.
LOGINS_OF_NETWORK = Allowance(burst=40, per_second=1 / 5)
# All lines of a neighbourhood together have as much as so many of them: whoever holds all of it
# gets no further, and a town's telephones behind one /24 do not answer ten times a second.
NEIGHBOURS = 10


class Buckets:
    """Buckets by key; safe between threads; those that are full again are forgotten.

    When there are very many, the least recently used go first.

    Each process has its own: behind N processes a flood gets N allowances, an accepted risk that
    keeps addresses out of the database and writes out of the answer path.
    """

    def __init__(self, *, enabled: bool = True) -> None:
        self._enabled = enabled
        self._lock = threading.Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, allowance: Allowance, *, at: float) -> float:
        """Take one token at monotonic second `at`; see `take_each`."""
        return self.take_each({key: allowance}, at=at)

    def take_each(self, wanted: Mapping[str, Allowance], *, at: float) -> float:
        """Take one token of each of these buckets at monotonic second `at`, or none of any.

        :return: 0.0 when they were there, otherwise the seconds until there are some.
        """
        if not self._enabled:
            return 0.0
        with self._lock:
            levels = {key: self._level(key, allowance, at) for key, allowance in wanted.items()}
            waits = [(1 - levels[key]) / wanted[key].per_second for key in wanted]
            wait = max(0.0, *waits)
            for key, allowance in wanted.items():
                level = levels[key] if wait else levels[key] - 1
                # A full one need not be kept: those of a flood that its neighbourhood stops.
                if level < allowance.burst:
                    self._levels[key] = (level, at)
            self._forget(at)
        return wait

    def _level(self, key: str, allowance: Allowance, at: float) -> float:
        """How many tokens there are now, taken out of what is remembered."""
        level, since = self._levels.pop(key, (allowance.burst, at))
        return min(allowance.burst, level + max(0.0, at - since) * allowance.per_second)

    def forget(self, *, at: float) -> None:
        """Drop what need not be remembered at monotonic second `at`, also while nobody asks."""
        with self._lock:
            self._forget(at)

    def _forget(self, at: float) -> None:
        """Drop what is full again, and what there is no room for; the oldest stands first."""
        while self._levels:
            key, (_level, since) = next(iter(self._levels.items()))
            if len(self._levels) <= MOST_BUCKETS and at - since <= REMEMBERED_SECONDS:
                return
            del self._levels[key]


def of_network(what: str, address: str | None, allowance: Allowance) -> dict[str, Allowance]:
    """The buckets that a request takes from: that of its network, and that of the neighbourhood.

    :param what: is asked for, such as "answer".
    """
    wide = {f"{what} {neighbourhood(address)}": allowance.times(NEIGHBOURS)}
    return wide | {f"{what} {network(address)}": allowance}


def network(address: str | None) -> str:
    """What an address is limited as: itself in IPv4, its /64 in IPv6, since a line has one."""
    return _block(address, 32, 64)


def neighbourhood(address: str | None) -> str:
    """What it is limited as with others: its /24 in IPv4, its /48 in IPv6.

    A /48 is what one customer may get (RFC 6177), with 65,536 lines in it; a /24 is the smallest
    part of IPv4 that is routed by itself, so the least that can be rented as a whole. Of wider
    blocks nobody knows whose they are: against those there is the proof of work.
    """
    return _block(address, 24, 48)


def _block(address: str | None, bits: int, bits_of_six: int) -> str:
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, bits_of_six), strict=False))
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, bits), strict=False)).removesuffix("/32")
