"""Clocks and lags in real logs: what is known of them is found, with the uncertainty that is claimed."""

from pathlib import Path

import numpy as np
import pytest

from dronesampler.columns import Floats
from dronesampler.mavlink.logfile import read_tlog
from dronesampler.sampler.clocks import Change, ClockMap, mapped
from dronesampler.sampler.correlation import lag_of
from dronesampler.sampler.files.decoding import decoded
from dronesampler.sampler.files.table import numbers, read_csv
from dronesampler.sampler.files.times import read_times


def columns(path: Path, *names: str) -> list[Floats]:
    """Times of the first column that is called time, then the named columns."""
    table = read_csv(decoded(path.read_bytes())[0])
    time = next(k for k, name in enumerate(table.header) if name.lower().startswith("time"))
    return [read_times(table.columns[time]).time_s, *(numbers(table.columns[table.header.index(n)]) for n in names)]


@pytest.mark.parametrize(
    "flight", ["raven_vulcano_flight1_original.csv", "raven_vulcano_validation_flight_original.csv"]
)
def test_the_slow_sensor_of_the_volcano_flights_is_found(flight: str, shared: Path) -> None:
    """The authors take 40 s for the CO2 sensor and 8 s for SO2: 32 s between them. The correlation finds 25 to 29 s,
    because a first-order sensor's peak comes before its time constant has passed; both flights must agree."""
    t, so2, co2 = columns(shared / "data" / "05_gas" / flight, "SO2 / ppm", "CO2 / ppm")
    found = lag_of((t, so2), (t, co2), longest_s=120.0)
    assert found is not None and 22.0 < found.lag_s < 33.0
    assert found.correlation > 0.7 and found.uncertainty_s < 2.0


def test_a_fast_second_instrument_lags_little(shared: Path) -> None:
    path = shared / "data" / "05_gas" / "raven_vulcano_validation_flight_original.csv"
    t, so2, fast, slow = columns(path, "SO2 / ppm", "CO2 (smartGAS) / ppm", "CO2 / ppm")
    near, far = lag_of((t, so2), (t, fast), longest_s=120.0), lag_of((t, fast), (t, slow), longest_s=120.0)
    assert near is not None and far is not None
    assert 2.0 < near.lag_s < 7.0 and 20.0 < far.lag_s < 30.0


@pytest.mark.parametrize("day", ["day1_100m", "day1_300m"])
def test_the_dutch_boards_clock_runs_with_the_drones(day: str, shared: Path) -> None:
    """Board and drone were joined by whole seconds: pressure must follow height within two of them."""
    path = shared / "data" / "05_gas" / "uav_tvoc_nl2022" / f"sensor_{day}.csv"
    t, height, pressure = columns(path, "Altitude (Meter AGL)", "Pressure (pa)")
    found = lag_of((t, height), (t, pressure), longest_s=60.0, opposite=True)
    assert found is not None and found.correlation < -0.8
    assert abs(found.lag_s) < 2.0 and found.uncertainty_s < 0.5


def test_a_lag_put_into_the_dutch_flight_is_found_again(shared: Path) -> None:
    path = shared / "data" / "05_gas" / "uav_tvoc_nl2022" / "sensor_day1_300m.csv"
    t, height, pressure = columns(path, "Altitude (Meter AGL)", "Pressure (pa)")
    zero = lag_of((t, height), (t, pressure), longest_s=60.0, opposite=True)
    moved = lag_of((t, height), (t + 37.0, pressure), longest_s=60.0, opposite=True)
    assert zero is not None and moved is not None
    assert moved.lag_s - zero.lag_s == pytest.approx(37.0, abs=0.2)


@pytest.mark.parametrize("name", ["px4_a_mission_full", "px4_b_fence_rally", "px4_c1_arming_denied", "a_mission_full"])
def test_the_simulators_slow_clock_is_told(name: str, shared: Path) -> None:
    """The notes say that PX4's clock ran 2-3 % slow on a shared computer and ArduPilot's at real time."""
    log = read_tlog((shared / "traces" / f"{name}.tlog").read_bytes())
    clock, told = ClockMap("vehicle"), []
    for boot_s, arrival_s in zip(log.boot_s, log.track.time_s, strict=True):
        told += clock.arrived(float(boot_s), float(arrival_s))
    slow = name.startswith("px4")
    assert (-40_000.0 < clock.drift_ppm < -10_000.0) if slow else abs(clock.drift_ppm) < 5_000.0
    assert any(c.change is Change.DRIFT for c in told) or not slow
    steady = mapped(log.boot_s, log.track.time_s)
    late = log.track.time_s - steady
    assert np.percentile(late, 95) < 0.3 and np.diff(steady).min() > -1e-6
