"""The answers as a Parquet file, in row groups: any number of them needs the same memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from survey.exchange.export import MEANINGS, NAMES, VALUES, ExportedAnswer

# Rows in memory at once; large enough for columns to compress well.
ROWS_IN_A_GROUP = 20_000


class ParquetMissing(RuntimeError):
    """The library that writes Parquet is an extra, and is not installed."""


def write_parquet(
    rows: Iterator[ExportedAnswer], stream: IO[bytes], *, rows_in_a_group: int = ROWS_IN_A_GROUP
) -> None:
    """Write the rows to a stream that need not be seekable; each column carries its meaning.

    :raise ParquetMissing: naming what to install.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetMissing(
            "Parquet needs an extra library: pip install --require-hashes "
            "-r requirements/parquet.txt"
        ) from error
    schema = _schema(pyarrow)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(rows, rows_in_a_group)):
            columns = dict(zip(NAMES, zip(*map(VALUES, group), strict=True), strict=True))
            writer.write_table(
                pyarrow.table(columns, schema=schema), row_group_size=rows_in_a_group
            )


def _schema(pyarrow: Any) -> Any:
    """The columns with their types; every one has a value, the empty text standing for none."""
    types = {
        "answered_at": pyarrow.timestamp("us", tz="UTC"),
        "day": pyarrow.date32(),
        "rating": pyarrow.int8(),
        "disclaimer_acknowledged": pyarrow.bool_(),
    }
    return pyarrow.schema(
        [
            pyarrow.field(
                name,
                types.get(name, pyarrow.string()),
                nullable=False,
                metadata={"description": MEANINGS[name]},
            )
            for name in NAMES
        ]
    )
