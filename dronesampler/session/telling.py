"""What windows are told and when: samples and events each once, ten times a second; free disk space in minutes."""

from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from dronesampler.clock import Clock
from dronesampler.commands import MarkSighting
from dronesampler.events import (
    AlarmChanged,
    ClockMoved,
    CommandProgressed,
    Event,
    InstrumentBack,
    InstrumentChecked,
    InstrumentLost,
    LimitReached,
    LinkBack,
    LinkLost,
    RecorderFailed,
    RecorderRecovered,
    Stamp,
    TextSaid,
)
from dronesampler.flight.vehicle import Vehicle
from dronesampler.session.feed import Happened, Samples, Told
from dronesampler.session.gathering import Gathered
from dronesampler.store import recording_rate, space
from dronesampler.texts import Lang, Text

TOLD_EVENTS = (
    TextSaid,
    CommandProgressed,
    LimitReached,
    LinkLost,
    LinkBack,
    RecorderFailed,
    RecorderRecovered,
    AlarmChanged,
    ClockMoved,
    InstrumentLost,
    InstrumentBack,
    InstrumentChecked,
)
APART_S = 0.1  # wall
SPACE_APART_S = 5.0  # wall
# What a patrol writes: one reading and five poses a second, and the streams of RATES_HZ as raw log.
BYTES_PER_S = recording_rate(readings_per_s=1.0, track_per_s=5.0, raw_log_bytes_per_s=2_000.0)


class Telling:
    """What has come since windows were last told. Owned by the session's thread."""

    def __init__(self, factor: float) -> None:
        self._apart_s = APART_S * factor
        self._told_s = float("-inf")
        self._fresh = Gathered()
        self.happened: list[Event] = []

    def note(self, event: Event, gathered: Gathered) -> None:
        """Remember what an event came to."""
        self._fresh.readings += gathered.readings
        self._fresh.track += gathered.track
        if isinstance(event, TOLD_EVENTS):
            self.happened.append(event)

    def due(self, now_s: float) -> bool:
        return now_s - self._told_s >= self._apart_s

    def taken(self, now_s: float) -> list[Told]:
        """The messages; each thing is told once. A snapshot goes after them."""
        self._told_s = now_s
        told: list[Told] = []
        if self._fresh.readings or self._fresh.track:
            told.append(Samples(tuple(self._fresh.readings), tuple(self._fresh.track)))
            self._fresh = Gathered()
        if self.happened:
            told.append(Happened(tuple(self.happened)))
            self.happened = []
        return told


class DiskWatch:
    """Free space in minutes of flight at the wall's pace, looked at now and then. Owned by the session's thread."""

    def __init__(self, folder: Path, clock: Clock, *, failed: Callable[[str], None]) -> None:
        self._folder, self._factor, self._failed = folder, clock.factor, failed
        self._looked_s = float("-inf")
        self.latest: float | None = None

    def minutes(self, now_s: float) -> float | None:
        """None when the disk is gone, which is told."""
        if now_s - self._looked_s >= SPACE_APART_S * self._factor:
            self._looked_s = now_s
            try:
                self.latest = space(self._folder, bytes_per_s=BYTES_PER_S * self._factor).minutes
            except OSError as gone:
                self.latest = None
                self._failed(str(gone))
        return self.latest


def failures_in(said: "SimpleQueue[Text | str | None]", at: Stamp, lang: Lang) -> list[Event]:
    """What recorder, raw log and disk have said since the last look; None stands for a recorder that writes again."""
    events: list[Event] = []
    while not said.empty():
        word = said.get()
        reason = word.said(lang) if isinstance(word, Text) else word
        events.append(RecorderRecovered(at) if reason is None else RecorderFailed(at, reason))
    return events


def sighting_note(intent: MarkSighting, vehicle: Vehicle) -> dict[str, object]:
    """What the journal keeps of what the officer saw, and from where."""
    position = vehicle.position
    return {
        "id": intent.id,
        "note": intent.note,
        "bearing_deg": intent.bearing_deg,
        "photo": intent.photo,
        "lat_deg": position.lat_deg if position else None,
        "lon_deg": position.lon_deg if position else None,
        "height_home_m": position.height_home_m if position else None,
        "heading_deg": position.heading_deg if position else None,
    }
