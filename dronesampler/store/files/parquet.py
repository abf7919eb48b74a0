"""Parquet by pyarrow, which is an extra: half a hundred megabytes that few stations need."""

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from dronesampler.problems import BadInput
from dronesampler.store.files.rows import COLUMNS, Cells
from dronesampler.texts import Text

_NO_PYARROW = Text(
    "写 Parquet 文件需要 pyarrow：请运行 pip install 'dronesampler[parquet]'，或改用 .csv。",
    "Parquet files need pyarrow: run pip install 'dronesampler[parquet]', or write a .csv file.",
)
_ROWS_IN_A_GROUP = 50_000


def write_parquet(path: Path, rows: Iterable[Cells], *, title: str) -> int:
    """Write all rows, a group at a time; how many. Raises BadInput where pyarrow is not installed."""
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ModuleNotFoundError as error:
        raise BadInput(_NO_PYARROW) from error
    schema = _schema(arrow).with_metadata({"title": title})
    count, source = 0, iter(rows)
    with parquet.ParquetWriter(path, schema) as writer:
        while group := list(islice(source, _ROWS_IN_A_GROUP)):
            writer.write_table(arrow.Table.from_pylist([dict(row) for row in group], schema=schema))
            count += len(group)
    return count


def _schema(arrow: Any) -> Any:
    kinds = {str: arrow.string(), float: arrow.float64(), int: arrow.int64(), bool: arrow.bool_()}
    return arrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
