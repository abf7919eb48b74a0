"""Rows of flight from a log's columns: power beside airspeed and climb, on the battery's own times."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dronesampler.columns import Floats, Track, Wind
from dronesampler.geo import LocalFrame
from dronesampler.problems import BadInput
from dronesampler.texts import Text

Mask = NDArray[np.bool_]

NO_BATTERY = Text(
    "日志没有记录电池的电压和电流（或电流始终为 0）：请给飞机接上电流计，或换一份日志",
    "the log holds no battery voltage and current (or the current is always 0): fit the aircraft with a current "
    "sensor, or give another log",
)
NO_TRACK = Text("日志没有记录位置，无法得到速度和爬升", "the log holds no positions: neither speed nor climb is known")
NOT_FLOWN = Text(
    "日志里没有飞行：高度和耗电都没有离开地面的样子",
    "nothing was flown in this log: neither height nor power leave the ground",
)
SMOOTH_S = 3.0  # rides out gusts and the current meter's ripple; a climb lasts longer
AIRBORNE_M, AIRBORNE_SHARE = 2.0, 0.3  # height, and share of the power of a typical moment in the air
LEAST_WATTS = 5.0
LONGEST_GAP_S = 3.0  # between two positions that a speed may be taken of


@dataclass(frozen=True, slots=True)
class FlownPower:
    """Rows in the air, shape (n,) each; `with_wind` False where airspeed had to be taken as ground speed."""

    time_s: Floats
    airspeed_m_s: Floats
    climb_m_s: Floats
    power_w: Floats
    with_wind: bool

    def __len__(self) -> int:
        return len(self.time_s)

    @property
    def seconds(self) -> float:
        """Time in the air that the rows stand for; gaps between logs do not count."""
        steps = np.diff(self.time_s)
        return float(steps[(steps > 0) & (steps <= LONGEST_GAP_S)].sum())

    def rows(self, mask: Mask) -> "FlownPower":
        """The rows of a mask."""
        return FlownPower(
            self.time_s[mask], self.airspeed_m_s[mask], self.climb_m_s[mask], self.power_w[mask], self.with_wind
        )


def flown_power(track: Track, velocity_m_s: Floats, battery: Floats, wind: Wind | None) -> FlownPower:
    """Rows of a log: `velocity_m_s` is north, east, up beside each row of the track, shape (n, 3), NaN where not
    logged; `battery` is time, volts, amperes, shape (m, 3). Raises BadInput where something is missing."""
    battery = battery[np.isfinite(battery).all(axis=1)]
    watts = battery[:, 1] * battery[:, 2]
    if len(battery) < 2 or watts.max(initial=0.0) < LEAST_WATTS:
        raise BadInput(NO_BATTERY)
    order = np.argsort(track.time_s, kind="stable")
    order = order[np.isfinite(track.lat_deg[order]) & np.isfinite(track.lon_deg[order])]
    if len(order) < 3:
        raise BadInput(NO_TRACK)
    time_s = track.time_s[order]
    north, east, up = _velocity(track, velocity_m_s, order)
    if wind is not None and len(wind):
        toward = np.radians(wind.from_deg + 180.0)
        known = np.argsort(wind.time_s, kind="stable")
        for part, axis in ((np.cos, north), (np.sin, east)):
            axis -= np.interp(time_s, wind.time_s[known], (wind.speed_m_s * part(toward))[known])
    air = _smooth(time_s, np.hypot(north, east))
    climb, height = _smooth(time_s, up), track.height_home_m[order]
    at = battery[:, 0]
    inside = (at >= time_s[0]) & (at <= time_s[-1]) & ~_in_gap(at, time_s)
    at, watts = at[inside], _smooth(battery[:, 0], watts)[inside]
    high = np.interp(at, time_s, np.where(np.isfinite(height), height, AIRBORNE_M + 1.0)) > AIRBORNE_M
    flown = high & (watts > LEAST_WATTS)
    flown &= watts > AIRBORNE_SHARE * (np.median(watts[flown]) if flown.any() else np.inf)
    if not flown.any():
        raise BadInput(NOT_FLOWN)
    at, watts = at[flown], watts[flown]
    with_wind = wind is not None and len(wind) > 0
    return FlownPower(at, np.interp(at, time_s, air), np.interp(at, time_s, climb), watts, with_wind)


def joined(parts: list[FlownPower]) -> FlownPower:
    """Rows of several logs one after the other."""
    return FlownPower(
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.airspeed_m_s for part in parts]),
        np.concatenate([part.climb_m_s for part in parts]),
        np.concatenate([part.power_w for part in parts]),
        all(part.with_wind for part in parts),
    )


def _velocity(track: Track, velocity_m_s: Floats, order: NDArray[np.intp]) -> list[Floats]:
    """North, east, up as logged, else by how the position changes."""
    time_s = track.time_s[order]
    frame = LocalFrame.about(track.lat_deg[order], track.lon_deg[order])
    east, north = frame.to_xy(track.lat_deg[order], track.lon_deg[order])
    height = np.nan_to_num(track.height_home_m[order])
    steps = np.maximum(np.gradient(time_s), 1e-3)
    return [
        np.where(np.isfinite(velocity_m_s[order, k]), velocity_m_s[order, k], np.gradient(way) / steps)
        for k, way in enumerate((north, east, height))
    ]


def _smooth(time_s: Floats, values: Floats) -> Floats:
    """Mean over `SMOOTH_S` about each row, whatever the rate."""
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values))])
    first = np.searchsorted(time_s, time_s - SMOOTH_S / 2, side="left")
    last = np.maximum(np.searchsorted(time_s, time_s + SMOOTH_S / 2, side="right"), first + 1)
    return np.asarray((total[last] - total[first]) / (last - first))


def _in_gap(at: Floats, time_s: Floats) -> Mask:
    after = np.clip(np.searchsorted(time_s, at), 1, len(time_s) - 1)
    return np.asarray(time_s[after] - time_s[after - 1] > LONGEST_GAP_S)
