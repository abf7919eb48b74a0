"""The live patrol as the window knows it: told values folded into one frozen state, and columns that grow."""

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from dronesampler.columns import Readings, Track
from dronesampler.events import Event
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mission import Mission
from dronesampler.session.client import (
    Goodbye,
    Happened,
    Hello,
    LivePoint,
    LiveReading,
    PlanHeld,
    Samples,
    Snapshot,
    Suspects,
    Told,
)
from dronesampler_ui.parts.growing import Growing

RATE_OVER_S = 60.0
RESERVE_PERCENT = 25.0


@dataclass(frozen=True, slots=True)
class Live:
    """All that a Fly view shows. `hello` is None while no session is attached."""

    hello: Hello | None = None
    snapshot: Snapshot | None = None
    held: Mission | None = None
    held_known: bool = False
    suspects: Suspects | None = None
    reading: LiveReading | None = None
    battery_minutes: float | None = None
    goodbye: str | None = None

    @property
    def vehicle(self) -> Vehicle:
        return self.snapshot.vehicle if self.snapshot else Vehicle()

    @property
    def attached(self) -> bool:
        return self.hello is not None and self.goodbye is None

    @property
    def simulated(self) -> bool:
        return bool(self.hello and self.hello.simulated)

    @property
    def mission(self) -> Mission | None:
        return self.held if self.held is not None else self.hello.mission if self.hello else None


class LiveLog:
    """Takes what the session tells, on the UI thread; `state` is what to show now."""

    def __init__(self) -> None:
        self.state = Live()
        self.events: list[Event] = []
        self._readings = Growing(7)
        self._points = Growing(5)
        self._quantity = ""
        self._battery: deque[tuple[float, float]] = deque(maxlen=600)
        self.readings_version = 0

    def take(self, told: Iterable[Told]) -> list[Event]:
        """Fold it in; the events among it."""
        happened: list[Event] = []
        for one in told:
            match one:
                case Hello():
                    self._begin(one)
                case Snapshot():
                    self._note_battery(one)
                    self.state = replace(self.state, snapshot=one, battery_minutes=self._minutes())
                case Samples():
                    self._add(one.readings, one.track)
                case Happened():
                    happened.extend(one.events)
                case PlanHeld():
                    self.state = replace(self.state, held=one.mission, held_known=True)
                case Suspects():
                    self.state = replace(self.state, suspects=one)
                case Goodbye():
                    self.state = replace(self.state, goodbye=one.reason)
        self.events.extend(happened)
        return happened

    def end(self, reason: str) -> None:
        """The session is gone without a goodbye."""
        if self.state.goodbye is None and self.state.hello is not None:
            self.state = replace(self.state, goodbye=reason)

    def _begin(self, hello: Hello) -> None:
        self._readings, self._points, self.events = Growing(7), Growing(5), []
        self._battery.clear()
        self.state = Live(hello=hello, suspects=hello.suspects)
        self._add(hello.readings, hello.track)

    def _add(self, readings: tuple[LiveReading, ...], points: tuple[LivePoint, ...]) -> None:
        self._points.add((p.unix_s, p.lat_deg, p.lon_deg, p.height_home_m, p.heading_deg) for p in points)
        if readings:
            self._readings.add(
                (r.unix_s, r.lat_deg, r.lon_deg, r.height_agl_m, r.value_mg_m3, r.ok, r.seq) for r in readings
            )
            self._quantity = readings[-1].quantity
            self.readings_version += 1
            self.state = replace(self.state, reading=readings[-1])

    def _note_battery(self, snapshot: Snapshot) -> None:
        battery = snapshot.vehicle.battery
        if battery is not None and battery.remaining_percent is not None:
            self._battery.append((snapshot.monotonic_s, battery.remaining_percent))

    def _minutes(self) -> float | None:
        """Minutes until the reserve, at the rate of the last minute; None while that cannot be told."""
        if not self._battery:
            return None
        now_s, percent = self._battery[-1]
        then_s, then_percent = next((e for e in self._battery if e[0] >= now_s - RATE_OVER_S), self._battery[0])
        if now_s - then_s < RATE_OVER_S / 3 or then_percent <= percent:
            return None
        rate_s = (then_percent - percent) / (now_s - then_s)
        return max(percent - RESERVE_PERCENT, 0.0) / rate_s / 60.0

    def readings(self) -> Readings | None:
        """All readings so far as columns."""
        if len(self._readings) == 0:
            return None
        time_s, lat, lon, height, value, ok, seq = self._readings.columns()
        return Readings(
            time_s=time_s,
            lat_deg=lat,
            lon_deg=lon,
            height_agl_m=height,
            value_mg_m3=value,
            position_error_m=np.full(len(time_s), math.nan),
            ok=ok.astype(bool),
            seq=seq.astype(np.int64),
            quantity=self._quantity,
            simulated=self.state.simulated,
        )

    def track(self) -> Track | None:
        """The way so far as columns."""
        if len(self._points) == 0:
            return None
        time_s, lat, lon, height, heading = self._points.columns()
        unknown = np.full(len(time_s), math.nan)
        return Track(
            time_s=time_s,
            lat_deg=lat,
            lon_deg=lon,
            height_home_m=height,
            height_agl_m=unknown,
            heading_deg=heading,
            speed_m_s=unknown,
        )
