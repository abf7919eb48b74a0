"""How long a live value takes: from its last byte at the port to the window that shows it, with its state and alarms.

Run: python tests/bench/bench_live.py. Twenty instruments at two readings a second each, in one session on the clock of
the computer, with a real database; a window is attached over the local socket and looks thirty times a second. It may
take 200 ms.
"""

import contextlib
import queue
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from dronesampler.clock import SystemClock
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.ports import LinkAddress, Port
from dronesampler.sampler.profiles import read_profile
from dronesampler.session.client import SessionClient, Snapshot
from dronesampler.session.instruments import Fitted
from dronesampler.session.session import Session, SessionOrder
from dronesampler.session.switchboard import Switchboard
from dronesampler.store import Store

INSTRUMENTS, APART_S, ROUNDS, LOOK_S = 20, 0.5, 60, 1 / 30


class Wire:
    """A port that is spoken into."""

    def __init__(self) -> None:
        self.name = "wire"
        self.said: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read(self, timeout_s: float) -> bytes:
        with contextlib.suppress(queue.Empty):
            return self.said.get(timeout=max(timeout_s, 1e-3))
        return b""

    def write(self, data: bytes) -> None:
        """Nobody asks it."""

    def close(self) -> None:
        """Nothing to let go of."""


def measured(folder: Path) -> list[float]:
    """Seconds from the last byte to the window, for each value of each instrument."""
    clock, profile = SystemClock(), read_profile("serial-lines")
    fitted = tuple(Fitted(replace(profile, name=f"pid-{n}"), f"tcp:10.0.0.{n}:1") for n in range(INSTRUMENTS))
    wires = {f.link: Wire() for f in fitted}

    def opener(link: LinkAddress | str) -> Port:
        return wires[str(link)]

    order = SessionOrder("live", ("udpin:127.0.0.1:0",), folder, simulated=True, instruments=fitted)
    said_s: dict[tuple[str, int], float] = {}
    seen_s: dict[tuple[str, int], float] = {}
    with Store.open(folder, clock=clock) as store:
        session = Session(order, store, clock=clock, ports=PortsInUse(list(order.links), clock), opener=opener)
        board = Switchboard(folder, hello=session.hello, hear=session.hear)
        session.tell = board.tell
        over = threading.Event()

        def speak() -> None:
            for k in range(ROUNDS):
                for n, (link, wire) in enumerate(wires.items()):
                    said_s[link, k] = time.monotonic()
                    wire.said.put(b"%.3f,NMHC,%d.%02d,mg/m3,0\n" % (time.time(), k, n))
                    time.sleep(APART_S / INSTRUMENTS)
            time.sleep(1.0)
            over.set()

        def watch() -> None:
            window = SessionClient(folder)
            while not over.is_set():
                told = [t for t in window.drain() if isinstance(t, Snapshot)]
                for gauge in told[-1].gauges if told else ():
                    seen_s.setdefault((gauge.component, int(gauge.value)), time.monotonic())
                time.sleep(LOOK_S)
            window.close()

        threads = [threading.Thread(target=speak), threading.Thread(target=watch)]
        for thread in threads:
            thread.start()
        while not over.is_set():
            session.turn()
        for thread in threads:
            thread.join()
        session.close()
        board.close()
    return sorted(seen_s[key] - said_s[key] for key in seen_s)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        late_s = measured(Path(folder))
    print("| values shown | median | p95 | p99 | largest |")
    print("| --- | --- | --- | --- | --- |")
    cells = [late_s[int(share * (len(late_s) - 1))] for share in (0.5, 0.95, 0.99, 1.0)]
    print(f"| {len(late_s)} of {INSTRUMENTS * ROUNDS} | " + " | ".join(f"{1e3 * s:.0f} ms" for s in cells) + " |")


if __name__ == "__main__":
    main()
