"""A session's ports without sockets: the simulated vehicle in one process, and a sampler that crosses one plume."""

import math

from dronesampler.clock import FakeClock
from dronesampler.mavlink.dialect import Draft
from dronesampler.mavlink.frames import FrameWriter
from dronesampler.mavlink.ports_in_use import Received
from dronesampler.simulator.craft import Landed
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings
from dronesampler.texts import Text

LOITER = 5
UNIX_S = 1_790_000_000.0
TURN_S = 0.1
TOP_S, WIDTH_S, HEIGHT_MG_M3 = 60.0, 6.0, 4.0


class Air:
    """The session's ports: what the vehicle says, and a sampler that flies through one plume."""

    bytes_per_s = None

    def __init__(self, clock: FakeClock) -> None:
        self.clock = clock
        self.vehicle = SimulatedVehicle(VehicleSettings(35.71, 116.49, ready_after_s=0.0), start_s=clock.unix_s())
        self.sampler = FrameWriter(system=1, component=25)
        self.began_s = clock.unix_s()
        self._said_s = self.began_s

    def read(self, wait_s: float) -> list[Received]:
        self.clock.advance(TURN_S)
        now_s = self.clock.unix_s()
        frames = self.vehicle.step(now_s)
        if now_s - self._said_s >= 1.0:
            self._said_s = now_s
            frames.append(self.sampler.frame(Draft("NAMED_VALUE_FLOAT", self._reading(now_s))))
        return [Received(0, b"".join(frames))] if frames else []

    def _reading(self, now_s: float) -> dict[str, object]:
        t = now_s - self.began_s
        value = 0.5 + 0.02 * math.sin(7.0 * t) + HEIGHT_MG_M3 * math.exp(-0.5 * ((t - TOP_S) / WIDTH_S) ** 2)
        return {"time_boot_ms": self.vehicle.craft.boot_ms, "name": "NMHC", "value": value}

    def write(self, frame: bytes) -> None:
        self.vehicle.receive(frame, self.clock.unix_s())

    def tick(self) -> tuple[Text, ...]:
        return ()

    def close(self) -> None:
        """Nothing to let go of."""


def take_off(air: Air) -> None:
    """Hovering at thirty metres, from one moment to the next."""
    craft = air.vehicle.craft
    craft.armed, craft.armed_s, craft.mode = True, air.clock.unix_s(), LOITER
    craft.body.z_m, craft.landed = 30.0, Landed.IN_AIR
