"""What QGroundControl's complex items stand for: surveys hold their waypoints, landings are worked out."""

from collections.abc import Mapping
from typing import Any

from dronesampler.mission.mission import Command
from dronesampler.problems import BadInput
from dronesampler.texts import Text

COMPLEX = Text(
    "第 {index} 项是“{kind}”，文件中没有其展开的航点；请在 QGroundControl 中重新保存",
    "item {index} is a “{kind}” and the file does not hold its waypoints; save it again in QGroundControl",
)
NEVER_HELD = Text(
    "第 {index} 项是“{kind}”，QGroundControl 从不把它的航点存入文件；请先上传到飞机再下载，或改用普通航点",
    "item {index} is a “{kind}”, whose waypoints QGroundControl never saves; upload it to a vehicle and download the "
    "mission again, or use plain waypoints",
)
VERSION = Text("不认识 {part} 的版本 {version}", "version {version} of {part} is not known")
BAD_ITEM = Text("第 {index} 项无法读取", "item {index} cannot be read")
TRANSECTS = {"survey": {4, 5}, "CorridorScan": {1, 2, 3}}  # kinds that save their waypoints, and in which versions
TRANSECTS_INNER = {1, 2}
LANDINGS = {"fwLandingPattern": Command.LAND, "vtolLandingPattern": 85}  # 85: MAV_CMD_NAV_VTOL_LAND
LANDING_VERSIONS = {1, 2}
DO_LAND_START, LOITER_TO_ALT = 189, 31
STOP_PHOTOS = ((206, (0.0, 0.0, 0.0, 0.0)), (2001, (0.0, 0.0, 0.0, 0.0)))
STOP_VIDEO = ((2501, (0.0, 0.0, 0.0, 0.0)),)
HOME_FRAME, SEA_FRAME, NO_FRAME = 3, 0, 2


def expanded(document: Any, index: int) -> list[Mapping[str, Any]]:
    """The simple items of an item. Raises BadInput for kinds and versions that are not known."""
    if not isinstance(document, dict):
        raise BadInput(BAD_ITEM.with_(index=index + 1))
    if document.get("type") == "SimpleItem":
        return [document]
    kind = str(document.get("complexItemType") or document.get("type"))
    if kind in LANDINGS:
        return _landing(document, index, kind)
    transects = document.get("TransectStyleComplexItem") or {}
    items = transects.get("Items") if isinstance(transects, dict) else None
    if not items:
        said = COMPLEX if kind in TRANSECTS or kind == "ComplexItem" else NEVER_HELD
        raise BadInput(said.with_(index=index + 1, kind=kind))
    _check_version(document, kind, TRANSECTS.get(kind))
    _check_version(transects, f"{kind} / TransectStyleComplexItem", TRANSECTS_INNER)
    return list(items)


def _check_version(document: Mapping[str, Any], part: str, known: set[int] | None) -> None:
    """A version that is not stated is no objection: the waypoints are there."""
    version = document.get("version")
    if known is not None and version is not None and version not in known:
        raise BadInput(VERSION.with_(part=part, version=version))


def _landing(document: Mapping[str, Any], index: int, kind: str) -> list[Mapping[str, Any]]:
    """What QGroundControl sends for a landing pattern: its start, the camera stopped, the approach, the landing."""
    _check_version(document, kind, LANDING_VERSIONS)
    frame = HOME_FRAME if document.get("altitudesAreRelative") is not False else SEA_FRAME
    try:
        approach = _triple(document.get("landingApproachCoordinate") or document["loiterCoordinate"])
        land = _triple(document["landCoordinate"])
        radius = float(document.get("loiterRadius") or 0.0)
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise BadInput(BAD_ITEM.with_(index=index + 1)) from problem
    radius = radius if document.get("loiterClockwise") is not False else -radius
    items = [_simple(DO_LAND_START, NO_FRAME, (0.0, 0.0, 0.0, 0.0))]
    stops = [*(STOP_PHOTOS if document.get("stopTakingPhotos") else ())]
    stops += STOP_VIDEO if document.get("stopVideoPhotos") else ()
    items += [_simple(command, NO_FRAME, params) for command, params in stops]
    if document.get("useLoiterToAlt") is not False:
        items.append(_simple(LOITER_TO_ALT, frame, (1.0, radius, 0.0, 1.0), approach))
    else:
        items.append(_simple(Command.WAYPOINT, frame, (0.0, 0.0, 0.0, None), approach))
    return [*items, _simple(LANDINGS[kind], frame, (0.0, 0.0, 0.0, None), land)]


def _triple(values: Any) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2] or 0.0)


def _simple(
    command: int, frame: int, params: tuple[float | None, ...], place: tuple[float, ...] = (0.0, 0.0, 0.0)
) -> Mapping[str, Any]:
    return {"type": "SimpleItem", "command": int(command), "frame": frame, "params": [*params, *place]}
