"""From what arrived to a reading: the quantity, the value as given, and the value in mg/m3 with what it took."""

import math
from dataclasses import dataclass

from dronesampler.events import GasReported, Stamp
from dronesampler.sampler import tunnel
from dronesampler.sampler.profile import Profile, Quantity
from dronesampler.sampler.species import Unit, species_named, to_mg_m3
from dronesampler.sampler.status import Status

STANDARD_C, STANDARD_HPA = 20.0, 1013.25  # used, and said, where nobody measured the air


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one quantity, as it arrived and as it was converted.

    `value` and `unit` are the instrument's own; `value_mg_m3` is what it comes to after the response factor, at
    `temperature_c` and `pressure_hpa`. `measured_unix_s` is when it was measured by our clock: the mapped instrument
    time where there is one, else None and the arrival counts.
    """

    at: Stamp
    instrument: str
    quantity: str
    value: float
    unit: Unit
    value_mg_m3: float
    status: Status = Status.NORMAL
    sequence: int | None = None
    instrument_s: float | None = None
    measured_unix_s: float | None = None
    calibration_id: int | None = None
    response_factor: float = 1.0
    temperature_c: float = STANDARD_C
    pressure_hpa: float = STANDARD_HPA
    full: bool = False  # came in a full-fidelity frame
    raw: bytes = b""

    @property
    def ok(self) -> bool:
        """Whether the value may be used as a concentration."""
        return self.status is Status.NORMAL and math.isfinite(self.value_mg_m3)


def reading_from(
    event: GasReported,
    profile: Profile,
    *,
    temperature_c: float = STANDARD_C,
    pressure_hpa: float = STANDARD_HPA,
) -> Reading | None:
    """The reading in a named value or a TUNNEL frame, None where the profile does not know the quantity or the
    frame is damaged. Where both come for one quantity, `Intake` keeps the TUNNEL ones."""
    frame = tunnel.decode(event.raw) if event.raw else None
    if frame is not None:
        return _from_frame(event, frame, profile=profile, air=(temperature_c, pressure_hpa))
    quantity = profile.quantity(event.name)
    if quantity is None:
        return None
    return _reading(
        event,
        quantity,
        profile=profile,
        value=event.value,
        air=(temperature_c, pressure_hpa),
        status=status_of(event.status),
        sequence=event.sequence,
        instrument_s=event.instrument_s,
    )


def status_of(code: int | None) -> Status:
    """The status of a code on the wire; none told is normal, one that nobody knows is a fault."""
    if code is None:
        return Status.NORMAL
    return tunnel.STATUSES[code] if 0 <= code < len(tunnel.STATUSES) else Status.FAULT


def _from_frame(
    event: GasReported, frame: tunnel.Frame, *, profile: Profile, air: tuple[float, float]
) -> Reading | None:
    known = profile.quantity(frame.quantity)
    if known is None and species_named(frame.quantity) is None:
        return None
    quantity = Quantity(
        frame.quantity,
        known.species if known else frame.quantity,
        frame.unit,
        response_factor=known.response_factor if known else 1.0,
    )
    if known is not None and known.unit is frame.unit:
        quantity = known
    return _reading(
        event,
        quantity,
        profile=profile,
        value=frame.value,
        air=air,
        status=frame.status,
        sequence=frame.sequence,
        instrument_s=frame.instrument_unix_s,
        calibration_id=frame.calibration_id,
        full=True,
    )


def _reading(
    event: GasReported,
    quantity: Quantity,
    *,
    profile: Profile,
    value: float,
    air: tuple[float, float],
    status: Status,
    sequence: int | None,
    instrument_s: float | None,
    calibration_id: int | None = None,
    full: bool = False,
) -> Reading:
    value = value if math.isfinite(value) else math.nan
    mg_m3 = to_mg_m3(
        value * quantity.response_factor,
        quantity.unit,
        species=quantity.of(),
        temperature_c=air[0],
        pressure_hpa=air[1],
    )
    return Reading(
        at=event.at,
        instrument=profile.name,
        quantity=quantity.species,
        value=value,
        unit=quantity.unit,
        value_mg_m3=mg_m3,
        status=checked(value, quantity, status),
        sequence=sequence,
        instrument_s=instrument_s,
        calibration_id=calibration_id,
        response_factor=quantity.response_factor,
        temperature_c=air[0],
        pressure_hpa=air[1],
        full=full,
        raw=event.raw,
    )


def checked(value: float, quantity: Quantity, status: Status) -> Status:
    """The instrument's own status, or what one value alone shows: no number, or beyond the measuring range."""
    if status is not Status.NORMAL:
        return status
    if math.isnan(value):
        return Status.MISSING
    # A zero drifts below zero honestly; far below is a fault, and that the quality checks judge.
    return Status.OUT_OF_RANGE if quantity.high is not None and value > quantity.high else Status.NORMAL


class Intake:
    """Takes the events of one link and gives readings, each quantity once: TUNNEL frames win over named values.

    Owned by one thread. Named values are taken until the first frame of their quantity comes and again when frames
    have been silent for `silence_s`.
    """

    def __init__(self, profile: Profile, *, silence_s: float = 5.0) -> None:
        self.profile = profile
        self.temperature_c = STANDARD_C
        self.pressure_hpa = STANDARD_HPA
        self._silence_s = silence_s
        self._frame_at: dict[tuple[str, str], float] = {}
        self._named: dict[tuple[str, str], tuple[float, float]] = {}  # last one taken: arrival, value

    def after(self, event: GasReported) -> Reading | None:
        """The reading in this event, if it is one and has not come by the better way."""
        reading = reading_from(event, self.profile, temperature_c=self.temperature_c, pressure_hpa=self.pressure_hpa)
        if reading is None:
            return None
        key, now_s = (event.component, reading.quantity), event.at.monotonic_s
        if reading.full:
            first = key not in self._frame_at
            self._frame_at[key] = now_s
            return None if first and self._is_twin(key, reading) else reading
        seen_s = self._frame_at.get(key)
        if seen_s is not None and now_s - seen_s < self._silence_s:
            return None
        self._frame_at.pop(key, None)
        self._named[key] = (now_s, reading.value)
        return reading

    def _is_twin(self, key: tuple[str, str], reading: Reading) -> bool:
        """The first frame after named values: the same sample may just have been taken by name."""
        at_s, value = self._named.get(key, (-math.inf, math.nan))
        return reading.at.monotonic_s - at_s < 0.5 * self.profile.period_s and value == reading.value
