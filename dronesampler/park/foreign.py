"""What other programs call things: OpenStreetMap tags, airspace layers and register tables in our own kinds."""

import re
from collections.abc import Mapping
from typing import Any

from dronesampler.texts import Text

OUTLET_CODE = re.compile(r"^D[AW]\d{3}$")  # HJ 608-2017
LEVEL_M = 3.2  # a storey, where only their number is told
ASSUMED_BUILDING_M = 10.0
ASSUMED_STACK_M = 15.0
ASSUMED_HEIGHT = Text("没有高度，按 {height:g} 米计，请核对", "no height is given: {height:g} m was assumed, check it")
ROW = "row"  # the kind of a row of an outlet register: an outlet whatever its code looks like
AIRSPACE_TYPES = re.compile(r"^(restricted|danger|prohibited|ctr|tma|r|d|p|temporary|nofly|no.fly)", re.IGNORECASE)


def recognised(feature: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """The feature with a `kind` of ours, and what had to be assumed; one that has a kind is left as it is."""
    given, shape = feature.get("properties"), feature.get("geometry")
    properties: dict[str, Any] = dict(given) if isinstance(given, Mapping) else {}
    geometry: Mapping[str, Any] = shape if isinstance(shape, Mapping) else {}
    if properties.get("kind") == ROW:
        properties, notes = _outlet(properties, str(properties.get("code") or "").strip().upper())
        return {"properties": properties, "geometry": geometry}, notes
    if "kind" in properties:
        return {"properties": properties, "geometry": geometry}, ()
    polygon = geometry.get("type") in ("Polygon", "MultiPolygon")
    properties, notes = _area(properties) if polygon else _spot(properties)
    return {"properties": properties, "geometry": geometry}, notes


def _area(tags: dict[str, Any]) -> tuple[dict[str, Any], tuple[Text, ...]]:
    name = str(tags.get("name") or tags.get("addr:housename") or "")
    if tags.get("building") not in (None, "no"):
        height_m, notes = _height(tags)
        return {"kind": "building", "height_m": height_m, "name": name}, notes
    if "timeBegin" in tags or AIRSPACE_TYPES.match(str(tags.get("type") or "")):
        times = {"begins_utc": str(tags.get("timeBegin") or ""), "ends_utc": str(tags.get("timeEnd") or "")}
        return {"kind": "airspace", "name": name, "layer": str(tags.get("type") or ""), **times}, ()
    return {"kind": "boundary", "name": name}, ()


def _height(tags: Mapping[str, Any]) -> tuple[float, tuple[Text, ...]]:
    for key, scale in (("height_m", 1.0), ("height", 1.0), ("building:height", 1.0), ("building:levels", LEVEL_M)):
        number = re.match(r"\s*([0-9.]+)", str(tags.get(key) or ""))
        if number:
            return float(number[1]) * scale, ()
    return ASSUMED_BUILDING_M, (ASSUMED_HEIGHT.with_(height=ASSUMED_BUILDING_M),)


def _spot(tags: dict[str, Any]) -> tuple[dict[str, Any], tuple[Text, ...]]:
    """A point is an outlet where its code or name says so."""
    code = str(tags.get("code") or tags.get("name") or "").strip().upper()
    if not OUTLET_CODE.match(code):
        return {"kind": "point", **tags}, ()
    return _outlet(tags, code)


def _outlet(tags: Mapping[str, Any], code: str) -> tuple[dict[str, Any], tuple[Text, ...]]:
    found = {**tags, "kind": "outlet", "code": code}
    if tags.get("height_m") is not None:
        return found, ()
    return {**found, "height_m": ASSUMED_STACK_M}, (ASSUMED_HEIGHT.with_(height=ASSUMED_STACK_M),)
