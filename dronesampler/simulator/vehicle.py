"""The simulated vehicle: bytes in, bytes out, and a clock. It owns no thread, socket or timer."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from dronesampler.geo import LocalFrame
from dronesampler.simulator import ardupilot_params, px4_params
from dronesampler.simulator.ardupilot import ArduPilot
from dronesampler.simulator.ardupilot_radio import ArduPilotRadio
from dronesampler.simulator.craft import Craft, Home, WindEstimate
from dronesampler.simulator.params import Params, filled
from dronesampler.simulator.payload import Payload
from dronesampler.simulator.px4 import PX4
from dronesampler.simulator.px4_radio import PX4Radio
from dronesampler.simulator.streams import Streams
from dronesampler.simulator.traffic import Traffic
from dronesampler.simulator.wire import Listener, Message, Outbox, Speaker, dialect
from dronesampler.simulator.world import World

TICK_S = 0.05
WIND_EVERY_TICKS = 4
STATION = 6  # MAV_TYPE_GCS


@dataclass(frozen=True, slots=True)
class VehicleSettings:
    """Which aircraft it is and where it stands."""

    home_lat_deg: float
    home_lon_deg: float
    ground_amsl_m: float = 40.0
    personality: str = "ardupilot"
    system: int = 1
    seed: int = 1
    ready_after_s: float = 4.0  # from boot to a position that it would fly on
    frame: LocalFrame | None = None
    parameters: int = 0  # at least so many, by filler names
    traffic: int = 0  # other aircraft around: 1 by ADS-B, 2 also one by Remote ID


class Radio(Protocol):
    """The receiving half of a personality."""

    streams: Streams
    wants_reboot: bool

    def hear(self, message: Message) -> None: ...

    def heartbeat(self) -> Message: ...


class SimulatedVehicle:
    """One aircraft with its autopilot and, in a world, its sampler."""

    def __init__(self, settings: VehicleSettings, *, start_s: float, world: World | None = None) -> None:
        self.settings, self.world = settings, world
        self.now_s = start_s
        self._listener = Listener()
        self.craft = _craft(settings, start_s)
        self.who: Any
        self.radio: Radio
        self.who, self.radio = _personality(settings, self.craft)
        self.payload = _payload(settings, world, start_s)
        self.traffic = _traffic(settings, start_s)
        self._heartbeat_due_s = start_s
        self._ticks = 0

    def receive(self, data: bytes, now_s: float) -> None:
        """Bytes from the link. What they ask for is answered in the next `step`."""
        self.craft.now_s = max(self.craft.now_s, self.now_s)
        for message in self._listener.heard(data):
            self._hear(message, now_s)

    def step(self, now_s: float) -> list[bytes]:
        """Go on to a time; the frames it sends, in order."""
        while self.now_s + TICK_S <= now_s + 1e-9:
            self._tick()
        self.who.missions.tick(now_s)
        frames = self.craft.out.taken() + self.traffic.taken()
        return frames + self.payload.out.taken() if self.payload is not None else frames

    def reboot(self) -> None:
        """Power off and on: on the ground or in a test; what is stored stays."""
        craft = self.craft
        craft.boot_s, craft.armed, craft.mode, craft.position_ok = self.now_s, False, 0, False
        craft.out.taken()
        self.radio.streams.reset()
        self.radio.wants_reboot = False
        self.who.missions.forget()
        self.who.route.rewind()
        self._heartbeat_due_s = self.now_s + 1.0

    def _tick(self) -> None:
        self.now_s += TICK_S
        craft = self.craft
        craft.now_s = self.now_s
        if self._ticks % WIND_EVERY_TICKS == 0 and self.world is not None:
            craft.wind_toward_m_s = self.world.wind.toward_at(self.now_s, craft.body.z_m)
        self._ticks += 1
        self.who.tick(TICK_S)
        craft.params.tick(craft.out)
        if self.now_s + 1e-9 >= self._heartbeat_due_s:
            self._heartbeat_due_s += 1.0
            craft.out.say(self.radio.heartbeat())
        self.radio.streams.tick(self.now_s, self.who, craft.out)
        if self.world is not None and self.payload is not None:
            self.world.breathe(self.now_s, *craft.lat_lon(), craft.body.z_m)
            self.payload.tick(self.now_s)
        self.traffic.tick(self.now_s)
        if self.radio.wants_reboot:
            self.reboot()

    def _hear(self, message: Message, now_s: float) -> None:
        craft, kind = self.craft, message.get_type()
        if kind == "HEARTBEAT":
            if message.type == STATION:
                craft.radio.station_heard_s = self.now_s
            return
        if kind == "TIMESYNC":
            if message.tc1 == 0:
                craft.out.say(dialect.MAVLink_timesync_message(craft.boot_ms * 1_000_000, message.ts1))
            return
        if getattr(message, "target_system", self.settings.system) not in (0, self.settings.system):
            return
        if getattr(message, "target_component", 1) == 25 and kind.startswith("COMMAND"):
            return
        if self.who.missions.answer(message, now_s):
            return
        craft.params.answer(message, craft.out)
        self.radio.hear(message)


def _craft(settings: VehicleSettings, start_s: float) -> Craft:
    frame = settings.frame or LocalFrame(settings.home_lat_deg, settings.home_lon_deg)
    home = Home(settings.home_lat_deg, settings.home_lon_deg, settings.ground_amsl_m)
    rng = np.random.default_rng((settings.seed, 601))
    craft = Craft(
        frame=frame,
        ground_amsl_m=settings.ground_amsl_m,
        home=home,
        out=Outbox(Speaker(settings.system, 1)),
        params=_params(settings),
        rng=rng,
        now_s=start_s,
        boot_s=start_s,
    )
    craft.body.x_m, craft.body.y_m, _ = craft.home_place(0.0)
    craft.wind_estimate = WindEstimate(bias_deg=float(rng.normal(0.0, 4.0)), gain=float(rng.normal(1.0, 0.08)))
    craft.position_ok = settings.ready_after_s <= 0.0
    return craft


def _params(settings: VehicleSettings) -> Params:
    if settings.personality == "px4":
        params = Params(filled(px4_params.TABLE, settings.parameters), bytewise=True, hash_at_end=True)
        params.set("MAV_SYS_ID", settings.system)
        return params
    params = Params(filled(ardupilot_params.TABLE, settings.parameters))
    params.set("MAV_SYSID", settings.system)
    return params


def _personality(settings: VehicleSettings, craft: Craft) -> tuple[Any, Radio]:
    if settings.personality == "px4":
        px4 = PX4(craft, ready_after_s=settings.ready_after_s)
        return px4, PX4Radio(px4)
    who = ArduPilot(craft, ready_after_s=settings.ready_after_s)
    return who, ArduPilotRadio(who)


def _traffic(settings: VehicleSettings, start_s: float) -> Traffic:
    frame = LocalFrame(settings.home_lat_deg, settings.home_lon_deg)
    ground_m = settings.ground_amsl_m
    return Traffic(settings.traffic, frame=frame, ground_amsl_m=ground_m, system=settings.system, start_s=start_s)


def _payload(settings: VehicleSettings, world: World | None, start_s: float) -> Payload | None:
    if world is None:
        return None
    sampler = world.settings.sampler
    return Payload(
        world.read,
        system=settings.system,
        quantity=sampler.quantity,
        calibration_id=sampler.calibration_id,
        boot_s=start_s,
    )
