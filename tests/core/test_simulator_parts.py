"""Parts of the simulator by themselves: sampler, reading frames, link, motion, battery, parameters, streams."""

import math
import struct
import zlib
from itertools import pairwise

import numpy as np
import pytest

from dronesampler.simulator.ardupilot_params import TABLE
from dronesampler.simulator.battery import Airframe, Battery, flight_power_w
from dronesampler.simulator.channel import Channel, ChannelSettings
from dronesampler.simulator.instrument import GasSampler, Reading, SamplerSettings, Status
from dronesampler.simulator.motion import Body, Limits
from dronesampler.simulator.payload import reading_frame, reading_line
from dronesampler.simulator.pilot import Pilot, Task
from dronesampler.simulator.px4_params import TABLE as PX4_TABLE

QUIET = SamplerSettings(noise_mg_m3=0.0, noise_share=0.0, drift_mg_m3_per_hour=0.0, warm_up_s=0.0, step_mg_m3=1e-6)


def test_the_sampler_is_late_by_its_delay_and_slow_by_its_t90() -> None:
    sampler = GasSampler(QUIET, seed=1, start_s=0.0)
    shown = []
    for k in range(400):
        now_s = k * 0.1
        sampler.feed(now_s, 0.0 if now_s < 10.0 else 1.0)
        shown.append(sampler.read(now_s).value_mg_m3)
    assert max(shown[:108]) == 0.0
    assert shown[round((10.0 + QUIET.delay_s + QUIET.t90_s) * 10)] == pytest.approx(0.9, abs=0.02)
    assert shown[-1] == pytest.approx(1.0, abs=1e-3)


def test_the_sampler_warms_up_rounds_and_ends_at_its_range() -> None:
    sampler = GasSampler(SamplerSettings(warm_up_s=20.0, range_mg_m3=5.0), seed=1, start_s=0.0)
    sampler.feed(0.0, 1.0)
    first = sampler.read(1.0)
    assert first.status is Status.WARM_UP and first.value_mg_m3 > 1.3
    assert round(first.value_mg_m3 * 100) == pytest.approx(first.value_mg_m3 * 100, abs=1e-6)
    for k in range(1, 100):
        sampler.feed(20.0 + k, 50.0)
    last = sampler.read(130.0)
    assert (last.status, last.value_mg_m3) == (Status.OUT_OF_RANGE, 5.0)
    assert last.sequence == first.sequence + 1


def test_the_samplers_noise_is_what_its_maker_says() -> None:
    sampler = GasSampler(SamplerSettings(drift_mg_m3_per_hour=0.0, warm_up_s=0.0, step_mg_m3=1e-6), seed=2, start_s=0.0)
    values = []
    for k in range(4000):
        sampler.feed(float(k), 2.0)
        values.append(sampler.read(float(k)).value_mg_m3)
    assert np.std(values[100:]) == pytest.approx(math.hypot(0.03, 0.02 * 2.0), rel=0.1)


def test_a_reading_frame_has_its_fields_at_their_places() -> None:
    reading = Reading(1_800_000_000.25, 1.23, Status.NORMAL, 77)
    frame = reading_frame(reading, quantity="NMHC", calibration_id=17)
    assert len(frame) == 36 and len(frame) <= 128
    version, status, calibration, sequence, time_us, name, value, unit = struct.unpack_from("<BBHIQ8sfB", frame)
    assert (version, status, calibration, sequence, unit) == (1, 0, 17, 77, 0)
    assert (time_us, name.rstrip(b"\0")) == (1_800_000_000_250_000, b"NMHC")
    assert value == pytest.approx(1.23)
    assert struct.unpack_from("<I", frame, 32)[0] == zlib.crc32(frame[:32])
    assert reading_line(reading, quantity="NMHC") == b"1800000000.250,NMHC,1.23,mg/m3,0\r\n"


def passed(settings: ChannelSettings, *, count: int = 20_000, seed: int = 1) -> tuple[Channel, list[int]]:
    """Numbers of the packets that come out when one goes in every 10 ms."""
    channel, out = Channel(settings, seed=seed), []
    for k in range(count):
        channel.put(struct.pack("<I", k), k * 0.01)
        out += [struct.unpack("<I", d)[0] for d in channel.due(k * 0.01) if len(d) == 4]
    return channel, out


@pytest.mark.parametrize(("loss", "burst"), [(0.05, 1.0), (0.2, 1.0), (0.3, 5.0)])
def test_losses_have_the_share_and_the_length_that_was_asked_for(loss: float, burst: float) -> None:
    _, out = passed(ChannelSettings(loss=loss, burst=burst))
    assert 1.0 - len(out) / 20_000 == pytest.approx(loss, rel=0.1)
    runs = [b - a - 1 for a, b in pairwise(out) if b - a > 1]
    expected = burst if burst > 1.0 else 1.0 / (1.0 - loss)
    assert np.mean(runs) == pytest.approx(expected, rel=0.1)


def test_latency_and_jitter_keep_the_order_and_reordering_does_not() -> None:
    channel = Channel(ChannelSettings(latency_s=0.1, jitter_s=0.05), seed=1)
    channel.put(b"a", 0.0)
    assert channel.due(0.0999) == []
    assert channel.next_due_s() >= 0.1  # type: ignore[operator]
    _, out = passed(ChannelSettings(latency_s=0.1, jitter_s=0.05), count=2000)
    assert out == sorted(out)
    swapped, out = passed(ChannelSettings(reorder=0.1, reorder_s=0.05), count=2000)
    assert out != sorted(out) and swapped.counts.reordered == pytest.approx(200, rel=0.25)


def test_duplicates_flipped_bits_and_halves_are_counted_and_seeded() -> None:
    doubled, out = passed(ChannelSettings(duplicate=0.1), count=5000)
    assert len(out) - 5000 == pytest.approx(500, rel=0.2) and doubled.counts.duplicated == pytest.approx(500, rel=0.2)
    spoilt, out = passed(ChannelSettings(corrupt=0.2), count=5000)
    wrong = sum(a != b for a, b in zip(out, range(5000), strict=True))
    assert wrong == spoilt.counts.corrupted == pytest.approx(1000, rel=0.15)
    _, whole = passed(ChannelSettings(halve=0.3), count=1000)
    assert 600 < len(whole) < 800
    assert passed(ChannelSettings(loss=0.3), seed=5)[1] == passed(ChannelSettings(loss=0.3), seed=5)[1]
    assert passed(ChannelSettings(loss=0.3), seed=5)[1] != passed(ChannelSettings(loss=0.3), seed=6)[1]
    assert passed(ChannelSettings(), count=100)[1] == list(range(100))


def fly(pilot: Pilot, seconds: float) -> list[tuple[float, float, float, float, float, float]]:
    rows = []
    for _ in range(int(seconds / 0.05)):
        pilot.step(0.05)
        b = pilot.body
        rows.append((b.x_m, b.y_m, b.z_m, b.vx_m_s, b.vy_m_s, b.vz_m_s))
        if pilot.arrived:
            break
    return rows


def test_a_leg_ends_at_its_end_and_keeps_to_its_line() -> None:
    pilot = Pilot(Body(z_m=20.0), Limits())
    pilot.speed_m_s = 8.0
    pilot.leg((100.0, 50.0, 25.0))
    rows = np.array(fly(pilot, 60.0))
    assert pilot.arrived and math.dist(rows[-1, :3], (100.0, 50.0, 25.0)) < 1.0
    off = np.abs(rows[:, 0] * 50.0 - rows[:, 1] * 100.0) / math.hypot(50.0, 100.0)
    assert off.max() < 1.0
    assert np.hypot(rows[:, 3], rows[:, 4]).max() <= 8.05
    change = np.hypot(*np.diff(rows[:, 3:5], axis=0).T) / 0.05
    assert change.max() <= 2.5 + 1e-6


def test_a_steep_leg_is_flown_no_faster_than_it_can_climb() -> None:
    pilot = Pilot(Body(z_m=5.0), Limits(climb_m_s=2.0))
    pilot.leg((10.0, 0.0, 65.0))
    rows = np.array(fly(pilot, 90.0))
    assert pilot.arrived and rows[:, 5].max() <= 2.0 + 1e-9
    assert abs(rows[len(rows) // 2, 0] - (rows[len(rows) // 2, 2] - 5.0) / 6.0) < 1.0


def test_a_straight_corner_is_not_slowed_down_for_and_a_sharp_one_is() -> None:
    def speed_at_corner(then: tuple[float, float, float]) -> float:
        pilot = Pilot(Body(z_m=20.0), Limits())
        pilot.leg((120.0, 0.0, 20.0), then=then)
        fly(pilot, 60.0)
        return pilot.body.speed_m_s

    assert speed_at_corner((240.0, 0.0, 20.0)) > 9.5
    assert speed_at_corner((120.0, 120.0, 20.0)) < 5.0


def test_going_back_climbs_first_and_lands_at_the_place() -> None:
    body = Body(x_m=80.0, y_m=-30.0, z_m=8.0)
    pilot = Pilot(body, Limits())
    pilot.fly_back((0.0, 0.0, 30.0), wait_s=3.0)
    highest = 0.0
    for _ in range(4000):
        pilot.step(0.05)
        if body.z_m > 29.0 and not highest:
            highest = body.z_m
            assert math.dist((body.x_m, body.y_m), (80.0, -30.0)) < 1.5
    assert highest and pilot.task is Task.LAND
    assert body.z_m == 0.0 and math.dist((body.x_m, body.y_m), (0.0, 0.0)) < 1.0


def test_power_has_its_least_at_a_cruise_and_grows_in_a_climb() -> None:
    power = [flight_power_w(Airframe(), airspeed_m_s=v, climb_m_s=0.0) for v in np.arange(0.0, 16.0, 0.5)]
    best = int(np.argmin(power)) * 0.5
    assert 3.0 < best < 9.0 and power[0] == pytest.approx(430.0)
    assert power[-1] > power[0]
    assert flight_power_w(Airframe(), airspeed_m_s=0.0, climb_m_s=2.5) > 1.2 * power[0]


def test_a_battery_empties_by_what_is_drawn() -> None:
    battery = Battery(capacity_mah=10_000.0)
    full_v = battery.voltage_v
    for _ in range(600):
        battery.step(1.0, 400.0)
    assert battery.drawn_wh == pytest.approx(400.0 * 600 / 3600)
    assert 0.6 < battery.remaining < 0.8
    assert battery.voltage_v < full_v - 0.5


@pytest.mark.parametrize("table", [TABLE, PX4_TABLE])
def test_parameter_names_fit_their_field(table: dict[str, object]) -> None:
    assert len(table) >= 60
    assert all(len(name) <= 16 for name in table)
