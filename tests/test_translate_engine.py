"""Models are loaded once, kept within a budget and a queue, and fail as errors."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import translation
from translate.argos import packages
from translate.engine import Engine
from translate.errors import EngineBusy, EngineFailed
from translate.sentences.decoding import Decoding, Resources
from translate.service import TranslationService

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


def test_a_result_does_not_hang_on_its_neighbours(fresh: TranslationService) -> None:
    """Alone or in a batch, today or again: the same sentence becomes the same text."""
    texts = ["The meeting was held in Rabat.", "The Minister thanked the experts of 12 countries."]
    package = fresh.route("en", "fr")[0]

    together = [list(found) for found in fresh.engine.translate(package, texts * 20, Decoding())]
    alone = [list(fresh.engine.translate(package, [t], Decoding())[0]) for t in texts]

    assert together == alone * 20


def test_a_sentence_of_too_many_tokens_is_translated_in_parts(fresh: TranslationService) -> None:
    """Not an error, and not cut off silently at the model's last position."""
    text = "the minister thanked the experts and " * 15 + "left"

    (result,) = fresh.translate([text], "en", "fr")

    assert len(result.text) > 200


def test_a_package_whose_model_is_broken_is_an_error_never_a_text(
    starters: Path, tmp_path: Path
) -> None:
    good = packages.installed(starters)[0]
    bad = tmp_path / "packages" / good.path.name
    (bad / "model").mkdir(parents=True)
    for name in ("metadata.json", "sentencepiece.model", "model/shared_vocabulary.json"):
        (bad / name).write_bytes((good.path / name).read_bytes())
    (bad / "model" / "model.bin").write_bytes(b"rubbish")
    service = TranslationService(Engine(tmp_path / "packages"))

    with pytest.raises(EngineFailed, match="packages verify"):
        service.translate(["Hello there."], *good.pair)


def test_eight_first_requests_load_a_model_once(
    starters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import translate.engine as module

    loads = []
    real = module._Model.__init__

    def counted(self: object, *args: object) -> None:
        loads.append(args)
        real(self, *args)  # type: ignore[arg-type] # the same arguments, handed through

    monkeypatch.setattr(module._Model, "__init__", counted)
    service = translation(starters)
    start = threading.Barrier(8)

    def ask(number: int) -> str:
        start.wait()
        return service.translate([f"The meeting number {number}."], "en", "fr")[0].text

    with ThreadPoolExecutor(8) as pool:
        texts = list(pool.map(ask, range(8)))

    assert len(loads) == 1
    assert all(texts)


def test_a_full_queue_refuses_at_once(starters: Path) -> None:
    engine = Engine(starters, Resources(workers=1, waiting=1))
    service = TranslationService(engine)

    with engine.turn(), ThreadPoolExecutor(1) as another, pytest.raises(EngineBusy) as error:
        another.submit(service.translate, ["Hello there."], "en", "fr").result()

    assert error.value.retry_after > 0
    assert service.translate(["Hello there."], "en", "fr")[0].text


def test_over_the_memory_budget_the_least_recently_used_model_goes(starters: Path) -> None:
    size = max(p.size for p in packages.installed(starters))
    service = TranslationService(Engine(starters, Resources(workers=1, memory=size + 1)))

    for target in ("fr", "ar"):
        service.warm_up.load(service.route("en", target))

    assert [p.pair for p in service.engine.loaded()] == [("en", "ar")]


def test_warming_up_loads_every_model_and_a_broken_one_stops_no_other(
    starters: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copytree(starters, tmp_path / "packages")
    first, *others = packages.installed(tmp_path / "packages")
    (first.path / "model" / "model.bin").write_bytes(b"rubbish")
    service = TranslationService(Engine(tmp_path / "packages", Resources(workers=1)))
    assert not service.warm_up.is_running

    service.warm_up.start()
    while service.warm_up.is_running:
        time.sleep(0.01)

    assert [p.pair for p in service.engine.loaded()] == [p.pair for p in others]
    assert "packages verify" in caplog.text


def test_only_what_is_free_and_needed_is_loaded() -> None:
    """minisbd is AGPL; torch and stanza are large; none of them is loaded by translating."""
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from translate.argos import packages\n"
        "from translate.engine import Engine\n"
        "from translate.service import TranslationService\n"
        "import translate.web.api, translate.web.views\n"
        "folder = Path(sys.argv[1])\n"
        "packages.install(next(Path('translate/starter').glob('*en_fr*')), folder)\n"
        "service = TranslationService(Engine(folder))\n"
        "assert service.translate(['The meeting was held.'], 'en', 'fr')[0].text\n"
        "bad = {'minisbd', 'onnxruntime', 'stanza', 'torch', 'spacy', 'argostranslate'}\n"
        "print(sorted(bad & {name.split('.')[0] for name in sys.modules}))\n"
    )
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            [sys.executable, "-c", program, folder],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
            env={"HOME": folder, "PATH": "/usr/bin:/bin"},
        )

    assert run.stderr == ""
    assert run.stdout.strip() == "[]"
