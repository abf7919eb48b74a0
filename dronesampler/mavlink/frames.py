"""Frames on the wire: cut out of whatever bytes come, counted, and written with our own ids and signature."""

import hashlib
import hmac
import struct
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from dronesampler.mavlink.dialect import (
    GROUND_COMPONENT,
    GROUND_SYSTEM,
    Definition,
    Draft,
    Message,
    checksum,
    definitions,
    named,
    pack,
    unpack,
)

MAGIC_V1, MAGIC_V2 = 0xFE, 0xFD
SIGNED = 0x01
SIGNATURE_BYTES = 13
SIGNATURE_EPOCH_UNIX_S = 1_420_070_400.0  # 2015-01-01, from which signatures count 10 microseconds
_HEAD_V2, _KEY_AT = 10, 10  # of a frame; of the key in the payload of SETUP_SIGNING
_CHECKSUM = struct.Struct("<H")


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it came: `raw` is every byte of it. `known` is False for a message id nobody told us of."""

    raw: bytes
    system: int
    component: int
    sequence: int
    message_id: int
    payload: bytes
    known: bool = True

    @property
    def signed(self) -> bool:
        return self.raw[0] == MAGIC_V2 and bool(self.raw[2] & SIGNED)


def decode(frame: Frame) -> Message | None:
    """The message in a frame, or None where its id is unknown (the frame's bytes are kept all the same)."""
    definition = definitions().get(frame.message_id)
    if definition is None or not frame.known:
        return None
    return Message(definition.name, frame.system, frame.component, unpack(definition, frame.payload), frame.raw)


@dataclass(slots=True)
class FrameReader:
    """Cuts frames out of a byte stream. Garbage is skipped byte by byte, so a half frame never takes the next along."""

    garbage_bytes: int = 0
    bad_checksums: int = 0
    _buffer: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> list[Frame]:
        """All frames that are now complete."""
        self._buffer += data
        frames: list[Frame] = []
        at, end = 0, len(self._buffer)
        while at < end:
            start = self._next_magic(at)
            self.garbage_bytes += start - at
            at = start
            if at >= end:
                break
            frame, used = self._cut(at)
            if frame is not None:
                frames.append(frame)
            elif used == 0:  # not complete yet
                ahead = self._frame_ahead(at)
                if ahead is None:
                    break
                used = ahead - at
                self.garbage_bytes += used
            else:
                self.garbage_bytes += used
            at += used
        del self._buffer[:at]
        return frames

    def _next_magic(self, at: int) -> int:
        found = [i for i in (self._buffer.find(MAGIC_V2, at), self._buffer.find(MAGIC_V1, at)) if i >= 0]
        return min(found, default=len(self._buffer))

    def _frame_ahead(self, at: int) -> int | None:
        """Where a whole, checked frame begins inside an incomplete one: then the incomplete one never was a frame."""
        inside = self._next_magic(at + 1)
        while inside < len(self._buffer):
            frame, _ = self._cut(inside, count=False)
            if frame is not None and frame.known:
                return inside
            inside = self._next_magic(inside + 1)
        return None

    def _cut(self, at: int, *, count: bool = True) -> tuple[Frame | None, int]:
        """The frame that begins there and its length; (None, 0) if more bytes are needed, (None, 1) if it is none."""
        left = len(self._buffer) - at
        v2 = self._buffer[at] == MAGIC_V2
        header = 10 if v2 else 6
        if left < header:
            return None, 0
        length = self._buffer[at + 1]
        signature = SIGNATURE_BYTES if v2 and self._buffer[at + 2] & SIGNED else 0
        if v2 and self._buffer[at + 2] & ~SIGNED:
            return None, 1
        message_id = int.from_bytes(self._buffer[at + 7 : at + 10], "little") if v2 else self._buffer[at + 5]
        definition = definitions().get(message_id)
        if length == 0 or (definition is None and not v2):
            return None, 1
        total = header + length + 2 + signature
        if left < total:
            return None, 0
        raw = bytes(self._buffer[at : at + total])
        if not self._sound(raw, definition, header=header, signature=signature, after=at + total, count=count):
            return None, 1
        ids = raw[4:7] if v2 else raw[2:5]
        frame = Frame(
            raw,
            system=ids[1],
            component=ids[2],
            sequence=ids[0],
            message_id=message_id,
            payload=raw[header : header + length],
            known=definition is not None,
        )
        return frame, total

    def _sound(
        self, raw: bytes, definition: Definition | None, *, header: int, signature: int, after: int, count: bool
    ) -> bool:
        if definition is None:
            # No seed, no check: believed only where the next frame, or nothing, follows at once.
            return after == len(self._buffer) or self._buffer[after] in (MAGIC_V1, MAGIC_V2)
        end = len(raw) - signature
        (given,) = _CHECKSUM.unpack(raw[end - 2 : end])
        good = bool(given == checksum(raw[1 : end - 2], definition.seed))
        if not good and count:
            self.bad_checksums += 1
        return good


@dataclass(slots=True)
class SequenceCount:
    """Frames received, lost and doubled by sequence numbers, a count a sender. Wrong across routers: a hint only."""

    received: int = 0
    lost: int = 0
    late: int = 0
    _last: dict[tuple[int, int], int] = field(default_factory=dict)

    def note(self, frame: Frame) -> None:
        sender = (frame.system, frame.component)
        last = self._last.get(sender)
        self.received += 1
        gap = 0 if last is None else (frame.sequence - last - 1) % 256
        if gap > 200:  # behind the last one: out of order, or twice
            self.late += 1
            return
        self.lost += gap
        self._last[sender] = frame.sequence

    @property
    def loss(self) -> float:
        """Part of all frames that never came, 0 to 1."""
        return self.lost / max(self.received + self.lost, 1)


@dataclass(slots=True)
class FrameWriter:
    """Frames drafts with our ids and a running sequence number; signs them where a key is set."""

    system: int = GROUND_SYSTEM
    component: int = GROUND_COMPONENT
    signing: "Signing | None" = None
    _sequence: int = 0

    def frame(self, draft: Draft) -> bytes:
        definition = named(draft.name)
        payload = pack(definition, draft.fields)
        flags = SIGNED if self.signing else 0
        head = struct.pack("<BBBBBBB", MAGIC_V2, len(payload), flags, 0, self._sequence, self.system, self.component)
        self._sequence = (self._sequence + 1) % 256
        body = head + definition.id.to_bytes(3, "little") + payload
        frame = body + _CHECKSUM.pack(checksum(body[1:], definition.seed))
        return frame + self.signing.trailer(frame) if self.signing else frame


def masked(frame: bytes) -> bytes:
    """The frame as it may be written down: the key of a SETUP_SIGNING, ours or another station's, is zeros."""
    definition = named("SETUP_SIGNING")
    if frame[0] != MAGIC_V2 or frame[7:10] != definition.id.to_bytes(3, "little"):
        return frame
    end = _HEAD_V2 + frame[1]
    body = frame[: min(_HEAD_V2 + _KEY_AT, end)] + bytes(max(end - _HEAD_V2 - _KEY_AT, 0))
    return body + _CHECKSUM.pack(checksum(body[1:], definition.seed)) + bytes(len(frame) - end - _CHECKSUM.size)


@dataclass(slots=True)
class Signing:
    """MAVLink 2 message signing. The key is never shown: not in repr, not in a log."""

    key: bytes = field(repr=False)
    link_id: int = 0
    ticks: int = 0  # 10 microseconds since 2015, ours; persisted by the caller at least each minute
    _seen: dict[tuple[int, int, int], int] = field(default_factory=lambda: defaultdict(int))

    def catch_up(self, unix_s: float) -> None:
        """Our time stamp is never behind the clock and never goes back."""
        self.ticks = max(self.ticks, int((unix_s - SIGNATURE_EPOCH_UNIX_S) * 1e5))

    def trailer(self, frame: bytes) -> bytes:
        self.ticks += 1
        head = bytes([self.link_id]) + self.ticks.to_bytes(6, "little")
        return head + self._digest(frame + head)

    def accepts(self, frame: Frame) -> bool:
        """Whether a frame is signed with our key and newer than the last one of its sender on that link."""
        if not frame.signed:
            return frame.message_id == named("RADIO_STATUS").id
        trailer = frame.raw[-SIGNATURE_BYTES:]
        if not hmac.compare_digest(self._digest(frame.raw[:-6]), trailer[-6:]):
            return False
        ticks = int.from_bytes(trailer[1:7], "little")
        sender = (frame.system, frame.component, trailer[0])
        if ticks <= self._seen[sender] or (not self._seen[sender] and ticks + 6_000_000 < self.ticks):
            return False
        self._seen[sender] = ticks
        self.ticks = max(self.ticks, ticks)
        return True

    def _digest(self, frame: bytes) -> bytes:
        return hashlib.sha256(self.key + frame).digest()[:6]


def messages(frames: Iterable[Frame]) -> list[Message]:
    """The messages among frames whose ids are known."""
    return [m for m in map(decode, frames) if m is not None]
