"""QGroundControl .plan files (version 1): items, home, fence and rally points; surveys and corridors expanded."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from dronesampler.geo import HeightReference, Place, Polygon
from dronesampler.mission.mission import NAN, Circle, Command, Fence, Frame, Item, Mission, PolygonFence
from dronesampler.mission.plan_complex import BAD_ITEM, VERSION, expanded
from dronesampler.problems import BadInput
from dronesampler.safe_files import json_value
from dronesampler.texts import Text

NOT_PLAN = Text("不是 QGroundControl 的 .plan 文件", "not a QGroundControl .plan file")
NOT_PLAN_BUT = Text("不是 QGroundControl 的 .plan 文件：{why}", "not a QGroundControl .plan file: {why}")
NO_MISSION = Text("文件中没有航线部分（mission）", "there is no mission part in the file")
NOWHERE = Text("第 {index} 项跳转到不存在的 {target}", "item {index} jumps to {target}, which does not exist")
BAD_PART = Text("{part} 部分无法读取", "the part {part} cannot be read")

T = TypeVar("T")

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
_MODES = {1: Frame.HOME, 2: Frame.SEA, 3: Frame.TERRAIN, 4: Frame.TERRAIN}  # AltitudeMode
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
            **_breach_return(mission.fence),
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
        document = json_value(text)
    except BadInput as problem:
        raise BadInput(NOT_PLAN_BUT.with_(why=problem.text)) from problem
    if not isinstance(document, dict) or document.get("fileType") != "Plan":
        raise BadInput(NOT_PLAN)
    if not isinstance(document.get("mission"), dict) or not isinstance(document["mission"].get("items"), list):
        raise BadInput(NO_MISSION)
    mission, fence, rally, ours = (_part(document, k) for k in ("mission", "geoFence", "rallyPoints", _OUR_KEYS))
    for part, known, value in _versions(document, mission, fence, rally):
        version = value.get("version")
        if value and not (isinstance(version, int) and version in known):
            raise BadInput(VERSION.with_(part=part, version=version))
    return Mission(
        name=str(ours.get("name") or name),
        items=tuple(_read_items(mission["items"], _our_notes(ours))),
        home=_guarded("plannedHomePosition", lambda: _read_home(mission.get("plannedHomePosition"))),
        cruise_speed_m_s=_guarded("hoverSpeed", lambda: _read_speed(mission)),
        fence=_guarded("geoFence", lambda: _read_fence(fence)),
        rally=_guarded("rallyPoints", lambda: _read_rally(rally)),
        pattern=str(ours.get("pattern") or ""),
        settings=tuple((str(k), str(v)) for k, v in _part(ours, "settings").items()),
        simulated=ours.get("simulated") is True,
    )


def _part(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key) or {}
    if not isinstance(value, dict):
        raise BadInput(BAD_PART.with_(part=key))
    return value


def _our_notes(ours: Mapping[str, Any]) -> Sequence[Any]:
    notes = ours.get("notes")
    return notes if isinstance(notes, list) else []


def _read_speed(mission: Mapping[str, Any]) -> float | None:
    speed = mission.get("hoverSpeed") or mission.get("cruiseSpeed")
    return _finite(speed) if speed else None


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number to fly by")
    return number


def _versions(*parts: Any) -> list[tuple[str, set[int], Any]]:
    document, mission, fence, rally = parts
    return [("plan", {1}, document), ("mission", {2}, mission), ("geoFence", {1, 2}, fence), ("rally", {1, 2}, rally)]


def _guarded(part: str, read: Callable[[], T]) -> T:
    """A part of the document, or BadInput that names it."""
    try:
        return read()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as problem:
        raise BadInput(BAD_PART.with_(part=part)) from problem


def _home(mission: Mission) -> list[float]:
    place = mission.home or next((Place(i.lat_deg, i.lon_deg) for i in mission.items if i.has_place), None)
    if place is None:
        return [0.0, 0.0, 0.0]
    return [place.lat_deg, place.lon_deg, place.height_m if place.reference is HeightReference.SEA else 0.0]


def _item(item: Item, index: int) -> dict[str, Any]:
    params = [None if math.isnan(p) else p for p in item.params]
    if item.command == Command.JUMP and params[0] is not None:
        params[0] += 1  # the file counts from 1, by doJumpId
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


def _breach_return(fence: Fence) -> dict[str, Any]:
    place = fence.return_point
    return {"breachReturn": [place.lat_deg, place.lon_deg, place.height_m]} if place else {}


def _fence_polygon(fence: PolygonFence) -> dict[str, Any]:
    return {"polygon": [list(p) for p in fence.area.outer], "inclusion": fence.inclusion, "version": 1}


def _read_items(documents: Sequence[Any], notes: Sequence[str]) -> list[Item]:
    """All items, surveys and corridors as the waypoints the station saved in them; jumps by place in our list."""
    found: list[tuple[Any, Item]] = []
    for index, document in enumerate(documents):
        for simple in expanded(document, index):
            note = str(notes[len(found)]) if len(found) < len(notes) else ""
            found.append((simple.get("doJumpId"), _read_item(simple, index, note)))
    places = {jump_id: place for place, (jump_id, _) in enumerate(found)}
    return [_jump(item, places, place) for place, (_, item) in enumerate(found)]


def _jump(item: Item, places: Mapping[Any, int], place: int) -> Item:
    if item.command != Command.JUMP:
        return item
    target = places.get(int(item.params[0]))
    if target is None:
        raise BadInput(NOWHERE.with_(index=place + 1, target=item.params[0]))
    return replace(item, params=(float(target), *item.params[1:]))


def _read_item(item: Mapping[str, Any], index: int, note: str) -> Item:
    try:
        p = [NAN if v is None else float(v) for v in (*item["params"], *item.get("coordinate", ()))]
        if any(map(math.isinf, p)):
            raise ValueError("no number to fly by")
        frame, command = _FRAMES[item["frame"]], int(item["command"])
        if len(p) > 6 and math.isnan(p[6]) and frame is not Frame.NONE:
            frame, p[6] = _height_shown(item, frame)
        lat, lon, height = (0.0 if math.isnan(v) else _finite(v) for v in p[4:7])
        if frame is not Frame.NONE and (abs(lat) > 90.0 or abs(lon) > 180.0):
            raise ValueError("not on the earth")
        return Item(
            command,
            lat,
            lon,
            height,
            frame=frame,
            params=(p[0], p[1], p[2], p[3]),
            autocontinue=item.get("autoContinue") is not False,
            note=note,
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadInput(BAD_ITEM.with_(index=index + 1)) from error


def _height_shown(item: Mapping[str, Any], frame: Frame) -> tuple[Frame, float]:
    """Where the station had not worked out the height to send: the one it showed, over what it was measured from."""
    height = item.get("Altitude")
    if not isinstance(height, int | float):
        return frame, NAN
    return _MODES.get(int(item.get("AltitudeMode") or 0), frame), float(height)


def _read_home(home: Any) -> Place | None:
    if not home:
        return None
    height_m = _finite(home[2] or 0.0) if len(home) > 2 else 0.0
    return Place(float(home[0]), float(home[1]), height_m, HeightReference.SEA)


def _read_rally(rally: Mapping[str, Any]) -> tuple[Place, ...]:
    points = rally.get("points") or ()
    return tuple(Place(float(p[0]), float(p[1]), _finite(p[2]), HeightReference.HOME) for p in points)


def _read_fence(fence: Mapping[str, Any]) -> Fence:
    """Version 1 had one inclusion polygon of plain vertices."""
    polygons = [
        PolygonFence(_ring(entry["polygon"]), entry.get("inclusion") is not False)
        for entry in fence.get("polygons") or ()
        if entry["polygon"]  # one that was begun and never drawn
    ]
    if fence.get("polygon"):
        polygons.append(PolygonFence(_ring(fence["polygon"])))
    circles = [_read_circle(entry) for entry in fence.get("circles") or ()]
    back = fence.get("breachReturn")
    height_m = _finite(back[2] or 0.0) if back and len(back) > 2 else 0.0
    return_point = Place(float(back[0]), float(back[1]), height_m, HeightReference.HOME) if back else None
    return Fence(tuple(polygons), tuple(circles), return_point)


def _ring(vertices: Sequence[Any]) -> Polygon:
    return Polygon(tuple((_finite(v[0]), _finite(v[1])) for v in vertices))


def _read_circle(entry: Mapping[str, Any]) -> Circle:
    lat, lon = entry["circle"]["center"][:2]
    inclusion = entry.get("inclusion") is not False
    return Circle(_finite(lat), _finite(lon), _finite(entry["circle"]["radius"]), inclusion)
