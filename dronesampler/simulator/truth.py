"""What really was there, for tests and for the demo's last line; nothing that judges readings ever sees it."""

import json
from pathlib import Path
from typing import Any

from dronesampler.simulator.world import World


def truth_of(world: World, now_s: float) -> dict[str, Any]:
    """Sources, what of them was to be seen so far, and the wind as it was at 10 m."""
    wind = world.wind.history(world.start_s, now_s, every_s=5.0)
    s = world.wind.settings
    return {
        "simulated": True,
        "seed": world.settings.seed,
        "start_unix_s": world.start_s,
        "end_unix_s": now_s,
        "wind_mean": {"from_deg": s.from_deg, "speed_m_s": s.speed_m_s, "profile_exponent": s.profile_exponent},
        "sources": [_source(world, k) for k in range(len(world.sources))],
        "wind_10m": [
            [round(float(t), 1), round(float(d), 1), round(float(v), 2)]
            for t, d, v in zip(wind.time_s, wind.from_deg, wind.speed_m_s, strict=True)
        ],
    }


def _source(world: World, k: int) -> dict[str, Any]:
    source = world.sources[k]
    lat, lon = world.frame.to_lat_lon(source.x_m, source.y_m)
    return {
        "code": source.code,
        "hidden": not source.permitted,
        "lat_deg": round(float(lat), 7),
        "lon_deg": round(float(lon), 7),
        "height_m": round(source.height_m, 2),
        "rise_m": round(source.rise_m, 2),
        "rate_g_s": round(source.rate_g_s, 4),
        # Its own share at the sampler, lagged as the sampler lags, along the path that was flown.
        "peak_mg_m3": round(float(world.peak_mg_m3[k]), 3),
        "seconds_above_0_15": float(world.seconds_seen[k]),
    }


def write_truth(world: World, path: Path, now_s: float) -> None:
    """Write it whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(truth_of(world, now_s), ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)
