"""What must not end a live session, nor be asked of it at the wrong moment, against the simulated vehicle."""

import math
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from dronesampler.clock import FakeClock
from dronesampler.commands import BeginCheck, Continue, Intent, Start, Upload
from dronesampler.events import CommandProgressed, Stage
from dronesampler.mission import Command, Item, Mission
from dronesampler.session.session import Session, SessionOrder
from dronesampler.store import Mirror, PlanStage, Recorder, Store, plan_row, reclaim
from tests.flight.aboard import UNIX_S, Air, take_off

ROUTE = Mission(
    "short",
    (
        Item(Command.TAKEOFF, lat_deg=35.71, lon_deg=116.49, height_m=20.0),
        Item(Command.WAYPOINT, lat_deg=35.711, lon_deg=116.49, height_m=20.0),
    ),
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[tuple[Session, Air, Store]]:
    clock = FakeClock(UNIX_S)
    air = Air(clock)
    with Store.open(tmp_path, clock=clock) as store:
        order = SessionOrder("x", ("udpin:127.0.0.1:0",), tmp_path, simulated=True, preflight_needed=False)
        made = Session(order, store, clock=clock, ports=air)  # type: ignore[arg-type]
        for _ in range(30):
            made.turn(0.0)
        yield made, air, store


def stages(session: Session, intent: Intent, *, turns: int = 5) -> list[Stage]:
    session.hear(intent)
    happened = [event for _ in range(turns) for event in session.turn(0.0)]
    return [e.stage for e in happened if isinstance(e, CommandProgressed) and e.command_id == intent.id]


def test_a_database_that_another_program_holds_stops_no_upload_and_loses_no_plan(
    session: tuple[Session, Air, Store], tmp_path: Path
) -> None:
    made, _, store = session
    other = sqlite3.connect(next(tmp_path.glob("*.sqlite")), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    reached = stages(made, Upload(1, math.inf, mission=ROUTE), turns=300)
    assert reached[-1] is Stage.OBSERVED
    other.execute("ROLLBACK")
    other.close()
    made.close()
    assert store.plan("last", PlanStage.AS_SENT) == ROUTE
    assert store.plan("last", PlanStage.AS_READ_BACK) == made.held
    assert sum(e.kind == "plan stored" for e in store.journal("last")) == 2


@pytest.mark.parametrize("asked", [Start(2, math.inf), Continue(2, math.inf), Upload(2, math.inf, mission=ROUTE)])
def test_half_a_plan_is_neither_flown_nor_written_over(session: tuple[Session, Air, Store], asked: Intent) -> None:
    made, _, _ = session
    made.hear(Upload(1, math.inf, mission=ROUTE))
    assert stages(made, asked, turns=1) == [Stage.REFUSED]
    for _ in range(300):
        made.turn(0.0)
    assert made.held is not None and len(made.held.items) == len(ROUTE.items)
    assert stages(made, Upload(3, math.inf, mission=ROUTE))[0] is Stage.COMMANDED  # it is over: another may go
    made.close()


def test_a_check_is_refused_in_the_air_and_one_of_no_known_gas_anywhere(session: tuple[Session, Air, Store]) -> None:
    made, air, _ = session
    assert stages(made, BeginCheck(1, math.inf, "Wang", gas="argon")) == [Stage.REFUSED]
    take_off(air)
    for _ in range(30):
        made.turn(0.0)
    assert made.station.vehicle.in_air
    assert stages(made, BeginCheck(2, math.inf, "Wang", gas="zero")) == [Stage.REFUSED]
    assert made.values.shown(made._snapshot(0.0), 0.0).checking is None
    made.close()


def test_a_plan_is_on_the_second_copy_too(tmp_path: Path) -> None:
    with Store.open(tmp_path / "lost", clock=FakeClock(UNIX_S)) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("live", simulated=True)
        copy = Mirror(tmp_path / "stick", patrol)
        recorder = Recorder(store, patrol.id, on_failure=lambda why: pytest.fail(str(why)), mirror=copy)
        recorder.put(plan_row(UNIX_S, PlanStage.AS_SENT, ROUTE))
        recorder.close()
    with Store.open(tmp_path / "found", clock=FakeClock(UNIX_S)) as store:
        assert [(r.added, r.known) for r in (reclaim(store, copy.path), reclaim(store, copy.path))] == [(1, 0), (0, 1)]
        assert store.plan("last", PlanStage.AS_SENT) == ROUTE
