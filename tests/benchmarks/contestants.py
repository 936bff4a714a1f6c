"""Who takes part in the benchmark of translation: each in a process of its own, loaded once.

Argos Translate splits sentences with a model that must be downloaded: here it gets our splitter
instead, which is quicker than its own, so that the comparison needs no network and favours it.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tests.servers import environment, started
from tests.servers import rayak as run

BEAM = 4
# Found by trying 96 to 1,024 (see docs/translation.md): the bare model at its best.
BATCH_TOKENS = 256
LENGTH_PENALTY = 0.2

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What is translated: the languages, and the folder that holds only their package."""

    source: str
    target: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One text: the seconds it took, and what came out."""

    seconds: float
    text: str


class Contestant:
    """A way to translate, loaded in another process, that answers one text after the other."""

    def __init__(
        self, make: Callable[[Pair], Translate], pair: Pair, variables: dict[str, str] | None = None
    ) -> None:
        """Start the process and wait until it has translated its first sentence.

        :param variables: environment variables of that process alone.
        """
        spawn = multiprocessing.get_context("spawn")
        self._connection, theirs = spawn.Pipe()
        work = (make, pair, variables or {}, theirs)
        # It must not outlive a benchmark that fails.
        self._process = spawn.Process(target=_work, args=work, daemon=True)
        self._process.start()
        self.first = float(self._answer())

    def forget(self) -> None:
        """Translate another text: Argos Translate keeps the last one's paragraphs."""
        self.translate("Something else.")

    def translate(self, text: str) -> Turn:
        """Translate a text there."""
        self._connection.send(text)
        answer = self._answer()
        assert isinstance(answer, Turn)
        return answer

    def end(self) -> int:
        """End the process; gives the most memory that it held, in MiB."""
        self._connection.send(None)
        peak = int(self._answer())
        self._process.join()
        return peak

    def _answer(self) -> Any:
        try:
            answer = self._connection.recv()
        except EOFError as error:
            raise RuntimeError("a contestant ended before it answered") from error
        return answer


def _work(
    make: Callable[[Pair], Translate], pair: Pair, variables: dict[str, str], answers: Connection
) -> None:
    os.environ.update(variables)
    logging.disable(logging.INFO)
    begin = time.perf_counter()
    translate = make(pair)
    translate("The meeting was held in Rabat.")
    answers.send(time.perf_counter() - begin)
    while (text := answers.recv()) is not None:
        begin = time.perf_counter()
        output = translate(text)
        answers.send(Turn(seconds=time.perf_counter() - begin, text=output))
    answers.send(peak("self"))


def peak(process: str) -> int:
    """The most memory that a process held at once, in MiB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def rayak(pair: Pair) -> Translate:
    """Our service; each text gets a new one, so that nothing is remembered."""
    from translate.engine import Engine
    from translate.sentences.decoding import Decoding
    from translate.service import TranslationService

    engine = Engine(pair.folder)

    def translate(text: str) -> str:
        service = TranslationService(engine, Decoding(beam_size=BEAM))
        return service.translate([text], pair.source, pair.target)[0].text

    return translate


def rayak_from_memory(pair: Pair) -> Translate:
    """Our service, one for all texts: what comes a second time is remembered."""
    from translate.engine import Engine
    from translate.service import TranslationService

    service = TranslationService(Engine(pair.folder))
    return lambda text: service.translate([text], pair.source, pair.target)[0].text


def bare(pair: Pair) -> Translate:
    """CTranslate2 and nothing else: all sentences of a text in one call."""
    import ctranslate2
    import sentencepiece

    from translate.argos.packages import installed
    from translate.text import split

    (package,) = installed(pair.folder)
    workers = len(os.sched_getaffinity(0))
    translator = ctranslate2.Translator(
        str(package.path / "model"), inter_threads=workers, intra_threads=1, compute_type="int8"
    )
    processor = sentencepiece.SentencePieceProcessor(
        model_file=str(package.path / "sentencepiece.model")
    )

    def translate(text: str) -> str:
        pieces = split(text, pair.source)
        tokens = processor.encode([p.text for p in pieces if p.sentence], out_type=str)
        # A short text must not be one batch, or all workers but one are idle.
        batch = min(BATCH_TOKENS, sum(map(len, tokens)) // workers + 1)
        results = translator.translate_batch(
            tokens,
            max_batch_size=max(batch, max(map(len, tokens)) + 2),
            batch_type="tokens",
            beam_size=BEAM,
            length_penalty=LENGTH_PENALTY,
        )
        outputs = iter(processor.decode_pieces(r.hypotheses[0]) for r in results)
        return "".join(next(outputs) if p.sentence else p.text for p in pieces)

    return translate


def argos(pair: Pair) -> Translate:
    """Argos Translate's own `translate`, as its library and LibreTranslate call it."""
    from argostranslate.package import Package
    from argostranslate.translate import Language, PackageTranslation

    from translate.argos.packages import installed
    from translate.text import split

    (package,) = installed(pair.folder)
    languages = [Language(code, code) for code in package.pair]
    translation: Any = PackageTranslation(*languages, Package(package.path))
    translation.sentencizer = SimpleNamespace(
        split_sentences=lambda text: [p.text for p in split(text, pair.source) if p.sentence]
    )
    return lambda text: str(translation.translate(text))


def ask(address: str, pair: Pair, text: str) -> str:
    """Ask a LibreTranslate server, or ours: both speak the same language."""
    body = {"q": text, "source": pair.source, "target": pair.target}
    request = urllib.request.Request(  # noqa: S310 -- the address is the developer's own
        address.rstrip("/") + "/translate",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310 -- as above
        return str(json.load(answer)["translatedText"])


class Server:
    """A running LibreTranslate server; its memory is known if its process is."""

    def __init__(self, address: str, pair: Pair, process: str | None) -> None:
        self._address, self._pair, self._process = address, pair, process
        self.first = self.translate("The meeting was held in Rabat.").seconds

    def forget(self) -> None:
        """Have another text translated: LibreTranslate keeps the last one's paragraphs."""
        self.translate("Something else.")

    def translate(self, text: str) -> Turn:
        """Have a text translated; what the network costs is counted."""
        begin = time.perf_counter()
        output = ask(self._address, self._pair, text)
        return Turn(seconds=time.perf_counter() - begin, text=output)

    def end(self) -> int:
        """Leave it running; gives the most memory that it held, 0 when that is not known."""
        return peak(self._process) if self._process else 0


class OurServer:
    """`rayak serve`, started anew for each text, so that it remembers none; counted once warm."""

    def __init__(self, pair: Pair, data: Path) -> None:
        self._pair, self._peak = pair, 0
        self._env = environment(data, RAYAK_LIMITS="off", RAYAK_TEXT_LIMIT="200000")
        done = run("setup", env=self._env)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())
        self.first = self.translate("The meeting was held in Rabat.").seconds

    def forget(self) -> None:
        """Nothing is remembered."""

    def translate(self, text: str) -> Turn:
        """Have a text translated by a service that has just become ready."""
        with started(self._env) as served:
            address = f"http://{served.host}:{served.port}"
            _until_ready(address)
            begin = time.perf_counter()
            output = ask(address, self._pair, text)
            seconds = time.perf_counter() - begin
            processes = [p.name for p in Path("/proc").glob("[0-9]*") if _is_of(p, served.group)]
            self._peak = max(self._peak, *(peak(p) for p in processes))
        return Turn(seconds=seconds, text=output)

    def end(self) -> int:
        """The most memory that one of its processes held, in MiB."""
        return self._peak


def _is_of(process: Path, group: int) -> bool:
    try:
        return os.getpgid(int(process.name)) == group
    except ProcessLookupError:
        return False


def _until_ready(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/ready", timeout=5).close()  # noqa: S310 -- ours
        except urllib.error.HTTPError as error:
            error.close()
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the service did not become ready")
