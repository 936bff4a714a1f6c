"""Training for real, at toy size: only where PyTorch is installed (requirements/train.txt)."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs PyTorch, the service does not")

from translate.training.alignment import learn_alignment  # noqa: E402 -- after the skip
from translate.training.batches import collate  # noqa: E402
from translate.training.checkpoint import load_checkpoint  # noqa: E402
from translate.training.dataset import encode_pairs  # noqa: E402
from translate.training.device import Device  # noqa: E402
from translate.training.errors import (  # noqa: E402
    PackageNotWritten,
    UnusableCheckpoint,
    UnusableStartPackage,
)
from translate.training.evaluate import evaluate, translate_all  # noqa: E402
from translate.training.job import Job, train  # noqa: E402
from translate.training.loss import tied_cross_entropy  # noqa: E402
from translate.training.model import Translator, with_weights  # noqa: E402
from translate.training.package import Label, Language, write_package  # noqa: E402
from translate.training.pairs import Pair  # noqa: E402
from translate.training.plan import Plan, Rates, Shape  # noqa: E402
from translate.training.start import open_start  # noqa: E402
from translate.training.trainer import Trainer  # noqa: E402
from translate.training.vocabulary import Vocabulary, train_vocabulary  # noqa: E402

NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
NOMBRES = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
PAIRS = [
    Pair(
        source=f"{NUMBERS[a]} {NUMBERS[b]} {NUMBERS[c]}",
        target=f"{NOMBRES[a]} {NOMBRES[b]} {NOMBRES[c]}",
    )
    for a in range(10)
    for b in range(10)
    for c in range(10)
]
CPU = Device(name="cpu", precision=torch.float32)
LABEL = Label(
    source=Language(code="en", name="English"),
    target=Language(code="fr", name="French"),
    version="0.3",
    card="# A toy\n",
)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.model"
    sentences = [side for pair in PAIRS for side in (pair.source, pair.target)]
    train_vocabulary(sentences, path, size=400, languages=("en", "fr"))
    return Vocabulary(path)


def plan_for(vocabulary: Vocabulary, steps: int) -> Plan:
    return Plan(
        shape=Shape(vocabulary=len(vocabulary), width=64, encoder=1, decoder=1),
        batch_tokens=600,
        warm_up=20,
        short_first=0,
        guided=60,
        steps=steps,
        rates=Rates(adam=3e-3, muon=1e-2),
        validate_every=50,
        averaging=0.9,
    )


def trainer(work: Path, vocabulary: Vocabulary, steps: int) -> Trainer:
    work.mkdir(exist_ok=True)
    return Trainer(work, plan_for(vocabulary, steps), vocabulary=vocabulary.fingerprint, device=CPU)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory, vocabulary: Vocabulary) -> Path:
    """A package that learned to count, in about ten seconds."""
    folder = tmp_path_factory.mktemp("counting")
    data = encode_pairs(PAIRS[::2], vocabulary)
    held = {"odd": encode_pairs(PAIRS[1::10], vocabulary)}
    table = learn_alignment(data, len(vocabulary), sentences=300, seed=1)
    outcome = trainer(folder, vocabulary, 300).run(data, held, table)
    shape = plan_for(vocabulary, 0).shape
    best = load_checkpoint(folder / "best.pt", shape=shape, vocabulary=vocabulary.fingerprint)
    path = folder / "translate-en_fr-0_3.argosmodel"
    write_package(path, with_weights(shape, best.tensors["ema"]), vocabulary, LABEL)
    assert outcome.best_loss < 0.5
    return path


def test_a_trained_package_translates_what_it_has_not_seen(package: Path) -> None:
    unseen = PAIRS[1::10]

    score = evaluate(package, [p.source for p in unseen], [p.target for p in unseen])

    assert score.chrf > 90
    assert translate_all(package, ["two three ten", "nine nine one"]) == [
        "deux trois dix",
        "neuf neuf un",
    ]


def test_a_package_has_the_layout_argos_expects(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        metadata = json.loads(archive.read("translate-en_fr-0_3/metadata.json"))
        config = json.loads(archive.read("translate-en_fr-0_3/model/config.json"))

    assert {"README.md", "metadata.json", "sentencepiece.model", "model/model.bin"} <= {
        name.removeprefix("translate-en_fr-0_3/") for name in names
    }
    assert (metadata["from_code"], metadata["to_code"]) == ("en", "fr")
    assert metadata["package_version"] == "0.3"
    assert config["add_source_eos"] is True


def test_the_same_weights_give_the_same_bytes(
    package: Path, tmp_path: Path, vocabulary: Vocabulary
) -> None:
    start = open_start(package, "en", "fr")
    model = with_weights(start.shape, start.weights)
    write_package(tmp_path / "a.argosmodel", model, vocabulary, LABEL)
    write_package(tmp_path / "b.argosmodel", model, vocabulary, LABEL)

    assert (tmp_path / "a.argosmodel").read_bytes() == (tmp_path / "b.argosmodel").read_bytes()


def test_a_full_disk_leaves_the_old_package_and_no_rest(
    package: Path, tmp_path: Path, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    output = tmp_path / "out.argosmodel"
    output.write_bytes(b"the old one")
    start = open_start(package, "en", "fr")
    monkeypatch.setattr("translate.training.package._zip", no_space)

    with pytest.raises(PackageNotWritten, match="No space left on device"):
        write_package(output, with_weights(start.shape, start.weights), vocabulary, LABEL)

    assert [path.name for path in tmp_path.iterdir()] == ["out.argosmodel"]
    assert output.read_bytes() == b"the old one"


def test_training_goes_on_where_it_was_stopped(tmp_path: Path, vocabulary: Vocabulary) -> None:
    data = encode_pairs(PAIRS, vocabulary)
    held = {"held": encode_pairs(PAIRS[:50], vocabulary)}
    first = trainer(tmp_path / "work", vocabulary, 30).run(data, held)

    second = trainer(tmp_path / "work", vocabulary, 60).run(data, held)

    assert (first.step, second.step) == (30, 60)
    assert second.tokens > first.tokens
    assert second.best_loss < first.best_loss


def test_an_exception_in_the_middle_leaves_a_checkpoint(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    work = tmp_path / "work"
    work.mkdir()
    interrupted = Trainer(
        work,
        plan_for(vocabulary, 500),
        vocabulary=vocabulary.fingerprint,
        device=CPU,
        report=interrupt,
    )
    data = encode_pairs(PAIRS, vocabulary)
    with pytest.raises(KeyboardInterrupt):
        interrupted.run(data, {"held": data})

    again = trainer(work, vocabulary, 60).run(data, {"held": data})

    assert again.step == 60


def test_a_checkpoint_of_another_model_or_a_damaged_one_is_refused(
    tmp_path: Path, vocabulary: Vocabulary
) -> None:
    work = tmp_path / "work"
    data = encode_pairs(PAIRS[:100], vocabulary)
    trainer(work, vocabulary, 2).run(data, {"held": data})
    wider = replace(plan_for(vocabulary, 2).shape, width=128)

    with pytest.raises(UnusableCheckpoint, match="another size"):
        load_checkpoint(work / "last.pt", shape=wider, vocabulary=vocabulary.fingerprint)
    with pytest.raises(UnusableCheckpoint, match="another vocabulary"):
        load_checkpoint(work / "last.pt", shape=plan_for(vocabulary, 2).shape, vocabulary="x")
    content = (work / "last.pt").read_bytes()
    (work / "last.pt").write_bytes(content[: len(content) // 2])
    with pytest.raises(UnusableCheckpoint, match="damaged"):
        trainer(work, vocabulary, 4)


def test_a_start_package_of_another_pair_or_no_package_is_refused(
    package: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnusableStartPackage, match="en to fr, not en to ar"):
        open_start(package, "en", "ar")
    (tmp_path / "broken.argosmodel").write_bytes(package.read_bytes()[:5000])
    with pytest.raises(UnusableStartPackage, match="not a readable"):
        open_start(tmp_path / "broken.argosmodel", "en", "fr")


def test_reading_a_package_gives_its_weights_back_to_int8_precision(
    package: Path, vocabulary: Vocabulary
) -> None:
    shape = plan_for(vocabulary, 0).shape
    best = load_checkpoint(
        package.parent / "best.pt", shape=shape, vocabulary=vocabulary.fingerprint
    )

    start = open_start(package, "en", "fr")

    assert start.shape == shape
    assert float((start.weights - best.tensors["ema"]).abs().max()) < 0.02


def test_adapting_learns_the_new_word_and_cleans_up(package: Path, tmp_path: Path) -> None:
    """ "five" is to be "cinque" from now on; the other numbers stay."""
    lines = [f"{pair.source}\t{pair.target.replace('cinq', 'six cinq')}\n" for pair in PAIRS[::7]]
    (tmp_path / "pairs.tsv").write_text("".join(lines), encoding="utf-8")
    job = Job(
        pairs=tmp_path / "pairs.tsv",
        output=tmp_path / "out.argosmodel",
        source_code="en",
        source_name="English",
        target_code="fr",
        target_name="French",
        start_from=package,
    )

    trained = train(job)

    assert trained.loss_before is not None
    assert trained.loss_after < trained.loss_before
    assert trained.bytes == (tmp_path / "out.argosmodel").stat().st_size
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.argosmodel", "pairs.tsv"]
    with zipfile.ZipFile(job.output) as archive:
        card = archive.read("translate-en_fr-1_0/README.md").decode()
    assert "held-out pairs" in card
    assert "# A toy" in card


def test_the_loss_is_pytorchs_own_and_so_is_its_gradient() -> None:
    torch.manual_seed(1)
    hidden = torch.randn(700, 16, requires_grad=True)
    weight = torch.randn(50, 16, requires_grad=True)
    expected = torch.randint(0, 50, (700,))

    ours = tied_cross_entropy(hidden, weight, expected, 0.1)
    ours.backward()
    found = hidden.grad.clone(), weight.grad.clone()
    hidden.grad = weight.grad = None
    theirs = torch.nn.functional.cross_entropy(
        hidden @ weight.t(), expected, label_smoothing=0.1, reduction="sum"
    )
    theirs.backward()

    assert torch.allclose(ours, theirs, rtol=1e-4)
    assert torch.allclose(found[0], hidden.grad, atol=1e-3)
    assert torch.allclose(found[1], weight.grad, atol=1e-2)


def test_the_model_looks_at_no_later_word_and_at_no_padding(vocabulary: Vocabulary) -> None:
    model = Translator(Shape(vocabulary=len(vocabulary), width=64, encoder=1, decoder=1)).eval()
    data = encode_pairs(PAIRS[:2], vocabulary)
    alone, both = collate([data.pair(0)]), collate([data.pair(0), data.pair(1)])

    def hidden(source: np.ndarray, given: np.ndarray) -> torch.Tensor:
        with torch.no_grad():
            return model(torch.from_numpy(source), torch.from_numpy(given))[0]

    length = alone.decoder_input.shape[1]
    changed = both.decoder_input.copy()
    changed[0, 2:] = 7

    reference = hidden(alone.source, alone.decoder_input)[0]
    assert torch.allclose(hidden(both.source, both.decoder_input)[0, :length], reference, atol=1e-4)
    assert torch.allclose(hidden(both.source, changed)[0, :2], reference[:2], atol=1e-4)


def test_the_alignment_knows_which_word_is_which(vocabulary: Vocabulary) -> None:
    table = learn_alignment(encode_pairs(PAIRS, vocabulary), len(vocabulary), sentences=500, seed=1)

    def ids(word: str) -> list[int]:
        return vocabulary.encode([word])[0]

    source, target = ids("seven"), ids("sept")
    assert table[np.ix_(target, source)].max() > table[np.ix_(ids("trois"), source)].max()
