"""The whole job on the demo park and the simulator: plan, fly, sample, judge, seal, verify, and compare with the truth.

The analysis never sees the truth: the simulator writes it to a file of its own, which is read after the verdict.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from dronesampler.desk.flying import Flight, FlightOrder, fly
from dronesampler.desk.instruments import Fit, fit_of
from dronesampler.desk.judge import judge_patrol
from dronesampler.desk.progress import Progress
from dronesampler.desk.sealing import seal_patrol, verify_packet
from dronesampler.desk.simulating import Simulation, SimulationOrder, simulate
from dronesampler.evidence import TRUST_FILE
from dronesampler.flight.limits import Limits
from dronesampler.geo.local import distance_m
from dronesampler.mission import Command, Mission
from dronesampler.park import Park
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.problems import Refused
from dronesampler.store import Patrol, PlanStage, State, Store
from dronesampler.texts import Lang, Text

FOUND_WITHIN_M = 60.0
FORECAST_ERROR_DEG = 8.0
SERIAL_PROFILE, SERIAL_BAUD = "serial-lines", 115_200
# Both parts in one battery of half an hour; the plan's own proposals would take two.
LADDER = {"speed_m_s": "6", "spacing_m": "70"}
TOUR = {"speed_m_s": "6", "hold_s": "8"}

PLANNING = Text("按风规划航线", "planning for the wind of the day")
STARTING = Text("启动模拟无人机", "starting the simulated vehicle")
FLYING = Text("飞行并采样", "flying and sampling")
JUDGING = Text("研判来源", "looking for sources")
SEALING = Text("封存证据包", "sealing the evidence packet")
VERIFYING = Text("核验证据包", "verifying the evidence packet")
WIND_IS = Text(
    "预报风：来向 {from_deg:.0f}°，{speed:.1f} m/s；共 {items} 个航点，{outlets} 个许可排口",
    "forecast wind from {from_deg:.0f}° at {speed:.1f} m/s; {items} items, {outlets} permitted outlets",
)
BYPASS_FOUND = Text(
    "真值：旁路排口 {number}，{rate:.2f} g/s，标记距其 {error:.0f} m",
    "truth: bypass {number}, {rate:.2f} g/s, flagged {error:.0f} m from it",
)
BYPASS_MISSED = Text(
    "真值：旁路排口 {number}，{rate:.2f} g/s，未标记（可见 {seen:.0f} 秒）",
    "truth: bypass {number}, {rate:.2f} g/s, not flagged (to be seen for {seen:.0f} s)",
)
CAME_HOME_EARLY = Text("航线未飞完即返回：{why}", "it came home before the end of the route: {why}")
NOTHING_TO_RESUME = Text(
    "没有中断的演示巡查可以继续；直接运行 dronesampler demo 即可",
    "there is no interrupted demo patrol to resume; run dronesampler demo",
)
SEALED_ALREADY = Text(
    "演示巡查 {patrol} 已经完成并封存，证据包完好：{packet}；未再封存",
    "demo patrol {patrol} is complete and sealed, and its packet is sound: {packet}; it was not sealed again",
)
INTERRUPTED = Text(
    "上次演示巡查 {patrol} 被中断，{readings} 个读数完好；可用 dronesampler demo --resume 继续研判和封存",
    "the last demo patrol {patrol} was interrupted; its {readings} readings are safe: "
    "dronesampler demo --resume judges and seals them",
)


@dataclass(frozen=True, slots=True)
class DemoOrder:
    """What to demonstrate. `factor`: patrol seconds a wall second; `loss` and `latency_s` are the link's, each way."""

    out: Path
    data: Path
    seed: int = 1
    factor: float = 40.0
    loss: float = 0.05
    latency_s: float = 0.02
    serial_sampler: bool = False
    lang: Lang = Lang.ZH


@dataclass(slots=True)
class Summary:
    """What summary.json holds."""

    values: dict[str, Any] = field(default_factory=lambda: {"outcome": "failed", "simulated": True})
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        begun_s = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = round(time.perf_counter() - begun_s, 2)

    def write(self, folder: Path) -> Mapping[str, Any]:
        """Put summary.json into the folder, whole or not at all."""
        document = {**self.values, "seconds": self.seconds}
        partial = folder / "summary.json.part"
        partial.write_text(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
        partial.replace(folder / "summary.json")
        return document


def run_demo(order: DemoOrder, progress: Progress) -> Mapping[str, Any]:
    """The whole job; returns the summary. Raises Refused with the reason when a step fails, after writing it."""
    order.out.mkdir(parents=True, exist_ok=True)
    order.data.mkdir(parents=True, exist_ok=True)
    summary = Summary({"outcome": "failed", "simulated": True, "seed": order.seed, "data": str(order.data)})
    try:
        _fly_and_judge(order, progress, summary)
    except Refused as reason:
        summary.values["reason"] = reason.text.said(order.lang)
        summary.write(order.out)
        raise
    return summary.write(order.out)


def resume_demo(order: DemoOrder, progress: Progress) -> Mapping[str, Any]:
    """Judge and seal what an interrupted demo patrol recorded; one that is sealed is left as it is and pointed at.

    Raises Refused when there is none.
    """
    order.out.mkdir(parents=True, exist_ok=True)
    summary = Summary({"outcome": "failed", "simulated": True, "resumed": True, "data": str(order.data)})
    with Store.open(order.data) as store:
        patrol = _last_flown(store)
        if patrol is None:
            raise Refused(NOTHING_TO_RESUME)
        summary.values |= {"patrol": patrol.uuid}
        packet = _sealed_before(store, patrol)
        if packet is not None:
            progress.say(SEALED_ALREADY.with_(patrol=patrol.id, packet=packet))
            finding = store.findings(patrol)[-1].analysis
            summary.values |= {"resumed": False, **_sealed(store, patrol.id, finding, packet=packet, sound=True)}
            return summary.write(order.out)
        if patrol.state is State.OPEN:
            with store.transaction() as batch:
                batch.end_patrol(patrol.id, state=State.INTERRUPTED)
        _judge_and_seal(order, progress, summary, store=store, patrol_id=patrol.id)
    return summary.write(order.out)


def interrupted_before(data: Path) -> Text | None:
    """A sentence on a demo patrol that was cut short in that data folder, if there is one."""
    with Store.open(data) as store:
        patrol = _last_flown(store)
        if patrol is None or store.packets(patrol.id):
            return None
        return INTERRUPTED.with_(patrol=patrol.id, readings=len(store.readings(patrol.id)))


def _last_flown(store: Store) -> Patrol | None:
    """The newest patrol, if it was planned and flown with the simulator; an import is none."""
    patrols = store.patrols()
    if not patrols or not patrols[-1].simulated:
        return None
    flown = patrols[-1].state is State.OPEN or store.plan(patrols[-1], PlanStage.AS_PLANNED) is not None
    return patrols[-1] if flown else None


def _sealed_before(store: Store, patrol: Patrol) -> Path | None:
    """Its newest packet, if that is still there and sound."""
    trust = store.folder / "keys" / TRUST_FILE if store.folder else None
    packets = [Path(packet.path) for packet in store.packets(patrol)]
    if not packets or not packets[-1].exists() or trust is None or not trust.exists() or not store.findings(patrol):
        return None
    return packets[-1] if verify_packet(packets[-1], trust=trust).exit_code == 0 else None


def _fly_and_judge(order: DemoOrder, progress: Progress, summary: Summary) -> None:
    park = read_park(assets_dir() / "demo-park.geojson").park
    day = _day(order.seed)
    with summary.timed("plan"):
        progress.stage(PLANNING)
        mission = _plan(park, day.forecast)
        progress.say(
            WIND_IS.with_(
                from_deg=day.forecast[0],
                speed=day.forecast[1],
                items=len(mission.items),
                outlets=len(park.outlets),
            )
        )
    progress.stage(STARTING)
    with summary.timed("start"):
        simulation = simulate(_simulation(order, day))
    with simulation, Store.open(order.data, clock=simulation.clock) as store:
        with summary.timed("fly"):
            progress.stage(FLYING)
            flight = _fly(order, progress, park=park, mission=mission, simulation=simulation, store=store)
        truth_file = simulation.end()
        summary.values |= {"patrol": flight.patrol_uuid, "readings": flight.readings, "retries": flight.retries}
        if not flight.complete:
            raise Refused(CAME_HOME_EARLY.with_(why=flight.why))
        analysis = _judge_and_seal(order, progress, summary, store=store, patrol_id=flight.patrol_id)
    _compare(analysis, json.loads(truth_file.read_text(encoding="utf-8")), progress, summary)


@dataclass(frozen=True, slots=True)
class _Day:
    """The wind that blows, and what the forecast says of it: (from_deg, speed_m_s) each."""

    wind: tuple[float, float]
    forecast: tuple[float, float]


def _day(seed: int) -> _Day:
    rng = np.random.default_rng([seed, 0xDA7])
    from_deg, speed = float(rng.uniform(0.0, 360.0)), float(rng.uniform(2.5, 5.0))
    error_deg = float(rng.normal(0.0, FORECAST_ERROR_DEG))
    return _Day((round(from_deg, 1), round(speed, 2)), (round((from_deg + error_deg) % 360.0), round(speed, 1)))


def _plan(park: Park, wind: tuple[float, float]) -> Mission:
    """Transects across the wind, then the roof tour, as one flight."""
    ladder = make_plan(park, "crosswind-ladder", wind=wind, settings=LADDER)
    tour = make_plan(park, "outlet-tour", wind=wind, settings=TOUR)
    last = max(i for i, item in enumerate(ladder.items) if item.command == Command.WAYPOINT)
    rest = [item for item in tour.items if item.command != Command.TAKEOFF]
    return replace(ladder, name=f"{park.name} {wind[0]:.0f}°", items=(*ladder.items[: last + 1], *rest))


def _simulation(order: DemoOrder, day: _Day) -> SimulationOrder:
    return SimulationOrder(
        park=assets_dir() / "demo-park.geojson",
        truth=order.out / "truth.json",
        seed=order.seed,
        factor=order.factor,
        loss=order.loss,
        latency_s=order.latency_s,
        wind=day.wind,
        serial_sampler=order.serial_sampler,
    )


def _fly(
    order: DemoOrder, progress: Progress, *, park: Park, mission: Mission, simulation: Simulation, store: Store
) -> Flight:
    flight_order = FlightOrder(
        name=f"{park.name} {order.seed}",
        mission=mission,
        data=order.data,
        simulated=True,
        park=park,
        link=simulation.link,
        limits=Limits(battery_return_percent=15.0, battery_land_percent=8.0),
        fit=_fit(order, simulation),
        lang=order.lang,
    )
    return fly(flight_order, store, clock=simulation.clock, progress=progress, opener=lambda _: simulation.port)


def _fit(order: DemoOrder, simulation: Simulation) -> Fit:
    """The sampler on the radio, or on the pseudo-terminal that the simulator writes to."""
    device = simulation.sampler_device
    words = [f"{SERIAL_PROFILE}@serial:{device}:{SERIAL_BAUD}"] if device else []
    return fit_of(words, order.data)


def _judge_and_seal(
    order: DemoOrder, progress: Progress, summary: Summary, *, store: Store, patrol_id: int
) -> Mapping[str, Any]:
    with summary.timed("judge"):
        progress.stage(JUDGING)
        analysis = judge_patrol(store, patrol_id, progress=progress)
    with summary.timed("seal"):
        progress.stage(SEALING)
        packet = seal_patrol(store, patrol_id, out=order.out, lang=order.lang)
    with summary.timed("verify"):
        progress.stage(VERIFYING)
        verdict = verify_packet(packet.path, trust=packet.trust)
    summary.values |= _sealed(store, patrol_id, analysis, packet=packet.path, sound=verdict.exit_code == 0)
    return analysis


def _sealed(
    store: Store, patrol_id: int, analysis: Mapping[str, Any], *, packet: Path, sound: bool
) -> Mapping[str, Any]:
    return {
        "readings": len(store.readings(patrol_id)),
        "flags": analysis["suspected"],
        "packet": str(packet),
        "verified": sound,
        "outcome": "done" if sound else "failed",
    }


def _compare(analysis: Mapping[str, Any], truth: Mapping[str, Any], progress: Progress, summary: Summary) -> None:
    """Each hidden bypass takes the nearest flag within 60 m, strongest first; the flags left over are false."""
    left = list(analysis["suspected"])
    bypasses = []
    hidden = [source for source in truth["sources"] if source["hidden"]]
    for number, source in enumerate(sorted(hidden, key=lambda s: -s["rate_g_s"]), 1):
        place = (source["lat_deg"], source["lon_deg"])
        errors_m = [distance_m(flag["lat_deg"], flag["lon_deg"], *place) for flag in left]
        best = int(np.argmin(errors_m)) if errors_m else -1
        found = best >= 0 and errors_m[best] <= FOUND_WITHIN_M
        error_m = round(errors_m[best], 1) if found else None
        bypasses.append({**source, "found": found, "error_m": error_m})
        if found:
            left.pop(best)
            said = BYPASS_FOUND.with_(number=number, rate=source["rate_g_s"], error=error_m)
        else:
            seen = source["seconds_above_0_15"]
            said = BYPASS_MISSED.with_(number=number, rate=source["rate_g_s"], seen=seen)
        progress.say(said)
    summary.values |= {"bypasses": bypasses, "false_flags": len(left)}
