"""Listening to an instrument without a flight: readings shown as they come and recorded, in the lab or on a mast."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dronesampler.clock import Clock
from dronesampler.events import AirReported, Event, GasReported, Moved, Stamp, Turned
from dronesampler.mavlink.dialect import Message
from dronesampler.mavlink.frames import FrameReader, decode
from dronesampler.mavlink.payload import PAYLOAD_MESSAGES, translate_payload
from dronesampler.mavlink.translate import Translator
from dronesampler.ports import Port, open_port
from dronesampler.problems import Refused, system_said
from dronesampler.sampler import ClockChanged, PlacedReading, Profile, Sampling
from dronesampler.sampler.driver import Driver, driver_for
from dronesampler.sampler.tunnel import STATUSES
from dronesampler.store import JournalRow, PlacedRow, ReadingRow, Record, Recorder, State, Store
from dronesampler.texts import Text

STALE_S = 3.0
_TURN_S = 0.05
_GONE = Text("端口中断：{reason}", "the port is gone: {reason}")
SILENT = Text("{seconds:.0f} 秒没有读数", "no reading for {seconds:.0f} s")
BACK = Text("读数恢复", "readings are back")


@dataclass(frozen=True, slots=True)
class Listening:
    """What to listen to and for how long; no limit where one is None."""

    profile: Profile
    link: str
    into: Path | str
    name: str = ""
    seconds: float | None = None
    readings: int | None = None
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Listened:
    """What came of it."""

    patrol: int
    readings: int
    rejected: Mapping[str, int]
    seconds: float
    clock_changes: int


class _Mavlink:
    """MAVLink as a driver: hears what the vehicle and its payloads say, sends nothing."""

    def __init__(self) -> None:
        self._frames = FrameReader()
        self._translator = Translator(None)

    @property
    def rejected(self) -> dict[str, int]:
        return {"bad checksum": self._frames.bad_checksums, "bytes": self._frames.garbage_bytes}

    def feed(self, data: bytes, at: Stamp) -> tuple[Event, ...]:
        messages = (decode(frame) for frame in self._frames.feed(data))
        events = (event for m in messages if m is not None for event in self._events(m, at))
        return tuple(e for e in events if isinstance(e, GasReported | AirReported | Moved | Turned))

    def _events(self, message: Message, at: Stamp) -> list[Event]:
        """A payload counts also on a bench, where no autopilot is heard to bind to."""
        if message.name in PAYLOAD_MESSAGES:
            return translate_payload(message, at)
        return self._translator.translate(message, at)

    def due(self, now_s: float) -> bytes:
        return b""


def listen(
    order: Listening,
    *,
    clock: Clock,
    heard: Callable[[PlacedReading], None],
    said: Callable[[Text], None],
) -> Listened:
    """Record until a limit is reached or the user interrupts. Raises BadInput or Refused where it cannot begin."""
    mavlink = not order.profile.extra
    driver: Driver | _Mavlink = _Mavlink() if mavlink else driver_for(order.profile, port=order.link)
    port = open_port(order.link)
    try:
        with Store.open(order.into, clock=clock) as store:
            return _recorded(order, store, port=port, driver=driver, clock=clock, heard=heard, said=said)
    finally:
        port.close()


def _recorded(
    order: Listening,
    store: Store,
    *,
    port: Port,
    driver: "Driver | _Mavlink",
    clock: Clock,
    heard: Callable[[PlacedReading], None],
    said: Callable[[Text], None],
) -> Listened:
    with store.transaction() as batch:
        patrol = batch.begin_patrol(order.name or order.profile.name, source=order.link, simulated=order.simulated)
    failures: list[Text] = []
    recorder = Recorder(store, patrol.id, on_failure=failures.append)
    ear = _Ear(order, recorder, clock=clock, heard=heard, said=said)
    raw = _raw_file(store.folder, patrol.uuid)
    try:
        ear.run(port, driver, raw=raw, failures=failures)
    except KeyboardInterrupt:
        pass  # the user's way to end it
    finally:
        recorder.close()
        if raw is not None:
            raw.close()
        with store.transaction() as batch:
            batch.end_patrol(patrol.id, state=State.ENDED)
    rejected = {reason: count for reason, count in driver.rejected.items() if count}
    return Listened(patrol.id, ear.count, rejected, clock.monotonic_s() - ear.begun_s, ear.changes)


def _raw_file(folder: Path | None, patrol_uuid: str) -> BinaryIO | None:
    """Every byte as it arrived; a folder is there unless the database is a server's."""
    if folder is None:
        return None
    place = folder / "raw" / patrol_uuid
    place.mkdir(parents=True, exist_ok=True)
    return (place / "received.bin").open("ab", buffering=0)


class _Ear:
    """One listening; runs on the caller's thread."""

    def __init__(
        self,
        order: Listening,
        recorder: Recorder,
        *,
        clock: Clock,
        heard: Callable[[PlacedReading], None],
        said: Callable[[Text], None],
    ) -> None:
        self._order, self._recorder, self._clock = order, recorder, clock
        self._heard, self._said = heard, said
        self._sampling = Sampling(order.profile)
        self.count = self.changes = 0
        self.begun_s = self._last_s = clock.monotonic_s()
        self._silent = False

    def run(self, port: Port, driver: "Driver | _Mavlink", *, raw: BinaryIO | None, failures: list[Text]) -> None:
        while not self._done():
            try:
                data = port.read(_TURN_S)
                ask = driver.due(self._clock.monotonic_s())
                if ask:
                    port.write(ask)
            except OSError as reason:
                raise Refused(_GONE.with_(reason=system_said(reason))) from reason
            if failures:
                raise Refused(failures[0])
            at = Stamp(self._clock.monotonic_s(), self._clock.unix_s())
            if data and raw is not None:
                raw.write(data)
            for event in driver.feed(data, at) if data else ():
                self._take(event)
            self._watch_silence(at.monotonic_s)

    def _done(self) -> bool:
        order, passed_s = self._order, self._clock.monotonic_s() - self.begun_s
        return (order.seconds is not None and passed_s >= order.seconds) or (
            order.readings is not None and self.count >= order.readings
        )

    def _take(self, event: Event) -> None:
        sampled = self._sampling.after(event)
        for change in sampled.changes:
            self._changed(change, event.at)
        if sampled.reading is None or not isinstance(event, GasReported) or self._done():
            return
        for record in _records(self.count, event, sampled.reading, simulated=self._order.simulated):
            self._recorder.put(record)
        self.count += 1
        self._last_s = event.at.monotonic_s
        self._heard(sampled.reading)

    def _changed(self, change: ClockChanged, at: Stamp) -> None:
        self.changes += 1
        self._said(change.text())
        body = {"clock": change.clock, "change": change.change.value, "by": change.by}
        self._recorder.put(JournalRow(at.unix_s, "clock changed", body))

    def _watch_silence(self, now_s: float) -> None:
        silent_s = now_s - self._last_s
        if silent_s >= STALE_S and not self._silent:
            self._said(SILENT.with_(seconds=silent_s))
        elif silent_s < STALE_S and self._silent:
            self._said(BACK)
        self._silent = silent_s >= STALE_S


def _records(seq: int, event: GasReported, placed: PlacedReading, *, simulated: bool) -> tuple[Record, Record]:
    reading = placed.reading
    flags = ([] if reading.ok else [reading.status.value.replace(" ", "-")]) + ([] if placed.placed else ["no-pose"])
    raw = ReadingRow(
        seq=seq,
        instrument=reading.instrument,
        quantity=reading.quantity,
        raw_value=reading.value if math.isfinite(reading.value) else None,
        unit=reading.unit.value,
        arrival_unix_us=round(reading.at.unix_s * 1e6),
        arrival_monotonic_ns=round(reading.at.monotonic_s * 1e9),
        component=event.component,
        instrument_seq=reading.sequence,
        instrument_unix_s=reading.instrument_s,
        status=STATUSES.index(reading.status) if reading.status in STATUSES else None,
        raw=reading.raw,
        simulated=simulated,
    )
    return raw, PlacedRow(
        seq=seq,
        time_s=placed.time_s,
        lat_deg=placed.lat_deg,
        lon_deg=placed.lon_deg,
        height_agl_m=placed.height_agl_m,
        height_home_m=placed.height_home_m,
        position_error_m=placed.position_error_m,
        value_mg_m3=reading.value_mg_m3,
        ok=reading.ok,
        flags=" ".join(flags),
    )
