"""The one way in: attribute readings to permitted outlets and to what none of them explains."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dronesampler import __version__
from dronesampler.attribution.explain import Explanation, explain
from dronesampler.attribution.model import Model
from dronesampler.attribution.prepare import Prepared, prepare
from dronesampler.attribution.register import shifted_register
from dronesampler.attribution.values import Analysis, Instrument, Reason, Settings
from dronesampler.attribution.verdict import judge_outlets, judge_sources
from dronesampler.columns import Readings, Wind
from dronesampler.park import Outlet
from dronesampler.texts import Text

Progress = Callable[[float, Text], bool]

FITTING = Text("正在拟合来源", "fitting sources")
STOPPED = Text("分析被中止，没有结论。", "the analysis was stopped: nothing can be said")


def attribute(
    readings: Readings,
    wind: Wind,
    outlets: Sequence[Outlet],
    instrument: Instrument,
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Explain a patrol by the register first and say what is left, how sure, and what could not be said.

    Same input, version and machine: same bits. `progress(share, text)` returning False stops the work.
    """
    settings = settings or Settings()
    outlets = [o for o in outlets if math.isfinite(o.lat_deg + o.lon_deg + o.height_m)]
    ready = prepare(readings, wind, outlets, instrument=instrument, settings=settings, model=Model())
    if isinstance(ready, Reason):
        return Analysis(cannot_say=ready, simulated=readings.simulated)
    found = explain(
        ready.scene, most=settings.most_sources, progress=lambda s: progress is None or progress(s, FITTING)
    )
    if found is None:
        return Analysis(cannot_say=Reason("stopped", STOPPED), simulated=readings.simulated)
    misplaced = shifted_register(found.view, outlets, ready.frame) if settings.check_register else None
    if misplaced:
        return Analysis(cannot_say=misplaced, parameters=parameters_of(ready, found, instrument, settings=settings),
                        simulated=readings.simulated)  # fmt: skip
    suspected, again = judge_sources(ready, found, outlets, settings=settings)
    return Analysis(
        suspected=suspected,
        look_again=again,
        explained=judge_outlets(ready, found, outlets, settings=settings),
        parameters=parameters_of(ready, found, instrument, settings=settings),
        background=background_of(ready, found),
        simulated=readings.simulated,
    )


def parameters_of(ready: Prepared, found: Explanation, instrument: Instrument, *, settings: Settings) -> dict[str, Any]:
    g, scene = found.view.guess, ready.scene
    spread = g.spread(scene)
    return {
        "version": __version__,
        "readings": len(scene.value),
        "transects": scene.transects,
        "t90_s": instrument.t90_s,
        "delay_s": instrument.delay_s,
        "noise_mg_m3": round(ready.noise, 4),
        "wind_from_deg": round(float((270.0 - np.degrees(scene.kernel.drift.toward_rad)) % 360.0), 1),
        "wind_m_s": round(scene.kernel.drift.mean_speed_m_s, 2),
        "wind_height_m": round(scene.kernel.drift.height_m, 1),
        "wind_bias_deg": round(float(-np.degrees(g.bias)), 1),
        "stability": spread.stability.value,
        "ground": spread.ground.value,
        "scale_y": round(spread.scale_y, 3),
        "scale_z": round(spread.scale_z, 3),
        "flag_evidence": settings.flag_evidence,
        "clear_of_outlets_m": settings.clear_of_outlets_m,
        "off_units": sorted(settings.off_units),
        "sightings": len(settings.sightings),
    }


def background_of(ready: Prepared, found: Explanation) -> dict[str, Any]:
    """The fitted background at the tops of its triangles."""
    t = ready.scene.kernel.samples.time_s
    level = found.view.guess.background
    at = np.linspace(t[0], t[-1], len(level))
    return {"time_s": [round(float(v), 1) for v in at], "mg_m3": [round(float(v), 4) for v in level]}
