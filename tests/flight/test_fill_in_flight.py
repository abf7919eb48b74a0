"""A bag that fills itself: a session against the simulated vehicle in one process, its clock moved by the test."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from dronesampler.casework import Trigger
from dronesampler.clock import FakeClock
from dronesampler.commands import ArmFilling
from dronesampler.desk.sample_flight import VALVE, samples_from_flight
from dronesampler.desk.team import DEMONSTRATION_TEAM
from dronesampler.events import CommandProgressed, Stage
from dronesampler.mavlink.dialect import Draft
from dronesampler.mavlink.frames import FrameWriter
from dronesampler.mavlink.ports_in_use import Received
from dronesampler.session.session import Session, SessionOrder
from dronesampler.simulator.craft import Landed
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings
from dronesampler.store import Store
from dronesampler.texts import Text

LOITER = 5
UNIX_S = 1_790_000_000.0
TURN_S = 0.1
TOP_S, WIDTH_S, HEIGHT_MG_M3 = 60.0, 6.0, 4.0
FILL_S = 15.0


class Air:
    """The session's ports: what the vehicle says, and a sampler that flies through one plume."""

    bytes_per_s = None

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.vehicle = SimulatedVehicle(VehicleSettings(35.71, 116.49, ready_after_s=0.0), start_s=clock.unix_s())
        self.sampler = FrameWriter(system=1, component=25)
        self.began_s = clock.unix_s()
        self._said_s = self.began_s

    def read(self, wait_s: float) -> list[Received]:
        self.clock.advance(TURN_S)
        now_s = self.clock.unix_s()
        frames = self.vehicle.step(now_s)
        if now_s - self._said_s >= 1.0:
            self._said_s = now_s
            frames.append(self.sampler.frame(Draft("NAMED_VALUE_FLOAT", self._reading(now_s))))
        return [Received(0, b"".join(frames))] if frames else []

    def _reading(self, now_s: float) -> dict[str, object]:
        t = now_s - self.began_s
        value = 0.5 + 0.02 * math.sin(7.0 * t) + HEIGHT_MG_M3 * math.exp(-0.5 * ((t - TOP_S) / WIDTH_S) ** 2)
        return {"time_boot_ms": self.vehicle.craft.boot_ms, "name": "NMHC", "value": value}

    def write(self, frame: bytes) -> None:
        self.vehicle.receive(frame, self.clock.unix_s())

    def tick(self) -> tuple[Text, ...]:
        return ()

    def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
def flight(tmp_path: Path) -> Iterator[tuple[Session, Air, Store]]:
    clock = FakeClock(UNIX_S)
    air = Air(clock)
    with Store.open(tmp_path, clock=clock) as store:
        order = SessionOrder("fill", ("udpin:127.0.0.1:0",), tmp_path, simulated=True, preflight_needed=False)
        session = Session(order, store, clock=clock, ports=air)  # type: ignore[arg-type]
        yield session, air, store


def asked(session: Session, intent: ArmFilling) -> Stage:
    session.hear(intent)
    happened = [event for _ in range(5) for event in session.turn(0.0)]
    return next(e.stage for e in happened if isinstance(e, CommandProgressed) and e.command_id == intent.id)


def take_off(air: Air) -> None:
    """Hovering at thirty metres, from one moment to the next."""
    craft = air.vehicle.craft
    craft.armed, craft.armed_s, craft.mode = True, air.clock.unix_s(), LOITER
    craft.body.z_m, craft.landed = 30.0, Landed.IN_AIR


def test_armed_on_the_ground_it_opens_past_the_top_and_shuts_in_time(flight: tuple[Session, Air, Store]) -> None:
    session, air, store = flight
    for _ in range(30):
        session.turn(0.0)
    order = ArmFilling(1, math.inf, "pilot", vessels=("BAG-1",), seconds=FILL_S, output=1)
    assert asked(session, order) is Stage.OBSERVED
    take_off(air)
    stages = []
    for _ in range(round(120 / TURN_S)):
        stages += [e for e in session.turn(0.0) if isinstance(e, CommandProgressed) and e.name == "SwitchSampler"]
    assert asked(session, ArmFilling(2, math.inf, "pilot", vessels=("BAG-2",))) is Stage.REFUSED  # in the air
    session.close()
    moves = [e.body for e in store.journal("last") if e.kind == VALVE]
    assert [(m["move"], m["vessel"]) for m in moves] == [("open", "BAG-1"), ("shut", "BAG-1")]
    opened, shut = moves
    assert 0.0 < opened["at_unix_s"] - (air.began_s + TOP_S) < 2.5 * WIDTH_S
    assert opened["top_mg_m3"] == pytest.approx(0.5 + HEIGHT_MG_M3, abs=0.3)
    assert FILL_S <= shut["at_unix_s"] - opened["at_unix_s"] <= FILL_S + 2 * TURN_S
    assert {s.command_id for s in stages} == {opened["id"], shut["id"]}
    assert {s.stage for s in stages} & {Stage.ACCEPTED, Stage.OBSERVED}
    (record,) = samples_from_flight(store, "last", officers=DEMONSTRATION_TEAM.officers, method="HJ 604-2017")
    sample = record.sample
    assert (sample.trigger, sample.simulated, sample.started_unix_s) == (
        Trigger.PLUME_AXIS,
        True,
        opened["at_unix_s"],
    )
    assert sample.lat_deg == pytest.approx(35.71, abs=1e-3) and sample.place_from == "track"
