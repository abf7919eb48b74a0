"""Every real file that import takes, held against its known truth; the broken ones refused without a trace."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dronesampler.cli import main
from dronesampler.store.store import Store

LOGS = (
    "ardusub_small.BIN",
    "ardusub_small.tlog",
    "dataflash_text_mechanical_fail.log",
    "dataflash_text_nan.log",
    "dronekit_flight.tlog",
    "px4_sample_appended_multiple.ulg",
    "px4_sample_log_small.ulg",
)
TRACES = (
    "a_mission_full", "b_fence_rally", "c1_arming_denied", "c2_battery_failsafe", "c3_gps_glitch_loss", "c4_wind",
    "c5_gcs_rc_loss", "c6_mission_control", "d_mission_errors", "e_misc", "px4_a_mission_full", "px4_b_fence_rally",
    "px4_c1_arming_denied", "px4_c2_battery_failsafe", "px4_c3_gps_loss_failures", "px4_c4_gcs_rc_loss",
    "px4_d_mission_errors", "px4_e2_wind", "px4_e_misc",
)  # fmt: skip


class Importer:
    """Runs the command line on a database of its own and gives what it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.database = folder / "patrols.sqlite"
        self._capsys = capsys

    def __call__(self, *files: Path, options: tuple[str, ...] = (), expect: int = 0) -> dict[str, Any]:
        words = ["import", *map(str, files), "--into", str(self.database), "--json", "--lang", "en", *options]
        assert main(words) == expect
        said: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        return said


@pytest.fixture
def take(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Importer:
    return Importer(tmp_path, capsys)


def count(said: dict[str, Any], code: str) -> int:
    return sum(r["count"] for r in said["rejected"] if r["code"] == code)


@pytest.mark.parametrize("name", LOGS)
def test_a_flight_log_matches_its_truth(name: str, shared: Path, truth: dict[str, Any], take: Importer) -> None:
    known, said = truth[f"02_logs/{name}"], take(shared / "data" / "02_logs" / name)
    for key in ("messages", "bad_data", "topics", "dropouts", "logged_messages", "file_corrupt", "sources"):
        if key in known:
            assert said[key] == known[key], key
    if "top" in known:
        assert dict(map(tuple, said["top"][:4])) == dict(map(tuple, known["top"][:4]))
    if "modes" in known:
        assert said["modes"][: len(known["modes"])] == known["modes"]
    for key in ("start_unix", "end_unix"):
        if key in known:
            assert said[key] == pytest.approx(known[key], abs=1e-3)
    if "duration_s" in known:
        assert said["duration_s"] == pytest.approx(known["duration_s"], abs=0.1)
    assert said["track_points"] == known.get("track_points", 0)
    if "track_points" in known:
        assert said["track_length_m"] == pytest.approx(known["track_length_m"], abs=0.15)
        assert said["first"][:2] == pytest.approx(known["first"][:2], abs=1e-7)
        assert said["last"][:2] == pytest.approx(known["last"][:2], abs=1e-7)


@pytest.mark.parametrize("name", [n for n in LOGS if not n.endswith((".ulg", ".BIN"))])
def test_heights_are_above_home_as_the_truth_has_them(
    name: str, shared: Path, truth: dict[str, Any], take: Importer
) -> None:
    known = truth[f"02_logs/{name}"]
    said = take(shared / "data" / "02_logs" / name)
    for key in ("alt_min", "alt_max"):
        assert said[key] == pytest.approx(known[key], abs=0.01)
    assert said["last"][2] == pytest.approx(known["last"][2], abs=1e-3)


def test_a_ulog_without_home_has_no_height_above_home(shared: Path, truth: dict[str, Any], take: Importer) -> None:
    """The truth file writes 0 where nothing is known: the log holds receiver heights above sea and no home."""
    said = take(shared / "data" / "02_logs" / "px4_sample_log_small.ulg")
    assert truth["02_logs/px4_sample_log_small.ulg"]["alt_max"] == 0
    assert said["last"][2] is None and "alt_max" not in said


def test_a_log_without_a_receiver_has_no_date(shared: Path, take: Importer) -> None:
    assert take(shared / "data" / "02_logs" / "ardusub_small.BIN")["dated"] is False


def counts_in_the_notes(shared: Path, name: str) -> tuple[int, int, int]:
    """Known messages, unknown ids and positions, summed from what the README lists for that trace."""
    text = (shared / "traces" / "README.md").read_text(encoding="utf-8")
    section = re.split(rf"(?m)^##+ {name}\.tlog$", text)[1].split("\n## ")[0].split("\n### ")[0]
    lists = re.findall(r"(?m)^From the (?:autopilot|ground station): (.*)$", section)
    pairs = [p for line in lists for p in re.findall(r"([A-Z][A-Z0-9_]+) (\d+)", line)]
    unknown = sum(int(n) for kind, n in pairs if kind.startswith("UNKNOWN"))
    positions = sum(int(n) for kind, n in pairs if kind == "GLOBAL_POSITION_INT")
    return sum(int(n) for _, n in pairs) - unknown, unknown, positions


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_holds_the_messages_that_its_notes_count(name: str, shared: Path, take: Importer) -> None:
    said = take(shared / "traces" / f"{name}.tlog")
    known, unknown, positions = counts_in_the_notes(shared, name)
    assert said["kind"] == "tlog" and said["simulated"] is True
    assert count(said, "bad-data") == count(said, "cut") == 0
    assert said["track_points"] + count(said, "no-fix") == positions
    if name.startswith("px4"):
        # The notes name all of PX4's messages; this program's dialect does not know some and counts them apart.
        assert said["messages"] == known + unknown
    else:
        assert (said["messages"] - said["unknown_messages"], said["unknown_messages"]) == (known, unknown)


@pytest.mark.parametrize(
    ("name", "blocks", "first"),
    [
        ("mavic_2_style.SRT", 468, (-20.2533, 149.0251, None)),
        ("mavic_pro.SRT", 468, (-20.2533, 149.0251, 1.9)),
        ("old_format.SRT", 468, (-20.2533, 149.0251, 1.9)),
        ("p4p_sample.SRT", 5, (47.4692, 8.2090, 45.6)),
    ],
)
def test_captions_of_every_style_lie_where_they_were_filmed(
    name: str, blocks: int, first: tuple[float, float, float | None], shared: Path, take: Importer
) -> None:
    said = take(shared / "data" / "02_logs" / "dji_srt" / name)
    assert (said["kind"], said["messages"], said["track_points"]) == ("dji-srt", blocks, blocks)
    assert tuple(said["first"]) == first


def test_two_styles_of_one_flight_are_one_way(shared: Path, take: Importer) -> None:
    folder = shared / "data" / "02_logs" / "dji_srt"
    lengths = {take(folder / name)["track_length_m"] for name in ("mavic_2_style.SRT", "mavic_pro.SRT")}
    assert len(lengths) == 1


def test_captions_without_positions_say_so(shared: Path, take: Importer) -> None:
    said = take(shared / "data" / "02_logs" / "dji_srt" / "mavic_air.SRT")
    assert (said["track_points"], count(said, "no-fix")) == (0, 2)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("02_logs/dji_srt/broken_empty.SRT", "empty"),
        ("02_logs/dji_srt/broken_incomplete.SRT", "breaks off in block 20"),
        ("01_missions/kml_shp/PolygonBadXml.kml", "XML"),
        ("01_missions/kml_shp/PolygonBadCoordinatesNode.kml", "XML"),
        ("01_missions/qgc_plan/qgc_simple_square.plan", "mission file"),
        ("01_missions/dji_wpml/waypoint.kmz", "mission file"),
        ("03_geo/N44W072.hgt", "not a file that is understood"),
        ("03_geo/broken_empty.pmtiles", "empty"),
        ("06_photos/exiftool_GPS.jpg", "not a file that is understood"),
        ("05_gas/raven_readme.txt", "not a file that is understood"),
        ("05_gas/chilbolton_rel02/weight_20170509_rel02.CSV", "no header"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(name: str, reason: str, shared: Path, take: Importer) -> None:
    good = shared / "data" / "02_logs" / "dji_srt" / "p4p_sample.SRT"
    said = take(good, shared / "data" / name, expect=2)
    assert reason in said["reason"] and "\n" not in said["reason"]
    assert not take.database.exists()
    take(good)
    before = take.database.read_bytes()
    take(shared / "data" / name, expect=2)
    assert take.database.read_bytes() == before


def test_a_cut_caption_file_can_be_salvaged(shared: Path, take: Importer) -> None:
    said = take(shared / "data" / "02_logs" / "dji_srt" / "broken_incomplete.SRT", options=("--salvage",))
    assert (said["track_points"], count(said, "half-line")) == (19, 1)
    assert said["first"][:2] == [-34.7383, -58.4563]


@pytest.mark.parametrize(
    ("name", "kind", "points", "first", "start"),
    [
        ("02_logs/tracks/exiftool_Geotag.gpx", "gpx", 9, (43.642824, -116.061502), 1053796144.0),
        ("02_logs/tracks/exiftool_Geotag.kml", "kml-track", 3, (34.166232, -106.026069), 1384333414.245),
        ("02_logs/tracks/exiftool_Geotag.igc", "igc", 10, (49.2738333, 6.7318333), 1262676195.0),
        ("02_logs/tracks/exiftool_Geotag_nmea.log", "nmea", 12, (44.2527167, -76.5187667), 1238756913.53),
        ("03_geo/gpx_setnjica.gpx", "gpx", 1852, (45.285539, 13.963486), 1372606978.0),
    ],
)
def test_a_track_of_another_program(
    name: str, kind: str, points: int, first: tuple[float, float], start: float, shared: Path, take: Importer
) -> None:
    said = take(shared / "data" / name)
    assert (said["kind"], said["track_points"], said["rejected"]) == (kind, points, [])
    assert said["first"][:2] == pytest.approx(first, abs=1e-7)
    assert said["start_unix"] == pytest.approx(start)


def test_nmea_behind_a_loggers_own_words(shared: Path, take: Importer) -> None:
    path = shared / "data" / "02_logs" / "ardusub_nmea_log.txt"
    said = take(path)
    text = path.read_text(encoding="utf-8")
    assert said["messages"] == text.count("- $")
    assert said["track_points"] == len(re.findall(r"\$GPRMC,[\d.]+,A", text))
    assert said["first"][:2] == pytest.approx([47 + 36.4517860 / 60, -(122 + 20.4723668 / 60)], abs=1e-6)


@pytest.mark.parametrize(
    "flight", ["raven_vulcano_flight1_original.csv", "raven_vulcano_validation_flight_original.csv"]
)
def test_the_raven_logs_match_their_truth(flight: str, shared: Path, truth: dict[str, Any], take: Importer) -> None:
    known, said = truth[f"05_gas/{flight}"], take(shared / "data" / "05_gas" / flight, options=("--date", "2022-04-08"))
    assert said["messages"] == said["track_points"] == known["rows"]
    gases = [c for c in known["columns"] if c.endswith("ppm")]
    assert said["readings"] == known["rows"] * len(gases)
    assert "heights are not known" in " ".join(said["notes"]) and said["first"][2] is None
    low, high = known["pressure"]
    assert (count(said, "pressure") > 0) is (low < 300.0 or high > 1100.0)
    with Store.open(take.database) as store:
        rows = list(store.reading_rows("last"))
        track = store.track("last")
    for gas in gases:
        instrument = "smartGAS" if "smartGAS" in gas else "file"
        values = [(raw, placed) for raw, placed in rows if raw.quantity == gas[:3] and raw.instrument == instrument]
        numbers = np.array([raw.raw_value for raw, _ in values], float)
        assert (len(numbers), numbers.min(), numbers.max()) == pytest.approx(
            (known[gas]["n"], known[gas]["min"], known[gas]["max"]), abs=6e-4
        )
        # The sensor holds a value over several rows: the truth names one of those that tie.
        tops = [(p.lat_deg, p.lon_deg) for r, p in values if p and r.raw_value == numbers.max()]
        assert tuple(map(float, known[gas]["at"][1:])) in tops
    west, south, east, north = known["bbox"]
    assert (track.lon_deg.min(), track.lat_deg.min()) == pytest.approx((west, south))
    assert (track.lon_deg.max(), track.lat_deg.max()) == pytest.approx((east, north))
    steps, times = np.unique(np.diff(track.time_s).round(), return_counts=True)
    assert {int(s): int(n) for s, n in zip(steps, times, strict=True)} == dict(map(tuple, known["dt_s"]))


def test_a_raven_log_without_a_day_is_undated(shared: Path, take: Importer) -> None:
    said = take(shared / "data" / "05_gas" / "raven_vulcano_flight1_original.csv")
    assert said["dated"] is False and "--date" in " ".join(said["notes"])


def test_impossible_pressure_does_not_spoil_the_conversion(shared: Path, take: Importer) -> None:
    """mg/m3 of CO2 must follow its ppm at about 1,010 hPa, spikes of -159 and 1,268 hPa notwithstanding."""
    take(shared / "data" / "05_gas" / "raven_vulcano_flight1_original.csv")
    with Store.open(take.database) as store:
        rows = [(r, p) for r, p in store.reading_rows("last") if r.quantity == "CO2"]
    ratio = np.array([p.value_mg_m3 / r.raw_value for r, p in rows if p and r.raw_value])
    assert ratio.min() > 1.7 and ratio.max() < 1.9


@pytest.mark.parametrize("day", ["day1_100m", "day1_300m"])
def test_the_dutch_flights(day: str, shared: Path, take: Importer) -> None:
    folder = shared / "data" / "05_gas" / "uav_tvoc_nl2022"
    merged, sensor = take(folder / f"merged_{day}.csv"), take(folder / f"sensor_{day}.csv")
    rows = len((folder / f"sensor_{day}.csv").read_text(encoding="utf-8").strip().split("\n")) - 1
    for said in (merged, sensor):
        assert said["messages"] == said["track_points"] == rows
        assert set(said["quantities"].values()) == {rows} and len(said["quantities"]) == 7
        assert count(said, "duplicate") > 0 and count(said, "jump") == 0
    # One flight, written twice: the board's own stamps and the merged table's must be the same UTC.
    assert merged["start_unix"] == sensor["start_unix"] and merged["end_unix"] == sensor["end_unix"]
    assert merged["track_length_m"] == pytest.approx(sensor["track_length_m"], abs=0.5)
    assert merged["wind_rows"] == rows


def test_wind_since_take_off_finds_its_flight(shared: Path, take: Importer) -> None:
    folder = shared / "data" / "05_gas" / "uav_tvoc_nl2022"
    wind = folder / "wind_day1_100m.csv"
    assert take(wind)["dated"] is False
    said = take(folder / "sensor_day1_100m.csv", wind.with_name("wind_day1_300m.csv"), options=("--together",))
    sensor, winds = said["files"]
    assert sensor["patrol"] == winds["patrol"] == said["patrol"]
    assert winds["dated"] and winds["start_unix"] == pytest.approx(sensor["start_unix"] + 10.0)


@pytest.mark.parametrize("beam", range(1, 8))
def test_the_fixed_instruments_match_their_truth(
    beam: int, shared: Path, truth: dict[str, Any], take: Importer
) -> None:
    name = f"05_gas/chilbolton_rel02/POS{beam}_rel02_processed.txt"
    known, said = truth[name], take(shared / "data" / name)
    assert (said["messages"], said["readings"], said["beam"]) == (known["rows"], known["rows"], beam)
    assert said["duration_s"] == pytest.approx(known["duration_s"], abs=0.6)
    with Store.open(take.database) as store:
        values = np.array([raw.raw_value for raw, _ in store.reading_rows("last")], float)
        wind = store.wind("last")
    told = (np.median(values), np.percentile(values, 95), values.max())
    assert told == pytest.approx((known["ch4_median"], known["ch4_p95"], known["ch4_max"]), abs=2e-3)
    towards = np.radians(wind.from_deg + 180.0)
    assert (wind.speed_m_s * np.sin(towards)).mean() == pytest.approx(known["mean_WindX_m/s"], abs=1e-3)
    assert (wind.speed_m_s * np.cos(towards)).mean() == pytest.approx(known["mean_WindY_m/s"], abs=1e-3)


def test_a_table_without_header_is_read_with_a_columns_file(
    shared: Path, truth: dict[str, Any], take: Importer, tmp_path: Path
) -> None:
    columns = tmp_path / "balance.toml"
    columns.write_text(
        '[table]\nheader = false\n[columns]\n"2" = { role = "time" }\n'
        '"3" = { role = "value", quantity = "cylinder mass", unit = "kg" }\n',
        encoding="utf-8",
    )
    name = "05_gas/chilbolton_rel02/weight_20170509_rel02.CSV"
    said = take(shared / "data" / name, options=("--columns", str(columns), "--date", "2017-05-09"))
    with Store.open(take.database) as store:
        rows = [raw for raw, _ in store.reading_rows("last")]
    known = truth[name]
    start, end = (float(h) * 3600 + float(m) * 60 for h, m in (t.split(":") for t in known["window_local"]))
    day = said["start_unix"] - said["start_unix"] % 86_400
    inside = [r.raw_value for r in rows if start <= r.arrival_unix_us / 1e6 - day < end + 60 and r.raw_value]
    assert abs(len(inside) - known["samples"]) <= 1
    assert inside[0] - inside[-1] == pytest.approx(known["mass_lost_kg"], abs=known["balance_resolution_kg"])


def test_the_same_file_twice_is_said_and_not_doubled(shared: Path, take: Importer) -> None:
    path = shared / "data" / "05_gas" / "raven_vulcano_flight1_original.csv"
    first = take(path)
    again = take(path, path)
    assert [f["already_imported"] for f in again["files"]] == [True, True]
    assert {f["patrol"] for f in again["files"]} == {first["patrol"]}
    with Store.open(take.database) as store:
        assert len(store.patrols()) == 1 and len(list(store.reading_rows("last"))) == 1068


def test_the_file_as_received_lies_beside_the_database(shared: Path, take: Importer) -> None:
    path = shared / "data" / "02_logs" / "tracks" / "exiftool_Geotag.gpx"
    take(path)
    with Store.open(take.database) as store:
        copy = take.database.parent / "raw" / store.patrol("last").uuid / path.name
        first, track = store.imports()[0], store.track("last")
    assert copy.read_bytes() == path.read_bytes()
    assert first.name == path.name and len(track) == 9 and math.isnan(track.height_home_m[0])


def test_several_files_have_sums_and_each_its_own(shared: Path, take: Importer) -> None:
    folder = shared / "data" / "02_logs" / "dji_srt"
    said = take(folder / "p4p_sample.SRT", folder / "mavic_pro.SRT", options=("--together", "--name", "one flight"))
    assert said["messages"] == 473 and said["kind"] == "dji-srt" and len(said["patrols"]) == 1
    assert [f["messages"] for f in said["files"]] == [5, 468]
