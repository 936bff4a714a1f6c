"""Token buckets that slow down floods, in this process's memory only: no address is ever stored."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from dataclasses import dataclass

MOST_BUCKETS = 50_000
# Longer than any bucket takes to be full again: then it need not be remembered, nor its address.
REMEMBERED_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many at once, and so many a second after that.

    A refused caller waits at most `1 / per_second` seconds for the next try: a shared office is
    slowed down, never locked out.
    """

    burst: float
    per_second: float


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
        """Take one token at monotonic second `at`.

        :return: 0.0 when it was there, otherwise the seconds until there is one.
        """
        if not self._enabled:
            return 0.0
        with self._lock:
            level, since = self._levels.pop(key, (allowance.burst, at))
            level = min(allowance.burst, level + max(0.0, at - since) * allowance.per_second)
            granted = level >= 1
            self._levels[key] = (level - 1 if granted else level, at)
            self._forget(at)
        return 0.0 if granted else (1 - level) / allowance.per_second

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


def network(address: str | None) -> str:
    """What an address is limited as: itself in IPv4, its /64 in IPv6, since a line has one."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        mapped = ip.ipv4_mapped
        return str(mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
