"""A starter package that goes on learning, at toy size: only where PyTorch is installed."""

import json
import zipfile
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch, the service does not")

from tests.training_corpus import little_corpus  # noqa: E402 -- after the skip
from translate.training import blend, mixture, starter  # noqa: E402
from translate.training.checkpoint import load_checkpoint  # noqa: E402
from translate.training.claim import claim  # noqa: E402
from translate.training.corpus import read_corpus  # noqa: E402
from translate.training.model import Translator  # noqa: E402
from translate.training.package import Label, Language, write_package  # noqa: E402
from translate.training.pairs import Pair  # noqa: E402
from translate.training.plan import Shape  # noqa: E402
from translate.training.start import open_start  # noqa: E402
from translate.training.vocabulary import Vocabulary, train_vocabulary  # noqa: E402

PAIRS = [
    Pair(source=f"The council met in Rabat {n} times.", target=f"Le conseil s'est réuni {n} fois.")
    for n in range(2, 200)
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return little_corpus(tmp_path_factory.mktemp("corpus"), PAIRS)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> Path:
    """Knows nothing, but is of the right kind."""
    folder = tmp_path_factory.mktemp("package")
    found = read_corpus(corpus, "en", "fr", 1)
    pairs = [
        pair for group in (found.groups, found.held_out) for ps in group.values() for pair in ps
    ]
    sides = [side for pair in pairs for side in (pair.source, pair.target)]
    train_vocabulary(sides, folder / "v.model", size=400, languages=("en", "fr"))
    vocabulary = Vocabulary(folder / "v.model")
    label = Label(
        source=Language(code="en", name="English"),
        target=Language(code="fr", name="French"),
        version="0.1",
        card="# A toy\n",
    )
    torch.manual_seed(3)
    shape = Shape(vocabulary=len(vocabulary), width=64, encoder=1, decoder=1)
    model = Translator(shape, 0.0)
    write_package(folder / "toy.argosmodel", model, vocabulary, label)
    return folder / "toy.argosmodel"


def test_a_starter_goes_on_from_a_package_with_its_vocabulary_and_shape(
    corpus: Path, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixture, "_DRAWN_FOR_VARIANTS", 500)
    work, output = tmp_path / "work", tmp_path / "more.argosmodel"
    given = [str(corpus), str(work), "--to", "fr", "--start-from", str(package), "--generated", "1"]

    assert starter.main([*given, "--minutes", "0.1", "--rate", "0.1", "-o", str(output)]) == 0

    before, after = open_start(package, "en", "fr"), open_start(output, "en", "fr")
    assert after.vocabulary == before.vocabulary
    assert after.shape == before.shape
    moved = (after.weights - before.weights).norm() / before.weights.norm()
    assert 0 < float(moved) < 0.5
    with zipfile.ZipFile(output) as archive:
        name = next(n for n in archive.namelist() if n.endswith("metadata.json"))
        assert json.loads(archive.read(name))["to_code"] == "fr"
    best = load_checkpoint(work / "best.pt", shape=after.shape, vocabulary=fingerprint(package))
    ends = [before.weights.lerp(best.tensors["ema"], share) for share in blend.SHARES]
    # The package's weights are int8: near to one of them, not the same.
    assert min(float((after.weights - end).norm() / end.norm()) for end in ends) < 0.01


def test_the_reverse_direction_begins_with_the_weights_and_vocabulary_of_a_package(
    corpus: Path, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is packed as it was learned: there is no going back to the other direction."""
    monkeypatch.setattr(mixture, "_DRAWN_FOR_VARIANTS", 500)
    work, output = tmp_path / "work", tmp_path / "turned.argosmodel"
    given = [str(corpus), str(work), "--from", "fr", "--to", "en", "--turn-round", str(package)]
    more = ["--generated", "1", "--minutes", "0.1", "--rate", "0.1", "-o", str(output)]

    assert starter.main([*given, *more]) == 0

    before, after = open_start(package, "en", "fr"), open_start(output, "fr", "en")
    assert after.vocabulary == before.vocabulary
    moved = (after.weights - before.weights).norm() / before.weights.norm()
    assert 0 < float(moved) < 0.5
    best = load_checkpoint(work / "best.pt", shape=after.shape, vocabulary=fingerprint(package))
    learned = best.tensors["ema"]
    assert float((after.weights - learned).norm() / learned.norm()) < 0.01


def test_a_folder_of_another_training_is_refused_and_stays_as_it_was(
    corpus: Path, package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its data would be taken for those asked for, and its weights for those of the package."""
    work = tmp_path / "work"
    work.mkdir()
    claim(work, {"languages": ["en", "fr"], "start": "", "share of labels": None})
    (work / "vocabulary.model").write_bytes(b"another one")
    with pytest.raises(SystemExit) as stopped:
        starter.main([str(corpus), str(work), "--to", "fr", "--start-from", str(package)])
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "other grammar sentences, start" in said
    assert (work / "vocabulary.model").read_bytes() == b"another one"


@pytest.mark.parametrize(
    ("mark", "words"),
    [(b'{"languages": ["en"', "job.json is damaged"), (None, "nothing was trained there yet")],
)
def test_a_work_folder_that_holds_nothing_to_go_on_from_is_said_in_a_line(
    corpus: Path,
    package: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    mark: bytes | None,
    words: str,
) -> None:
    """As a full disk leaves it, or packing before any training."""
    monkeypatch.setattr(mixture, "_DRAWN_FOR_VARIANTS", 500)
    work = tmp_path / "work"
    work.mkdir()
    if mark:
        (work / "job.json").write_bytes(mark)
    given = [str(corpus), str(work), "--to", "fr", "--start-from", str(package)]
    with pytest.raises(SystemExit) as stopped:
        starter.main([*given, "--generated", "1", "-o", str(tmp_path / "out.argosmodel")])
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words in said


def fingerprint(package: Path) -> str:
    path = package.parent / "v.model"
    return Vocabulary(path).fingerprint


@pytest.mark.parametrize(
    ("losses", "share"),
    [
        ([2.0, 1.0, 1.0, 1.0, 1.0], 0.25),
        ([2.0, 1.8, 1.5, 1.2, 1.0], 1.0),
        ([2.0, 1.5, 1.1, 1.0, 1.4], 0.5),
        ([1.0, 1.0, 1.0, 1.0, 1.0], 0.0),
        ([1.0, 1.1, 1.2, 1.3, 1.4], 0.0),
    ],
)
def test_as_little_is_taken_of_what_was_learned_as_gives_most_of_the_gain(
    losses: list[float], share: float
) -> None:
    assert blend.least_share(losses) == (share, losses[(0.0, *blend.SHARES).index(share)])
