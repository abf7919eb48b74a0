"""The place error that the program adds: median and 95th percentile against a known truth.

Run: python tests/bench/bench_geotag.py. An aircraft flies passes of 200 m at 8 m/s with turns of 20 m radius and tells
its pose twice a second; a sampler with a line delay of 1 s gives a reading a second. The link delays each message by
200 ms and up to 200 ms more, at random. The instrument's clock is off by up to an hour.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from sys import path as places

import numpy as np

places.insert(0, str(Path(__file__).resolve().parents[2]))

from dronesampler.events import Event, GasReported, Moved, RoundTripMeasured, Stamp
from dronesampler.geo.local import LocalFrame
from dronesampler.sampler import MAVLINK_NMHC, Sampling, Unit
from dronesampler.sampler.tunnel import Frame, encode

SPEED_M_S, PASS_M, RADIUS_M, SECONDS, SEEDS = 8.0, 200.0, 20.0, 600, 5
LATENCY_S, JITTER_S = 0.2, 0.2
NOW_S, BOOT_S = 1_790_000_000.0, 70.0
FRAME = LocalFrame(35.71, 116.49)
PORT = "serial:/dev/ttyUSB0:9600"


def truth(at_s: float) -> tuple[float, float]:
    """East and north metres."""
    straight, turn = PASS_M / SPEED_M_S, math.pi * RADIUS_M / SPEED_M_S
    round_, rest = divmod(at_s, straight + turn)
    forth, y = int(round_) % 2 == 0, 2.0 * RADIUS_M * round_
    if rest < straight:
        return (SPEED_M_S * rest if forth else PASS_M - SPEED_M_S * rest), y
    angle, side = (rest - straight) * SPEED_M_S / RADIUS_M, 1.0 if forth else -1.0
    x = (PASS_M if forth else 0.0) + side * RADIUS_M * math.sin(angle)
    return x, y + RADIUS_M - RADIUS_M * math.cos(angle)


def messages(seed: int, *, offset_s: float, timesync: bool, own_port: bool) -> Iterator[tuple[float, Event]]:
    """(when measured, event as it arrives), in order of arrival."""
    rng = np.random.default_rng(seed)

    def late() -> float:
        return LATENCY_S + JITTER_S * float(rng.random())

    queue: list[tuple[float, float, Event]] = []
    for k in range(2 * SECONDS):
        sent = 0.5 * k
        arrival = sent + late()
        queue.append((arrival, sent, _pose(sent, arrival)))
    for k in range(SECONDS):
        sent = k + 0.13
        arrival = sent + (0.002 + 0.01 * float(rng.random()) if own_port else late())
        frame = encode(Frame(k, NOW_S + sent + offset_s, "NMHC", 0.5, Unit.MG_M3))
        component = PORT if own_port else "1/25"
        at = Stamp(arrival, NOW_S + arrival)
        queue.append((arrival, sent, GasReported(at, component, "TUNNEL", math.nan, raw=frame)))
    for k in range(0, SECONDS if timesync else 0, 5):
        up, down = late(), late()
        arrival = k + up + down
        trip = RoundTripMeasured(Stamp(arrival, NOW_S + arrival), NOW_S + k, k + up + BOOT_S, NOW_S + arrival)
        queue.append((arrival, arrival, trip))
    for _, sent, event in sorted(queue, key=lambda item: item[0]):
        yield sent, event


def _pose(sent: float, arrival: float) -> Moved:
    (x0, y0), (x1, y1) = truth(sent), truth(sent + 1e-3)
    lat, lon = FRAME.to_lat_lon(x0, y0)
    east, north = (x1 - x0) * 1e3, (y1 - y0) * 1e3
    heading = math.degrees(math.atan2(east, north)) % 360.0
    at = Stamp(arrival, NOW_S + arrival, boot_s=sent + BOOT_S)
    return Moved(at, float(lat), float(lon), 20.0, 60.0, north, east, 0.0, heading)


def errors(seed: int, *, offset_s: float, timesync: bool, own_port: bool) -> list[float]:
    others = {PORT: MAVLINK_NMHC} if own_port else {}
    sampling, found = Sampling(MAVLINK_NMHC, others=others), []
    for sent, event in messages(seed, offset_s=offset_s, timesync=timesync, own_port=own_port):
        placed = sampling.after(event).reading
        if placed is not None and sent > 20.0 and placed.placed:
            x, y = FRAME.to_xy(placed.lat_deg, placed.lon_deg)
            true = truth(sent - MAVLINK_NMHC.line_delay_s)
            found.append(math.hypot(float(x) - true[0], float(y) - true[1]))
    return found


def main() -> None:
    print("| instrument | TIMESYNC | its clock off by | median m | p95 m | readings |")
    print("| --- | --- | --- | --- | --- | --- |")
    for own_port in (False, True):
        for timesync in (False, True):
            for offset_s in (0.0, 17.0, 3600.0, -3600.0):
                each = [errors(seed, offset_s=offset_s, timesync=timesync, own_port=own_port) for seed in range(SEEDS)]
                found = np.concatenate(each)
                kind = "on a port of its own" if own_port else "on the vehicle's link"
                print(
                    f"| {kind} | {'yes' if timesync else 'no'} | {offset_s:+.0f} s | {np.median(found):.2f} "
                    f"| {np.percentile(found, 95):.2f} | {len(found)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
