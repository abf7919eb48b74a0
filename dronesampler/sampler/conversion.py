"""What was done to a raw value to make mg/m3 of it, kept beside the values: factor, zero, temperature, pressure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Reading

TEMPERATURE_STEP_C, PRESSURE_STEP_HPA = 0.5, 1.0  # 0.2 % and 0.1 % of a conversion from ppm


@dataclass(frozen=True, slots=True)
class Conversion:
    """Holds from one reading of a channel to the next change: mg/m3 = raw × factor, at that temperature and pressure.
    Readings that came in full frames (with a sequence number) and named values that stand in for a lost frame are told
    apart by `in_frame`: only frames name their calibration.

    `zero_mg_m3` is what the last zero check read (None without one): beside the value, never taken off it.
    """

    instrument: str
    serial: str
    component: str
    quantity: str
    unit: str
    response_factor: float
    temperature_c: float
    pressure_hpa: float
    calibration_id: int | None
    t90_s: float
    line_delay_s: float
    zero_mg_m3: float | None = None
    in_frame: bool = False

    def body(self) -> Mapping[str, Any]:
        """As the journal keeps it."""
        return asdict(self)


def conversion_of(reading: Reading, profile: Profile, *, component: str, zero_mg_m3: float | None = None) -> Conversion:
    return Conversion(
        instrument=reading.instrument,
        serial=profile.serial,
        component=component,
        quantity=reading.quantity,
        unit=reading.unit.value,
        response_factor=reading.response_factor,
        temperature_c=reading.temperature_c,
        pressure_hpa=reading.pressure_hpa,
        calibration_id=reading.calibration_id,
        t90_s=profile.t90_s,
        line_delay_s=profile.line_delay_s,
        zero_mg_m3=zero_mg_m3,
        in_frame=reading.full,
    )


def steadied(now: float, held: float, step: float) -> float:
    """The held figure until the measured one has left it by a step: so that few conversions cover many readings."""
    return now if abs(now - held) >= step else held
