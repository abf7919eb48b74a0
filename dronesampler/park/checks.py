"""What is doubtful about a park as read: codes, outlets outside it, doubled outlets, and maps that are shifted."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from dronesampler.geo.datum import Datum, from_wgs84, to_wgs84
from dronesampler.geo.local import LocalFrame
from dronesampler.park.codes import credit_code_fault, outlet_code_fault, permit_number_fault, treatment_unit_fault
from dronesampler.park.park import Airspace, Building, Enterprise, Outlet, Park
from dronesampler.park.positions import area_fault, shape_of
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

Floats = NDArray[np.float64]

OUTSIDE = Text("排放口 {code} 在园区边界外 {m:.0f} 米", "outlet {code} lies {m:.0f} m outside the park's boundary")
OUTSIDE_SWAPPED = Text(
    "排放口 {code} 在园区边界外；经纬度对调后在边界内，是否写反了？",
    "outlet {code} lies outside the park; with latitude and longitude exchanged it is inside: are they swapped?",
)
DOUBLED = Text(
    "同一企业的排放口编号 {code} 出现 {count} 次", "the outlet code {code} is there {count} times in one enterprise"
)
OUTLETS_SHIFTED = Text(
    "{count} 个排放口中有 {out} 个在边界外；按 {datum} 坐标的地图偏移（约 {m:.0f} 米）改正后全部在边界内。"
    "来源疑为 {datum} 坐标，请注明 {datum} 坐标重新导入",
    "{out} of {count} outlets lie outside the boundary, and all inside once moved back by the shift of {datum} (about "
    "{m:.0f} m): the source is probably in {datum}, import it again as {datum}",
)
BOUNDARY_SHIFTED = Text(
    "{count} 个排放口中有 {out} 个在边界外；边界按 {datum} 坐标的地图偏移（约 {m:.0f} 米）改正后全部在边界内。"
    "边界的来源疑为 {datum} 坐标，请注明 {datum} 坐标重新导入边界",
    "{out} of {count} outlets lie outside the boundary, and all inside once the boundary is moved back by the shift "
    "of {datum} (about {m:.0f} m): the boundary's source is probably in {datum}, import it again as {datum}",
)
OR = Text("{a} 或 {b}", "{a} or {b}")
EDGE_M = 5.0  # as far outside is still the fence: registers give four decimals of a degree or a second
SHIFTS = (Datum.GCJ02, Datum.BD09)


def park_problems(park: Park) -> tuple[Problem, ...]:
    """Everything doubtful, as warnings; the park is usable all the same."""
    return (*_codes(park), *_areas(park), *_doubled(park.outlets), *_places(park))


def _warning(rule: str, text: Text, where: str, place: tuple[float, float] | None = None) -> Problem:
    lat, lon = place or (None, None)
    return Problem(rule, Severity.WARNING, text, where, lat, lon)


def _codes(park: Park) -> Iterator[Problem]:
    for enterprise in park.enterprises:
        yield from _enterprise_codes(enterprise)
    known = {enterprise.credit_code for enterprise in park.enterprises}
    for outlet in park.outlets:
        place = (outlet.lat_deg, outlet.lon_deg)
        if text := outlet_code_fault(outlet.code):
            yield _warning("park.outlet_code", text, outlet.code, place)
        if outlet.treatment_unit and (text := treatment_unit_fault(outlet.treatment_unit)):
            yield _warning("park.treatment_unit", text, outlet.code, place)
        holder = outlet.enterprise
        if holder not in known and _meant_as_code(holder) and (text := credit_code_fault(holder)):
            yield _warning("park.credit_code", text, outlet.code, place)


def _meant_as_code(word: str) -> bool:
    """Whether an outlet's enterprise is a code and not a name."""
    return len(word) in (17, 18, 19) and word.isascii() and word.isalnum() and sum(c.isdigit() for c in word) >= 8


def _enterprise_codes(enterprise: Enterprise) -> Iterator[Problem]:
    where = enterprise.name or enterprise.credit_code
    if enterprise.credit_code and (text := credit_code_fault(enterprise.credit_code)):
        yield _warning("park.credit_code", text, where)
    if enterprise.permit_number and (text := permit_number_fault(enterprise.permit_number, enterprise.credit_code)):
        yield _warning("park.permit_number", text, where)


def _areas(park: Park) -> Iterator[Problem]:
    things: tuple[Enterprise | Building | Airspace, ...] = (*park.enterprises, *park.buildings, *park.airspaces)
    for thing in things:
        if thing.area is not None and (text := area_fault(thing.area)):
            yield _warning("park.area", text, thing.name, thing.area.outer[0])


def _doubled(outlets: Sequence[Outlet]) -> Iterator[Problem]:
    counts = Counter((outlet.enterprise, outlet.code) for outlet in outlets)
    for (enterprise, code), count in counts.items():
        if count > 1:
            yield _warning("park.outlet_doubled", DOUBLED.with_(code=code, count=count), f"{enterprise} {code}".strip())


def _places(park: Park) -> Iterator[Problem]:
    """Outlets outside the boundary; where a shift of the datum explains them all, that first."""
    boundary = park.boundary
    if not park.outlets or area_fault(boundary):
        return
    frame = park.frame()
    inside = _Inside(frame, shape_of(boundary, frame))
    lat = np.array([outlet.lat_deg for outlet in park.outlets])
    lon = np.array([outlet.lon_deg for outlet in park.outlets])
    off_m = inside.off_m(lat, lon)
    # A shift is shorter than some parks are long, so not all need lie outside; to bring all inside tells enough.
    if 2 * (off_m > EDGE_M).sum() > len(off_m) and (shifted := _shifted(inside, lat, lon)):
        yield shifted
    for outlet, away_m in zip(park.outlets, off_m, strict=True):
        if away_m > EDGE_M:
            swapped = abs(outlet.lon_deg) <= 90.0 and inside.off_m(outlet.lon_deg, outlet.lat_deg) <= EDGE_M
            text = (OUTSIDE_SWAPPED if swapped else OUTSIDE).with_(code=outlet.code, m=away_m)
            yield _warning("park.outlet_outside", text, outlet.code, (outlet.lat_deg, outlet.lon_deg))


class _Inside:
    """How far places lie outside a boundary."""

    def __init__(self, frame: LocalFrame, shape: shapely.Polygon) -> None:
        self._frame, self._shape = frame, shape
        shapely.prepare(shape)

    def off_m(self, lat_deg: Floats | float, lon_deg: Floats | float) -> Floats:
        """Metres outside, 0 inside; any shape."""
        x, y = self._frame.to_xy(lat_deg, lon_deg)
        return np.asarray(shapely.distance(shapely.points(x, y), self._shape))


def _shifted(inside: _Inside, lat: Floats, lon: Floats) -> Problem | None:
    """The datum that would bring all outlets inside: taken off them, or else off the boundary."""
    for move, said in ((to_wgs84, OUTLETS_SHIFTED), (from_wgs84, BOUNDARY_SHIFTED)):
        moved = {datum: move(lat, lon, datum) for datum in SHIFTS}
        fits = [datum for datum, place in moved.items() if (inside.off_m(*place) <= EDGE_M).all()]
        if fits:
            out = int((inside.off_m(lat, lon) > EDGE_M).sum())
            datum: object = fits[0] if len(fits) == 1 else OR.with_(a=fits[0], b=fits[1])
            text = said.with_(count=len(lat), out=out, m=_moved_m(lat, lon, moved[fits[0]]), datum=datum)
            return _warning("park.datum", text, "", (float(lat[0]), float(lon[0])))
    return None


def _moved_m(lat: Floats, lon: Floats, moved: tuple[Floats, Floats]) -> float:
    x, y = LocalFrame(float(lat[0]), float(lon[0])).to_xy(moved[0][0], moved[1][0])
    return float(np.hypot(x, y))
