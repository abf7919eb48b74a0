"""The verdict of several flights over one park: each with its own wind, background and instrument, the same sources."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dronesampler.attribution.alternatives import SIGHTING_NATS, alternatives, sighted
from dronesampler.attribution.attribute import (
    FITTING,
    STOPPED,
    Progress,
    attribute,
    background_of,
    parameters_of,
)
from dronesampler.attribution.explain import second_support, supporting
from dronesampler.attribution.joint_explain import JointExplanation, explain_jointly
from dronesampler.attribution.joint_place import JointCovariance, joint_covariance, joint_place
from dronesampler.attribution.model import Model
from dronesampler.attribution.prepare import Prepared, prepare
from dronesampler.attribution.register import shifted_register
from dronesampler.attribution.values import Analysis, ExplainedOutlet, Instrument, Reason, Settings, Suspect, Verdict
from dronesampler.attribution.verdict import (
    CHI2_68,
    CHI2_95,
    CLEAR,
    EVIDENCE,
    LEAST_SECOND,
    LINES,
    SIGHTED,
    doubts_of,
    ellipse,
    judge_outlets,
)
from dronesampler.columns import Readings, Wind
from dronesampler.geo import LocalFrame
from dronesampler.park import Outlet
from dronesampler.texts import Text

LEAST_LN_RATE_SD = 0.15
RATE_INFLATION = 1.2
MORE_NATS = 3.0  # evidence that each further flight must add: what the model gets wrong adds up too
FLIGHT_NAT = 1.0  # what a flight must say for a source to count as speaking for it

FLIGHTS = Text("{of} 次飞行中有 {count} 次支持。", "{count} of {of} flights support it")
LEFT_OUT = Text("第 {number} 次飞行未计入：{why}", "flight {number} was left out: {why}")
_WORST = (Verdict.UNIT_OFF, Verdict.ABOVE_LIMIT, Verdict.EXPLAINED)


@dataclass(frozen=True, slots=True)
class Flight:
    """What one flight over the park brought."""

    readings: Readings
    wind: Wind
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class _Judging:
    """What the judging of each source needs."""

    ready: tuple[Prepared, ...]
    found: JointExplanation
    outlets: Sequence[Outlet]
    settings: Settings
    covariance: JointCovariance


def attribute_jointly(
    flights: Sequence[Flight],
    outlets: Sequence[Outlet],
    *,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """Explain several flights over one park by the same sources; one flight gives what `attribute` gives.

    A flight of which nothing can be said is left out with a remark. `parameters` and `background` are the last
    flight's, `parameters["flights"]` holds those of all. Same input, version and machine: same bits.
    """
    settings = settings or Settings()
    simulated = any(f.readings.simulated for f in flights)
    ready, remarks, used = _prepared(flights, outlets, settings)
    if len(ready) < 2:
        one = flights[used[0] if used else 0]
        alone = attribute(one.readings, one.wind, outlets, one.instrument, settings=settings, progress=progress)
        return _with_remarks(alone, remarks if used else (), simulated)
    found = explain_jointly(
        [r.scene for r in ready], most=settings.most_sources,
        progress=lambda s: progress is None or progress(s, FITTING),
    )  # fmt: skip
    if found is None:
        return Analysis(cannot_say=Reason("stopped", STOPPED), simulated=simulated)
    parameters = _parameters(ready, found, [flights[f].instrument for f in used], settings)
    largest = max(range(len(ready)), key=lambda f: len(ready[f].scene.value))
    misplaced = None
    if settings.check_register:
        misplaced = shifted_register(found.joint.views[largest], outlets, ready[largest].frame)
    if misplaced:
        return Analysis(cannot_say=misplaced, remarks=remarks, parameters=parameters, simulated=simulated)
    dearer = replace(settings, flag_evidence=settings.flag_evidence + MORE_NATS * (len(ready) - 1))
    judging = _Judging(ready, found, outlets, dearer, joint_covariance(found.joint))
    judged = sorted((_judge(judging, i) for i in range(found.joint.unknown)), key=lambda s: -s.evidence)
    return Analysis(
        suspected=tuple(s for s in judged if s.verdict is Verdict.SUSPECTED),
        look_again=tuple(s for s in judged if s.verdict is Verdict.LOOK_AGAIN and s.evidence >= settings.look_evidence),
        explained=_outlets(judging),
        remarks=remarks,
        parameters=parameters,
        background=background_of(ready[-1], found.of_flight(len(ready) - 1)),
        simulated=simulated,
    )


def _prepared(
    flights: Sequence[Flight], outlets: Sequence[Outlet], settings: Settings
) -> tuple[tuple[Prepared, ...], tuple[Reason, ...], list[int]]:
    """The flights that can be used in metres of one frame, why the others cannot, and which are used."""
    known = [f.readings.rows(np.isfinite(f.readings.lat_deg + f.readings.lon_deg)) for f in flights]
    lat, lon = (np.concatenate(c) for c in ([r.lat_deg for r in known], [r.lon_deg for r in known]))
    frame = LocalFrame.about(lat, lon) if len(lat) else None
    ready, remarks, used = [], [], []
    for f, flight in enumerate(flights):
        one = prepare(flight.readings, flight.wind, outlets, instrument=flight.instrument, settings=settings,
                      model=Model(), frame=frame)  # fmt: skip
        if isinstance(one, Reason):
            remarks.append(Reason(f"left_out_{one.code}", LEFT_OUT.with_(number=f + 1, why=one.text)))
        else:
            ready.append(one)
            used.append(f)
    return tuple(ready), tuple(remarks), used


def _with_remarks(alone: Analysis, remarks: tuple[Reason, ...], simulated: bool) -> Analysis:
    return replace(alone, remarks=(*alone.remarks, *remarks), simulated=simulated)


def _parameters(
    ready: Sequence[Prepared], found: JointExplanation, instruments: Sequence[Instrument], settings: Settings
) -> dict[str, Any]:
    each = [parameters_of(r, found.of_flight(f), instruments[f], settings=settings) for f, r in enumerate(ready)]
    return {**each[-1], "flights": each}


def _judge(j: _Judging, i: int) -> Suspect:
    stands = joint_place(j.found.joint, i, j.covariance)
    ready = j.ready[0]
    lat, lon = ready.frame.to_lat_lon(stands.x, stands.y)
    apart = np.hypot(ready.scene.outlet_x - stands.x, ready.scene.outlet_y - stands.y)
    k = int(apart.argmin())
    place = stands.covariance + j.covariance.place(i)
    e68, e95 = ellipse(place, CHI2_68), ellipse(place, CHI2_95)
    rate = float(np.exp(stands.ln_rate + ready.scene.model.median_to_mean))
    sd = RATE_INFLATION * max(stands.ln_rate_sd, LEAST_LN_RATE_SD)
    seen = sighted(ready, stands, j.settings)
    evidence = j.found.evidence(i) + (SIGHTING_NATS if seen else 0.0)
    lines = j.found.lines(i)
    alone = second_support(lines) < LEAST_SECOND
    code = j.outlets[k].code
    doubts = doubts_of(evidence, alone, float(apart[k]), code=code, reach=e95[0], settings=j.settings)
    each = [j.found.of_flight(f).lines(i).sum() for f in range(len(j.ready))]
    strongest = int(np.argmax(each))
    support = (
        Reason("unexplained", EVIDENCE.with_(nats=evidence)),
        Reason("supporting_flights", FLIGHTS.with_(count=sum(e > FLIGHT_NAT for e in each), of=len(each))),
        Reason("supporting_lines", LINES.with_(count=supporting(lines))),
        Reason("clear_of_outlets", CLEAR.with_(code=code, metres=float(apart[k]))),
        *((Reason("sighting", SIGHTED.with_(note=seen.note or "-")),) if seen else ()),
    )
    return Suspect(
        Verdict.LOOK_AGAIN if doubts else Verdict.SUSPECTED, float(lat), float(lon), stands.h, rate,
        (rate * float(np.exp(-1.96 * sd)), rate * float(np.exp(1.96 * sd))), evidence, supporting(lines), e68, e95,
        code, float(apart[k]),
        alternatives=alternatives(j.ready[strongest], j.found.of_flight(strongest), i, stands=stands,
                                  outlets=j.outlets),
        reasons=doubts or support,
    )  # fmt: skip


def _outlets(j: _Judging) -> tuple[ExplainedOutlet, ...]:
    """What each permitted outlet emitted: of its flights the one that weighs most against it."""
    said: dict[str, ExplainedOutlet] = {}
    for f, ready in enumerate(j.ready):
        for one in judge_outlets(ready, j.found.of_flight(f), j.outlets, settings=j.settings):
            if one.code not in _seen(j, f):
                continue
            held = said.get(one.code)
            if held is None or _weight(one) < _weight(held):
                said[one.code] = one
    return tuple(said.values())


def _seen(j: _Judging, f: int) -> set[str]:
    """The outlets whose plumes a flight met at all: a flight over part of a park says nothing of the others."""
    view, noise = j.found.joint.views[f], j.ready[f].noise
    peaks = (view.q[:, None] * view.column).max(axis=1, initial=0.0)[: len(view.active)]
    return {j.outlets[int(k)].code for k, peak in zip(view.active, peaks, strict=True) if peak > 0.5 * noise}


def _weight(one: ExplainedOutlet) -> tuple[int, float]:
    return _WORST.index(one.verdict), -one.rate_g_s
