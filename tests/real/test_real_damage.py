"""Real files cut, hit and torn at random: each is read as far as it makes sense or refused in one sentence."""

import random
from pathlib import Path

import pytest

from dronesampler.desk.importing import Request, import_files
from dronesampler.problems import BadInput

NAMES = (
    "02_logs/ardusub_small.BIN",
    "02_logs/px4_sample_appended_multiple.ulg",
    "02_logs/dataflash_text_nan.log",
    "02_logs/dji_srt/mavic_pro.SRT",
    "02_logs/tracks/exiftool_Geotag.gpx",
    "02_logs/tracks/exiftool_Geotag.igc",
    "02_logs/tracks/exiftool_Geotag.kml",
    "02_logs/tracks/exiftool_Geotag_nmea.log",
    "05_gas/raven_vulcano_flight1_original.csv",
    "05_gas/chilbolton_rel02/POS1_rel02_processed.txt",
    "05_gas/hj212/packets.txt",
    "05_gas/uav_tvoc_nl2022/wind_day1_100m.csv",
    "01_missions/kml_shp/PolygonGood.kml",
    "01_missions/kml_shp/MP 19.shp",
    "03_geo/nofly_finland_sup_temporary.geojson",
)


def damaged(data: bytes, rng: random.Random) -> bytes:
    torn, at = bytearray(data), rng.randrange(len(data))
    match rng.randrange(4):
        case 0:
            return data[:at]
        case 1:
            for _ in range(rng.choice([1, 5, 50])):
                torn[rng.randrange(len(torn))] = rng.randrange(256)
        case 2:
            torn[at:at] = rng.randbytes(rng.choice([1, 20, 500]))
        case _:
            del torn[at : at + rng.randrange(1, 400)]
    return bytes(torn)


def tried(name: str, shared: Path, tmp_path: Path, *, times: int) -> None:
    data = (shared / "data" / name).read_bytes()
    path, into = tmp_path / Path(name).name, tmp_path / "p.sqlite"
    for seed in range(times):
        path.write_bytes(damaged(data, random.Random(seed)))
        try:
            import_files(Request((path,), into))
        except BadInput as problem:
            assert problem.text.en and "\n" not in problem.text.en and problem.where.startswith(path.name)


@pytest.mark.parametrize("name", NAMES)
def test_damage_is_met(name: str, shared: Path, tmp_path: Path) -> None:
    tried(name, shared, tmp_path, times=6)


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
def test_much_damage_is_met(name: str, shared: Path, tmp_path: Path) -> None:
    tried(name, shared, tmp_path, times=300)
