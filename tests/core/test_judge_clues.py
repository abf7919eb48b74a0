"""A stored patrol is judged with what the officers saw, and the command line says the same bytes every time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, FRAME, PERMITTED, Patrol, patrol

from dronesampler.cli import main
from dronesampler.desk.clues import sightings_of
from dronesampler.desk.judge import judge_patrol
from dronesampler.geo import Polygon
from dronesampler.park import Park
from dronesampler.store import Media, Store
from dronesampler.store.bulk import ReadingColumns

HERE = tuple(float(v) for v in FRAME.to_lat_lon(*BYPASS[:2]))


@pytest.fixture(scope="module")
def flown() -> Patrol:
    return patrol((PERMITTED, BYPASS))


def put(store: Store, flown: Patrol) -> int:
    """The patrol in a store, with its park."""
    r = flown.readings
    lat, lon = r.lat_deg, r.lon_deg
    corners = ((lat.min(), lon.min()), (lat.min(), lon.max()), (lat.max(), lon.max()), (lat.max(), lon.min()))
    park = Park("park", Polygon(tuple((float(a), float(b)) for a, b in corners)), outlets=flown.outlets)
    columns = ReadingColumns(
        instrument="X", quantity="NMHC", unit="mg/m3", time_s=r.time_s, raw_value=r.value_mg_m3,
        value_mg_m3=r.value_mg_m3, lat_deg=lat, lon_deg=lon, height_agl_m=r.height_agl_m, simulated=True,
    )  # fmt: skip
    with store.transaction() as batch:
        made = batch.begin_patrol(
            "seen", started_unix_s=float(r.time_s[0]), simulated=True, park_id=batch.put_park(park)
        )
        batch.add_readings(made.id, columns)
        batch.add_wind(made.id, flown.wind, source="test")
        batch.end_patrol(made.id, ended_unix_s=float(r.time_s[-1]))
    return made.id


def sighting(lat: float | None, lon: float | None, **more: object) -> dict[str, object]:
    """As a session writes one into the journal."""
    return {"id": 7, "note": "vent", "bearing_deg": None, "photo": "", "lat_deg": lat, "lon_deg": lon, **more}


def test_sighting_in_the_journal_is_evidence_and_kept_as_a_reason(flown: Patrol, tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        number = put(store, flown)
        before = judge_patrol(store, number)
        with store.transaction() as batch:
            batch.note(number, "sighting", sighting(*HERE))
        after = judge_patrol(store, number)
        assert store.findings(number)[-1].analysis == after
    one, two = before["suspected"][0], after["suspected"][0]
    assert two["evidence"] == pytest.approx(one["evidence"] + 3.0, abs=0.02)
    assert two["reasons"][-1]["code"] == "sighting" and "vent" in two["reasons"][-1]["zh"]
    assert (before["parameters"]["sightings"], after["parameters"]["sightings"]) == (0, 1)


def test_sightings_without_a_place_are_left_out_and_photographs_count_once(flown: Patrol, tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        number = put(store, flown)
        with store.transaction() as batch:
            batch.note(number, "sighting", sighting(None, None))
            batch.note(number, "sighting", sighting(*HERE, bearing_deg=90))
            batch.note(number, "asked", sighting(*HERE))
            for k, belongs in enumerate((7, None)):
                details = {"sighting": belongs, "lat_deg": HERE[0], "lon_deg": HERE[1], "note": "photo"}
                batch.put_media(number, Media(f"{k:064x}", f"media/{k}.jpg", "photo", details=details))
        seen = sightings_of(store, store.patrol(number))
    assert [(s.note, s.bearing_deg) for s in seen] == [("vent", 90.0), ("photo", None)]
    assert all((s.lat_deg, s.lon_deg) == HERE for s in seen)


def test_unit_reported_off_on_the_command_line(flown: Patrol, tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        number = put(store, flown)
    out = tmp_path / "out.json"
    said = ["--data", str(tmp_path), "attribute", str(number), "--off", "DA002", "-o", str(out)]
    assert main(said) == 0
    held = json.loads(out.read_text())
    assert {e["code"]: e["verdict"] for e in held["explained"]}["DA002"] == "permitted_unit_off"
    assert held["parameters"]["off_units"] == ["DA002"]


def test_two_processes_write_the_same_bytes(flown: Patrol, tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        number = put(store, flown)
    written = []
    for name in ("one.json", "two.json"):
        out = tmp_path / name
        said = [sys.executable, "-m", "dronesampler", "--data", str(tmp_path), "attribute", str(number), "-o", str(out)]
        subprocess.run(said, check=True, capture_output=True, timeout=300)
        written.append(out.read_bytes())
    assert written[0] == written[1]
    assert json.loads(written[0])["suspected"]
