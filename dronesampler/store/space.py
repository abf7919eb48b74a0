"""Disk space told in minutes of flight."""

import math
import shutil
from dataclasses import dataclass
from pathlib import Path

# Measured with tests/bench/bench_store.py: a reading with its place, journal share, index and columns.
BYTES_PER_READING = 260.0
BYTES_PER_TRACK_POINT = 110.0


@dataclass(frozen=True, slots=True)
class Space:
    """What is free on the medium of a folder, and how long a flight may go on recording there."""

    free_bytes: int
    minutes: float


def space(folder: Path, *, bytes_per_s: float) -> Space:
    """Free space in minutes at that rate; infinite at rate 0. Raises OSError when the medium is gone."""
    free = shutil.disk_usage(folder).free
    return Space(free, free / bytes_per_s / 60.0 if bytes_per_s > 0.0 else math.inf)


def recording_rate(*, readings_per_s: float, track_per_s: float, raw_log_bytes_per_s: float) -> float:
    """Bytes a second that a patrol writes, database and raw log together."""
    return readings_per_s * BYTES_PER_READING + track_per_s * BYTES_PER_TRACK_POINT + raw_log_bytes_per_s
