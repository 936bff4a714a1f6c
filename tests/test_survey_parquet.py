"""Answers as Parquet: the same ones, with types and meanings."""

from __future__ import annotations

import io
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from survey.db import Database
from survey.exchange.bulk import load
from survey.exchange.export import (
    MEANINGS,
    NAMES,
    ExportedAnswer,
    answers,
)
from survey.exchange.parquet import write_parquet
from tests.made_answers import made
from tests.servers import environment, rayak


def test_parquet_holds_the_same_answers_with_types_and_meanings(sqlite: Database) -> None:
    """Read back by the library itself: every value, in row groups, and what each column means."""
    with sqlite.scope() as session:
        load(session, made(250))
        rows = list(answers(session))
        stream = io.BytesIO()
        write_parquet(answers(session), stream, rows_in_a_group=100)
    file = pyarrow.parquet.ParquetFile(stream)
    table = file.read()
    assert [ExportedAnswer(**row) for row in table.to_pylist()] == rows
    assert file.num_row_groups == 3
    assert table.schema.field("answered_at").type == pyarrow.timestamp("us", tz="UTC")
    assert table.schema.field("day").type == pyarrow.date32()
    for name in NAMES:
        assert table.schema.field(name).metadata[b"description"].decode() == MEANINGS[name]


def test_parquet_of_no_answers_is_a_file_of_no_rows() -> None:
    """Its columns are there all the same."""
    stream = io.BytesIO()
    write_parquet(iter([]), stream)
    assert pyarrow.parquet.read_table(stream).schema.names == list(NAMES)


@pytest.mark.slow
def test_parquet_as_a_command_and_without_its_library(tmp_path: Path) -> None:
    """One line says what to install, and an earlier file stays as it was."""
    env = environment(tmp_path, RAYAK_SECRET_KEY="k" * 40)
    assert rayak("db", "upgrade", env=env).returncode == 0
    assert rayak("ratings", "load", "--made-up", "50", env=env).returncode == 0
    file = tmp_path / "answers.parquet"
    export = ("ratings", "export", "--format", "parquet", "-o", str(file))
    done = rayak(*export, env=env)
    assert done.returncode == 0, done.stderr.decode()
    assert pyarrow.parquet.read_table(file).num_rows == 50
    before = file.read_bytes()
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    done = rayak(*export, env=env | {"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert b"requirements/parquet.txt" in done.stderr
    assert file.read_bytes() == before
