"""A lossy radio link, sans-IO: what is put in comes out late, twice, out of order, broken, or not at all; seeded."""

import heapq
import math
from dataclasses import dataclass

import numpy as np

FRAME_MAGIC = 0xFD


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """How bad the link is in one direction. Shares are 0 to 1, times in seconds of patrol time."""

    loss: float = 0.0  # in the long run, with or without bursts
    burst: float = 1.0  # mean length of a run of losses; above 1: Gilbert-Elliott
    latency_s: float = 0.0
    jitter_s: float = 0.0  # standard deviation; never makes a packet earlier than the latency
    duplicate: float = 0.0
    reorder: float = 0.0  # share that is held back by `reorder_s`
    reorder_s: float = 0.15
    corrupt: float = 0.0  # share with one flipped bit
    halve: float = 0.0  # share that is cut in two pieces, as a serial line does
    truncate: float = 0.0  # share of which the rest never comes

    @property
    def perfect(self) -> bool:
        return self == ChannelSettings()


@dataclass(slots=True)
class Counts:
    """What the channel did so far."""

    put: int = 0
    lost: int = 0
    duplicated: int = 0
    reordered: int = 0
    corrupted: int = 0


class Channel:
    """One direction of a link. Use two, on whichever side is at hand."""

    def __init__(self, settings: ChannelSettings, *, seed: int) -> None:
        self.settings = settings
        self.counts = Counts()
        self._rng = np.random.default_rng((seed, 701))
        self._waiting: list[tuple[float, int, bytes]] = []
        self._number = 0
        self._bad = False
        self._last_due_s = -math.inf

    def put(self, data: bytes, now_s: float) -> None:
        """A packet (a frame or a datagram) goes in."""
        s, rng = self.settings, self._rng
        self.counts.put += 1
        if self._loses():
            self.counts.lost += 1
            return
        for piece in self._pieces(self._broken(data)):
            self._schedule(piece, now_s)
        if s.duplicate and rng.random() < s.duplicate:
            self.counts.duplicated += 1
            self._schedule(data, now_s + s.latency_s * 0.1)

    def due(self, now_s: float) -> list[bytes]:
        """What comes out until now, in the order in which it comes out."""
        out = []
        while self._waiting and self._waiting[0][0] <= now_s + 1e-9:
            out.append(heapq.heappop(self._waiting)[2])
        return out

    def next_due_s(self) -> float | None:
        """When something comes out next."""
        return self._waiting[0][0] if self._waiting else None

    def _loses(self) -> bool:
        s, rng = self.settings, self._rng
        if s.loss <= 0.0:
            return False
        if s.burst <= 1.0:
            return bool(rng.random() < s.loss)
        # Gilbert-Elliott with everything lost in the bad state: mean stay 1/leave packets, long-run share s.loss.
        leave = 1.0 / s.burst
        enter = leave * s.loss / max(1.0 - s.loss, 1e-9)
        self._bad = rng.random() >= leave if self._bad else rng.random() < enter
        return self._bad

    def _broken(self, data: bytes) -> bytes:
        s, rng = self.settings, self._rng
        if s.corrupt and rng.random() < s.corrupt and data:
            self.counts.corrupted += 1
            k = int(rng.integers(len(data)))
            data = data[:k] + bytes([data[k] ^ (1 << int(rng.integers(8)))]) + data[k + 1 :]
        if s.truncate and rng.random() < s.truncate and len(data) > 1:
            data = data[: int(rng.integers(1, len(data)))]
        return data

    def _pieces(self, data: bytes) -> list[bytes]:
        s, rng = self.settings, self._rng
        if s.halve and rng.random() < s.halve and len(data) > 1:
            k = int(rng.integers(1, len(data)))
            return [data[:k], data[k:]]
        return [data]

    def _schedule(self, data: bytes, now_s: float) -> None:
        s, rng = self.settings, self._rng
        due_s = now_s + s.latency_s
        if s.jitter_s:
            due_s += abs(float(rng.normal(0.0, s.jitter_s)))
        if s.reorder and rng.random() < s.reorder:
            self.counts.reordered += 1
            due_s += s.reorder_s
        else:
            # Jitter alone keeps the order, as a radio's queue does.
            due_s = self._last_due_s = max(due_s, self._last_due_s)
        self._number += 1
        heapq.heappush(self._waiting, (due_s, self._number, data))
