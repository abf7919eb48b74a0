"""QGroundControl .plan files (version 1): simple items, home, fence and rally points."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission.mission import NAN, Circle, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.problems import BadInput
from dronesampler.texts import Text

NOT_PLAN = Text("不是 QGroundControl 的 .plan 文件", "not a QGroundControl .plan file")
VERSION = Text("不认识 {part} 的版本 {version}", "version {version} of {part} is not known")
COMPLEX = Text("第 {index} 项是“{kind}”，尚不能展开", "item {index} is a “{kind}”, which cannot be expanded")
BAD_ITEM = Text("第 {index} 项无法读取", "item {index} cannot be read")

# MAV_FRAME numbers as the format writes them: global, mission, relative, their INT twins, terrain.
_FRAMES = {
    0: Frame.SEA,
    2: Frame.NONE,
    3: Frame.HOME,
    5: Frame.SEA,
    6: Frame.HOME,
    10: Frame.TERRAIN,
    11: Frame.TERRAIN,
}
_NUMBERS = {Frame.SEA: 0, Frame.NONE: 2, Frame.HOME: 3, Frame.TERRAIN: 10}
_OUR_KEYS = "dronesampler"  # what stations that do not know it leave alone


def plan_text(mission: Mission) -> str:
    """The mission as the text of a .plan file."""
    speed = mission.cruise_speed_m_s or 5.0
    document = {
        "fileType": "Plan",
        "version": 1,
        "groundStation": "QGroundControl",
        "mission": {
            "version": 2,
            "firmwareType": 3,
            "vehicleType": 2,
            "cruiseSpeed": speed,
            "hoverSpeed": speed,
            "globalPlanAltitudeMode": 1,
            "plannedHomePosition": _home(mission),
            "items": [_item(item, index) for index, item in enumerate(mission.items)],
        },
        "geoFence": {
            "version": 2,
            "circles": [_circle(circle) for circle in mission.fence.circles],
            "polygons": [_fence_polygon(p) for p in mission.fence.polygons],
        },
        "rallyPoints": {"version": 2, "points": [[p.lat_deg, p.lon_deg, p.height_m] for p in mission.rally]},
        _OUR_KEYS: {
            "name": mission.name,
            "pattern": mission.pattern,
            "settings": dict(mission.settings),
            "simulated": mission.simulated,
            "notes": [item.note for item in mission.items],
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def mission_from_plan(text: str, *, name: str) -> Mission:
    """The mission of a .plan file's text; raises BadInput for anything else."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(NOT_PLAN) from error
    if not isinstance(document, dict) or document.get("fileType") != "Plan":
        raise BadInput(NOT_PLAN)
    mission, fence, rally = (document.get(k) or {} for k in ("mission", "geoFence", "rallyPoints"))
    for part, known, value in (("plan", 1, document), ("mission", 2, mission), ("geoFence", 2, fence)):
        if value and value.get("version") != known:
            raise BadInput(VERSION.with_(part=part, version=value.get("version")))
    ours = document.get(_OUR_KEYS) or {}
    notes = ours.get("notes") or []
    items = [_read_item(item, index, notes) for index, item in enumerate(mission.get("items") or [])]
    home = mission.get("plannedHomePosition")
    return Mission(
        name=str(ours.get("name") or name),
        items=tuple(items),
        home=Place(home[0], home[1], home[2] or 0.0, HeightReference.SEA) if home else None,
        cruise_speed_m_s=mission.get("hoverSpeed") or mission.get("cruiseSpeed"),
        fence=_read_fence(fence),
        rally=tuple(Place(p[0], p[1], p[2], HeightReference.HOME) for p in rally.get("points") or ()),
        pattern=str(ours.get("pattern") or ""),
        settings=tuple((str(k), str(v)) for k, v in (ours.get("settings") or {}).items()),
        simulated=ours.get("simulated") is True,
    )


def _home(mission: Mission) -> list[float]:
    place = mission.home or next((Place(i.lat_deg, i.lon_deg) for i in mission.items if i.has_place), None)
    if place is None:
        return [0.0, 0.0, 0.0]
    return [place.lat_deg, place.lon_deg, place.height_m if place.reference is HeightReference.SEA else 0.0]


def _item(item: Item, index: int) -> dict[str, Any]:
    params = [None if math.isnan(p) else p for p in item.params]
    document: dict[str, Any] = {
        "type": "SimpleItem",
        "autoContinue": item.autocontinue,
        "command": int(item.command),
        "doJumpId": index + 1,
        "frame": _NUMBERS[item.frame],
        "params": [*params, item.lat_deg, item.lon_deg, item.height_m],
    }
    if item.has_place:
        mode = {Frame.HOME: 1, Frame.SEA: 2, Frame.TERRAIN: 4}[item.frame]
        document |= {"AltitudeMode": mode, "Altitude": item.height_m, "AMSLAltAboveTerrain": None}
    return document


def _circle(circle: Circle) -> dict[str, Any]:
    shape = {"center": [circle.lat_deg, circle.lon_deg], "radius": circle.radius_m}
    return {"circle": shape, "inclusion": circle.inclusion, "version": 1}


def _fence_polygon(fence: PolygonFence) -> dict[str, Any]:
    return {"polygon": [list(p) for p in fence.area.outer], "inclusion": fence.inclusion, "version": 1}


def _read_item(item: Mapping[str, Any], index: int, notes: Sequence[str]) -> Item:
    if item.get("type") != "SimpleItem":
        raise BadInput(COMPLEX.with_(index=index + 1, kind=item.get("complexItemType") or item.get("type")))
    try:
        p = [NAN if v is None else float(v) for v in item["params"]]
        frame, command = _FRAMES[item["frame"]], int(item["command"])
        place = [0.0 if math.isnan(v) else v for v in p[4:7]]
        return Item(
            command,
            *place,
            frame=frame,
            params=(p[0], p[1], p[2], p[3]),
            autocontinue=item.get("autoContinue") is not False,
            note=str(notes[index]) if index < len(notes) else "",
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadInput(BAD_ITEM.with_(index=index + 1)) from error


def _read_fence(fence: Mapping[str, Any]) -> Fence:
    polygons = tuple(
        PolygonFence(Polygon(tuple((p[0], p[1]) for p in entry["polygon"])), entry.get("inclusion") is not False)
        for entry in fence.get("polygons") or ()
    )
    circles = tuple(
        Circle(*entry["circle"]["center"][:2], entry["circle"]["radius"], entry.get("inclusion") is not False)
        for entry in fence.get("circles") or ()
    )
    return Fence(polygons, circles)
