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
from dronesampler.session.session import Session, SessionOrder
from dronesampler.store import Store
from tests.flight.aboard import HEIGHT_MG_M3, TOP_S, TURN_S, UNIX_S, WIDTH_S, Air, take_off

FILL_S = 15.0


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
