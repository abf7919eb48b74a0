"""Starts the simulator as a process of its own and ends it; the station's side of the link is opened first."""

import contextlib
import json
import subprocess
import sys
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from dronesampler.clock import Clock, SystemClock, clock_at
from dronesampler.ports import Port, UdpPort, parse_link
from dronesampler.problems import Refused
from dronesampler.processes import apart
from dronesampler.texts import Text

PATIENCE_S = 30.0
LAST_WORDS = 20

NO_START = Text("模拟器没有启动：{words}", "the simulator did not start: {words}")


@dataclass(frozen=True, slots=True)
class SimulationOrder:
    """What to simulate; `loss` and `latency_s` are the link's, each way; `wind` is (from_deg, speed_m_s)."""

    park: Path
    truth: Path
    seed: int = 1
    factor: float = 1.0
    loss: float = 0.0
    latency_s: float = 0.0
    wind: tuple[float, float] = (0.0, 3.0)
    serial_sampler: bool = False
    personality: str = "ardupilot"
    home: tuple[float, float] | None = None


class Simulation:
    """A running simulator. Leave the `with` block and it is gone; if we die, it notices and ends by itself."""

    def __init__(self, process: subprocess.Popen[str], *, port: UdpPort, clock: Clock, order: SimulationOrder) -> None:
        self.process = process
        self.port: Port = port
        self.clock = clock
        self.order = order
        self.link = f"udpin:127.0.0.1:{port.local_port}"
        self.sampler_device = ""
        self._words: deque[str] = deque(maxlen=LAST_WORDS)
        assert process.stderr is not None
        self._listener = threading.Thread(target=self._listen, args=(process.stderr,), name="simulator", daemon=True)
        self._listener.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def wait_until_ready(self) -> None:
        """Its ready line, or Refused with its last words."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait(PATIENCE_S)
            self._listener.join(1.0)
            raise Refused(NO_START.with_(words=" ".join(self._words) or f"exit {self.process.returncode}"))
        self.sampler_device = json.loads(line).get("serial") or ""

    def end(self) -> Path:
        """End it in an orderly way; the file that now holds the truth."""
        if self.process.poll() is None:
            assert self.process.stdin is not None
            with contextlib.suppress(OSError):
                self.process.stdin.close()  # its leash: a terminated process writes no truth on Windows
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._listener.join(1.0)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        self.port.close()
        return self.order.truth

    def _listen(self, stream: IO[str]) -> None:
        for line in stream:
            self._words.append(line.strip())


def simulate(order: SimulationOrder) -> Simulation:
    """Start it and wait until it speaks. Raises Refused with its last words if it does not."""
    zero_unix_s = SystemClock().unix_s()
    port = UdpPort(parse_link("udpin:127.0.0.1:0"))
    process = subprocess.Popen(
        _command(order, port.local_port, zero_unix_s),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        **apart(),  # an interrupt is for the flight: the vehicle goes on
    )
    simulation = Simulation(process, port=port, clock=clock_at(order.factor, zero_unix_s), order=order)
    try:
        simulation.wait_until_ready()
    except BaseException:
        simulation.end()
        raise
    return simulation


def _command(order: SimulationOrder, port: int, zero_unix_s: float) -> list[str]:
    words = [
        *(sys.executable, "-m", "dronesampler", "simulate"),
        *("--link", f"udpout:127.0.0.1:{port}"),
        *("--park", str(order.park)),
        *("--truth", str(order.truth)),
        *("--seed", str(order.seed)),
        *("--factor", repr(order.factor)),
        *("--zero", repr(zero_unix_s)),
        *("--loss", repr(order.loss)),
        *("--latency", repr(order.latency_s)),
        *("--wind", f"{order.wind[0]},{order.wind[1]}"),
        *("--personality", order.personality),
        *("--sampler", "serial" if order.serial_sampler else "mavlink"),
        "--leash",
    ]
    if order.home is not None:
        words += ["--home", f"{order.home[0]},{order.home[1]}"]
    return words
