"""How fast a link may be driven: measured round-trip time, time-outs from it, a window that grows and shrinks."""

from dataclasses import dataclass

SHORTEST_TIMEOUT_S = 0.25
LONGEST_TIMEOUT_S = 6.0
SLOW_LINK_BYTES_S = 5_760.0  # 57600 baud: pushing ahead only fills the radio's buffer there
ITEM_BYTES = 50


@dataclass(slots=True)
class RoundTrip:
    """Smoothed round-trip time and its time-out, after RFC 6298; retransmitted exchanges are never samples (Karn)."""

    smoothed_s: float | None = None
    spread_s: float = 0.0

    def note(self, sample_s: float) -> None:
        if self.smoothed_s is None:
            self.smoothed_s, self.spread_s = sample_s, sample_s / 2
            return
        self.spread_s += 0.25 * (abs(sample_s - self.smoothed_s) - self.spread_s)
        self.smoothed_s += 0.125 * (sample_s - self.smoothed_s)

    @property
    def timeout_s(self) -> float:
        if self.smoothed_s is None:
            return 1.0
        return min(max(self.smoothed_s + 4 * self.spread_s, SHORTEST_TIMEOUT_S), LONGEST_TIMEOUT_S)

    @property
    def about_s(self) -> float:
        """The round trip as far as known."""
        return 0.5 if self.smoothed_s is None else self.smoothed_s


@dataclass(slots=True)
class Window:
    """How many messages may be on their way. `most` 1 is stop-and-wait."""

    size: float = 8.0
    most: float = 32.0
    least: float = 2.0

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
    most = 4.0 if slow else (64.0 if random_access else 16.0)
    return Window(min(16.0, most), most, min(4.0, most))
