"""Two thousand mixed requests against the running service: does its memory stay flat?"""

from __future__ import annotations

import json
import os
import random
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.servers import environment, rayak, serving

ROUNDS = 5
CLIENTS = 4
REQUESTS_EACH = 100
SENTENCE = (
    "The Director-General received the delegation at the headquarters in Rabat on Wednesday to "
    "discuss cooperation in education science and culture with experts from many countries"
)
WORDS = SENTENCE.split()
PAGES = ("/en/", "/fr/", "/ar/articles/paths-of-paper-exhibition", "/languages")


def run(say: Callable[[str], None]) -> None:
    """Texts, lists, HTML, alternatives, detection, pages and mistakes, from several clients."""
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder), RAYAK_LIMITS="off")
        rayak("setup", env=env)
        with serving(env) as address:
            sizes, codes, times = _soak(address)
    say(f"\n## Soak: {sum(codes.values())} mixed requests from {CLIENTS} clients\n")
    say("| requests done | memory of the service, MiB |\n|---|---|")
    for number, size in enumerate(sizes):
        say(f"| {number * CLIENTS * REQUESTS_EACH} | {size} |")
    answered = ", ".join(f"{n} times {code}" for code, n in sorted(codes.items()))
    quick, slow = statistics.quantiles(times, n=100)[49], statistics.quantiles(times, n=100)[98]
    say(f"\nAnswers: {answered}. Half within {quick:.2f} s, 99 of 100 within {slow:.2f} s.")


def _soak(address: str) -> tuple[list[int], Counter[int], list[float]]:
    sizes = [_memory()]
    codes: Counter[int] = Counter()
    times: list[float] = []
    for round_number in range(ROUNDS):
        clients = [
            threading.Thread(target=_client, args=(address, 100 * round_number + n, codes, times))
            for n in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        sizes.append(_memory())
    return sizes, codes, times


def _client(address: str, seed: int, codes: Counter[int], times: list[float]) -> None:
    chance = random.Random(seed)  # noqa: S311 -- no secret
    for _ in range(REQUESTS_EACH):
        path, body = _request(chance)
        request = urllib.request.Request(  # noqa: S310 -- loopback
            address + path,
            data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"} if body else {},
        )
        begin = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310 -- loopback
                answer.read()
                code = answer.status
        except urllib.error.HTTPError as error:
            error.read()
            code = error.code
        codes[code] += 1
        times.append(time.perf_counter() - begin)


def _request(chance: random.Random) -> tuple[str, dict[str, Any] | None]:
    text = " ".join(chance.choices(WORDS, k=chance.randint(4, 18))) + "."
    pair = {"source": "en", "target": chance.choice(["fr", "ar"])}
    kinds: list[tuple[int, str, dict[str, Any] | None]] = [
        (35, "/translate", {"q": text, **pair}),
        (
            15,
            "/translate",
            {"q": [text, "", text.lower()], **pair, "source": "auto", "detail": True},
        ),
        (15, "/translate", {"q": f"<p>{text} <b>{text}</b> &lt;</p>", **pair, "format": "html"}),
        (5, "/translate", {"q": text, **pair, "alternatives": 2}),
        (5, "/translate", {"q": text * 20, **pair}),
        (5, "/translate", {"q": text, **pair, "source": "zz"}),
        (10, "/detect", {"q": text}),
        (10, chance.choice(PAGES), None),
    ]
    _, path, body = chance.choices(kinds, weights=[weight for weight, _, _ in kinds])[0]
    return path, body


def _memory() -> int:
    """Resident MiB of all processes that this one started, as Linux counts them."""
    waiting = [os.getpid()]
    total = 0
    while waiting:
        process = waiting.pop()
        for task in Path(f"/proc/{process}/task").iterdir():
            children = [int(pid) for pid in (task / "children").read_text().split()]
            waiting += children
            total += sum(_resident(pid) for pid in children)
    return total // 1024


def _resident(process: int) -> int:
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
