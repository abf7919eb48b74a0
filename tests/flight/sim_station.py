"""A plain ground station for tests of the simulated vehicle: no retries, no opinion, and a clock it turns itself."""

from collections.abc import Callable, Sequence
from typing import Any

from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet, Park, Polygon
from dronesampler.simulator.faults import Faults, FaultyVehicle
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings
from dronesampler.simulator.wire import Listener, Speaker, dialect
from dronesampler.simulator.world import World, WorldSettings

FRAME = LocalFrame(35.71, 116.49)
INVALID_SEQUENCE = 13
START_S = 1_800_000_000.0
Item = tuple[int, float, float, float, tuple[float, float, float, float], int]  # command, x, y, z, params, frame


def at(x_m: float, y_m: float) -> tuple[float, float]:
    """Degrees of a place in the test park's metres."""
    lat, lon = FRAME.to_lat_lon(x_m, y_m)
    return float(lat), float(lon)


def park() -> Park:
    """600 by 450 m with twelve outlets on a lattice."""
    outlets = tuple(
        Outlet(f"DA{k + 1:03d}", *at(-225.0 + 150.0 * (k % 4), -150.0 + 150.0 * (k // 4)), 20.0) for k in range(12)
    )
    corners = (at(-300, -225), at(300, -225), at(300, 225), at(-300, 225))
    return Park("测试园区", Polygon(corners), outlets=outlets, home=at(0, -215), simulated=True)


def place(command: int, x: float, y: float, z: float, *, hold_s: float = 0.0, frame: int = 3) -> Item:
    return command, x, y, z, (hold_s, 0.0, 0.0, 0.0), frame


def action(command: int, *params: float) -> Item:
    padded = (*params, *([0.0] * (4 - len(params))))
    return command, 0.0, 0.0, 0.0, padded, 2  # type: ignore[return-value]


class Station:
    """System 255, component 190, and a vehicle at the other end of a perfect wire."""

    def __init__(
        self,
        *,
        personality: str = "ardupilot",
        with_world: bool = False,
        faults: Faults | None = None,
        seed: int = 3,
        system: int = 255,
    ) -> None:
        self.now_s = START_S
        settings = VehicleSettings(*at(0, -215), personality=personality, ready_after_s=2.0, frame=FRAME, seed=seed)
        self.world = World(park(), WorldSettings(seed), start_s=self.now_s) if with_world else None
        self.vehicle = SimulatedVehicle(settings, start_s=self.now_s, world=self.world)
        self.end = FaultyVehicle(self.vehicle, faults or Faults())
        self.speaker = Speaker(system, 190)
        self.listener = Listener()
        self.heard: list[tuple[float, Any]] = []
        self.beats = True
        self._beat_due_s = self.now_s

    @property
    def craft(self) -> Any:
        return self.vehicle.craft

    def send(self, message: Any) -> None:
        self.end.receive(self.speaker.frame(message), self.now_s)

    def run(self, seconds: float, until: Callable[[Any], bool] | None = None, *, step_s: float = 0.1) -> Any | None:
        """Let time pass; the first message for which `until` is true ends it."""
        end_s = self.now_s + seconds
        while self.now_s < end_s - 1e-9:
            self.now_s += step_s
            if self.beats and self.now_s >= self._beat_due_s:
                self._beat_due_s = self.now_s + 1.0
                self.send(dialect.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3))
            found = self._listen(until)
            if found is not None:
                return found
        return None

    def _listen(self, until: Callable[[Any], bool] | None) -> Any | None:
        found = None
        for frame in self.end.step(self.now_s):
            for message in self.listener.heard(frame):
                self.heard.append((self.now_s, message))
                if found is None and until is not None and until(message):
                    found = message
        return found

    def of(self, kind: str) -> list[Any]:
        """All messages of a kind so far."""
        return [message for _, message in self.heard if message.get_type() == kind]

    def texts(self) -> list[str]:
        return [m.text.strip() for m in self.of("STATUSTEXT")]

    def command(self, number: int, *params: float, seconds: float = 0.5) -> list[int]:
        """COMMAND_LONG; the results that came."""
        before = len(self.heard)
        padded = (*params, *([0.0] * (7 - len(params))))
        self.send(dialect.MAVLink_command_long_message(1, 1, number, 0, *padded))
        self.run(seconds)
        acks = (m for _, m in self.heard[before:] if m.get_type() == "COMMAND_ACK" and m.command == number)
        return [m.result for m in acks]

    def stream(self, *message_ids: int, hz: float = 5.0) -> None:
        for message_id in message_ids:
            self.command(511, message_id, 1e6 / hz, seconds=0.05)

    def item(self, seq: int, item: Item, *, kind: int = 0) -> Any:
        command, x, y, z, params, frame = item
        lat, lon = at(x, y) if (x or y) else (0.0, 0.0)
        head = (1, 1, seq, frame, command, 0, 1)
        return dialect.MAVLink_mission_item_int_message(*head, *params, round(lat * 1e7), round(lon * 1e7), z, kind)

    def upload(self, items: Sequence[Item], *, kind: int = 0, seconds: float = 20.0) -> int | None:
        """Answer every request; the type of the MISSION_ACK, None when none came."""
        self.send(dialect.MAVLink_mission_count_message(1, 1, len(items), kind))
        end_s = self.now_s + seconds
        while self.now_s < end_s:
            message = self.run(
                0.05, until=lambda m: m.get_type() in ("MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK")
            )
            if message is None:
                continue
            if message.get_type() == "MISSION_ACK":
                if message.target_system != 255 or message.type == INVALID_SEQUENCE:
                    continue
                return int(message.type)
            if message.seq < len(items):
                self.send(self.item(message.seq, items[message.seq], kind=kind))
        return None

    def download(self, *, kind: int = 0) -> list[Any]:
        self.send(dialect.MAVLink_mission_request_list_message(1, 1, kind))
        count = self.run(1.0, until=lambda m: m.get_type() == "MISSION_COUNT")
        items = []
        for seq in range(count.count if count is not None else 0):
            self.send(dialect.MAVLink_mission_request_int_message(1, 1, seq, kind))
            items.append(self.run(1.0, until=lambda m: m.get_type() == "MISSION_ITEM_INT"))
        self.send(dialect.MAVLink_mission_ack_message(1, 1, 0, kind))
        return items
