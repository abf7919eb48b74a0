"""The coordinate system a GeoJSON document says it is in: longitude and latitude, or a sentence."""

import re
from collections.abc import Mapping
from typing import Any

from dronesampler.problems import BadInput
from dronesampler.texts import Text

OTHER_CRS = Text(
    "GeoJSON 的坐标系是 {crs}，需要经纬度（WGS 84 或 CGCS2000）：请先转换",
    "the GeoJSON is in {crs}, not in longitude and latitude (WGS 84 or CGCS2000): convert it first",
)
DEGREES = {"4326", "4490", "4979", "4480", "CRS84", "CRS84H", "4258", "4283", "7844"}


def check_crs(document: object) -> None:
    """Raises BadInput where the `crs` member (GeoJSON 2008) names a system that is not degrees of about WGS 84."""
    crs = document.get("crs") if isinstance(document, Mapping) else None
    if not isinstance(crs, Mapping):
        return
    values: Any = crs.get("properties")
    name = str((values.get("name") or values.get("code") or "") if isinstance(values, Mapping) else "")
    code = re.split(r"[:/#]+", name.strip().rstrip(":"))[-1].upper()
    if code and code not in DEGREES:
        raise BadInput(OTHER_CRS.with_(crs=name))
