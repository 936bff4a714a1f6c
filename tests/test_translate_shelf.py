"""The folder of translated documents is bounded, and whoever has a key is not locked out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from translate.errors import ShelfFull
from translate.shelf import KEPT_SECONDS, Shelf


def test_a_document_is_found_under_a_name_nobody_can_guess(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)

    name = shelf.keep("The News_fr.txt", b"Bonjour", has_key=False)

    assert name.endswith(".The_News_fr.txt")
    assert len(name.partition(".")[0]) == 32
    found = shelf.find(name)
    assert found is not None
    assert found.read_bytes() == b"Bonjour"
    assert shelf.find(f"../anybody/{name}") is None
    assert shelf.find("0" * 32 + name[32:]) is None


def test_callers_without_a_key_fill_one_half_and_no_more(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, room=100)
    shelf.keep("a.txt", b"x" * 50, has_key=False)

    with pytest.raises(ShelfFull) as refused:
        shelf.keep("b.txt", b"x", has_key=False)

    assert 0 < refused.value.retry_after <= KEPT_SECONDS + 1
    shelf.keep("c.txt", b"x" * 50, has_key=True)
    with pytest.raises(ShelfFull):
        shelf.keep("d.txt", b"x", has_key=True)
    assert sum(p.stat().st_size for p in tmp_path.rglob("*.txt")) == 100


def test_the_room_is_for_all_together(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, room=100)
    shelf.keep("a.txt", b"x" * 90, has_key=True)

    with pytest.raises(ShelfFull):
        shelf.keep("b.txt", b"x" * 20, has_key=False)


def test_what_is_old_goes_and_makes_room(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, room=100)
    old = shelf.find(shelf.keep("a.txt", b"x" * 50, has_key=False))
    assert old is not None
    os.utime(old, (1, 1))

    assert shelf.find(old.name) is None
    shelf.keep("b.txt", b"x" * 50, has_key=False)

    assert not old.exists()
