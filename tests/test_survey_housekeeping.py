"""What a running service does by itself goes on after a failure, and ends in order."""

from __future__ import annotations

import threading

import pytest

from survey.upkeep.housekeeping import Chore, Housekeeping


def test_a_chore_that_fails_is_tried_again_and_the_end_is_orderly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One failure ends nothing; what is to be done at the end is done after the last turn."""
    done: list[int] = []
    thrice = threading.Event()

    def do() -> None:
        done.append(1)
        if len(done) >= 3:
            thrice.set()
        raise OSError("the disk is away")

    chores = Housekeeping([Chore(name="flush", seconds=0.001, do=do, at_end=True)])
    chores.start()
    thrice.wait()
    before = len(done)
    chores.stop()
    after = len(done)
    assert after >= before + 1
    assert "chore flush failed" in caplog.text
    assert "chore flush" not in [thread.name for thread in threading.enumerate()]
