"""Eight hours of a whole live session in less: real bytes, real threads, real database; how much memory it takes.

Run: python tests/bench/soak_session.py --hours 8. A vehicle's MAVLink at 200 messages a second and 50 readings a second
of five instruments on serial lines go through ports, frame readers, drivers, the session, the recorder, the raw log and
an attached window. The clock is moved by hand as fast as the computer keeps up, never faster than the recorder writes;
its factor says so to every part. Only the wall's pace is not real. POSIX (memory is read from /proc).
"""

import argparse
import contextlib
import json
import os
import queue
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pymavlink.dialects.v20 import ardupilotmega as dialect

from dronesampler.clock import FakeClock
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.ports import LinkAddress, Port
from dronesampler.sampler.profiles import read_profile
from dronesampler.session.client import SessionClient, Snapshot
from dronesampler.session.feed import Told
from dronesampler.session.instruments import Fitted
from dronesampler.session.session import Session, SessionOrder
from dronesampler.session.switchboard import Switchboard
from dronesampler.store import Store

STEP_S, INSTRUMENTS = 0.5, 5
MESSAGES_A_STEP, READINGS_A_STEP = 100, 25
FACTOR = 40.0  # what the parts are told: nothing here passes faster than that
MOST_PENDING = 3_000
TOLD_EVERY_S = 600.0
SETTLED_S = 1_800.0  # from when on growth counts: buffers and windows of minutes are full
MAVLINK = "udpin:127.0.0.1:14990"


class SteppedClock(FakeClock):
    """Moved by hand, and said to run fast."""

    factor = FACTOR


class Wire:
    """A port that is spoken into by the script."""

    def __init__(self) -> None:
        self.name, self.written = "wire", bytearray()
        self.said: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def read(self, timeout_s: float) -> bytes:
        with contextlib.suppress(queue.Empty):
            return self.said.get(timeout=max(timeout_s, 1e-3))
        return b""

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        """Nothing to let go of."""


class Vehicle:
    """What an autopilot says at 200 messages a second while it flies to and fro."""

    def __init__(self) -> None:
        self._mav = dialect.MAVLink(None, srcSystem=1, srcComponent=1)
        self._step = 0

    def step(self, boot_s: float) -> bytes:
        """Half a second."""
        self._step += 1
        boot_ms = int(boot_s * 1000)
        east = abs(boot_s % 240.0 - 120.0) * 8.0
        lon = int((116.49 + east / 90_400.0) * 1e7)
        speed = 800 if boot_s % 240.0 >= 120.0 else -800
        pose = [
            dialect.MAVLink_global_position_int_message(
                boot_ms + ms, 357_100_000, lon, 65_000, 40_000, 0, speed, 0, 9_000
            )
            for ms in range(0, 500, 100)
        ]
        turn = [
            dialect.MAVLink_attitude_message(boot_ms + 20 * k, 0.01 * k, -0.1, 1.57, 0.0, 0.0, 0.0) for k in range(25)
        ]
        other = [
            dialect.MAVLink_vfr_hud_message(8.0, 8.0, 90, 40, 40.0, 0.0),
            dialect.MAVLink_gps_raw_int_message(boot_ms * 1000, 3, 357_100_000, lon, 65_000, 80, 80, 800, 9_000, 18),
            dialect.MAVLink_wind_message(300.0 + self._step % 20, 3.5, 0.0),
            dialect.MAVLink_battery_status_message(0, 1, 1, 250, [22_000] + [65_535] * 9, 1_200, 900, -1, 80),
        ]
        slow = []
        if self._step % 2 == 0:
            slow = [
                dialect.MAVLink_heartbeat_message(2, 3, 209, 3, 4, 3),
                dialect.MAVLink_sys_status_message(
                    0x3FFFFF, 0x3FFFFF, 0x3FFFFF, 300, 22_000, 1_200, 80, 0, 0, 0, 0, 0, 0
                ),
                dialect.MAVLink_ekf_status_report_message(831, 0.1, 0.1, 0.1, 0.1, 0.0),
                dialect.MAVLink_mission_current_message(1 + self._step // 200 % 40),
                dialect.MAVLink_system_time_message(int((1_790_000_000 + boot_s) * 1e6), boot_ms),
            ]
        if self._step % 60 == 0:
            slow.append(dialect.MAVLink_statustext_message(6, b"Reached command #%d" % (self._step // 60)))
        messages = [*slow, *pose, *turn, *other]
        while len(messages) < MESSAGES_A_STEP:
            k = len(messages)
            messages.append(dialect.MAVLink_scaled_imu2_message(boot_ms, k, -k, -1_000, 1, 2, 3, 100, 200, 300, 0))
        return b"".join(m.pack(self._mav) for m in messages)

    def answers(self, heard: bytearray, boot_s: float) -> bytes:
        """TIMESYNC is answered, as an autopilot does; the rest is left alone."""
        taken, heard[:] = bytes(heard), b""
        if not taken:
            return b""
        found = dialect.MAVLink(None).parse_buffer(taken) or []
        asked = [m for m in found if m.get_type() == "TIMESYNC" and m.tc1 == 0]
        return b"".join(dialect.MAVLink_timesync_message(int(boot_s * 1e9), m.ts1).pack(self._mav) for m in asked)


def memory_mb() -> float:
    """What this process holds in memory now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


class Soak:
    """One session from its first byte to its last."""

    def __init__(self, folder: Path) -> None:
        self.clock = SteppedClock(1_790_000_000.0)
        self.store = Store.open(folder, clock=self.clock)
        profile = replace(read_profile("serial-lines"), period_s=0.1)
        fitted = tuple(
            Fitted(replace(profile, name=f"pid-{n}", serial=f"S{n}"), f"tcp:10.0.0.{n}:1") for n in range(INSTRUMENTS)
        )
        self.wires = {f.link: Wire() for f in fitted} | {MAVLINK: Wire()}
        ports = PortsInUse([MAVLINK], self.clock, opener=self._open)
        order = SessionOrder("soak", (MAVLINK,), folder, simulated=True, instruments=fitted)
        self.session = Session(order, self.store, clock=self.clock, ports=ports, opener=self._open)
        self.board = Switchboard(folder, hello=self.session.hello, hear=self.session.hear)
        self.session.tell = self._tell
        self.window = SessionClient(folder)
        self.vehicle = Vehicle()
        self.messages = self.readings = 0
        self.last: Snapshot | None = None
        self.failures: set[str] = set()

    def _open(self, link: LinkAddress | str) -> Port:
        return self.wires[str(link)]

    def _tell(self, told: Told) -> None:
        if isinstance(told, Snapshot):
            self.last = told
            if told.recorder_error:
                self.failures.add(told.recorder_error)
        self.board.tell(told)

    def step(self) -> None:
        """Half a second of a patrol: said, read, recorded."""
        self.clock.advance(STEP_S)
        boot_s, unix_s = self.clock.monotonic_s(), self.clock.unix_s()
        link = self.wires[MAVLINK]
        link.said.put(self.vehicle.step(boot_s) + self.vehicle.answers(link.written, boot_s))
        self.messages += MESSAGES_A_STEP
        lines = [wire for name, wire in self.wires.items() if name != MAVLINK]
        for n, wire in enumerate(lines):
            value = 0.4 + 0.05 * n + (2.0 if 0.0 < boot_s % 97.0 < 6.0 else 0.0) + self.messages % 7 * 0.01
            wire.said.put(b"".join(b"%.3f,NMHC,%.3f,mg/m3,0\r\n" % (unix_s + k / 10, value) for k in range(-4, 1)))
        self.readings += READINGS_A_STEP
        self._until(lambda: sum(g.readings for g in self._inlets()) >= self.readings)
        self._until(lambda: self.session.pending <= MOST_PENDING)
        if int(boot_s / STEP_S) % 2 == 0:
            self.window.drain()
            self.window.still_here()

    def _inlets(self) -> list[Any]:
        return list(self.session.values.inlets.values())

    def _until(self, condition: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + 60.0
        self.session.turn(0.0005)
        while not condition():
            if time.monotonic() > deadline_s:
                raise RuntimeError(f"stuck: {self.readings} readings said, {self.session.pending} pending")
            self.session.turn(0.0005)

    def close(self) -> None:
        self.window.close()
        self.session.close()
        self.board.close()
        self.store.close()


def soak(folder: Path, hours: float, *, told: Callable[[str], None]) -> dict[str, Any]:
    """Run it; the figures."""
    run = Soak(folder)
    begun_s, next_s, settled_mb, peak_mb = time.monotonic(), 0.0, None, 0.0
    series = []
    while (passed_s := run.clock.monotonic_s()) < hours * 3600.0:
        run.step()
        if passed_s >= next_s:
            next_s += TOLD_EVERY_S
            now_mb = memory_mb()
            if settled_mb is None and passed_s >= min(SETTLED_S, hours * 900.0):
                settled_mb = now_mb
            peak_mb = max(peak_mb, now_mb if settled_mb is not None else 0.0)
            series.append((round(passed_s / 3600.0, 2), round(now_mb, 1)))
            told(f"{passed_s / 3600:.2f} h: {now_mb:.0f} MB, wall {time.monotonic() - begun_s:.0f} s")
    end_mb = memory_mb()
    run.close()
    with Store.open(folder) as store:
        counts = dict(store.patrol("last").counts)
    grown = max(end_mb, peak_mb) - (settled_mb if settled_mb is not None else end_mb)
    return {
        "hours": hours,
        "wall_s": round(time.monotonic() - begun_s),
        "messages": run.messages,
        "readings_said": run.readings,
        "readings_recorded": counts.get("readings", 0),
        "settled_mb": settled_mb and round(settled_mb, 1),
        "end_mb": round(end_mb, 1),
        "grown_mb": round(grown, 1),
        "recorder_failures": sorted(run.failures),
        "series": series,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = soak(Path(folder), args.hours, told=lambda line: print(line, file=sys.stderr, flush=True))
    if args.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"| {name} | {value} |")


if __name__ == "__main__":
    main()
