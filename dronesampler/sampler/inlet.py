"""One instrument on one port or MAVLink component: its intake, its clocks and what is checked of its readings."""

from dataclasses import replace

from dronesampler.events import AirReported, GasReported, Stamp
from dronesampler.sampler.clocks import ClockChanged, ClockMap
from dronesampler.sampler.conversion import PRESSURE_STEP_HPA, TEMPERATURE_STEP_C, Conversion, conversion_of, steadied
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.quality import Watch
from dronesampler.sampler.readings import Intake, Reading

BARELY_KNOWN_S = 0.5  # a clock map worse than this places no better than the arrival


class Inlet:
    """Owned by the session's thread. `link_clock` is the clock of the link that its messages share with the vehicle's,
    None for a port of its own: what that link's least delay is, round trips with the vehicle tell."""

    def __init__(self, component: str, profile: Profile, *, step_s: float, link_clock: ClockMap | None) -> None:
        self.component, self.profile = component, profile
        self.intake = Intake(profile)
        self.clocks: dict[str, ClockMap] = {}
        self.zeros_mg_m3: dict[str, float] = {}  # by quantity, as last checked
        self.readings = 0
        self.heard_s: float | None = None
        self._step_s, self._link_clock = step_s, link_clock
        self._watches: dict[str, Watch] = {}
        self._conversions: dict[tuple[str, bool], Conversion] = {}

    def breathed(self, event: AirReported) -> None:
        """Temperature, pressure and humidity of the air that it measures in."""
        celsius, hpa = event.temperature_c, event.pressure_hpa
        if celsius is not None and -60.0 < celsius < 80.0:
            self.intake.temperature_c = steadied(celsius, self.intake.temperature_c, TEMPERATURE_STEP_C)
        if hpa is not None and 300.0 < hpa < 1100.0:
            self.intake.pressure_hpa = steadied(hpa, self.intake.pressure_hpa, PRESSURE_STEP_HPA)
        if event.humidity_percent is not None:
            for watch in self._watches.values():
                watch.humidity_percent = event.humidity_percent

    def sampled(self, event: GasReported) -> tuple[Reading | None, tuple[ClockChanged, ...]]:
        """The reading in an event on our clock, with the status that the checks give it."""
        reading = self.intake.after(event)
        if reading is None:
            return None, ()
        self.readings, self.heard_s = self.readings + 1, event.at.monotonic_s
        watch = self._watches.setdefault(
            reading.quantity, Watch(self.profile, humid_percent=self.profile.humid_percent)
        )
        reading = watch.judged(reading)
        if reading.instrument_s is None:
            return reading, ()
        # A frame tells the instrument's unix time, a named value the payload's boot time: two clocks.
        name = f"instrument {event.component}" if reading.full else f"payload {event.component}"
        clock = self.clocks.get(name)
        if clock is None:
            clock = self.clocks[name] = ClockMap(name, step_s=self._step_s, same_link=self._link_clock)
        measured_s, changes = on_our_clock(clock, event.at, reading.instrument_s)
        return replace(reading, measured_unix_s=measured_s), changes

    def conversion(self, reading: Reading) -> Conversion | None:
        """What this reading was converted with, where that is not what the one before was."""
        zero = self.zeros_mg_m3.get(reading.quantity)
        now = conversion_of(reading, self.profile, component=self.component, zero_mg_m3=zero)
        key = (reading.quantity, reading.full)
        if self._conversions.get(key) == now:
            return None
        self._conversions[key] = now
        return now


def on_our_clock(clock: ClockMap, at: Stamp, foreign_s: float | None) -> tuple[float, tuple[ClockChanged, ...]]:
    """Our unix time for a foreign one: the arrival where the clock is barely known yet, or tells none."""
    if foreign_s is None:
        return at.unix_s, ()
    changes = clock.arrived(foreign_s, at.unix_s)
    ours_s = clock.to_ours(foreign_s)
    if ours_s is None or clock.uncertainty_s > BARELY_KNOWN_S:
        return at.unix_s, changes
    return ours_s, changes
