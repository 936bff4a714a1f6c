"""What training draws from: surface variants, batches, and the proof that nothing leaked."""

import json
import random
import re
from pathlib import Path

import numpy as np
import pytest

from tests.training_corpus import little_corpus
from translate.training import overlap
from translate.training.augmentation import as_printed, variants
from translate.training.batches import collate, draw_batches, in_order
from translate.training.corpus import read_corpus
from translate.training.dataset import Dataset, encode_pairs
from translate.training.evaluate import repeats
from translate.training.mixture import Mixture, mix
from translate.training.pairs import Pair
from translate.training.vocabulary import EOS, PAD, UNKNOWN, Vocabulary, train_vocabulary

pytestmark = pytest.mark.slow

PAIRS = [
    Pair(
        source=f"On {day} May {2000 + day} the ICESCO team visited {10 * day} schools.",
        target=f"Le {day} mai {2000 + day}, l'équipe de l'ICESCO a visité {10 * day} écoles.",
    )
    for day in range(2, 30)
]


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- repeatable, no secret


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.model"
    sentences = [side for pair in PAIRS for side in (pair.source, pair.target)]
    train_vocabulary(sentences, path, size=400, languages=("en", "fr"))
    return Vocabulary(path)


@pytest.fixture(scope="module")
def data(vocabulary: Vocabulary) -> Dataset:
    return encode_pairs(PAIRS, vocabulary)


def test_variants_keep_what_is_copied_the_same_on_both_sides() -> None:
    found = variants(PAIRS * 40, "en", "fr", chance(1))

    assert len(found) > 500
    for pair in found:
        for mark in ("{0}", "{1}", "https://", "@"):
            assert pair.source.count(mark) == pair.target.count(mark)


def test_variants_have_placeholders_capitals_titles_and_open_ends() -> None:
    sources = [pair.source for pair in variants(PAIRS * 40, "en", "fr", chance(1))]

    assert any("{0}" in source for source in sources)
    assert any(source.isupper() for source in sources)
    assert any("Team Visited" in source for source in sources)
    assert any(source.endswith("schools") for source in sources)


def test_arabic_has_no_capitals_to_change() -> None:
    pair = Pair(source="The library opens today.", target="تفتح المكتبة أبوابها اليوم.")

    capitals = [v for v in variants([pair] * 200, "en", "ar", chance(2)) if v.source.isupper()]

    assert capitals
    assert {v.target for v in capitals} == {pair.target}


def test_arabic_sources_come_with_either_digits_and_french_ones_without_title_case() -> None:
    arabic = Pair(source="افتتحت المكتبة في 2026.", target="The library opened in 2026.")
    french = [Pair(source=pair.target, target=pair.source) for pair in PAIRS * 40]

    found = variants([arabic] * 200, "ar", "en", chance(2))

    assert {v.target for v in found if "٢٠٢٦" in v.source} == {arabic.target}
    assert not any("Équipe De" in v.source for v in variants(french, "fr", "en", chance(1)))


def test_straight_quotes_become_pairs_of_curly_ones() -> None:
    pair = Pair(source='He said "it\'s late" twice.', target="x")

    found = {as_printed(pair, "en", chance(seed)).source for seed in range(20)}

    assert found == {pair.source, "He said “it’s late” twice."}


def test_some_arabic_sources_have_vowel_marks_and_nothing_else_changes() -> None:
    pair = Pair(source="وقع الوزير اتفاقية جديدة أيضا.", target="The minister signed, too.")

    found = {as_printed(pair, "ar", chance(seed)).source for seed in range(40)}

    assert pair.source in found
    assert len(found) > 3
    assert {re.sub("[\u064b-\u0652]", "", source) for source in found} == {pair.source}


def test_digits_are_pieces_of_their_own(vocabulary: Vocabulary) -> None:
    (ids,) = vocabulary.encode(["2026"])
    pieces = vocabulary.pieces()

    assert [pieces[i] for i in ids] in (["▁", "2", "0", "2", "6"], ["▁2", "0", "2", "6"])
    assert UNKNOWN not in vocabulary.encode(["€ « » “ ” ’ – É œ"])[0]


def test_a_dataset_survives_its_file(data: Dataset, tmp_path: Path) -> None:
    data.save(tmp_path / "data.npz")

    again = Dataset.load(tmp_path / "data.npz")

    assert len(again) == len(data) == len(PAIRS)
    assert [a.tolist() for a in again.pair(3)] == [a.tolist() for a in data.pair(3)]
    assert [path.name for path in tmp_path.iterdir()] == ["data.npz"]


def test_a_batch_starts_and_ends_where_the_package_says(data: Dataset) -> None:
    batch = collate([data.pair(0), data.pair(1)])

    assert (batch.decoder_input[:, 0] == EOS).all()
    for ids in (batch.source, batch.expected):
        for row in ids:
            assert row[row != PAD][-1] == EOS
    assert batch.tokens == int(data.target_lengths[:2].sum()) + 2


def test_batches_stay_within_their_tokens_and_follow_from_the_seed(data: Dataset) -> None:
    def some(seed: int) -> list[list[list[int]]]:
        batches = draw_batches(data, tokens=200, seed=seed, step=0, short_first=0)
        return [next(batches).source.tolist() for _ in range(5)]

    assert some(1) == some(1)
    assert some(1) != some(2)
    assert all(len(batch) * len(batch[0]) <= 200 for batch in some(1))


def test_validation_sees_each_pair_once(data: Dataset) -> None:
    batches = list(in_order(data, tokens=200))

    assert sum(batch.tokens for batch in batches) == int(data.target_lengths.sum()) + len(data)


def test_pairs_without_weight_are_never_drawn(data: Dataset) -> None:
    weight = np.zeros(len(data))
    weight[4] = 1.0
    only = Dataset(
        source=data.source,
        source_at=data.source_at,
        target=data.target,
        target_at=data.target_at,
        weight=weight,
        origin=data.origin,
    )

    batch = next(draw_batches(only, tokens=100, seed=1, step=0, short_first=0))

    assert {tuple(row) for row in batch.source.tolist()} == {(*data.pair(4)[0].tolist(), EOS)}


def test_repetition_counts_only_what_the_source_has_not() -> None:
    assert repeats("We met in Rome.", "nous avons vu nous avons vu nous avons vu")
    assert not repeats("no no no no no no", "non non non non non non")
    assert not repeats("We met in Rome.", "Nous nous sommes vus à Rome.")


def test_a_leak_is_found_whatever_its_case_and_punctuation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held, pairs = tmp_path / "held.jsonl", tmp_path / "pairs.tsv"
    held.write_text(json.dumps({"en": PAIRS[0].source, "fr": "Autre chose."}) + "\n", "utf-8")
    pairs.write_text(f"{PAIRS[0].source.upper()[:-1]}!\tx\n", "utf-8")

    assert overlap.main([str(held), str(pairs)]) == 1
    assert PAIRS[0].source in capsys.readouterr().out

    pairs.write_text(f"{PAIRS[1].source}\tx\n", "utf-8")
    assert overlap.main([str(held), str(pairs)]) == 0


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return little_corpus(tmp_path_factory.mktemp("corpus"), PAIRS)


def test_both_directions_learn_and_hold_out_the_same_sentences(corpus: Path) -> None:
    there, back = read_corpus(corpus, "en", "fr", 1), read_corpus(corpus, "fr", "en", 1)

    def turned(pairs: list[Pair]) -> list[Pair]:
        return [Pair(source=pair.target, target=pair.source) for pair in pairs]

    assert back.groups == {name: turned(pairs) for name, pairs in there.groups.items()}
    assert back.groups["close"][0] == turned(PAIRS)[0]
    assert back.held_out == {name: turned(pairs) for name, pairs in there.held_out.items()}
    assert len(back.held_out["own-test"]) == 200


def test_labels_and_phrases_are_learned_and_every_twentieth_held_out(corpus: Path) -> None:
    found = read_corpus(corpus, "en", "fr", 1)
    short, held = found.groups["short"], found.held_out["short-validation"]
    assert Pair(source="News", target="Actualités") in short
    assert 15 < len(short) / len(held) < 25
    assert not {pair.source for pair in short} & {pair.source for pair in held}


def test_a_training_that_goes_on_may_draw_more_labels(corpus: Path) -> None:
    groups = read_corpus(corpus, "en", "fr", 1).groups

    def share(mixture: Mixture) -> float:
        drawn = sum(w for w, g in zip(mixture.weight, mixture.group, strict=True) if g == "short")
        return float(drawn / mixture.weight.sum())

    usual = share(mix(groups, "en", "fr", 1))
    assert usual < share(mix(groups, "en", "fr", 1, short=0.3)) - 0.1
    assert share(mix(groups, "en", "fr", 1, short=0.08)) == pytest.approx(usual)


def test_no_held_out_sentence_is_learned_from(corpus: Path) -> None:
    found = read_corpus(corpus, "fr", "en", 1)

    own = (*found.held_out["own-validation"], *found.held_out["own-test"])
    held = {pair.source for pair in own}
    learned = {pair.source for pairs in found.groups.values() for pair in pairs}
    assert len(held) == 400
    assert "Texte 0." in held | learned
    assert not held & learned
