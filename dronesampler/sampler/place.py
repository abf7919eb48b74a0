"""Where the air of a reading was: the aircraft's pose at the time the air entered the inlet, and the inlet on it."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dronesampler.geo import LocalFrame
from dronesampler.sampler.profile import Profile
from dronesampler.sampler.readings import Reading

LONGEST_GAP_S = 3.0  # between two poses: beyond, the path between them is not known
LONGEST_REACH_S = 1.5  # past the last pose, with its velocity
REACH_ERROR_M_S2 = 1.5  # what a multirotor may do against its velocity, half of 3 m/s2
GNSS_ERROR_M = 1.5


@dataclass(frozen=True, slots=True)
class TrackSample:
    """A pose of the aircraft. `time_s` is unix time by the same clock as the readings' `at`; angles as MAVLink's."""

    time_s: float
    lat_deg: float
    lon_deg: float
    height_home_m: float
    height_agl_m: float = math.nan
    roll_deg: float = 0.0
    pitch_deg: float = 0.0
    yaw_deg: float = math.nan  # unknown: the inlet's offset is then error, not shift
    north_m_s: float = 0.0
    east_m_s: float = 0.0
    up_m_s: float = 0.0
    error_m: float = GNSS_ERROR_M


@dataclass(frozen=True, slots=True)
class PlacedReading:
    """A reading with the time and place its air was at. NaN where no pose is known; `t90_s` is kept beside the value,
    never smeared into it. `position_error_m` is one standard deviation, horizontal."""

    reading: Reading
    time_s: float
    lat_deg: float
    lon_deg: float
    height_home_m: float
    height_agl_m: float
    position_error_m: float
    t90_s: float

    @property
    def placed(self) -> bool:
        return math.isfinite(self.lat_deg)


def place(reading: Reading, track_samples: Sequence[TrackSample], profile: Profile) -> PlacedReading:
    """The reading at the pose of the time its air entered the inlet. `track_samples` ascend in time."""
    entered_s = entry_time_s(reading, profile)
    pose = pose_at(track_samples, entered_s)
    if pose is None:
        nan = math.nan
        return PlacedReading(reading, entered_s, nan, nan, nan, nan, nan, profile.t90_s)
    north_m, east_m, up_m = inlet_offset_m(profile, pose)
    lat, lon = LocalFrame(pose.lat_deg, pose.lon_deg).to_lat_lon(east_m, north_m)
    return PlacedReading(
        reading=reading,
        time_s=entered_s,
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_home_m=pose.height_home_m + up_m,
        height_agl_m=pose.height_agl_m + up_m,
        position_error_m=_error_m(pose, profile),
        t90_s=profile.t90_s,
    )


def entry_time_s(reading: Reading, profile: Profile) -> float:
    """When the air entered the inlet, unix time by our clock: measured minus line delay, or arrival minus both."""
    if reading.measured_unix_s is not None:
        return reading.measured_unix_s - profile.line_delay_s
    return reading.at.unix_s - profile.delay_s


def pose_at(samples: Sequence[TrackSample], time_s: float) -> TrackSample | None:
    """The pose at a time: between two samples in proportion, past the last with its velocity, else None."""
    right = bisect_right(samples, time_s, key=lambda s: s.time_s)
    if right == 0:
        return None
    before = samples[right - 1]
    if right == len(samples):
        return _reached(before, time_s - before.time_s)
    after = samples[right]
    if after.time_s - before.time_s > LONGEST_GAP_S:
        return _reached(before, time_s - before.time_s)
    return _between(before, after, time_s)


def inlet_offset_m(profile: Profile, pose: TrackSample) -> tuple[float, float, float]:
    """The inlet's offset turned by the attitude: north, east, up metres (yaw-pitch-roll, aerospace order)."""
    if math.isnan(pose.yaw_deg):
        return 0.0, 0.0, profile.inlet_up_m
    r, p, y = (math.radians(a) for a in (pose.roll_deg, pose.pitch_deg, pose.yaw_deg))
    x, yb, z = profile.inlet_forward_m, profile.inlet_right_m, -profile.inlet_up_m
    sr, cr, sp, cp, sy, cy = math.sin(r), math.cos(r), math.sin(p), math.cos(p), math.sin(y), math.cos(y)
    north = cp * cy * x + (sr * sp * cy - cr * sy) * yb + (cr * sp * cy + sr * sy) * z
    east = cp * sy * x + (sr * sp * sy + cr * cy) * yb + (cr * sp * sy - sr * cy) * z
    down = -sp * x + sr * cp * yb + cr * cp * z
    return north, east, -down


def _error_m(pose: TrackSample, profile: Profile) -> float:
    if not math.isnan(pose.yaw_deg):
        return pose.error_m
    return math.hypot(pose.error_m, profile.inlet_forward_m, profile.inlet_right_m)


def _between(a: TrackSample, b: TrackSample, time_s: float) -> TrackSample:
    """Straight between two poses, or the cubic through both velocities where they are told."""
    span = b.time_s - a.time_s
    f = (time_s - a.time_s) / span if span > 0.0 else 0.0
    frame = LocalFrame(a.lat_deg, a.lon_deg)
    east, north = (float(v) for v in frame.to_xy(b.lat_deg, b.lon_deg))
    along_e = _hermite(east, v0=a.east_m_s * span, v1=b.east_m_s * span, f=f)
    along_n = _hermite(north, v0=a.north_m_s * span, v1=b.north_m_s * span, f=f)
    lat, lon = frame.to_lat_lon(along_e, along_n)
    up = _hermite(b.height_home_m - a.height_home_m, v0=a.up_m_s * span, v1=b.up_m_s * span, f=f)
    return TrackSample(
        time_s=time_s,
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_home_m=a.height_home_m + up,
        height_agl_m=a.height_agl_m + f * (b.height_agl_m - a.height_agl_m),
        roll_deg=a.roll_deg + f * (b.roll_deg - a.roll_deg),
        pitch_deg=a.pitch_deg + f * (b.pitch_deg - a.pitch_deg),
        yaw_deg=turned(a.yaw_deg, b.yaw_deg, f),
        error_m=max(a.error_m, b.error_m),
    )


def _hermite(step: float, *, v0: float, v1: float, f: float) -> float:
    """The way done at fraction f of a cubic from 0 to `step` with end slopes; straight where no velocity is told or
    the velocities contradict the step (an old or latched velocity must not bend the path)."""
    if (v0 == 0.0 and v1 == 0.0) or abs(0.5 * (v0 + v1) - step) > 0.5 * max(abs(step), abs(v0), abs(v1)):
        return f * step
    h10, h01, h11 = f**3 - 2 * f**2 + f, -2 * f**3 + 3 * f**2, f**3 - f**2
    return h10 * v0 + h01 * step + h11 * v1


def turned(from_deg: float, to_deg: float, fraction: float) -> float:
    """An angle between two, the short way round."""
    return (from_deg + fraction * ((to_deg - from_deg + 180.0) % 360.0 - 180.0)) % 360.0


def _reached(last: TrackSample, ahead_s: float) -> TrackSample | None:
    """Past a pose with its velocity, with a growing error; None where that is too far."""
    if ahead_s > LONGEST_REACH_S:
        return None
    lat, lon = LocalFrame(last.lat_deg, last.lon_deg).to_lat_lon(
        np.float64(last.east_m_s * ahead_s), np.float64(last.north_m_s * ahead_s)
    )
    return TrackSample(
        time_s=last.time_s + ahead_s,
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_home_m=last.height_home_m + last.up_m_s * ahead_s,
        height_agl_m=last.height_agl_m + last.up_m_s * ahead_s,
        roll_deg=last.roll_deg,
        pitch_deg=last.pitch_deg,
        yaw_deg=last.yaw_deg,
        north_m_s=last.north_m_s,
        east_m_s=last.east_m_s,
        up_m_s=last.up_m_s,
        error_m=math.hypot(last.error_m, REACH_ERROR_M_S2 * ahead_s**2),
    )
