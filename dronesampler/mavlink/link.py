"""The station's side of a link: heartbeats with a watchdog, who is there, when it is lost, streams and clock offset."""

from collections import deque
from dataclasses import dataclass, field

from dronesampler.events import (
    Autopilot,
    Event,
    HeartbeatSeen,
    LinkBack,
    LinkLost,
    LinkMeasured,
    RoundTripMeasured,
    Stamp,
)
from dronesampler.mavlink.dialect import (
    AUTOPILOT_COMPONENT,
    GROUND_COMPONENT,
    GROUND_SYSTEM,
    Draft,
    Message,
    named,
)
from dronesampler.mavlink.frames import SequenceCount

HEARTBEAT_S = 1.0
LOST_AFTER_S = 2.8  # two heartbeats missed; it is shown within 3.0 s, a window looks ten times a second
FED_WITHIN_S = 2.0  # the session's own loop must have come round since
TIMESYNC_S = 5.0
TIMESYNC_BURST_S = 0.2
TIMESYNC_BURST = 5
TIMESYNC_KEPT = 10
MAV_TYPE_GCS, MAV_AUTOPILOT_INVALID = 6, 8
SET_MESSAGE_INTERVAL, REQUEST_MESSAGE = 511, 512
STREAM_TRIES = 4
STREAM_WAIT_S = 1.0
LATE_EVERY_S = 5.0  # a stream that never came is asked for anew, one at a time: its answer was another's, or was lost
ONCE_WAIT_MOST_S = 10.0  # what firmware from before REQUEST_MESSAGE is asked for in vain costs one frame in so long
ANNOUNCED_S = 30.0  # without an operator's window, before our heartbeat stops


@dataclass(slots=True)
class Heartbeat:
    """Our heartbeat, once a second while the session is alive: fed by its loop, stopped when that is wedged.

    `operator_seen` is fed by every sign of a living window; without one for `announced_s` the heartbeat stops and the
    vehicle's own ground-station failsafe acts. None means that no window is expected (a headless flight).
    """

    announced_s: float | None = None
    _sent_s: float = -1e9
    _fed_s: float = -1e9
    _operator_s: float | None = None

    def feed(self, now_s: float) -> None:
        """The session's loop came round."""
        self._fed_s = now_s

    def operator_seen(self, now_s: float) -> None:
        self._operator_s = now_s

    def operator_gone_s(self, now_s: float) -> float | None:
        """For how long no window has been alive, None where none is expected."""
        if self.announced_s is None or self._operator_s is None:
            return None
        return now_s - self._operator_s

    def due(self, now_s: float) -> Draft | None:
        """The heartbeat if one is to be sent now."""
        gone_s = self.operator_gone_s(now_s)
        alone = gone_s is not None and self.announced_s is not None and gone_s > self.announced_s
        if alone or now_s - self._fed_s > FED_WITHIN_S or now_s - self._sent_s < HEARTBEAT_S:
            return None
        # A beat that is a little late does not move those after it; one that is very late starts a new row.
        self._sent_s = self._sent_s + HEARTBEAT_S if now_s - self._sent_s < 1.5 * HEARTBEAT_S else now_s
        return Draft(
            "HEARTBEAT",
            {"type": MAV_TYPE_GCS, "autopilot": MAV_AUTOPILOT_INVALID, "system_status": 4, "mavlink_version": 3},
        )


@dataclass(slots=True)
class LinkWatch:
    """Lost after three seconds without the vehicle's heartbeat; back with the first one."""

    lost_after_s: float = LOST_AFTER_S
    _heard_s: float | None = None
    _lost: bool = False

    @property
    def up(self) -> bool:
        return self._heard_s is not None and not self._lost

    def heartbeat(self, at: Stamp) -> list[Event]:
        silent_s = at.monotonic_s - self._heard_s if self._heard_s is not None else 0.0
        self._heard_s = at.monotonic_s
        if not self._lost:
            return []
        self._lost = False
        return [LinkBack(at, silent_s)]

    def tick(self, at: Stamp) -> list[Event]:
        if self._heard_s is None or self._lost or at.monotonic_s - self._heard_s < self.lost_after_s:
            return []
        self._lost = True
        return [LinkLost(at, at.monotonic_s - self._heard_s)]


# What a patrol needs, in messages a second.
RATES_HZ: dict[Autopilot, dict[str, float]] = {
    Autopilot.ARDUPILOT: {
        "GLOBAL_POSITION_INT": 5.0,
        "ATTITUDE": 5.0,
        "GPS_RAW_INT": 1.0,
        "SYS_STATUS": 1.0,
        "BATTERY_STATUS": 1.0,
        "EKF_STATUS_REPORT": 1.0,
        "EXTENDED_SYS_STATE": 2.0,
        "MISSION_CURRENT": 2.0,
        "WIND": 1.0,
        "FENCE_STATUS": 1.0,
        "SERVO_OUTPUT_RAW": 1.0,
        "SCALED_PRESSURE": 1.0,
        "SYSTEM_TIME": 1.0,
        "HOME_POSITION": 0.5,
        "ADSB_VEHICLE": 4.0,  # one aircraft a message, none without a receiver
    },
    Autopilot.PX4: {
        "GLOBAL_POSITION_INT": 5.0,
        "ATTITUDE": 5.0,
        "GPS_RAW_INT": 1.0,
        "SYS_STATUS": 1.0,
        "BATTERY_STATUS": 1.0,
        "ESTIMATOR_STATUS": 1.0,
        "EXTENDED_SYS_STATE": 2.0,
        "MISSION_CURRENT": 2.0,
        "WIND_COV": 1.0,
        "CURRENT_MODE": 0.5,
        "SERVO_OUTPUT_RAW": 1.0,
        "SCALED_PRESSURE": 1.0,
        "SYSTEM_TIME": 1.0,
        "HOME_POSITION": 0.5,
        "ADSB_VEHICLE": 4.0,  # one aircraft a message, none without a receiver
    },
}
RATES_HZ[Autopilot.OTHER] = RATES_HZ[Autopilot.ARDUPILOT]
ONCE = ("AUTOPILOT_VERSION", "HOME_POSITION")  # asked for at every connection until they come


@dataclass(slots=True)
class Streams:
    """Asks for the streams one by one until each is answered; old ArduPilots are asked by groups instead."""

    autopilot: Autopilot
    vehicle: int
    rates_hz: dict[str, float] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    _open: deque[str] = field(default_factory=deque)
    _asked: dict[str, tuple[float, int]] = field(default_factory=dict)
    _waiting: str | None = None
    _answers: int = 0
    _once: dict[str, tuple[float, int]] = field(default_factory=dict)
    _by_group: bool = False
    _seen: set[str] = field(default_factory=set)
    _late_s: float = -1e9
    _late_number: int = 0

    def __post_init__(self) -> None:
        self.rates_hz = self.rates_hz or RATES_HZ[self.autopilot]
        self.ask_again()

    def ask_again(self) -> None:
        """After a reboot, or when the vehicle comes back: rates survive a reconnect but not a reboot."""
        self._open = deque(self.rates_hz)
        self._asked.clear()
        self._waiting = None
        self._seen.clear()
        self._once = dict.fromkeys(ONCE, (-1000000000.0, 0))

    @property
    def settled(self) -> bool:
        return not self._open and self._waiting is None

    def take(self, message: Message) -> None:
        if message.system != self.vehicle or message.component != AUTOPILOT_COMPONENT:
            return
        self._once.pop(message.name, None)
        self._seen.add(message.name)
        if message.name == "COMMAND_ACK" and message["command"] == SET_MESSAGE_INTERVAL and self._waiting:
            self._answers += 1
            if message["result"] not in (0, 5):
                self.refused.add(self._waiting)
            self._waiting = None

    def tick(self, now_s: float) -> list[Draft]:
        drafts = self._once_due(now_s)
        if self._waiting is not None:
            asked_s, tries = self._asked[self._waiting]
            if now_s - asked_s < STREAM_WAIT_S:
                return drafts
            if tries < STREAM_TRIES:
                self._open.append(self._waiting)
            self._waiting = None
            self._late_s = now_s
        if not self._open:
            return drafts + (self._fall_back() or self._late_due(now_s))
        name = self._open.popleft()
        self._waiting = name
        self._asked[name] = (now_s, self._asked.get(name, (0.0, 0))[1] + 1)
        return [*drafts, self._command(SET_MESSAGE_INTERVAL, named(name).id, 1e6 / self.rates_hz[name])]

    def _once_due(self, now_s: float) -> list[Draft]:
        drafts = []
        for name, (asked_s, tries) in self._once.items():
            if now_s - asked_s >= min(STREAM_WAIT_S * max(tries, 1), ONCE_WAIT_MOST_S):
                self._once[name] = (now_s, tries + 1)
                drafts.append(self._command(REQUEST_MESSAGE, named(name).id, 0.0))
        return drafts

    def _fall_back(self) -> list[Draft]:
        """Nobody answered a single SET_MESSAGE_INTERVAL: firmware from before it."""
        if self._answers or self._by_group or not self._asked:
            return []
        self._by_group = True
        return self._groups()

    def _late_due(self, now_s: float) -> list[Draft]:
        missing = [name for name in self.rates_hz if name not in self._seen | self.refused]
        if not missing or now_s - self._late_s < LATE_EVERY_S:
            return []
        self._late_s = now_s
        if self._by_group and not self._answers:
            return [] if "GLOBAL_POSITION_INT" in self._seen else self._groups()
        self._late_number += 1
        name = missing[self._late_number % len(missing)]
        return [self._command(SET_MESSAGE_INTERVAL, named(name).id, 1e6 / self.rates_hz[name])]

    def _groups(self) -> list[Draft]:
        target = {"target_system": self.vehicle, "target_component": AUTOPILOT_COMPONENT, "start_stop": 1}
        rates = {1: 2, 2: 2, 3: 1, 6: 5, 10: 5, 11: 2, 12: 1}
        return [
            Draft("REQUEST_DATA_STREAM", {**target, "req_stream_id": group, "req_message_rate": rate})
            for group, rate in rates.items()
        ]

    def _command(self, command: int, param1: float, param2: float) -> Draft:
        target = {"target_system": self.vehicle, "target_component": AUTOPILOT_COMPONENT}
        return Draft("COMMAND_LONG", {**target, "command": command, "param1": float(param1), "param2": param2})


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """Vehicle boot clock minus our monotonic clock, with half the round trip as its uncertainty, seconds."""

    offset_s: float
    uncertainty_s: float
    round_trip_s: float


@dataclass(slots=True)
class TimeSync:
    """Compares clocks by TIMESYNC; of the last samples the one with the shortest round trip counts."""

    system: int = GROUND_SYSTEM
    component: int = GROUND_COMPONENT
    vehicle: int = 1
    _samples: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=TIMESYNC_KEPT))
    _sent_s: float = -1e9
    _open_ns: int | None = None
    _count: int = 0

    def tick(self, now_s: float) -> list[Draft]:
        every_s = TIMESYNC_BURST_S if self._count < TIMESYNC_BURST else TIMESYNC_S
        if now_s - self._sent_s < every_s:
            return []
        self._sent_s = now_s
        self._count += 1
        self._open_ns = round(now_s * 1e9)
        target = {"target_system": self.vehicle, "target_component": AUTOPILOT_COMPONENT}
        return [Draft("TIMESYNC", {"tc1": 0, "ts1": self._open_ns, **target})]

    def take(self, message: Message, at: Stamp) -> list[Event]:
        """An answer to us: its ts1 is the one we sent."""
        now_s = at.monotonic_s
        if message.name != "TIMESYNC" or message.system != self.vehicle or message["tc1"] == 0:
            return []
        if self._open_ns is None or message["ts1"] != self._open_ns:
            return []
        sent_s = self._open_ns / 1e9
        self._open_ns = None
        round_trip_s = now_s - sent_s
        boot_s = message["tc1"] / 1e9
        self._samples.append((round_trip_s, boot_s - (sent_s + round_trip_s / 2)))
        return [RoundTripMeasured(at, at.unix_s - round_trip_s, boot_s, at.unix_s)]

    @property
    def best(self) -> ClockOffset | None:
        if not self._samples:
            return None
        round_trip_s, offset_s = min(self._samples)
        return ClockOffset(offset_s, round_trip_s / 2, round_trip_s)


@dataclass(slots=True)
class LinkQuality:
    """Loss by sequence numbers over the last seconds, and the radio's own figures."""

    every_s: float = 2.0
    _told_s: float = -1e9
    _before: tuple[int, int] = (0, 0)
    _radio: tuple[int, int] | None = None

    def take(self, message: Message) -> None:
        if message.name == "RADIO_STATUS":
            self._radio = (message["rssi"], message["remrssi"])

    def tick(self, count: SequenceCount, at: Stamp) -> list[Event]:
        if at.monotonic_s - self._told_s < self.every_s:
            return []
        self._told_s = at.monotonic_s
        received, lost = count.received - self._before[0], count.lost - self._before[1]
        self._before = (count.received, count.lost)
        rssi, remote = self._radio or (None, None)
        return [LinkMeasured(at, lost / (received + lost), rssi, remote)] if received + lost else []


def other_station(message: Message, *, system: int, component: int) -> bool:
    """A heartbeat of another ground station on this link, or of one that uses our own id."""
    if message.name != "HEARTBEAT" or message["type"] != MAV_TYPE_GCS:
        return False
    return (message.system, message.component) != (system, component)


def vehicle_heartbeat(events: list[Event]) -> HeartbeatSeen | None:
    """The vehicle's heartbeat among events."""
    return next((e for e in events if isinstance(e, HeartbeatSeen)), None)
