"""Before and after: two stored patrols of one park, their table, and when they may not be compared."""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from attribution_patrol import BYPASS, INSTRUMENT, PERMITTED, Patrol, patrol

from dronesampler.attribution import attribute
from dronesampler.attribution.compare import Change
from dronesampler.cli import main
from dronesampler.desk.comparing import compare_patrols, write_comparison
from dronesampler.geo import Polygon
from dronesampler.park import Park
from dronesampler.problems import Refused
from dronesampler.store import Store
from dronesampler.store.bulk import ReadingColumns
from dronesampler.texts import Lang


def stored(store: Store, flown: Patrol, name: str, *, judged: bool = True, park: str = "park", day: int = 0) -> int:
    r, w, shift_s = flown.readings, flown.wind, day * 86400.0
    lat, lon = r.lat_deg, r.lon_deg
    corners = ((lat.min(), lon.min()), (lat.min(), lon.max()), (lat.max(), lon.max()), (lat.max(), lon.min()))
    place = Park(park, Polygon(tuple((float(a), float(b)) for a, b in corners)), outlets=flown.outlets)
    columns = ReadingColumns(
        instrument="X", quantity="NMHC", unit="mg/m3", time_s=r.time_s + shift_s, raw_value=r.value_mg_m3,
        value_mg_m3=r.value_mg_m3, lat_deg=lat, lon_deg=lon, height_agl_m=r.height_agl_m, simulated=True,
    )  # fmt: skip
    wind = type(w)(w.time_s + shift_s, w.from_deg, w.speed_m_s, w.height_agl_m)
    with store.transaction() as batch:
        made = batch.begin_patrol(
            name, started_unix_s=float(r.time_s[0] + shift_s), simulated=True, park_id=batch.put_park(place)
        )
        batch.add_readings(made.id, columns)
        batch.add_wind(made.id, wind, source="test")
        if judged:
            batch.put_findings(made.id, attribute(r, w, flown.outlets, INSTRUMENT).as_json())
        batch.end_patrol(made.id, ended_unix_s=float(r.time_s[-1] + shift_s))
    return made.id


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1 with a bypass, 2 after it was mended, 3 not analysed, 4 in another park."""
    place = tmp_path_factory.mktemp("前后")
    with Store.open(place) as store:
        before, after = patrol((PERMITTED, BYPASS)), patrol((PERMITTED,), seed=9)
        assert stored(store, before, "整改前") == 1
        assert stored(store, after, "整改后", day=30) == 2
        stored(store, after, "raw", judged=False, day=31)
        stored(store, after, "elsewhere", park="another", day=32)
    return place


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with Store.open(folder) as opened:
        yield opened


def test_a_mended_bypass_is_gone_where_the_second_flight_would_have_seen_it(store: Store, tmp_path: Path) -> None:
    found = compare_patrols(store, 1, 2)
    (line,) = found.lines
    assert (line.label, line.change, line.after_g_s) == ("S1", Change.GONE, None)
    assert line.before_g_s is not None and line.before_interval_g_s is not None
    assert line.before_interval_g_s[0] < line.before_g_s < line.before_interval_g_s[1]
    assert found.seen_after and found.simulated
    for lang, word in ((Lang.ZH, "疑似"), (Lang.EN, "suspected")):
        write_comparison(found, tmp_path / "表.csv", lang)
        rows = list(csv.reader((tmp_path / "表.csv").read_text(encoding="utf-8-sig").splitlines()))
        assert any("模拟" in cell or "SIMULATED" in cell for cell in rows[0])
        assert len(rows[2]) == len(rows[3]) and rows[3][0] == "S1" and float(rows[3][3]) > 0
        assert word in rows[-1][0]


def test_the_other_way_round_the_bypass_is_new(store: Store) -> None:
    (line,) = compare_patrols(store, 2, 1).lines
    assert (line.label, line.change, line.before_g_s) == ("N1", Change.NEW, None)
    assert line.after_g_s is not None and line.after_interval_g_s is not None


@pytest.mark.parametrize(("after", "why"), [(1, "different"), (3, "analysed"), (4, "one park")])
def test_what_cannot_be_compared_is_refused_with_the_reason(store: Store, after: int, why: str) -> None:
    with pytest.raises(Refused, match=why):
        compare_patrols(store, 1, after)


def test_the_verb_answers_with_rates_and_intervals(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "table.csv"
    assert main(["compare", "1", "2", "-o", str(out), "--data", str(folder), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["lines"][0]["change"] == "gone" and np.isfinite(values["lines"][0]["before_interval_g_s"]).all()
    assert out.is_file()
    assert main(["compare", "1", "1", "--data", str(folder)]) == 1
