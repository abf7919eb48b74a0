"""From a fitted explanation to what is said of each place, with reasons."""

from collections.abc import Sequence

import numpy as np

from dronesampler.attribution.alternatives import SIGHTING_NATS, alternatives, sighted
from dronesampler.attribution.explain import Explanation, second_support, supporting
from dronesampler.attribution.fit import normal_equations
from dronesampler.attribution.model import Floats
from dronesampler.attribution.place import place_among
from dronesampler.attribution.prepare import Prepared
from dronesampler.attribution.values import Ellipse, ExplainedOutlet, Reason, Settings, Suspect, Verdict
from dronesampler.park import Outlet
from dronesampler.texts import Text

RATE_INFLATION = 1.5
LEAST_SD_M = 3.0
LEAST_RUNNING_G_S = 0.02  # an outlet whose interval lies above this is at work
LEAST_SECOND = 0.7  # nats that lines other than the best must bring together
LARGEST_FLAG_M = 90.0  # semi-axis of a 95 % ellipse beyond which a place is no place

SIGHTED = Text("现场目击：{note}", "an officer saw something there: {note}")

CHI2_68, CHI2_95 = 2.279, 5.991

EVIDENCE = Text(
    "没有许可排口能解释：证据 {nats:.1f}（自然对数单位）。", "no permitted outlet explains it: evidence {nats:.1f} nats"
)
LINES = Text("{count} 条航线支持。", "{count} lines support it")
CLEAR = Text("距最近的许可排口 {code} {metres:.0f} m。", "{metres:.0f} m from the nearest permitted outlet, {code}")
WEAK = Text("证据只有 {nats:.1f}，不足以列为疑似。", "evidence is only {nats:.1f} nats, not enough to be suspected")
ONE_LINE = Text("只有一条航线支持，需要再飞一条。", "only one line supports it: another is needed")
NEAR = Text(
    "离许可排口 {code} 仅 {metres:.0f} m，可能就是它。",
    "only {metres:.0f} m from permitted outlet {code}: it may be that one",
)
VAGUE = Text(
    "位置不确定（95% 椭圆半长轴 {metres:.0f} m），需要再飞。",
    "its place is uncertain (95 % ellipse reaches {metres:.0f} m): fly again",
)
OVER = Text(
    "拟合排放 {rate:.2f} g/s，区间下限 {low:.2f} g/s 高于许可 {limit:.2f} g/s。",
    "fitted {rate:.2f} g/s; even the lower bound {low:.2f} g/s is above the permitted {limit:.2f} g/s",
)
OFF = Text(
    "治理设施报停期间仍拟合到排放 {rate:.2f} g/s。", "emits {rate:.2f} g/s while its treatment unit was reported off"
)
TAKES = Text("许可排口 {code} 解释了这部分读数。", "permitted outlet {code} explains these readings")  # fmt: skip


def covariance(found: Explanation) -> Floats:
    """Covariance of all fitted parameters at the best explanation."""
    matrix, _ = normal_equations(found.view)
    return np.asarray(np.linalg.inv(matrix + np.diag(1e-12 + 1e-9 * np.diag(matrix))))


def judge_sources(
    ready: Prepared, found: Explanation, outlets: Sequence[Outlet], *, settings: Settings
) -> tuple[tuple[Suspect, ...], tuple[Suspect, ...]]:
    """Unknown sources as suspected and as places to look again, strongest first."""
    cov = covariance(found)
    judged = [
        _judge(ready, found, i, outlets=outlets, settings=settings, cov=cov) for i in range(found.view.guess.unknown)
    ]
    judged = sorted((j for j in judged if j.evidence >= settings.look_evidence), key=lambda s: -s.evidence)
    return (
        tuple(s for s in judged if s.verdict is Verdict.SUSPECTED),
        tuple(s for s in judged if s.verdict is Verdict.LOOK_AGAIN),
    )


def _judge(
    ready: Prepared, found: Explanation, i: int, *, outlets: Sequence[Outlet], settings: Settings, cov: Floats
) -> Suspect:
    g, scene, m = found.view.guess, ready.scene, ready.scene.model
    stands = place_among((found.view, *found.others), i)
    lat, lon = ready.frame.to_lat_lon(stands.x, stands.y)
    apart = np.hypot(scene.outlet_x - stands.x, scene.outlet_y - stands.y)
    k = int(apart.argmin())
    base, u = len(scene.hats) + 3 + 4 * len(found.view.active), g.unknown
    place = stands.covariance + cov[np.ix_([base + i, base + u + i], [base + i, base + u + i])]
    sd = float(np.sqrt(cov[base + 3 * u + i, base + 3 * u + i])) * RATE_INFLATION
    rate = float(np.exp(g.ln_rate[i] + m.median_to_mean))
    e68, e95 = ellipse(place, CHI2_68), ellipse(place, CHI2_95)
    seen = sighted(ready, stands, settings)
    evidence = found.evidence(i) + (SIGHTING_NATS if seen else 0.0)
    lines = supporting(found.lines(i))
    alone = second_support(found.lines(i)) < LEAST_SECOND
    doubts = doubts_of(evidence, alone, float(apart[k]), code=outlets[k].code, reach=e95[0], settings=settings)
    support = (
        Reason("unexplained", EVIDENCE.with_(nats=evidence)),
        Reason("supporting_lines", LINES.with_(count=lines)),
        Reason("clear_of_outlets", CLEAR.with_(code=outlets[k].code, metres=float(apart[k]))),
    )
    sighting = (Reason("sighting", SIGHTED.with_(note=seen.note or "-")),) if seen else ()
    return Suspect(
        Verdict.LOOK_AGAIN if doubts else Verdict.SUSPECTED, float(lat), float(lon), stands.h, rate,
        (rate * float(np.exp(-1.96 * sd)), rate * float(np.exp(1.96 * sd))), evidence, lines, e68, e95,
        outlets[k].code, float(apart[k]), alternatives=alternatives(ready, found, i, stands=stands, outlets=outlets),
        reasons=(doubts or support) + sighting,
    )  # fmt: skip


def doubts_of(
    evidence: float, alone: bool, apart_m: float, *, code: str, reach: float, settings: Settings
) -> tuple[Reason, ...]:
    """Why a source is not suspected; nothing where it is."""
    out = []
    if evidence < settings.flag_evidence:
        out.append(Reason("weak_evidence", WEAK.with_(nats=evidence)))
    if alone:
        out.append(Reason("one_line", ONE_LINE))
    if apart_m < settings.clear_of_outlets_m:
        out.append(Reason("near_outlet", NEAR.with_(code=code, metres=apart_m)))
    if reach > LARGEST_FLAG_M:
        out.append(Reason("place_uncertain", VAGUE.with_(metres=reach)))
    return tuple(out)


def ellipse(place: Floats, chi2: float) -> Ellipse:
    """Semi-axes and azimuth of the major one from a 2 by 2 covariance (east, north)."""
    values, vectors = np.linalg.eigh(place)
    minor, major = np.sqrt(np.maximum(values, 0.0) + LEAST_SD_M**2) * np.sqrt(chi2)
    east, north = vectors[:, 1]
    return float(major), float(minor), float(np.degrees(np.arctan2(east, north)) % 180.0)


def judge_outlets(
    ready: Prepared, found: Explanation, outlets: Sequence[Outlet], *, settings: Settings
) -> tuple[ExplainedOutlet, ...]:
    """What each permitted outlet took, with its interval, and whether that is permitted."""
    view, m = found.view, ready.scene.model
    cov = covariance(found)
    base, out = len(ready.scene.hats) + 3, []
    up = float(np.exp(m.median_to_mean))
    for place, k in enumerate(view.active):
        outlet, rate = outlets[int(k)], float(view.guess.rate[k])
        part = RATE_INFLATION * float(np.sqrt(cov[base + place, base + place])) / rate
        low, high = rate * up * float(np.exp(-1.96 * part)), rate * up * float(np.exp(1.96 * min(part, 3.0)))
        verdict, reasons = _permitted(outlet, rate * up, low, settings=settings)
        out.append(ExplainedOutlet(outlet.code, verdict, rate * up, (low, high), reasons))
    return tuple(out)


def _permitted(outlet: Outlet, rate: float, low: float, *, settings: Settings) -> tuple[Verdict, tuple[Reason, ...]]:
    """The graver verdict first; every reason is told."""
    found = []
    if low > LEAST_RUNNING_G_S and {outlet.code, outlet.treatment_unit} & settings.off_units - {""}:
        found.append((Verdict.UNIT_OFF, Reason("unit_off", OFF.with_(rate=rate))))
    if outlet.limit_g_s is not None and low > outlet.limit_g_s:
        over = OVER.with_(rate=rate, low=low, limit=outlet.limit_g_s)
        found.append((Verdict.ABOVE_LIMIT, Reason("above_limit", over)))
    if not found:
        return Verdict.EXPLAINED, (Reason("explained", TAKES.with_(code=outlet.code)),)
    return found[0][0], tuple(reason for _, reason in found)
