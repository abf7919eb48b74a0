"""Notice a register of outlets that stands in the wrong place, as when GCJ-02 was taken for WGS 84.

Where unknown sources were found, or outlets lie outside the area that was flown, other places for the whole register
are tried: moved back by the national shift or Baidu's, moved the other way, and moved so that an outlet falls on an
unknown source. A move is believed where it explains the readings clearly better than unknown sources do, or as well
where it also brings outlets that lie outside the flown area back into it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dronesampler.attribution.explain import ADD_NATS, BIASES_DEG
from dronesampler.attribution.fit import View, explain_by_register, fit
from dronesampler.attribution.model import Floats, Scene
from dronesampler.attribution.values import Reason
from dronesampler.geo import LocalFrame
from dronesampler.geo.datum import Datum, from_wgs84, to_wgs84
from dronesampler.park import Outlet
from dronesampler.texts import Text

NEAREST_M, FARTHEST_M = 100.0, 1200.0
OUTSIDE_M = 40.0
ALL_BUT = 0.1  # a share of outlets outside the flown area that needs no explaining
CLEAR_NATS, DATUM_NATS, ANY_NATS, GONE_NATS = 0.0, 6.0, 14.0, 4.0  # what a move must gain
FEWEST_MATCHED = 3
LOOSE_M = 20.0
NEARLY_NATS, MOST_SETTLED = -25.0, 4  # moves worth a closer look

SHIFTED = Text(
    "许可排口名录整体偏移约 {metres:.0f} m（方位 {azimuth:.0f}°）{datum}，移回后读数能被许可排口解释。"
    "请先核对名录坐标系，再研判。",
    "the register of outlets seems to stand {metres:.0f} m off (towards {azimuth:.0f}°){datum}: moved back, permitted "
    "outlets explain the readings; check the register's datum first, nothing can be said before",
)
NO_DATUM = Text("", "")
AS_DATUM = Text("，与 {name} 坐标的偏移一致", ", as {name} coordinates would")


@dataclass(frozen=True, slots=True)
class _Move:
    x: float
    y: float
    datum: str = ""


def shifted_register(view: View, outlets: Sequence[Outlet], frame: LocalFrame) -> Reason | None:
    """Why the register cannot be believed, or None."""
    scene = view.scene
    now = _cost(view)
    outside = _outside(scene, _Move(0.0, 0.0))
    if not view.guess.unknown and outside <= ALL_BUT:
        return None
    tried = []
    for move in (*_by_datum(outlets, frame), *_by_source(view)):
        back = _outside(scene, move)
        fits_area = outside > ALL_BUT and back == 0.0
        if back > ALL_BUT or (outside > ALL_BUT and not fits_area and not move.datum):
            continue
        moved = _explained(view, move, loose=fits_area and not move.datum)
        if now - _cost(moved) > NEARLY_NATS:
            tried.append((_cost(moved), move, fits_area, moved))
    tried.sort(key=lambda t: (not t[1].datum, t[0]))  # a known datum's own shift is believed before any other
    for _, move, fits_area, moved in tried[:MOST_SETTLED]:
        moved = _settled(moved)
        gain, gone = now - _cost(moved), view.guess.unknown - moved.guess.unknown
        many = len(moved.active) >= FEWEST_MATCHED and gain > ANY_NATS
        many = many or (gone >= FEWEST_MATCHED and gain > GONE_NATS)
        clear = CLEAR_NATS if view.guess.unknown else DATUM_NATS
        if (fits_area and gain > clear) or (move.datum and gain > DATUM_NATS) or many:
            return _said(move)
    return None


def _cost(view: View) -> float:
    return view.loss + ADD_NATS * view.guess.unknown


def _settled(view: View) -> View:
    """The same register and sources from every wind bias, with everything let go."""
    found = [
        View(view.scene, explain_by_register(view.scene, replace(view.guess, bias=float(b)), rounds=2))
        for b in np.radians(BIASES_DEG)
    ]
    best = [fit(view.scene, v.guess, steps=10) for v in sorted(found, key=lambda v: v.loss)[:2]]
    return min((view, *best), key=lambda v: v.loss)


def _said(move: _Move) -> Reason:
    azimuth = math.degrees(math.atan2(-move.x, -move.y)) % 360.0
    datum = AS_DATUM.with_(name=move.datum) if move.datum else NO_DATUM
    metres = math.hypot(move.x, move.y)
    return Reason("register_shifted", SHIFTED.with_(metres=metres, azimuth=azimuth, datum=datum))


def _by_datum(outlets: Sequence[Outlet], frame: LocalFrame) -> Iterator[_Move]:
    """The moves that undo a forgotten or a doubled shift of datum, where they move anything."""
    lat, lon = np.array([o.lat_deg for o in outlets]), np.array([o.lon_deg for o in outlets])
    x, y = frame.to_xy(lat, lon)
    for datum, name in ((Datum.GCJ02, "GCJ-02"), (Datum.BD09, "BD-09")):
        for turned in (to_wgs84, from_wgs84):
            nx, ny = frame.to_xy(*turned(lat, lon, datum))
            move = _Move(float(np.mean(nx - x)), float(np.mean(ny - y)), name)
            if math.hypot(move.x, move.y) >= NEAREST_M:
                yield move


def _by_source(view: View) -> Iterator[_Move]:
    """The moves that put an outlet on the unknown source that is told best: the one with the highest peak."""
    g, scene = view.guess, view.scene
    peaks = (np.exp(g.ln_rate)[:, None] * view.column[len(view.active) :]).max(axis=1)
    for i in np.argsort(-peaks)[:3]:
        for k in range(scene.outlets):
            move = _Move(float(g.x[i] - scene.outlet_x[k]), float(g.y[i] - scene.outlet_y[k]))
            if NEAREST_M <= math.hypot(move.x, move.y) <= FARTHEST_M:
                yield move


def _outside(scene: Scene, move: _Move) -> float:
    """The share of outlets that lie outside the flown box after a move."""
    west, south, east, north = scene.box
    x, y = scene.outlet_x + move.x, scene.outlet_y + move.y
    out = (x < west - OUTSIDE_M) | (x > east + OUTSIDE_M) | (y < south - OUTSIDE_M) | (y > north + OUTSIDE_M)
    return float(np.mean(out))


def _explained(view: View, move: _Move, *, loose: bool) -> View:
    """The moved register's own explanation; unknown sources that the moved outlets do not stand on stay.

    A move that puts an outlet on a source is as unsure as the source's place: then outlets may stand further off.
    """
    scene = replace(view.scene, outlet_x=view.scene.outlet_x + move.x, outlet_y=view.scene.outlet_y + move.y)
    if loose:
        scene = replace(scene, model=replace(scene.model, register_m=LOOSE_M))
    g = view.guess
    kept = _far_from(scene, g.x, g.y)
    bare = replace(
        g, x=g.x[kept], y=g.y[kept], h=g.h[kept], ln_rate=g.ln_rate[kept], east=g.east * 0, north=g.north * 0
    )
    tried = [
        View(scene, explain_by_register(scene, replace(bare, bias=b), rounds=3)) for b in (g.bias, g.bias / 2, 0.0)
    ]
    return fit(scene, min(tried, key=lambda v: v.loss).guess, steps=3)


def _far_from(scene: Scene, x: Floats, y: Floats) -> Floats:
    apart = np.hypot(x[:, None] - scene.outlet_x, y[:, None] - scene.outlet_y)
    return np.asarray(apart.min(axis=1) > 60.0)
