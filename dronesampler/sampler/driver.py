"""The seam to an instrument: bytes in, events out, and now and then bytes to send. Sans-IO."""

from collections import Counter
from typing import Protocol

from dronesampler.events import AirReported, GasReported, Stamp

InstrumentEvent = GasReported | AirReported


class Driver(Protocol):
    """One instrument on one port. Owned by the thread that reads the port."""

    rejected: Counter[str]  # what came and was no reading, by reason

    def reopened(self, *, mid_stream: bool) -> None:
        """The port was opened (again): what was half said is dropped. `mid_stream`: it may have begun in the midst
        of a message, as a serial line does, so the first end of a message ends nothing that can be trusted."""

    def feed(self, data: bytes, at: Stamp) -> tuple[InstrumentEvent, ...]:
        """Bytes as they arrived; whole messages become events stamped `at`."""

    def due(self, now_s: float) -> bytes:
        """What to send now (monotonic seconds): a request, an answer; b"" mostly."""
