"""A station and a simulated aircraft in one field: bytes between them, one fake clock, no sleeping."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dronesampler.clock import FakeClock
from dronesampler.commands import Intent
from dronesampler.events import CommandProgressed, Event, Stage
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink import Moment, Outcome, PlanKind, Station, Transfer, Upload, wire_items
from dronesampler.mission import Mission
from dronesampler.mission.mission import return_home, takeoff, waypoint
from dronesampler.simulator.channel import Channel, ChannelSettings
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings

HOME = (35.712, 116.489)
STEP_S = 0.05


@dataclass
class Field:
    """`personality` is ardupilot or px4. `said` holds every event so far."""

    personality: str
    up: ChannelSettings = field(default_factory=ChannelSettings)
    down: ChannelSettings = field(default_factory=ChannelSettings)
    seed: int = 1
    said: list[Event] = field(default_factory=list)
    on_event: Callable[[Event], None] = lambda event: None

    def __post_init__(self) -> None:
        self.clock = FakeClock()
        settings = VehicleSettings(*HOME, personality=self.personality, seed=self.seed, ready_after_s=2.0)
        self.aircraft = SimulatedVehicle(settings, start_s=0.0)
        self.station = Station(self.clock)
        self._up = Channel(self.up, seed=2 * self.seed)
        self._down = Channel(self.down, seed=2 * self.seed + 1)
        self.deaf = False
        self._id = 0

    @property
    def vehicle(self) -> Vehicle:
        return self.station.vehicle

    def fly(self, seconds: float, *, until: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass; True as soon as `until` holds."""
        for _ in range(round(seconds / STEP_S)):
            self._step()
            if until():
                return True
        return False

    def ask(self, kind: type[Intent], *, expires_s: float = 10.0, automatic: bool = False, **fields: object) -> int:
        """Send an intent; its id."""
        self._id += 1
        intent = kind(self._id, self.clock.monotonic_s() + expires_s, **fields)  # type: ignore[arg-type]
        self.do(self.station.ask(intent, automatic=automatic))
        return self._id

    def stages(self, number: int) -> list[Stage]:
        return [e.stage for e in self.said if isinstance(e, CommandProgressed) and e.command_id == number]

    def words(self, number: int) -> str:
        told = [e for e in self.said if isinstance(e, CommandProgressed) and e.command_id == number]
        return told[-1].words if told else ""

    def settle(self, number: int, seconds: float = 20.0) -> list[Stage]:
        """Until an intent has come to its end."""
        over = (Stage.OBSERVED, Stage.REFUSED, Stage.EXPIRED, Stage.UNANSWERED)
        self.fly(seconds, until=lambda: bool(self.stages(number)) and self.stages(number)[-1] in over)
        return self.stages(number)

    def connect(self) -> None:
        assert self.fly(30.0, until=lambda: self.ready), "the aircraft did not get ready"

    @property
    def ready(self) -> bool:
        v = self.vehicle
        return bool(v.connected and v.home and v.position and v.estimator and v.estimator.position_ok and v.mission)

    def transfer(self, transfer: Transfer, limit_s: float = 120.0) -> Outcome:
        self.do(self.station.begin(transfer))
        self.fly(limit_s, until=lambda: transfer.outcome is not None)
        assert transfer.outcome is not None
        self.station.transfer = None
        return transfer.outcome

    def upload(self, mission: Mission) -> Outcome:
        items = wire_items(mission, PlanKind.MISSION, self.station.personality)
        return self.transfer(Upload(self.station.party, PlanKind.MISSION, items))

    def do(self, moment: Moment) -> None:
        for frame in moment.send:
            self._up.put(frame, self.clock.monotonic_s())
        self.said += moment.said
        for event in moment.said:
            self.on_event(event)

    def _step(self) -> None:
        self.clock.advance(STEP_S)
        now_s = self.clock.monotonic_s()
        for data in self._up.due(now_s):
            self.aircraft.receive(data, now_s)
        for frame in self.aircraft.step(now_s):
            self._down.put(frame, now_s)
        for data in self._down.due(now_s):
            if not self.deaf:
                self.do(self.station.receive(data))
        if not self.deaf:
            self.do(self.station.tick())


def short_mission(height_m: float = 15.0, *, away_m: float = 60.0) -> Mission:
    lat, lon = HOME
    step = away_m / 111_200.0
    return Mission(
        "short",
        (
            takeoff(lat, lon, height_m),
            waypoint(lat + step, lon, height_m),
            waypoint(lat + step, lon + step, height_m),
            return_home(),
        ),
    )


def in_air(personality: str, **more: object) -> Field:
    """An aircraft that flies its mission."""
    from dronesampler.commands import Arm, Start

    f = Field(personality, **more)  # type: ignore[arg-type]
    f.connect()
    assert f.upload(short_mission(away_m=300.0)).good
    f.settle(f.ask(Arm))
    f.settle(f.ask(Start), 40.0)
    assert f.fly(60.0, until=lambda: (f.vehicle.height_home_m or 0.0) > 12.0), f.vehicle
    return f
