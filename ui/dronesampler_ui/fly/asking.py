"""From what the officer presses to intents: numbered, signed with a name, and dead when they are late."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from dronesampler.commands import (
    AbortCheck,
    Arm,
    ArmFilling,
    BeginCheck,
    Brief,
    CancelUpload,
    Continue,
    EnableFence,
    Finish,
    GoTo,
    Intent,
    Land,
    LookAt,
    MarkSighting,
    Orbit,
    OverrideItem,
    Pause,
    Photograph,
    ReturnHome,
    SetSpeed,
    SmartReturn,
    Start,
    StopMotors,
    SwitchSampler,
    TickItem,
    Upload,
)
from dronesampler.flight.steps import HeightSteps
from dronesampler.mission import Mission
from dronesampler_ui.feed import Feed
from dronesampler_ui.fly.check_card import Wanted
from dronesampler_ui.fly.fill_card import FillWanted
from dronesampler_ui.fly.live import Live
from dronesampler_ui.fly.outputs import Output

if TYPE_CHECKING:
    from dronesampler.session.readiness import Briefing

PLAIN: dict[str, type[Intent]] = {
    "Arm": Arm,
    "Start": Start,
    "Pause": Pause,
    "Continue": Continue,
    "ReturnHome": ReturnHome,
    "SmartReturn": SmartReturn,
    "Land": Land,
    "StopMotors": StopMotors,
    "Photograph": Photograph,
    "EnableFence": EnableFence,
    "AbortCheck": AbortCheck,
    "CancelUpload": CancelUpload,
    "Finish": Finish,
}
EXPIRES_S = 5.0  # of the wall; what moves the aircraft expires sooner, the session sees to that


class Asking:
    """Sends intents through the feed; lives on the UI thread."""

    def __init__(self, feed: Feed, live: Callable[[], Live]) -> None:
        self._feed, self._live = feed, live
        self._ids = itertools.count(secrets.randbits(40) << 8)
        self._steps = HeightSteps()
        self.operator = ""

    def send(self, make: Callable[[int, float], Intent]) -> Intent | None:
        """The intent that went out, None while no session is attached."""
        snapshot, hello = self._live().snapshot, self._live().hello
        if snapshot is None or hello is None:
            return None
        expires_s = snapshot.monotonic_s + EXPIRES_S * max(hello.clock_factor, 1.0)
        intent = replace(make(next(self._ids), expires_s), operator=self.operator)
        self._feed.ask(intent)
        return intent

    def plain(self, name: str) -> None:
        """One that needs nothing but its name."""
        self.send(PLAIN[name])

    def upload(self, mission: Mission | None) -> int | None:
        """The intent's number, None while no session is attached."""
        intent = self.send(lambda i, s: Upload(i, s, mission=mission))
        return intent.id if intent else None

    def step_height(self, step_m: float) -> bool:
        """Higher or lower than now, or than the height just asked for; False where a bound is reached."""
        snapshot = self._live().snapshot
        if snapshot is None:
            return False
        now_s = snapshot.monotonic_s
        self._steps, change = self._steps.step(step_m, snapshot.vehicle, id=next(self._ids), now_s=now_s)
        if change is None:
            return False
        self.send(lambda i, s: replace(change, id=i, expires_s=s))
        return True

    def set_speed(self, speed_m_s: float) -> None:
        self.send(lambda i, s: SetSpeed(i, s, speed_m_s=speed_m_s))

    def switch(self, output: Output, on: bool) -> None:
        number, relay, value = output.switched(on, self._live().vehicle.autopilot)
        self.send(lambda i, s: SwitchSampler(i, s, output=number, relay=relay, value=value))

    def fill(self, wanted: FillWanted) -> int | None:
        """Vessels that fill by themselves, or none any more; the intent's number, None while no session is attached."""
        stack = self._live().vehicle.autopilot
        number, relay, opened = wanted.output.switched(True, stack)
        shut = wanted.output.switched(False, stack)[2]
        intent = self.send(
            lambda i, s: ArmFilling(
                i,
                s,
                vessels=wanted.vessels,
                seconds=wanted.seconds,
                output=number,
                relay=relay,
                open_value=opened,
                shut_value=shut,
            )
        )
        return intent.id if intent else None

    def look_at(self, lat_deg: float, lon_deg: float) -> None:
        self.send(lambda i, s: LookAt(i, s, lat_deg=lat_deg, lon_deg=lon_deg))

    def go_to(self, lat_deg: float, lon_deg: float, *, height_home_m: float) -> None:
        self.send(lambda i, s: GoTo(i, s, lat_deg=lat_deg, lon_deg=lon_deg, height_home_m=height_home_m))

    def orbit(self, lat_deg: float, lon_deg: float, *, height_home_m: float, radius_m: float) -> None:
        self.send(
            lambda i, s: Orbit(i, s, lat_deg=lat_deg, lon_deg=lon_deg, height_home_m=height_home_m, radius_m=radius_m)
        )

    def tick(self, key: str) -> None:
        self.send(lambda i, s: TickItem(i, s, key=key))

    def override(self, key: str, why: str) -> None:
        self.send(lambda i, s: OverrideItem(i, s, key=key, why=why))

    def check(self, wanted: Wanted) -> None:
        """A zero or span check; the gas is on."""
        self.send(
            lambda i, s: BeginCheck(
                i,
                s,
                gas=wanted.gas,
                quantity=wanted.quantity,
                component=wanted.component,
                certified_mg_m3=wanted.certified_mg_m3,
                cylinder=wanted.cylinder,
            )
        )

    def brief(self, briefing: "Briefing") -> None:
        """Energy and obstacles of the plan that is to be flown."""
        energy_percent, top_m = briefing.energy_needed_percent, briefing.tallest_obstacle_m
        self.send(lambda i, s: Brief(i, s, energy_needed_percent=energy_percent, tallest_obstacle_m=top_m))

    def approve(self, number: str) -> None:
        """The airspace approval's number."""
        self.send(lambda i, s: Brief(i, s, approval_number=number))

    def mark(self, note: str = "") -> MarkSighting | None:
        """This moment, place and heading."""
        position = self._live().vehicle.position
        heading = position.heading_deg if position else None
        intent = self.send(lambda i, s: MarkSighting(i, s, note=note, bearing_deg=heading))
        return intent if isinstance(intent, MarkSighting) else None
