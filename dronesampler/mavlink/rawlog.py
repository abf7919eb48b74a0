"""The raw log: every frame of both directions as it travelled, in hash-chained tlog segments that survive a kill.

A segment `NNNNNN.tlog` is what ground stations call a tlog: 8 bytes of big-endian microseconds since 1970, then the
frame, again and again. Its side file `NNNNNN.json` names the SHA-256 of the segment before, and is written first.
"""

import hashlib
import json
import os
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dronesampler.clock import Clock
from dronesampler.mavlink.frames import Frame, FrameReader
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_file

STAMP = struct.Struct(">Q")
SEGMENT_BYTES = 4 << 20
SEGMENT_S = 300.0
SYNC_S = 0.8  # of the wall: at most a second is lost to a power cut
FIRST_LINK = "0" * 64


class RawLog:
    """Writes the log. Owned by the link thread; only the sync to disk runs on a thread of its own.

    What was written is with the operating system at once (no buffer of ours), so a kill loses nothing, and on the
    disk within a second. `failed` is called from either thread with the reason when the disk cannot take it.
    """

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        *,
        simulated: bool = False,
        failed: Callable[[str], None] = lambda reason: None,
        segment_bytes: int = SEGMENT_BYTES,
    ) -> None:
        """Go on in a folder: a segment that a killed process left behind is closed as it was found."""
        self._folder = folder
        self._clock = clock
        self._simulated = simulated
        self._failed = failed
        self._segment_bytes = segment_bytes
        folder.mkdir(parents=True, exist_ok=True)
        old = segments(folder)
        self._number = int(old[-1].stem) + 1 if old else 0
        self._previous = _sha256(old[-1]) if old else FIRST_LINK
        self._stop = threading.Event()
        self._open()
        self._syncer = threading.Thread(target=self._sync_each_second, name="raw-log-sync", daemon=True)
        self._syncer.start()

    def write(self, frame: bytes, unix_s: float) -> None:
        """Keep one frame of either direction."""
        record = STAMP.pack(round(unix_s * 1e6)) + frame
        try:
            written = self._file.write(record) or 0
        except (OSError, ValueError) as reason:
            self._failed(str(reason))
            return
        self._digest.update(record[:written])
        self._size += written
        if written < len(record):
            # A full disk takes what still fits: the reader passes over a cut record.
            self._failed(f"only {written} of {len(record)} bytes could be written")
        old = self._clock.monotonic_s() - self._opened_s > SEGMENT_S * self._clock.factor
        if self._size >= self._segment_bytes or (old and self._size):
            self._next_segment()

    @property
    def segment(self) -> Path:
        """The segment that is being written."""
        return self._path(".tlog")

    def close(self) -> None:
        """Everything on the disk; the last segment's hash is left in its side file for whoever seals it."""
        self._stop.set()
        self._syncer.join()
        self._sync()
        self._file.close()
        self._describe(closed=True)

    def _path(self, ending: str) -> Path:
        return self._folder / f"{self._number:06d}{ending}"

    def _open(self) -> None:
        self._digest = hashlib.sha256()
        self._size = 0
        self._opened_s = self._clock.monotonic_s()
        self._describe(closed=False)
        self._file = self.segment.open("xb", buffering=0)

    def _next_segment(self) -> None:
        try:
            self._sync()
            self._file.close()
            self._describe(closed=True)
            self._previous = self._digest.hexdigest()
            self._number += 1
            self._open()
        except OSError as reason:
            self._failed(str(reason))

    def _describe(self, *, closed: bool) -> None:
        facts: dict[str, Any] = {
            "segment": self._number,
            "previous_sha256": self._previous,
            "opened_unix_s": self._clock.unix_s(),
            "clock_factor": self._clock.factor,
            "simulated": self._simulated,
        }
        if closed:
            facts |= {"sha256": self._digest.hexdigest(), "bytes": self._size}
        part = self._path(".json.part")
        with part.open("w", encoding="utf-8") as file:
            json.dump(facts, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path(".json"))

    def _sync(self) -> None:
        try:
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as reason:
            # A segment that was closed between the two calls is on the disk already.
            if not self._file.closed:
                self._failed(str(reason))

    def _sync_each_second(self) -> None:
        while not self._stop.wait(SYNC_S):
            self._sync()


@dataclass(frozen=True, slots=True)
class LoggedFrame:
    """A frame with the time it was logged at, seconds since 1970."""

    unix_s: float
    frame: Frame


def segments(folder: Path) -> list[Path]:
    """The segments of a log in order."""
    return sorted(folder.glob("[0-9][0-9][0-9][0-9][0-9][0-9].tlog"))


def read_log(folder: Path) -> Iterator[LoggedFrame]:
    """All frames of a log, segment after segment; a cut tail is passed over."""
    for segment in segments(folder):
        yield from read_tlog(segment)


def read_tlog(path: Path) -> Iterator[LoggedFrame]:
    """The frames of any tlog. Damaged places are skipped to the next record that makes sense."""
    data = path.read_bytes()
    at = 0
    while at + STAMP.size + 8 <= len(data):
        frames, used = _record(data, at)
        if frames is None:
            at += 1
            continue
        (micros,) = STAMP.unpack_from(data, at)
        yield LoggedFrame(micros / 1e6, frames)
        at += used


def _record(data: bytes, at: int) -> tuple[Frame | None, int]:
    """The frame of a record and the record's length; None where there is no record."""
    start = at + STAMP.size
    magic, length = data[start], data[start + 1]
    if magic == 0xFD:
        total = 12 + length + (13 if data[start + 2] & 1 else 0)
    elif magic == 0xFE:
        total = 8 + length
    else:
        return None, 0
    if start + total > len(data):
        return None, 0
    frames = FrameReader().feed(data[start : start + total])
    return (frames[0], STAMP.size + total) if len(frames) == 1 and len(frames[0].raw) == total else (None, 0)


def chain_breaks(folder: Path) -> list[str]:
    """Names of segments whose chain does not hold: changed, missing, or following another one than named."""
    broken = []
    previous = FIRST_LINK
    for expected, segment in enumerate(segments(folder)):
        facts = _facts(segment.with_suffix(".json"))
        digest = _sha256(segment)
        whole = facts is not None and facts.get("sha256", digest) == digest
        follows = facts is not None and facts.get("previous_sha256") == previous and int(segment.stem) == expected
        if not (whole and follows):
            broken.append(segment.name)
        previous = digest
    return broken


def _facts(path: Path) -> dict[str, Any] | None:
    try:
        facts = json_file(path)
    except BadInput:
        return None
    return facts if isinstance(facts, dict) else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Replay:
    """Hands out the frames of a log at the pace they came, 0.25 to 20 times as fast, for the same code as live."""

    def __init__(self, frames: Iterator[LoggedFrame], clock: Clock, *, speed: float = 1.0) -> None:
        if not 0.25 <= speed <= 20.0:
            raise ValueError(f"replay speed {speed} is not within 0.25 to 20")
        self._frames = frames
        self._clock = clock
        self._speed = speed
        self._next = next(frames, None)
        self._log_zero_s = self._next.unix_s if self._next else 0.0
        self._zero_s = clock.monotonic_s()

    @property
    def over(self) -> bool:
        return self._next is None

    def due(self) -> list[LoggedFrame]:
        """Frames whose time has come since the last call."""
        now_s = self._log_zero_s + (self._clock.monotonic_s() - self._zero_s) * self._speed
        frames = []
        while self._next is not None and self._next.unix_s <= now_s:
            frames.append(self._next)
            self._next = next(self._frames, None)
        return frames

    def set_speed(self, speed: float) -> None:
        """From here on."""
        passed_s = (self._clock.monotonic_s() - self._zero_s) * self._speed
        self._log_zero_s += passed_s
        self._zero_s = self._clock.monotonic_s()
        self._speed = speed
