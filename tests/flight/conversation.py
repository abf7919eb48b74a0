"""A transfer and a simulated mission store with a bad link between them, in discrete-event time: no sleeping."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.frames import FrameReader, FrameWriter, messages
from dronesampler.mavlink.personality import ARDUPILOT, PX4, Personality
from dronesampler.mavlink.transfer import Outcome, Party, Transfer
from dronesampler.mavlink.wire import PlanKind, WireItem
from dronesampler.simulator.ardupilot_missions import ArduPilotMissions
from dronesampler.simulator.channel import Channel, ChannelSettings
from dronesampler.simulator.px4_missions import PX4Missions
from dronesampler.simulator.stored import Shelf, StoredItem
from dronesampler.simulator.wire import Listener, Outbox, Speaker

STEP_S = 0.02
VEHICLE_LOOP_S = 0.0025


@dataclass
class Store:
    """One vehicle's mission store behind bytes."""

    personality: Personality
    system: int = 1
    out: Outbox = field(init=False)
    shelf: Shelf = field(init=False)
    missions: ArduPilotMissions | PX4Missions = field(init=False)
    deaf: bool = False

    def __post_init__(self) -> None:
        self.out = Outbox(Speaker(self.system, 1))
        self.shelf = Shelf()
        kind = ArduPilotMissions if self.personality is ARDUPILOT else PX4Missions
        self.missions = kind(self.shelf, self.out)
        if isinstance(self.missions, ArduPilotMissions):
            self.missions.place_home = self._place_home
        self._listener = Listener()

    def _place_home(self) -> None:
        self.shelf.put(0, 0, StoredItem(0, 16, x=357120000, y=1164890000, z=40.0))

    def hear(self, data: bytes, now_s: float) -> None:
        if self.deaf:
            return
        for message in self._listener.heard(data):
            if getattr(message, "target_system", self.system) in (0, self.system):
                self.missions.answer(message, now_s)

    def speak(self, now_s: float) -> list[bytes]:
        self.missions.tick(now_s)
        return self.out.taken()

    def holds(self, kind: PlanKind) -> tuple[WireItem, ...]:
        return tuple(
            WireItem(i.command, i.frame, i.params, i.x, i.y, i.z, bool(i.autocontinue)) for i in self.shelf.items(kind)
        )


@dataclass
class Conversation:
    """Runs one transfer until it is over. `at` holds things that happen at a time: (seconds, what)."""

    store: Store
    up: ChannelSettings = field(default_factory=ChannelSettings)
    down: ChannelSettings = field(default_factory=ChannelSettings)
    seed: int = 1
    at: list[tuple[float, Callable[["Conversation"], None]]] = field(default_factory=list)
    drop_up: Callable[[Draft], bool] = lambda draft: False
    drop_down: Callable[[Message], bool] = lambda message: False
    now_s: float = 0.0
    sent: int = 0
    suspended: bool = False  # the station's computer sleeps: nothing is read, nothing is sent

    def __post_init__(self) -> None:
        self._up = Channel(self.up, seed=self.seed * 2 + 1)
        self._down = Channel(self.down, seed=self.seed * 2 + 2)
        self._reader = FrameReader()
        self._writer = FrameWriter()
        self.transfer: Transfer | None = None

    @property
    def party(self) -> Party:
        return Party(self.store.system, self.store.personality)

    def run(self, transfer: Transfer, *, limit_s: float = 600.0) -> Outcome:
        self.transfer = transfer
        began_s = self.now_s
        self.send(transfer.start(self.now_s))
        tick_s = self.now_s
        while transfer.outcome is None:
            assert self.now_s - began_s < limit_s, f"not over after {limit_s} s"
            self._step(transfer, tick=self.now_s >= tick_s)
            if self.now_s >= tick_s:
                tick_s = self.now_s + STEP_S
            self.now_s = self._next_s(tick_s)
        return transfer.outcome

    def send(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            self.sent += 1
            if self.drop_up(draft):
                continue
            self._up.put(self._writer.frame(draft), self.now_s)

    def inject(self, data: bytes) -> None:
        """Bytes that reach the station from elsewhere."""
        self._down.put(data, self.now_s)

    def other_station(self, *drafts: Draft, system: int = 254, component: int = 190) -> None:
        """Another station speaks to the vehicle, on a link of its own."""
        writer = FrameWriter(system, component)
        for draft in drafts:
            self.store.hear(writer.frame(draft), self.now_s)

    def _step(self, transfer: Transfer, *, tick: bool) -> None:
        while self.at and self.at[0][0] <= self.now_s:
            self.at.pop(0)[1](self)
        self._vehicle()
        for data in self._down.due(self.now_s):
            for message in messages(self._reader.feed(data)):
                if not self.suspended and not self.drop_down(message):
                    self.send(transfer.take(message, self.now_s))
        if tick and not self.suspended:
            self.send(transfer.tick(self.now_s))

    def _vehicle(self) -> None:
        for data in self._up.due(self.now_s):
            self.store.hear(data, self.now_s)
        for frame in self.store.speak(self.now_s):
            self._down.put(frame, self.now_s)

    def _next_s(self, tick_s: float) -> float:
        due = [t for t in (self._up.next_due_s(), self._down.next_due_s()) if t is not None]
        soonest = min([*due, tick_s])
        return max(soonest, self.now_s + VEHICLE_LOOP_S if soonest <= self.now_s else soonest)


def route(count: int, *, personality: Personality = ARDUPILOT, height_m: float = 30.0) -> tuple[WireItem, ...]:
    """A route of `count` items on the wire, home included where the stack has one."""
    items = [
        WireItem(16, 6, (0.0, 0.0, 0.0, 0.0), 357120000 + 90 * n, 1164890000 + 70 * n, height_m + n % 7)
        for n in range(count)
    ]
    if count > 1:
        first = 1 if personality.home_item else 0
        items[first] = replace(items[first], command=22)
    if personality.home_item and count:
        items[0] = WireItem(16, 0, (0.0, 0.0, 0.0, 0.0), 357120000, 1164890000, 40.0)
    return tuple(items)


def lossy(loss: float, *, rtt_s: float = 0.05, burst: float = 1.0, **more: float) -> ChannelSettings:
    return ChannelSettings(loss=loss, latency_s=rtt_s / 2, burst=burst, **more)


__all__ = ["ARDUPILOT", "PX4", "Conversation", "Store", "lossy", "route"]
