"""An aircraft's power from logs that the simulated vehicle wrote, and a forecast with what was found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.clock import FakeClock
from dronesampler.desk.aircraft_fit import fit_aircraft, write_aircraft
from dronesampler.desk.importing import Request, import_files
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import Aircraft, make_plan, read_aircraft
from dronesampler.plan.predict import predict
from dronesampler.problems import BadInput, Refused
from dronesampler.simulator.battery import Airframe
from tests.flight.flown import START_S, fly

DEMO = read_park(assets_dir() / "demo-park.geojson").park
HEAVY = Airframe(mass_kg=5.2, hover_w=640.0, parasite_w_s3_m3=0.30, payload_w=6.0)
WIND = (160.0, 3.0)


@pytest.fixture(scope="module")
def flight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    log = bytearray()
    mission = make_plan(DEMO, "fence-line", wind=WIND, settings={"heights_agl_m": "25,60", "speed_m_s": "8"})
    fly(mission, wind=WIND, airframe=HEAVY, log=log)
    path = tmp_path_factory.mktemp("log") / "heavy.tlog"
    path.write_bytes(log)
    path.with_suffix(".json").write_text('{"simulated": true}')
    return path


def test_a_flown_log_tells_what_the_aircraft_draws(flight: Path, tmp_path: Path) -> None:
    found = fit_aircraft([str(flight)], data=tmp_path, aircraft=Aircraft(mass_kg=4.7))
    made = found.fit.aircraft
    assert found.simulated and "SIMULATED" in made.name
    assert made.hover_w == pytest.approx(HEAVY.hover_w, rel=0.05)
    assert found.fit.residual_share < 0.06
    assert found.held_out == pytest.approx(0.0, abs=0.04)
    write_aircraft(found, tmp_path / "heavy.toml")
    again = read_aircraft(tmp_path / "heavy.toml")
    assert again.hover_w == pytest.approx(made.hover_w, rel=1e-5)
    # The forecast of another flight, with the aircraft as it was found and as it was guessed.
    other = make_plan(DEMO, "corridor", wind=(270.0, 4.0))
    flown = fly(other, wind=(270.0, 4.0), airframe=HEAVY)
    foretold = predict(other, again, wind=(270.0, 4.0)).energy_wh
    guessed = predict(other, Aircraft(), wind=(270.0, 4.0)).energy_wh
    assert foretold == pytest.approx(flown.energy_wh, rel=0.06)
    assert abs(guessed / flown.energy_wh - 1.0) > 0.2


def test_a_patrol_of_the_data_folder_is_a_log_too(
    flight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_files(Request((flight,), tmp_path, simulated=True), clock=FakeClock(START_S + 3600.0))
    out = tmp_path / "quad.toml"
    assert main(["aircraft", "last", "--data", str(tmp_path), "--json", "--lang", "en", "-o", str(out)]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["simulated"] and values["seconds"] > 200 and abs(values["held_out_energy_error"]) < 0.05
    assert read_aircraft(out).hover_w == pytest.approx(values["hover_w"], abs=0.1)


def test_a_log_with_too_little_is_refused_with_the_reason(flight: Path, tmp_path: Path) -> None:
    data = flight.read_bytes()
    for size, match in ((len(data) // 20, "s of flight|rows of flight|leave the ground"), (200, "battery|positions")):
        short = tmp_path / f"short-{size}.tlog"
        short.write_bytes(data[:size])
        with pytest.raises(BadInput, match=match):
            fit_aircraft([str(short)], data=tmp_path)
    (tmp_path / "words.tlog").write_text("no log")
    with pytest.raises(BadInput, match="neither a flight log"):
        fit_aircraft([str(tmp_path / "words.tlog")], data=tmp_path)
    found = fit_aircraft([str(flight)], data=tmp_path)
    with pytest.raises(BadInput, match="ends in"):
        write_aircraft(found, tmp_path / "a.json")


def test_two_aircraft_in_one_fit_are_not_explained(flight: Path, tmp_path: Path) -> None:
    log = bytearray()
    mission = make_plan(DEMO, "corridor", wind=WIND)
    fly(mission, wind=WIND, airframe=replace(HEAVY, hover_w=250.0), log=log)
    other = tmp_path / "light.tlog"
    other.write_bytes(log)
    with pytest.raises(Refused, match="do not explain the power"):
        fit_aircraft([str(flight), str(other)], data=tmp_path)


def test_hovering_only_cannot_tell_drag(tmp_path: Path) -> None:
    log = bytearray()
    mission = make_plan(DEMO, "outlet-tour", wind=(0.0, 0.5), settings={"speed_m_s": "1", "outlets": "DA001"})
    fly(mission, wind=(0.0, 0.0), log=log)
    path = tmp_path / "hover.tlog"
    path.write_bytes(log)
    with pytest.raises(BadInput, match="next to no level flight"):
        fit_aircraft([str(path)], data=tmp_path)
