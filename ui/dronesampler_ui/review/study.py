"""What Review works out of a patrol on a work thread: rasters, thinned lines, what the analysis made of them."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from dronesampler.columns import Floats, Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler_ui.library import Library
from dronesampler_ui.parts import ramp
from dronesampler_ui.parts.contours import Isolines, isolines_of
from dronesampler_ui.parts.map.readings_layer import Laid, lay, thinned
from dronesampler_ui.parts.pyramid import Pyramid
from dronesampler_ui.review.pictures import Picture, pictures_of
from dronesampler_ui.values import PatrolShown, frame_of

MOST_SOURCES = 9  # with a colour of their own; the weakest of more are shown together
OTHERS = ""  # key of those


@dataclass(frozen=True, slots=True)
class Opened:
    """A patrol as it is read from the store, with what the first picture needs."""

    shown: PatrolShown
    frame: LocalFrame | None
    laid: Laid | None
    line: Pyramid
    scale: ramp.Scale
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One place's contribution: alone, and on top of the background and of those before it."""

    key: str
    number: int  # within its kind, for its colour
    alone: Pyramid
    stacked: Pyramid


@dataclass(frozen=True, slots=True)
class Study:
    """What takes longer than a first look."""

    patrol_id: int
    laid: Laid | None
    isolines: Isolines | None
    corrected: Pyramid
    background: Pyramid | None
    residual: Pyramid | None
    sources: tuple[SourceLine, ...]
    lines: Mapping[str, tuple[tuple[float, float], ...]]  # of each place: the lines that speak for it


def open_patrol(library: Library, patrol_id: int, lang: str) -> Opened:
    """Read a patrol and make it ready to be drawn."""
    shown = library.patrol(patrol_id, lang)
    r = shown.readings
    frame = shown.park.frame() if shown.park else frame_of(r if r is not None else shown.track)
    return Opened(
        shown,
        frame,
        lay(r, frame) if r is not None and frame else None,
        _line(r),
        ramp.fitting(r.value_mg_m3) if r is not None else ramp.Scale(),
        pictures_of(library.store(), patrol_id, library.store().folder),
    )


def _line(readings: Readings | None) -> Pyramid:
    if readings is None:
        return Pyramid.of(np.zeros(0), np.zeros(0))
    return Pyramid.of(readings.time_s, readings.value_mg_m3)


def study(opened: Opened, at: Callable[[float], None]) -> Study | None:
    """The rest; `at` is told how far it is and may raise to stop it. None of a patrol without readings."""
    from dronesampler.desk.series import series_of

    shown = opened.shown
    if shown.readings is None:
        return None
    at(0.05)
    laid = thinned(opened.laid) if opened.laid else None
    at(0.35)
    isolines = isolines_of(shown.readings, opened.frame) if opened.frame else None
    at(0.55)
    wind = shown.wind if shown.wind is not None else Wind(*(np.zeros(0) for _ in range(4)))
    traces = series_of(shown.readings, wind, shown.park, analysis=shown.analysis)
    at(0.85)
    background, residual = traces.background_mg_m3, traces.residual_mg_m3
    t = traces.time_s
    made = Study(
        shown.line.id,
        laid,
        isolines,
        Pyramid.of(t, traces.corrected_mg_m3),
        None if background is None else Pyramid.of(t, background),
        None if residual is None else Pyramid.of(t, residual),
        () if background is None else _sources(t, background, {c.key: c.value_mg_m3 for c in traces.contributions}),
        {c.key: c.lines for c in traces.contributions},
    )
    at(0.95)
    importlib.import_module("pyqtgraph")  # half a second that the curtain need not wait for
    return made


def _sources(t: Floats, background: Floats, parts: Mapping[str, Floats]) -> tuple[SourceLine, ...]:
    """Permitted outlets from the weakest up, then suspected places, each standing on those before."""
    strength = {key: float(value.max(initial=0.0)) for key, value in parts.items()}
    ranked = sorted(parts, key=lambda key: -strength[key] - 1e9 * is_suspect(key))
    kept, rest = ranked[:MOST_SOURCES], ranked[MOST_SOURCES:]
    values = {key: parts[key] for key in kept}
    if rest:
        values[OTHERS] = np.sum([parts[key] for key in rest], axis=0)
    order = sorted(values, key=lambda key: (is_suspect(key), strength.get(key, 0.0)))
    # Suspected before those to look at again, so that S1 has the plainest red.
    families = [sorted((k for k in values if is_suspect(k) is kind), key=_place_in_family) for kind in (False, True)]
    numbers = {key: i for family in families for i, key in enumerate(family)}
    out, below = [], background
    for key in order:
        below = below + values[key]
        out.append(SourceLine(key, numbers[key], Pyramid.of(t, values[key]), Pyramid.of(t, below)))
    return tuple(out)


def _place_in_family(key: str) -> tuple[bool, str]:
    return key.startswith("L"), key


def is_suspect(key: str) -> bool:
    """S1, L2: places that no permit explains; else an outlet's code."""
    return key[:1] in ("S", "L") and key[1:].isdigit()
