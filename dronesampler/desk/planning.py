"""Planning: from a park file and a wind to mission files, their checks, and the map of what they would see."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.geo.terrain import Tiles, read_terrain
from dronesampler.mission.files import check_ending, read_mission, write_mission
from dronesampler.park import Park
from dronesampler.park.files import read_park
from dronesampler.plan import Aircraft, Plan, planned
from dronesampler.plan.approval import Approval, instant
from dronesampler.plan.check import check
from dronesampler.plan.coverage import Coverage, as_geojson, coverage
from dronesampler.plan.detect import CALM_M_S, is_calm
from dronesampler.plan.make import possible_wind
from dronesampler.plan.predict import Forecast, predict
from dronesampler.plan.sorties import split
from dronesampler.problems import BadInput, Problem, Refused
from dronesampler.safe_files import json_file
from dronesampler.texts import Text

BAD_APPROVAL = Text(
    "批准记录无法读取：{why}。应为 JSON，含 number、begins_utc、ends_utc、ceiling_agl_m 和 area（[[纬度, 经度], …]）",
    "the approval cannot be read: {why}. It is JSON with number, begins_utc, ends_utc, ceiling_agl_m and area "
    "([[lat, lon], …])",
)
NO_FIELD = Text("缺少 {name}", "{name} is missing")
BAD_VALUES = Text("字段的值不对", "a field has a value of the wrong kind")
BAD_TIME = Text(
    "“{text}”不是时间；请写成 ISO 8601，如 2026-05-31T01:30:00Z",
    "“{text}” is no time; write 2026-05-31T01:30:00Z (ISO 8601)",
)
CALM = Text(
    "无风（低于 {calm:g} m/s）时羽流没有方向，不能说看过了园区的哪一部分；请给出预计的风",
    "in calm air (below {calm:g} m/s) a plume has no direction, so no part of the park can be said to be inspected; "
    "give the wind that is expected",
)
NO_TERRAIN = Text("目录中没有 .hgt 或 .tif 地形文件", "no .hgt or .tif terrain file in the folder")
NO_SUCH_TERRAIN = Text("没有这个地形文件或目录", "no such terrain file or folder")


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning gave: the plan, the files written, what the park file and the mission format could not hold."""

    plan: Plan
    files: tuple[Path, ...]
    refused: tuple[Problem, ...]
    lost: tuple[Text, ...]
    findings: tuple[Problem, ...]
    forecast: Forecast


def plan_to_file(
    park_file: Path | str,
    pattern: str,
    *,
    wind: tuple[float, float],
    out: Path | str,
    settings: Mapping[str, str] | None = None,
    aircraft: Aircraft | None = None,
    home: tuple[float, float] | None = None,
    rally: Sequence[tuple[float, float]] = (),
    sorties: bool = False,
    terrain: Path | None = None,
    fence_airspace: bool = False,
) -> Planned:
    """Plan over the park in a file and write the mission, or one file a sortie, in the format of `out`'s ending."""
    check_ending(out)
    aircraft = aircraft or Aircraft()
    taken = read_park(park_file)
    tiles = terrain_from(terrain) if terrain else None
    plan = planned(
        taken.park,
        pattern,
        wind=wind,
        settings=settings,
        aircraft=aircraft,
        home=home,
        terrain=tiles,
        fence_airspace=fence_airspace,
    )
    places = tuple(Place(lat, lon, aircraft.return_height_m, HeightReference.HOME) for lat, lon in rally)
    plan = dataclasses.replace(plan, mission=dataclasses.replace(plan.mission, rally=places))
    parts = split(plan.mission, aircraft, wind=wind) if sorties else (plan.mission,)
    files = _names(Path(out), len(parts))
    lost = [text for part, file in zip(parts, files, strict=True) for text in write_mission(part, file)]
    findings = check(plan.mission, park=taken.park, wind=wind, aircraft=aircraft, terrain=tiles)
    forecast = predict(plan.mission, aircraft, wind=wind)
    return Planned(plan, files, taken.refused, tuple(dict.fromkeys(lost)), findings, forecast)


def check_file(
    mission_file: Path | str,
    *,
    park_file: Path | str | None = None,
    wind: tuple[float, float] = (0.0, 0.0),
    aircraft: Aircraft | None = None,
    terrain: Path | None = None,
    approvals: Sequence[Path] = (),
    at_utc: str = "",
) -> tuple[Problem, ...]:
    """All findings about a mission file. Raises BadInput for a wind or a time that cannot be."""
    possible_wind(wind)
    if at_utc:
        _time(at_utc)
    return check(
        read_mission(mission_file),
        park=_park(park_file) if park_file else None,
        wind=wind,
        aircraft=aircraft,
        terrain=terrain_from(terrain) if terrain else None,
        approvals=tuple(read_approval(path) for path in approvals),
        at_utc=at_utc,
    )


def coverage_of_file(
    mission_file: Path | str,
    park_file: Path | str,
    *,
    wind: tuple[float, float],
    out: Path | str,
    aircraft: Aircraft | None = None,
) -> Coverage:
    """The map of what a mission file would see over a park, written as GeoJSON.

    Raises Refused in calm air, for which no map can be made, BadInput for what cannot be read.
    """
    possible_wind(wind)
    if is_calm(wind):
        raise Refused(CALM.with_(calm=CALM_M_S))
    found = coverage(read_mission(mission_file), _park(park_file), wind=wind, aircraft=aircraft)
    Path(out).write_text(as_geojson(found), encoding="utf-8")
    return found


def terrain_from(path: Path) -> Tiles:
    """The tiles of a file, or of all .hgt and .tif files in a folder."""
    if not path.exists():
        raise BadInput(NO_SUCH_TERRAIN, where=str(path))
    files = [path] if path.is_file() else sorted(p for p in path.iterdir() if p.suffix.lower() in (".hgt", ".tif"))
    if not files:
        raise BadInput(NO_TERRAIN, where=str(path))
    return read_terrain(files)


def read_approval(path: Path) -> Approval:
    """The record of an approval; raises BadInput where something is missing."""
    values = json_file(path)
    try:
        area = values.get("area")
        approval = Approval(
            number=str(values["number"]),
            area=Polygon(tuple((float(lat), float(lon)) for lat, lon in area)) if area else None,
            ceiling_agl_m=float(values["ceiling_agl_m"]),
            begins_utc=str(values["begins_utc"]),
            ends_utc=str(values["ends_utc"]),
            authority=str(values.get("authority", "")),
        )
        instant(approval.begins_utc), instant(approval.ends_utc)
    except KeyError as error:
        raise BadInput(BAD_APPROVAL.with_(why=NO_FIELD.with_(name=error.args[0])), where=str(path)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput(BAD_APPROVAL.with_(why=BAD_VALUES), where=str(path)) from error
    return approval


def _time(text: str) -> None:
    try:
        instant(text)
    except ValueError as error:
        raise BadInput(BAD_TIME.with_(text=text)) from error


def _park(path: Path | str) -> Park:
    return read_park(path).park


def _names(out: Path, count: int) -> tuple[Path, ...]:
    """`route.plan`, or `route-1.plan`, `route-2.plan` … for several sorties."""
    if count == 1:
        return (out,)
    return tuple(out.with_name(f"{out.stem}-{k + 1}{out.suffix}") for k in range(count))
