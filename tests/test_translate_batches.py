"""Batches leave no worker without work while another still has a whole one to do."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from translate.sentences.batches import batch_size

lengths = st.lists(st.integers(min_value=1, max_value=200), min_size=1, max_size=80)
workers = st.integers(min_value=1, max_value=8)
MOST = 256


def cut(lengths: list[int], size: int) -> list[list[int]]:
    """As CTranslate2 does: longest first, as many as padding to the longest allows."""
    batches: list[list[int]] = []
    for length in sorted(lengths, reverse=True):
        if batches and (len(batches[-1]) + 1) * batches[-1][0] <= size:
            batches[-1].append(length)
        else:
            batches.append([length])
    return batches


@given(lengths=lengths, workers=workers)
def test_a_text_that_fits_is_one_batch_a_worker_at_most(lengths: list[int], workers: int) -> None:
    size = batch_size(lengths, workers, MOST)
    if sum(lengths) <= workers * MOST:
        assert len(cut(lengths, size)) <= workers


@given(lengths=lengths, workers=workers)
def test_every_sentence_fits_with_its_start_and_end(lengths: list[int], workers: int) -> None:
    assert batch_size(lengths, workers, MOST) >= max(lengths) + 2


@given(lengths=lengths, workers=workers)
def test_a_long_text_gets_batches_of_the_measured_size(lengths: list[int], workers: int) -> None:
    if sum(lengths) > workers * MOST:
        assert batch_size(lengths, workers, MOST) == max(MOST, max(lengths) + 2)


def test_eleven_sentences_are_two_batches_not_three() -> None:
    """Five paragraphs of news: the third, of a few short sentences, would keep one core waiting."""
    sentences = [70, 61, 52, 48, 44, 41, 33, 28, 25, 22, 14]
    assert len(cut(sentences, sum(sentences) // 2 + 1)) == 3
    assert len(cut(sentences, batch_size(sentences, 2, MOST))) == 2
