"""What else could explain a suspected source, in words; and what an officer saw there."""

import math
from collections.abc import Sequence

import numpy as np

from dronesampler.attribution.explain import Explanation
from dronesampler.attribution.place import PlaceFound
from dronesampler.attribution.prepare import Prepared
from dronesampler.attribution.values import Settings, Sighting
from dronesampler.park import Outlet
from dronesampler.texts import Text

SIGHTING_NATS = 3.0  # what a sighting at the place is worth
BEARING_ERROR_DEG = 8.0
FARTHEST_SEEN_M = 800.0  # along a bearing
LEAST_TURN_DEG = 3.0

MORE = Text(
    "许可排口 {code} 须排放 {rate:.2f} g/s（现拟合 {now:.2f} g/s），且仍差 {nats:.1f}。",
    "{code} would have to emit {rate:.2f} g/s (fitted {now:.2f} g/s), and the fit would still be {nats:.1f} nats worse",
)
OVER_PERMIT = Text(
    "许可排口 {code} 须排放 {rate:.2f} g/s，为许可量的 {times:.1f} 倍（现拟合 {now:.2f} g/s），且仍差 {nats:.1f}。",
    "{code} would have to emit {rate:.2f} g/s, {times:.1f} times its permitted rate (fitted {now:.2f} g/s), and the "
    "fit would still be {nats:.1f} nats worse",
)
TURNED = Text(
    "而且实测风向须再偏 {degrees:.0f}°（现拟合偏 {now:.0f}°）。",
    "and the measured wind would have to be {degrees:.0f}° further off (fitted: {now:.0f}° off)",
)
BACKGROUND = Text(
    "没有许可排口能代替它：只能当作背景起伏，拟合差 {nats:.1f}。",
    "no permitted outlet could stand in for it: it would have to be the background's own, {nats:.1f} nats worse",
)
ELSEWHERE = Text(
    "或者 {code} 的实际位置须比名录偏{zh} {metres:.0f} m。", "or {code} would have to stand {metres:.0f} m further {en}"
)
_COMPASS = (("北", "north"), ("东北", "north-east"), ("东", "east"), ("东南", "south-east"),
            ("南", "south"), ("西南", "south-west"), ("西", "west"), ("西北", "north-west"))  # fmt: skip


def alternatives(
    ready: Prepared, found: Explanation, i: int, *, stands: PlaceFound, outlets: Sequence[Outlet]
) -> tuple[Text, ...]:
    """The best explanation without source i, what it asks of the wind, and where an outlet would have to stand."""
    out = [_in_its_place(ready, found, i, outlets=outlets)]
    now, then = (math.degrees(v.guess.bias) for v in (found.view, found.without[i]))
    if abs(then - now) > LEAST_TURN_DEG:
        out.append(TURNED.with_(degrees=abs(then - now), now=abs(now)))
    east, north = stands.x - ready.scene.outlet_x, stands.y - ready.scene.outlet_y
    j = int(np.hypot(east, north).argmin())
    zh, en = _COMPASS[round(math.degrees(math.atan2(east[j], north[j])) / 45.0) % 8]
    out.append(ELSEWHERE.with_(code=outlets[j].code, zh=zh, en=en, metres=float(np.hypot(east[j], north[j]))))
    return tuple(out)


def _in_its_place(ready: Prepared, found: Explanation, i: int, *, outlets: Sequence[Outlet]) -> Text:
    """Which permitted outlet takes most of what source i explained, and what it would have to emit."""
    now, then = found.view.guess.rate, found.without[i].guess.rate
    nats, up = max(found.evidence(i), 0.0), math.exp(ready.scene.model.median_to_mean)
    k = int(np.argmax(then - now))
    if then[k] <= 1.2 * now[k] + 0.02:
        return BACKGROUND.with_(nats=nats)
    outlet, rate = outlets[k], float(then[k]) * up
    said = {"code": outlet.code, "rate": rate, "now": float(now[k]) * up, "nats": nats}
    if outlet.limit_g_s:
        return OVER_PERMIT.with_(times=rate / outlet.limit_g_s, **said)
    return MORE.with_(**said)


def sighted(ready: Prepared, stands: PlaceFound, settings: Settings) -> Sighting | None:
    """The sighting that points at a source, or None."""
    reach = math.sqrt(float(np.trace(stands.covariance)))
    for s in settings.sightings:
        x, y = ready.frame.to_xy(s.lat_deg, s.lon_deg)
        east, north = stands.x - float(x), stands.y - float(y)
        if s.bearing_deg is None:
            near = math.hypot(east, north) <= s.radius_m + reach
        else:
            off = (math.degrees(math.atan2(east, north)) - s.bearing_deg + 180.0) % 360.0 - 180.0
            near = abs(off) <= BEARING_ERROR_DEG and math.hypot(east, north) <= FARTHEST_SEEN_M
        if near:
            return s
    return None
