"""What can go wrong with a vehicle while a station talks to it: each fault set by a test, wrapped round the vehicle."""

import struct
from dataclasses import dataclass, fields

from dronesampler.problems import BadInput
from dronesampler.simulator.stored import MISSION, StoredItem
from dronesampler.simulator.vehicle import SimulatedVehicle
from dronesampler.simulator.wire import Speaker, dialect
from dronesampler.texts import Text

REQUEST, REQUEST_INT, ACK, COUNT = 40, 51, 47, 44
HEADER = 10
BOOT_S = 3.0
GARBAGE = b"$GPTXT,01,01,02,no MAVLink at all*5C\r\n"
INTRUDER = (254, 190)
Span = tuple[float, float]  # seconds since the start, and for how long

NOT_A_FAULT = Text(
    "没有名为 “{name}” 的故障；可用：{names}",
    "there is no fault called “{name}”; there are {names}",
)
NOT_A_VALUE = Text(
    "故障 “{name}” 的值 “{text}” 不对；应为一个数，或 起点秒,持续秒",
    "“{text}” will not do for the fault “{name}”: give one number, or FROM_S,FOR_S",
)


@dataclass(frozen=True, slots=True)
class Faults:
    """Times are seconds since the vehicle was started. None or 0: it does not happen."""

    reboot_at_item: int | None = None  # in the first upload, when this item would be asked for
    lose_final_acks: int = 0  # so many acknowledgements of a finished transfer are not sent
    wrong_sequence_at: int | None = None  # asks once for the item after this one
    intruder_at_item: int | None = None  # a second station opens an upload and clears while ours is at this item
    intruder_after_upload: bool = False  # a second station stores its own mission right after ours was accepted
    storage_items: int | None = None  # the store holds so many and no more
    silent: Span | None = None  # nothing is heard and nothing is sent; it flies on
    deaf: Span | None = None  # nothing is heard, telemetry goes on
    clock_step: Span | None = None  # at this time its own clock jumps by so much
    no_gps: Span | None = None
    battery_volts: Span | None = None  # from this time the monitor says so many volts
    battery_left: Span | None = None  # at this time only such a share of the battery is left
    garbage: Span | None = None  # bytes of no protocol between the frames

    @classmethod
    def read(cls, pairs: list[str]) -> "Faults":
        """From texts like `silent=30,10`. Raises BadInput."""
        names = [f.name for f in fields(cls)]
        values: dict[str, object] = {}
        for pair in pairs:
            name, _, text = pair.partition("=")
            name = name.replace("-", "_")
            if name not in names:
                raise BadInput(NOT_A_FAULT.with_(name=name, names=", ".join(names)))
            values[name] = _value(name, text, spans=cls.spans())
        return cls(**values)  # type: ignore[arg-type]

    @staticmethod
    def spans() -> tuple[str, ...]:
        return ("silent", "deaf", "clock_step", "no_gps", "battery_volts", "battery_left", "garbage")


def _value(name: str, text: str, *, spans: tuple[str, ...]) -> object:
    try:
        if name in spans:
            first, second = (float(part) for part in text.split(","))
            return first, second
        return int(text or "1")
    except ValueError as problem:
        raise BadInput(NOT_A_VALUE.with_(name=name, text=text)) from problem


class FaultyVehicle:
    """A vehicle with faults; used in its place."""

    def __init__(self, vehicle: SimulatedVehicle, faults: Faults) -> None:
        self.vehicle, self.faults = vehicle, faults
        self._start_s = vehicle.now_s
        self._rebooted = self._asked_wrong = self._intruded = self._emptied = False
        self._dead_until_s = -1e9
        self._acks_to_lose = faults.lose_final_acks
        self._intruder = Speaker(*INTRUDER)
        if faults.storage_items is not None:
            vehicle.who.missions.limits[MISSION] = faults.storage_items

    def receive(self, data: bytes, now_s: float) -> None:
        """As the vehicle's own."""
        if not self._deaf(now_s):
            self.vehicle.receive(data, now_s)

    def step(self, now_s: float) -> list[bytes]:
        """As the vehicle's own, with the faults that are due."""
        self._weather(now_s)
        out: list[bytes] = []
        for frame in self.vehicle.step(now_s):
            out += self._passed(frame, now_s)
        if self._within(self.faults.silent, now_s) or now_s < self._dead_until_s:
            return []
        if self._within(self.faults.garbage, now_s):
            out = [piece for frame in out for piece in (GARBAGE, frame)]
        return out

    def _passed(self, frame: bytes, now_s: float) -> list[bytes]:
        message_id = int.from_bytes(frame[7:10], "little")
        if message_id in (REQUEST, REQUEST_INT):
            return self._request(frame, now_s)
        # Zeros at the end of a frame's payload are left out: a short one says "accepted".
        if message_id == ACK and (frame[1] < 3 or frame[HEADER + 2] == 0):
            return self._accepted(frame)
        return [frame]

    def _request(self, frame: bytes, now_s: float) -> list[bytes]:
        f, seq = self.faults, int.from_bytes(frame[HEADER : HEADER + 2], "little")
        if f.reboot_at_item is not None and seq >= f.reboot_at_item and not self._rebooted:
            self._rebooted = True
            self._dead_until_s = now_s + BOOT_S
            self.vehicle.reboot()
            return []
        if f.intruder_at_item is not None and seq >= f.intruder_at_item and not self._intruded:
            self._intruded = True
            self._intrude(now_s)
        if f.wrong_sequence_at is not None and seq == f.wrong_sequence_at and not self._asked_wrong:
            self._asked_wrong = True
            return [self._asking_for(frame, seq + 1)]
        return [frame]

    def _asking_for(self, frame: bytes, seq: int) -> bytes:
        payload = frame[HEADER:-2].ljust(5, b"\0")
        _, system, component, kind = struct.unpack("<HBBB", payload)
        speaker = self.vehicle.craft.out.speaker
        message = dialect.MAVLink_mission_request_int_message(system, component, seq, kind)
        return speaker.frame(message)

    def _accepted(self, frame: bytes) -> list[bytes]:
        if self.faults.intruder_after_upload and not self._intruded and frame[HEADER] != INTRUDER[0]:
            self._intruded = True
            theirs = [
                StoredItem(0, 16),
                StoredItem(3, 22, z=33.0),
                StoredItem(3, 16, x=357_100_000, y=1_164_900_000, z=33.0),
            ]
            self.vehicle.craft.shelf.replace_all(MISSION, theirs)
        if self._acks_to_lose > 0:
            self._acks_to_lose -= 1
            return []
        return [frame]

    def _intrude(self, now_s: float) -> None:
        count = dialect.MAVLink_mission_count_message(self.vehicle.settings.system, 1, 3, MISSION)
        clear = dialect.MAVLink_mission_clear_all_message(self.vehicle.settings.system, 1, MISSION)
        for message in (count, clear):
            self.vehicle.receive(self._intruder.frame(message), now_s)

    def _weather(self, now_s: float) -> None:
        f, craft = self.faults, self.vehicle.craft
        craft.gps_ok = not self._within(f.no_gps, now_s)
        if f.clock_step is not None and now_s - self._start_s >= f.clock_step[0]:
            craft.clock_step_s = f.clock_step[1]
        if f.battery_volts is not None and now_s - self._start_s >= f.battery_volts[0]:
            craft.battery.forced_v = f.battery_volts[1]
        if f.battery_left is not None and now_s - self._start_s >= f.battery_left[0] and not self._emptied:
            self._emptied = True
            craft.battery.drawn_mah = craft.battery.capacity_mah * (1.0 - f.battery_left[1])

    def _deaf(self, now_s: float) -> bool:
        spans = (self.faults.silent, self.faults.deaf)
        return now_s < self._dead_until_s or any(self._within(span, now_s) for span in spans)

    def _within(self, span: Span | None, now_s: float) -> bool:
        return span is not None and span[0] <= now_s - self._start_s < span[0] + span[1]
