"""Places: pose at the time the air entered the inlet, the inlet on the turned aircraft, and honest errors."""

import math

import numpy as np
import pytest

from dronesampler.events import Stamp
from dronesampler.geo.local import LocalFrame, distance_m
from dronesampler.sampler import MAVLINK_NMHC, Profile, Reading, TrackSample, Unit, place

HERE = LocalFrame(35.71, 116.49)


def flown(east_m_s: float, *, seconds: float = 20.0, hz: float = 2.0, yaw_deg: float = 90.0) -> list[TrackSample]:
    times = np.arange(0.0, seconds, 1.0 / hz)
    lat, lon = HERE.to_lat_lon(east_m_s * times, 0.0 * times)
    return [
        TrackSample(float(t), float(a), float(b), 20.0, 25.0, yaw_deg=yaw_deg, east_m_s=east_m_s)
        for t, a, b in zip(times, lat, lon, strict=True)
    ]


def reading(at_s: float, measured_s: float | None = None) -> Reading:
    return Reading(Stamp(at_s, at_s), "x", "NMHC", 1.0, Unit.MG_M3, 1.0, measured_unix_s=measured_s)


def error_m(placed_lat: float, placed_lon: float, *, east_m: float, north_m: float = 0.0) -> float:
    lat, lon = HERE.to_lat_lon(east_m, north_m)
    return distance_m(placed_lat, placed_lon, float(lat), float(lon))


def test_the_delay_is_taken_back_along_the_track() -> None:
    profile = Profile("x", line_delay_s=1.25, link_delay_s=0.5)
    placed = place(reading(10.0), flown(8.0), profile)
    assert placed.time_s == pytest.approx(8.25)
    assert error_m(placed.lat_deg, placed.lon_deg, east_m=66.0) < 0.01
    assert (placed.height_home_m, placed.height_agl_m) == (20.0, 25.0)


def test_a_mapped_instrument_time_needs_no_link_delay() -> None:
    profile = Profile("x", line_delay_s=1.0, link_delay_s=0.5)
    assert place(reading(10.0, 9.1), flown(8.0), profile).time_s == pytest.approx(8.1)


@pytest.mark.parametrize(
    ("yaw_deg", "east_m", "north_m"), [(0.0, 0.5, 1.0), (90.0, 1.0, -0.5), (180.0, -0.5, -1.0), (270.0, -1.0, 0.5)]
)
def test_the_inlet_turns_with_the_aircraft(yaw_deg: float, east_m: float, north_m: float) -> None:
    profile = Profile("x", line_delay_s=0.0, inlet_forward_m=1.0, inlet_right_m=0.5, inlet_up_m=0.4)
    placed = place(reading(5.0), flown(0.0, yaw_deg=yaw_deg), profile)
    assert error_m(placed.lat_deg, placed.lon_deg, east_m=east_m, north_m=north_m) < 0.01
    assert placed.height_home_m == pytest.approx(20.4)


def test_nose_down_brings_a_raised_inlet_forward() -> None:
    profile = Profile("x", line_delay_s=0.0, inlet_up_m=1.0)
    tilted = [TrackSample(t, HERE.lat_deg, HERE.lon_deg, 20.0, pitch_deg=-30.0, yaw_deg=0.0) for t in (0.0, 1.0)]
    placed = place(reading(0.5), tilted, profile)
    assert error_m(placed.lat_deg, placed.lon_deg, east_m=0.0, north_m=0.5) < 0.01
    assert placed.height_home_m == pytest.approx(20.0 + math.cos(math.radians(30.0)))


def test_an_unknown_heading_makes_the_offset_an_error() -> None:
    profile = Profile("x", line_delay_s=0.0, inlet_forward_m=2.0)
    placed = place(reading(5.0), flown(0.0, yaw_deg=math.nan), profile)
    assert error_m(placed.lat_deg, placed.lon_deg, east_m=0.0) < 0.01
    assert placed.position_error_m == pytest.approx(2.5)


def test_past_the_last_pose_the_error_grows_and_then_there_is_no_place() -> None:
    track = flown(8.0)
    last_s = track[-1].time_s
    profile = Profile("x", line_delay_s=0.0)
    near, far = place(reading(last_s + 1.0), track, profile), place(reading(last_s + 5.0), track, profile)
    assert near.placed and near.position_error_m > 2.0
    assert not far.placed and math.isnan(far.position_error_m)


def test_before_the_first_pose_and_in_a_gap_there_is_no_place() -> None:
    track = flown(8.0)
    holed = [s for s in track if not 5.0 < s.time_s < 15.0]
    profile = Profile("x", line_delay_s=0.0)
    assert not place(reading(-1.0), track, profile).placed
    assert not place(reading(10.0), holed, profile).placed
    assert not place(reading(10.0), [], profile).placed


def test_a_turn_between_two_poses_follows_the_velocities() -> None:
    """A circle of 20 m radius at 8 m/s, 2 Hz: the chord is off by up to 0.4 m, the cubic by centimetres."""
    rate = 8.0 / 20.0

    def sample(t: float) -> TrackSample:
        lat, lon = HERE.to_lat_lon(20.0 * math.cos(rate * t), 20.0 * math.sin(rate * t))
        return TrackSample(
            t, float(lat), float(lon), 20.0, yaw_deg=0.0,
            east_m_s=-8.0 * math.sin(rate * t), north_m_s=8.0 * math.cos(rate * t),
        )  # fmt: skip

    track = [sample(0.5 * k) for k in range(40)]
    profile = Profile("x", line_delay_s=0.0)
    for t in np.linspace(0.1, 18.0, 101):
        placed = place(reading(float(t)), track, profile)
        truth = sample(float(t))
        assert distance_m(placed.lat_deg, placed.lon_deg, truth.lat_deg, truth.lon_deg) < 0.05


def test_the_shipped_profile_takes_back_its_line_delay() -> None:
    assert place(reading(10.0), flown(8.0), MAVLINK_NMHC).time_s == pytest.approx(9.0)
