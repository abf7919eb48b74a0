"""Files that appear whole or not at all: temporary name, fsync, rename."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from dronesampler.problems import Refused, system_said
from dronesampler.texts import Text

CANNOT_WRITE = Text(
    "无法写入 {path}：{reason}；没有留下不完整的文件，排除原因后可重做",
    "cannot write {path}: {reason}; nothing half-written was left, try again once the cause is mended",
)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its name only when all of it is on disk. Raises Refused for the disk's reasons."""
    made: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        made = Path(name)
        with os.fdopen(number, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.chmod(0o644)
        made.replace(path)
        _sync_folder(path.parent)
    except OSError as reason:
        raise Refused(CANNOT_WRITE.with_(path=path, reason=system_said(reason))) from reason
    finally:
        if made is not None:
            made.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; Windows has no such call and needs none."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the bytes whole or not at all. Raises Refused."""
    with whole_file(path) as file:
        for chunk in chunks:
            file.write(chunk)
