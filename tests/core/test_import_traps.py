"""Tables as people really have them: every known trap kept raw, flagged and counted, or refused in one sentence."""

import io
import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.problems import BadInput
from dronesampler.sampler.files.options import Options
from dronesampler.sampler.files.reading import read_recording
from dronesampler.sampler.files.recording import Recording
from dronesampler.sampler.files.times import read_times, zone_named

HEAD = "time,latitude,longitude,height agl (m),NMHC (mg/m3)\n"


def read(text: str | bytes, **options: object) -> Recording:
    data = text.encode() if isinstance(text, str) else text
    return read_recording(data, name="x.csv", options=Options(**options))  # type: ignore[arg-type]


def counts(recording: Recording) -> dict[str, int]:
    return {r.code: r.count for r in recording.rejected}


def row(second: float, value: str = "0.5", *, lat: float = 35.71, lon: float = 116.49) -> str:
    at = datetime(2026, 5, 31, 9, 0, tzinfo=UTC) + timedelta(seconds=second)
    return f"{at:%Y-%m-%dT%H:%M:%S}Z,{lat},{lon},25,{value}\n"


def test_what_stands_for_no_number_is_kept_and_flagged() -> None:
    spellings = ["NaN", "-999", "", "--", "N/A", "-9999", "nan"]
    found = read(HEAD + row(0) + "".join(row(k + 1, s) for k, s in enumerate(spellings)))
    series = found.series[0]
    assert len(series.value) == 8 and np.isnan(series.value[1:]).all()
    assert list(series.ok) == [True] + [False] * 7 and set(series.flags[1:]) == {"missing"}
    assert counts(found) == {"missing": 7} and found.rejected[0].first == "line 3"
    assert found.rows is not None and found.rows.raw[2].endswith(b"-999")


def test_decimal_commas_between_semicolons() -> None:
    text = (
        "Zeit;time;lat;lon;NMHC (mg/m3)\n"
        "1;2026-05-31 09:00:00;35,71;116,49;1,25\n"
        "1;2026-05-31 09:00:01;35,7101;116,49;0,5\n"
    )
    found = read(text)
    assert list(found.series[0].value) == [1.25, 0.5]
    assert found.track is not None and found.track.lat_deg[1] == 35.7101


CHINESE = "采样点时间,相对高度 m,经度,纬度,温度 ℃,湿度 %,气压 Pa,VOCs ppm,SO2 μg/m3,设备序列号\n"
MAPPER = "#Created by: Sniffer4DMapper 2.2.06.29\n" + CHINESE + (
    "2026-05-31 17:00:00,20.5,116.49,35.71,25,60,100000,0.4,12,S4D001\n"
    "2026-05-31 17:00:01,20.6,116.4901,35.71,25,60,100000,0.5,-999,S4D001\n"
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_mapper_csv_in_any_chinese_encoding(encoding: str) -> None:
    found = read(MAPPER.encode(encoding))
    assert (found.kind, found.messages, found.serial) == ("sniffer4d-csv", 2, "S4D001")
    assert [(s.quantity, s.unit) for s in found.series] == [("VOC", "ppm"), ("SO2", "ug/m3")]
    # Mapper writes Beijing time, heights above the take-off place.
    assert found.rows is not None and found.rows.time_s[0] == datetime(2026, 5, 31, 9, tzinfo=UTC).timestamp()
    assert (found.rows.height_home_m[0], found.rows.lat_deg[0]) == (20.5, 35.71)
    voc, so2 = found.series
    assert voc.value_mg_m3[0] == pytest.approx(0.4 * 56.106 / 24.79, rel=1e-3)
    assert so2.value_mg_m3[0] == 0.012 and math.isnan(so2.value[1])


def test_a_degree_sign_of_windows_is_no_chinese() -> None:
    text = "time,temp (°C),NMHC (mg/m3)\n2026-05-31 09:00:00,21°C,0.5\n"
    found = read(text.encode("cp1252"))
    assert found.details["encoding"] == "cp1252" and found.series[0].ok.all()


def test_half_a_line_is_kept_and_counted() -> None:
    found = read(HEAD + row(0) + row(1) + row(2)[:31])
    # The longitude 116.4 is half a number: it is not believed.
    assert counts(found) == {"half-line": 1, "no-fix": 1, "missing": 1}
    assert len(found.series[0].value) == 3 and not found.series[0].ok[2]


def test_half_a_stamp_has_no_time_and_is_left_out() -> None:
    found = read(HEAD + row(0) + row(1)[:9])
    assert counts(found) == {"time": 1} and found.messages == 2 and len(found.series[0].value) == 1


def test_duplicate_and_backward_stamps_are_flagged_not_dropped() -> None:
    found = read(HEAD + row(0) + row(1) + row(1, "0.7") + row(5) + row(4))
    assert counts(found) == {"duplicate": 1, "back": 1}
    assert list(found.series[0].flags) == ["", "", "duplicate", "", "back"] and found.series[0].ok.all()
    assert found.track is not None and (np.diff(found.track.time_s) >= 0.0).all()


def test_a_jump_of_five_kilometres_leaves_the_track_and_stays_in_the_readings() -> None:
    lines = [row(k, lat=35.71 + 1e-5 * k) for k in range(20)]
    lines[7] = row(7, lat=35.755)
    found = read(HEAD + "".join(lines))
    assert counts(found) == {"jump": 1} and found.rejected[0].first == "line 9"
    assert found.track is not None and len(found.track) == 19 and found.track.lat_deg.max() < 35.72
    assert len(found.series[0].value) == 20 and list(found.series[0].ok).count(False) == 1


def test_a_move_that_lasts_is_believed() -> None:
    lines = [row(k, lat=35.71 if k < 20 else 35.81) for k in range(60)]
    found = read(HEAD + "".join(lines))
    assert "jump" not in counts(found)


def test_a_wild_first_fix_is_the_jump() -> None:
    found = read(HEAD + row(0, lat=10.0) + "".join(row(k) for k in range(1, 30)))
    assert counts(found) == {"jump": 1} and found.track is not None and len(found.track) == 29


def test_zero_zero_is_no_place() -> None:
    found = read(HEAD + row(0, lat=0.0, lon=0.0) + row(1))
    assert counts(found) == {"no-fix": 1} and found.track is not None and len(found.track) == 1


def test_places_off_the_earth_are_flagged_and_kept_raw() -> None:
    off = [(95.0, 116.49), (35.71, 200.0), (-91.0, 0.1), (math.inf, 116.49)]
    rows = "".join(row(k + 1, lat=lat, lon=lon) for k, (lat, lon) in enumerate(off))
    found = read(HEAD + row(0) + rows + row(9))
    assert counts(found) == {"no-fix": 4} and found.track is not None and len(found.track) == 2
    assert found.rows is not None and np.isnan(found.rows.lat_deg[1:5]).all()
    assert found.rows.raw[1].startswith(b"2026-05-31T09:00:01Z,95.0") and len(found.series[0].value) == 6


def test_a_clock_that_was_never_set() -> None:
    text = HEAD + "1970-01-01T00:00:05Z,35.71,116.49,25,0.5\n" + "".join(row(k) for k in range(3))
    found = read(text)
    assert counts(found)["clock"] == 1 and found.dated
    assert not found.series[0].ok[0] and found.track is not None and len(found.track) == 3
    never = read(HEAD + "".join(f"1970-01-01T00:00:{k:02}Z,35.71,116.49,25,0.5\n" for k in range(9)))
    assert not never.dated


def test_the_hour_that_comes_twice() -> None:
    """Berlin, 2026-10-25: 02:30 summer time, then 02:10 winter time forty minutes later."""
    stamps = ["01:50:00", "02:30:00", "02:50:00", "02:10:00", "02:40:00", "03:10:00"]
    text = "time,NMHC (mg/m3)\n" + "".join(f"2026-10-25 {s},0.5\n" for s in stamps)
    found = read(text, zone=ZoneInfo("Europe/Berlin"))
    assert found.rows is not None
    assert list(np.diff(found.rows.time_s) / 60.0) == [40.0, 20.0, 20.0, 30.0, 30.0]
    assert counts(found) == {"dst": 4}


def test_exchanged_columns_are_put_right_and_said() -> None:
    found = read("time,latitude,longitude,NMHC (mg/m3)\n2026-05-31 09:00:00Z,116.49,35.71,0.5\n")
    assert found.rows is not None and (found.rows.lat_deg[0], found.rows.lon_deg[0]) == (35.71, 116.49)
    assert any("exchanged" in n.en for n in found.notes)


def test_a_row_for_each_pollutant() -> None:
    text = "time,lat,lon,pollutant,value,unit\n" + "".join(
        f"2026-05-31 09:00:{k:02},35.71,116.49,{name},{k},{unit}\n"
        for k in range(5)
        for name, unit in (("NMHC", "mg/m3"), ("苯", "ug/m3"), ("dust", "mg/m3"))
    )
    found = read(text)
    assert {(s.quantity, s.unit, len(s.value)) for s in found.series} == {
        ("NMHC", "mg/m3", 5), ("benzene", "ug/m3", 5), ("dust", "mg/m3", 5)
    }  # fmt: skip
    assert "duplicate" not in counts(found) and found.track is not None and len(found.track) == 5


def test_two_instruments_under_one_serial_number() -> None:
    text = "time,lat,lon,serial,NMHC (mg/m3)\n" + "".join(
        f"2026-05-31 09:00:{k:02},{lat},116.49,S1,0.5\n" for k in range(9) for lat in (35.71, 35.7115)
    )
    found = read(text)
    assert any("two instruments" in n.en and "S1" in n.en for n in found.notes)
    assert counts(found)["duplicate"] == 9


def test_a_unit_that_is_not_told_is_asked_for() -> None:
    found = read("time,NMHC\n2026-05-31 09:00:00,0.5\n")
    assert found.series[0].value[0] == 0.5 and math.isnan(found.series[0].value_mg_m3[0])
    assert any("no unit" in n.en for n in found.notes)


def test_columns_that_nobody_understands_are_named_by_a_file_that_can_be_saved() -> None:
    from dronesampler.sampler.files.matching import load_columns, saved_columns

    text = "wann,wo N,wo E,Messwert\n2026-05-31 09:00:00,35.71,116.49,0.5\n"
    with pytest.raises(BadInput, match="wann"):
        read(text)
    columns = (
        '[columns]\n"wann" = { role = "time" }\n"wo N" = { role = "lat" }\n"wo E" = { role = "lon" }\n'
        '"Messwert" = { role = "value", quantity = "NMHC", unit = "mg/m3" }\n'
    )
    found = read(text, columns=columns)
    assert found.series[0].quantity == "NMHC" and found.track is not None and len(found.track) == 1
    header = text.split("\n")[0].split(",")
    known, _ = load_columns(columns, header)
    assert load_columns(saved_columns(known), header)[0] == known


@pytest.mark.parametrize(
    "columns", ["[columns", '[columns]\n"a" = 3\n', '[columns]\n"a" = { role = "nose" }\n', 'columns = "x"\n']
)
def test_a_wrong_columns_file_is_refused(columns: str) -> None:
    with pytest.raises(BadInput):
        read(HEAD + row(0), columns=columns)


def test_a_workbook() -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["time (UTC)", "latitude", "longitude", "NMHC (mg/m3)"])
    for k in range(3):
        sheet.append([datetime(2026, 5, 31, 9, 0, k), 35.71, 116.49, 0.5 + k])  # noqa: DTZ001 - cells have no zone
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue())
    assert list(found.series[0].value) == [0.5, 1.5, 2.5]
    assert found.rows is not None and found.rows.time_s[2] == datetime(2026, 5, 31, 9, 0, 2, tzinfo=UTC).timestamp()


def test_a_broken_workbook_is_refused() -> None:
    with pytest.raises(BadInput, match="workbook"):
        read(b"PK\x03\x04" + b"\x07" * 200)


FRAME = (
    '{"airData":{"VOCs(ppm)":0.4,"CO(ppm)":0.1},"altitude":41.2,"hdop":0.8,"humidity":55,"latitude":35.71,'
    '"longitude":116.49,"pressure":100000,"sateNum":14,"sequence":7,"serial":"S4D002","temperature":22.5,'
    '"utcTime":"05/31/2026-09:00:00"}\n'
)


def test_sniffer4d_frames_a_line_each() -> None:
    found = read(FRAME + FRAME.replace("09:00:00", "09:00:01") + FRAME[:90])
    assert (found.kind, found.messages, found.serial) == ("sniffer4d-json", 3, "S4D002")
    assert counts(found) == {"frame": 1}
    assert found.rows is not None and found.rows.time_s[0] == datetime(2026, 5, 31, 9, tzinfo=UTC).timestamp()
    assert [s.quantity for s in found.series] == ["VOC", "CO"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\0" * 500,
        b"hello",
        b"{}",
        b"[1, 2",
        b"<gpx></gpx>",
        b"<kml/>",
        HEAD.encode(),
        b"a,b\n1,2\n",
    ],
)
def test_what_is_no_log_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read(data)


@given(st.binary(max_size=400))
def test_bytes_of_any_kind_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except BadInput:
        return


@given(st.text(alphabet='0123456789,.;-: \n\t$GPRMA<>{}"TZ年', max_size=300))
def test_text_of_any_kind_is_read_or_refused(text: str) -> None:
    try:
        read(HEAD + text)
        read(text)
    except BadInput:
        return


@given(st.datetimes(datetime(2000, 1, 2), datetime(2035, 1, 1)), st.sampled_from([  # noqa: DTZ001 - made aware below
    "%Y-%m-%d %H:%M:%S.%f", "%Y/%m/%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y年%m月%d日 %H:%M:%S",
    "%Y%m%d%H%M%S", "%m/%d/%Y-%H:%M:%S", "UTC %y%m%d %H%M%S 5 9 ", "%Y.%m.%d %I:%M:%S %p",
]))  # fmt: skip
def test_times_in_many_spellings(at: datetime, spelling: str) -> None:
    text = at.strftime(spelling)
    found = read_times([text] * 3)
    aware = at.replace(tzinfo=UTC, microsecond=at.microsecond if "%f" in spelling else 0)
    assert found.dated and found.time_s[1] == pytest.approx(aware.timestamp(), abs=1e-5)


@given(st.floats(9.5e8, 4e9), st.sampled_from([1.0, 1e3, 1e6, 1e9]))
def test_epochs_of_any_size(unix_s: float, scale: float) -> None:
    found = read_times([f"{unix_s * scale:.3f}"])
    assert found.time_s[0] == pytest.approx(unix_s, abs=1e-3)


def test_a_day_that_is_only_told_apart_by_one_row() -> None:
    cells = ["13/05/2026 09:00:00", "03/05/2026 09:00:00"]
    assert read_times(cells).time_s[1] == datetime(2026, 5, 3, 9, tzinfo=UTC).timestamp()


def test_times_of_day_go_over_midnight() -> None:
    found = read_times(["23:59:58", "23:59:59", "00:00:00", "00:00:01"], day=date(2026, 5, 31))
    assert list(np.diff(found.time_s)) == [1.0, 1.0, 1.0] and found.dated


@pytest.mark.parametrize(("name", "hours"), [("+08:00", 8.0), ("-0330", -3.5), ("UTC", 0.0), ("Asia/Shanghai", 8.0)])
def test_zones_by_name_and_number(name: str, hours: float) -> None:
    zone = zone_named(name)
    found = read_times(["2026-05-31 09:00:00"], zone=zone)
    assert found.time_s[0] == datetime(2026, 5, 31, 9, tzinfo=UTC).timestamp() - hours * 3600.0


def test_a_zone_that_is_none() -> None:
    with pytest.raises(BadInput, match="time zone"):
        zone_named("Moon/Base")
