"""The simulator as a process: one loop that owns the port, the clock, the world and the vehicle."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dronesampler.clock import Clock, patience
from dronesampler.park import Park
from dronesampler.ports import Port
from dronesampler.simulator.channel import Channel, ChannelSettings
from dronesampler.simulator.faults import Faults, FaultyVehicle
from dronesampler.simulator.payload import reading_line
from dronesampler.simulator.serial_line import SerialLine
from dronesampler.simulator.truth import write_truth
from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings
from dronesampler.simulator.world import World, WorldSettings

LONGEST_WAIT_S, SHORTEST_WAIT_S, STEP_S = 0.02, 0.002, 0.05  # wall, wall, patrol
READS_A_TURN = 64
AFTER_LANDING_S = 5.0
TRUTH_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class SimulationSettings:
    """One simulated patrol's world, vehicle and link."""

    world: WorldSettings
    vehicle: VehicleSettings
    channel: ChannelSettings = field(default_factory=ChannelSettings)
    faults: Faults = field(default_factory=Faults)
    once: bool = False
    serial_sampler: bool = False
    truth: Path | None = None


class Simulation:
    """Runs on the thread that calls `run`. `stop` may be called from a signal handler or any thread."""

    def __init__(self, park: Park, settings: SimulationSettings, *, port: Port, clock: Clock) -> None:
        self.settings = settings
        self._port, self._clock = port, clock
        # The wall clock may be set while we run; the vehicle's time may not jump with it.
        self._zero_s = clock.unix_s() - clock.monotonic_s()
        start_s = self._now_s()
        self.world = World(park, settings.world, start_s=start_s)
        self.vehicle = SimulatedVehicle(settings.vehicle, start_s=start_s, world=self.world)
        # Two programs share the computer: at forty times the speed its pauses of half a second are twenty seconds here.
        self.vehicle.who.missions.give_up_s *= patience(clock.factor)
        self._faulty = FaultyVehicle(self.vehicle, settings.faults)
        seed = settings.world.seed
        self._in = Channel(settings.channel, seed=2 * seed)
        self._out = Channel(settings.channel, seed=2 * seed + 1)
        self.serial = SerialLine() if settings.serial_sampler else None
        self._connect_serial()
        self._stopped = False
        self._was_armed = False
        self._landed_s: float | None = None
        self._truth_due_s = start_s

    def run(self, ready: Callable[[], None]) -> None:
        """Until `stop`, or with `once` until it has flown and disarmed."""
        wait_s = min(max(STEP_S / self._clock.factor, SHORTEST_WAIT_S), LONGEST_WAIT_S)
        self._write_truth(self._now_s())
        ready()
        try:
            while not self._stopped and not self._flown():
                self._turn(wait_s)
        finally:
            self._finish()

    def stop(self) -> None:
        self._stopped = True

    def _now_s(self) -> float:
        return self._zero_s + self._clock.monotonic_s()

    def _turn(self, wait_s: float) -> None:
        data = self._port.read(wait_s)
        now_s = self._now_s()
        reads = 0
        while data:
            self._in.put(data, now_s)
            reads += 1
            data = self._port.read(0.0) if reads < READS_A_TURN else b""
        for packet in self._in.due(now_s):
            self._faulty.receive(packet, now_s)
        for frame in self._faulty.step(now_s):
            self._out.put(frame, now_s)
        for frame in self._out.due(now_s):
            self._port.write(frame)
        if self.settings.truth is not None and now_s >= self._truth_due_s:
            self._write_truth(now_s)

    def _flown(self) -> bool:
        armed, now_s = self.vehicle.craft.armed, self.vehicle.now_s
        if armed:
            self._was_armed, self._landed_s = True, None
        elif self._was_armed and self._landed_s is None:
            self._landed_s = now_s
        return self.settings.once and self._landed_s is not None and now_s - self._landed_s > AFTER_LANDING_S

    def _connect_serial(self) -> None:
        serial, payload = self.serial, self.vehicle.payload
        if serial is None or payload is None:
            return
        payload.by_radio = False
        quantity = self.settings.world.sampler.quantity
        payload.on_reading = lambda reading: serial.write(reading_line(reading, quantity=quantity))

    def _write_truth(self, now_s: float) -> None:
        self._truth_due_s = now_s + TRUTH_EVERY_S
        if self.settings.truth is not None:
            write_truth(self.world, self.settings.truth, now_s)

    def _finish(self) -> None:
        self._write_truth(self.vehicle.now_s)
        if self.serial is not None:
            self.serial.close()
        self._port.close()
