"""How fast a link may be driven: measured round-trip time, time-outs from it, a window that grows and shrinks."""

from collections import deque
from dataclasses import dataclass, field

SHORTEST_TIMEOUT_S = 0.25
LONGEST_TIMEOUT_S = 4.0
FIRST_TIMEOUT_S = 1.0  # before anything was measured
SAMPLES = 16
SLOW_LINK_BYTES_S = 5_760.0  # 57600 baud: pushing ahead only fills the radio's buffer there
PATIENT_TRIES = 20
SLEEP_S = 2.0


@dataclass(slots=True)
class RoundTrip:
    """Round-trip time as the shortest of the last exchanges.

    A mean would not do: where requests are lost, an exchange is often completed by the other side's own repetition
    a second later, and such samples would drive a smoothed time-out up without end.
    """

    _samples: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))

    def note(self, sample_s: float) -> None:
        self._samples.append(sample_s)

    def answered(self, now_s: float, *, sent_s: float, tries: int) -> None:
        """An answer to something sent: a sample only if it was sent once (Karn), else nobody knows to which."""
        if tries == 1:
            self.note(now_s - sent_s)

    @property
    def known(self) -> bool:
        return bool(self._samples)

    @property
    def timeout_s(self) -> float:
        """After so long an answer is not to be expected any more."""
        if not self._samples:
            return FIRST_TIMEOUT_S
        return min(max(1.5 * min(self._samples) + 0.1, SHORTEST_TIMEOUT_S), LONGEST_TIMEOUT_S)

    @property
    def about_s(self) -> float:
        """The round trip as far as known."""
        return min(self._samples, default=0.5)


def again_after_s(round_trip: RoundTrip, tries: int) -> float:
    """When to ask anew after so many tries: small messages are repeated briskly, and slower only after long silence."""
    return max(round_trip.timeout_s, 1.0) if tries > PATIENT_TRIES else round_trip.timeout_s


def copies(tries: int) -> int:
    """How often to send at once what was lost so many times: bursts of loss are outlasted by numbers."""
    return 1 if tries < 2 else 2 if tries < 5 else 3


@dataclass(slots=True)
class Window:
    """How many messages may be on their way. `most` 1 is stop-and-wait."""

    size: float = 8.0
    most: float = 32.0
    least: float = 6.0  # loss on these links is chance and no congestion

    def __int__(self) -> int:
        return max(int(min(self.size, self.most)), 1)

    def progressed(self, steps: int = 1) -> None:
        self.size = min(self.size + steps, self.most)

    def lost(self) -> None:
        self.size = max(self.size * 0.7, self.least)

    def timed_out(self) -> None:
        self.size = max(self.size / 2, self.least)


def push_window(bytes_per_s: float | None) -> Window:
    """For uploads: pushing ahead where the link allows, stop-and-wait on a slow one."""
    if bytes_per_s is not None and bytes_per_s <= SLOW_LINK_BYTES_S:
        return Window(1.0, 1.0, 1.0)
    return Window()


def fetch_window(bytes_per_s: float | None, *, random_access: bool) -> Window:
    """For downloads: a request is small and its answer is the load, so slow links get fewer at once."""
    slow = bytes_per_s is not None and bytes_per_s <= SLOW_LINK_BYTES_S
    most = 4.0 if slow else (64.0 if random_access else 32.0)
    return Window(min(16.0, most), most, min(16.0, most))


@dataclass(slots=True)
class Awake:
    """Tells when this computer slept: such time is no silence of the vehicle."""

    _ticked_s: float | None = None

    def slept_s(self, now_s: float) -> float:
        """Seconds that passed without a tick, 0 for an ordinary pause."""
        gap_s = now_s - self._ticked_s if self._ticked_s is not None else 0.0
        self._ticked_s = now_s
        return gap_s if gap_s > SLEEP_S else 0.0
