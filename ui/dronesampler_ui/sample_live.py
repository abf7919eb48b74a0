"""An invented moment of a live patrol, as a session would tell it, for screenshots and tests; marked simulated."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np

from dronesampler.attribution.values import Reason, Suspect, Verdict
from dronesampler.events import (
    Autopilot,
    BatteryReported,
    GnssReported,
    MissionProgressed,
    MissionState,
    Moved,
    Stamp,
    TrafficSeen,
    TrafficSource,
    Turned,
    WindEstimated,
)
from dronesampler.flight.preflight import Facts, preflight
from dronesampler.flight.traffic import Neighbour, Traffic
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo import Place
from dronesampler.mission import Item, Mission
from dronesampler.park import Park
from dronesampler.plan import make_plan
from dronesampler.sampler.alarm_rules import AlarmKind, AlarmLevel
from dronesampler.sampler.alarms import Alarm
from dronesampler.sampler.gauges import Gauge, Trend
from dronesampler.sampler.status import Namur, Status
from dronesampler.session.client import (
    Hello,
    LivePoint,
    LiveReading,
    PlanHeld,
    ProposedLook,
    Snapshot,
    Suspects,
    Told,
)
from dronesampler.texts import Text
from dronesampler_ui import sample_patrol
from dronesampler_ui.sample_patrol import BACKGROUND_MG_M3, BEGAN_UNIX_S, WIND_FROM_DEG, WIND_M_S

ABOVE_MG_M3 = 0.41
HELD_AT = 480  # the point of the track where the aircraft now is
NOW_S = 5000.0
LOOK_WORDS = Text("再看一遍 S1 下风侧：2 条航线，4.1 分钟", "look again downwind of S1: 2 lines, 4.1 min")
FOUND = Text("已发现 2 处疑似", "two suspected places so far")
ABOVE = Text("NMHC 高出背景 0.41 mg/m³（报警值 0.30）", "NMHC is 0.41 mg/m³ above background (alarm at 0.30)")
EXPLOSIVE = Text("CH4 达爆炸下限的 23%，远离并疏散", "CH4 at 23 % of the explosive limit: keep away, clear the place")


class SampleLive:
    """Values of one moment: what is told on attaching, in flight, and with alarms, suspects and traffic."""

    def __init__(self, data_dir: Path) -> None:
        self.park = sample_patrol.demo_park()
        self.mission = sample_patrol.demo_mission(self.park)
        self._data_dir = data_dir
        self._track = sample_patrol.flown(self.mission)
        value = sample_patrol.sampled(self.park, self._track, np.random.default_rng(7))
        t = self._track
        self._readings = tuple(
            LiveReading(
                seq=k,
                unix_s=float(t.time_s[k]),
                lat_deg=float(t.lat_deg[k]),
                lon_deg=float(t.lon_deg[k]),
                height_agl_m=float(t.height_agl_m[k]),
                value_mg_m3=float(value[k]),
                quantity="NMHC",
                ok=True,
            )
            for k in range(HELD_AT + 1)
        )

    @property
    def stamp(self) -> Stamp:
        return Stamp(NOW_S, BEGAN_UNIX_S + HELD_AT)

    @property
    def here(self) -> LivePoint:
        return self._points()[-1]

    def hello(self) -> Hello:
        return Hello(
            patrol="00000000-0000-0000-0000-000000000001",
            data_dir=str(self._data_dir),
            simulated=True,
            clock_factor=1.0,
            mission=self.mission,
            readings=self._readings,
            track=self._points(),
        )

    def attached(self) -> list[Told]:
        """Attached, the plan on board, flying it."""
        return [self.hello(), PlanHeld(self.mission), self.snapshot()]

    def on_the_ground(self) -> list[Told]:
        """Before take-off, with items that stand against it."""
        hello = replace(self.hello(), readings=(), track=self._points()[:1])
        here = self.vehicle()
        landed = replace(here.position, height_home_m=0.0) if here.position else None
        told = replace(here, position=landed, attitude=None, mission=None)
        vehicle = replace(told, armed=False, in_air_told=False, mode="STABILIZE")
        facts = Facts(vehicle, NOW_S, self.mission, plan_proven=True, fence_proven=True, energy_needed_percent=38.0)
        ground = replace(self.snapshot(), vehicle=vehicle, phase="uploaded", checklist=preflight(facts), gauges=())
        return [hello, PlanHeld(self.mission), ground]

    def snapshot(self, *, alarms: tuple[Alarm, ...] = (), traffic: tuple[Neighbour, ...] = ()) -> Snapshot:
        return Snapshot(
            unix_s=BEGAN_UNIX_S + HELD_AT,
            monotonic_s=NOW_S,
            phase="flying",
            vehicle=self.vehicle(),
            silent_s=0.2,
            lost=False,
            recorded=9_482,
            acknowledged=9_482,
            recorder_error="",
            alone_s=0.0,
            gauges=(self.gauge("NMHC", BACKGROUND_MG_M3 + ABOVE_MG_M3), self.gauge("CH4", 7_600.0, lel=23.0)),
            alarms=alarms,
            traffic=traffic,
        )

    def vehicle(self) -> Vehicle:
        here, at = self.here, self.stamp
        home = self.mission.home or Place(here.lat_deg, here.lon_deg, 40.0)
        return Vehicle(
            system_id=1,
            autopilot=Autopilot.ARDUPILOT,
            connected=True,
            heartbeat_s=NOW_S,
            armed=True,
            mode="BRAKE",
            in_air_told=True,
            position=Moved(at, here.lat_deg, here.lon_deg, here.height_home_m, 66.0, 0.0, 0.0, 0.0, here.heading_deg),
            attitude=Turned(at, 4.0, -6.0, here.heading_deg),
            gnss=GnssReported(at, 3, 17, 0.7, 0.6),
            battery=BatteryReported(at, 22.4, 14.0, 62.0, None),
            wind=WindEstimated(at, WIND_FROM_DEG, WIND_M_S, here.height_home_m, "WIND"),
            home=home,
            mission=MissionProgressed(at, 21, len(self.mission.items), MissionState.PAUSED, 0, 0, 0),
        )

    def gauge(self, quantity: str, value: float, *, lel: float | None = None, stale: bool = False) -> Gauge:
        status = Status.STALE if stale else Status.NORMAL
        return Gauge(
            instrument="SIM-1",
            component="1/25",
            quantity=quantity,
            value=value,
            unit="mg/m3",
            value_mg_m3=value,
            status=status,
            namur=Namur.FAILURE if stale else Namur.GOOD,
            unix_s=BEGAN_UNIX_S + HELD_AT,
            age_s=7.0 if stale else 0.6,
            stale=stale,
            background_mg_m3=BACKGROUND_MG_M3,
            trend=Trend.UNKNOWN if stale else Trend.RISING,
            rise_mg_m3_s=0.4,
            lel_percent=lel,
            simulated=True,
        )

    def alarm(self, *, danger: bool = False, seen_by: str = "") -> Alarm:
        kind = AlarmKind.LEL if danger else AlarmKind.ABOVE
        return Alarm(
            key=f"{kind.value}|1/25|{'CH4' if danger else 'NMHC'}",
            kind=kind,
            level=AlarmLevel.DANGER if danger else AlarmLevel.WARNING,
            instrument="SIM-1",
            component="1/25",
            quantity="CH4" if danger else "NMHC",
            since_unix_s=BEGAN_UNIX_S + HELD_AT - 12,
            value=23.0 if danger else ABOVE_MG_M3,
            limit=20.0 if danger else 0.3,
            unit="%LEL" if danger else "mg/m3",
            text=EXPLOSIVE if danger else ABOVE,
            acknowledged_by=seen_by,
        )

    def traffic(self) -> tuple[Neighbour, ...]:
        """A helicopter on its way here and a small drone that circles."""
        frame, own = self.park.frame(), self.vehicle().position
        helicopter = frame.to_lat_lon(-260.0, 160.0)
        drone = frame.to_lat_lon(230.0, -120.0)
        seen = (
            TrafficSeen(
                self.stamp,
                TrafficSource.ADSB,
                "780ABC",
                "B-7SIM",
                lat_deg=float(helicopter[0]),
                lon_deg=float(helicopter[1]),
                height_sea_m=150.0,
                track_deg=96.0,
                speed_m_s=48.0,
                simulated=True,
            ),
            TrafficSeen(
                replace(self.stamp, monotonic_s=NOW_S - 14.0),
                TrafficSource.REMOTE_ID,
                "02ab01",
                "SIM-RID-0001",
                lat_deg=float(drone[0]),
                lon_deg=float(drone[1]),
                height_sea_m=300.0,
                track_deg=200.0,
                speed_m_s=7.0,
                simulated=True,
            ),
        )
        table = Traffic()
        for one in seen:
            table = table.after(one)
        return table.around(own, NOW_S)

    def suspects(self) -> Suspects:
        """Two places, and a look at the first."""
        mission = look_mission(self.park, self.mission)
        look = ProposedLook(
            number=1,
            mission=mission,
            words=LOOK_WORDS,
            lines=2,
            hovers=1,
            length_m=1240.0,
            minutes=4.1,
            battery_percent=17.0,
            nats=1.4,
        )
        return Suspects(
            number=3,
            unix_s=BEGAN_UNIX_S + HELD_AT,
            readings=HELD_AT,
            suspected=tuple(_suspect(self.park, place) for place in sample_patrol.sources(self.park)[:2]),
            look_again=(),
            words=FOUND,
            look=look,
            simulated=True,
        )

    def _points(self) -> tuple[LivePoint, ...]:
        t = self._track
        columns = zip(t.time_s, t.lat_deg, t.lon_deg, t.height_home_m, t.heading_deg, strict=True)
        return tuple(LivePoint(*(float(v) for v in row)) for k, row in enumerate(columns) if k <= HELD_AT)


def look_mission(park: Park, over: Mission) -> Mission:
    """Some lines of a ladder, as a proposal would be."""
    ladder = make_plan(park, "crosswind-ladder", wind=(WIND_FROM_DEG, WIND_M_S), settings={"spacing_m": "35"})
    placed = [item for item in ladder.items if item.has_place and item.lat_deg]
    chosen: tuple[Item, ...] = tuple(placed[7:13])
    return replace(over, name="look 1", items=chosen)


def _suspect(park: Park, place: tuple[float, float, float]) -> Suspect:
    lat, lon = park.frame().to_lat_lon(place[0] + 6.0, place[1] - 4.0)
    rate = 1.9 if place[0] < 0 else 0.8
    axis = WIND_FROM_DEG - 180.0
    return Suspect(
        verdict=Verdict.SUSPECTED,
        lat_deg=float(lat),
        lon_deg=float(lon),
        height_m=9.0,
        rate_g_s=rate,
        rate_interval_g_s=(rate * 0.6, rate * 1.7),
        evidence=12.0,
        transects=3,
        ellipse68=(22.0, 9.0, axis),
        ellipse95=(44.0, 18.0, axis),
        nearest_outlet="DA001",
        nearest_outlet_m=math.hypot(60.0, 40.0),
        reasons=(Reason("sample", Text("示例", "sample")),),
    )
