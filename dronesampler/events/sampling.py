"""What instruments told, and what was noticed of their values and clocks."""

from dataclasses import dataclass

from dronesampler.events.root import Event


@dataclass(frozen=True, slots=True)
class GasReported(Event):
    """A named value from a payload, in whatever unit it comes; the sampler room knows what it means.

    `component` is "system/component" as text for MAVLink, the port's name for others. `raw` is the frame as received.
    """

    component: str
    name: str
    value: float
    instrument_s: float | None = None  # the instrument's own clock, seconds
    sequence: int | None = None
    status: int | None = None
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class AirReported(Event):
    """Ambient pressure, temperature and humidity from the vehicle or payload."""

    component: str
    pressure_hpa: float | None
    temperature_c: float | None
    humidity_percent: float | None


@dataclass(frozen=True, slots=True)
class AlarmChanged(Event):
    """An alarm of a live value was raised, got worse, was acknowledged by `who`, or cleared.

    `kind`, `level` and `change` are the values of sampler.alarms' enumerations; `value` and `limit` are in `unit`.
    """

    key: str
    kind: str
    level: str
    change: str
    instrument: str
    component: str
    quantity: str
    value: float
    limit: float
    unit: str
    zh: str
    en: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentLost(Event):
    """The port of an instrument is gone; it is tried again."""

    instrument: str
    link: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class InstrumentBack(Event):
    """The port of an instrument is open (again)."""

    instrument: str
    link: str


@dataclass(frozen=True, slots=True)
class ClockMoved(Event):
    """A clock stepped, began anew or drifts; `by` is seconds, for a drift parts per million."""

    clock: str
    change: str
    by: float
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class RoundTripMeasured(Event):
    """TIMESYNC: the vehicle's boot clock between sending and receiving, both in wall time of ours (unix s)."""

    sent_unix_s: float
    vehicle_boot_s: float
    received_unix_s: float


@dataclass(frozen=True, slots=True)
class InstrumentChecked(Event):
    """A zero or span check came to its end; `read_mg_m3` is None where nothing could be concluded."""

    instrument: str
    component: str
    quantity: str
    gas: str
    read_mg_m3: float | None
    certified_mg_m3: float
    zh: str
    en: str
