"""What concerns live values in a session: instruments on ports of their own, alarms, zero and span checks."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dronesampler.clock import Clock
from dronesampler.commands import AbortCheck, AcknowledgeAlarm, BeginCheck
from dronesampler.events import Event, InstrumentChecked, Stamp
from dronesampler.problems import Refused
from dronesampler.sampler.checking import CheckDone
from dronesampler.sampler.inlet import Inlet
from dronesampler.sampler.profile import Profile
from dronesampler.session.feed import Snapshot
from dronesampler.session.gathering import Gatherer
from dronesampler.session.instruments import InstrumentPorts
from dronesampler.texts import Text

LOOK_APART_S = 0.1  # wall
ValueIntent = AcknowledgeAlarm | BeginCheck | AbortCheck
Note = Callable[[str, dict[str, object]], None]

SAME_SERIAL = Text(
    "{count} 台仪器的序列号相同：{serial}；请核对配置，读数按端口区分",
    "{count} instruments have the serial number {serial}: look at their profiles; readings are told apart by port",
)
IN_THE_AIR = Text(
    "飞行中不能校零或校标：期间的读数将不计为空气读数",
    "no zero or span check in the air: what is read meanwhile would not count as air",
)
NO_CHECK = Text("没有正在进行的检查", "no check is running")
CHECKED = Text(
    "{instrument} {quantity} {gas}：读数 {read:.3f} mg/m³，应为 {certified:.3f}",
    "{instrument} {quantity} {gas}: reads {read:.3f} mg/m³, should read {certified:.3f}",
)
FAILED = Text("{instrument} {quantity} 检查无结果：{why}", "{instrument} {quantity} check without a result: {why}")
_GASES = {"zero": Text("校零", "zero"), "span": Text("校标", "span")}


class LiveValues:
    """Owned by the session's thread. `note` puts something into the patrol's journal."""

    def __init__(self, gatherer: Gatherer, ports: InstrumentPorts, clock: Clock, *, note: Note) -> None:
        self._gatherer, self._clock, self._note = gatherer, clock, note
        self.ports = ports
        self._looked_s = float("-inf")
        self.checked_unix_s: float | None = None  # when a check last came to a result here

    def arrived(self) -> list[Event]:
        """What instruments on ports of their own have said since the last turn."""
        return self.ports.take()

    def tick(self) -> list[Event]:
        """Ten times a second of the wall: which values have fallen silent, and whether a check is over."""
        now_s = self._clock.monotonic_s()
        if now_s - self._looked_s < LOOK_APART_S * self._clock.factor:
            return []
        self._looked_s = now_s
        done = self._gatherer.end_check(now_s)
        return [*self._gatherer.tick(self._stamp()), *([self._checked(done)] if done else [])]

    def answer(self, intent: ValueIntent, *, in_air: bool) -> tuple[list[Event], Text | None]:
        """Events that come of what was asked, and why it was refused if it was."""
        now_s = self._clock.monotonic_s()
        if isinstance(intent, AcknowledgeAlarm):
            return list(self._gatherer.acknowledge(intent.key, intent.operator, self._stamp())), None
        if isinstance(intent, AbortCheck):
            running = self._gatherer.check is not None
            self._gatherer.end_check(now_s, abort=True)
            return [], None if running else NO_CHECK
        if in_air:
            return [], IN_THE_AIR
        try:
            run = self._gatherer.begin_check(intent, now_s)
        except Refused as refused:
            return [], refused.text
        order = run.order
        self._note("check begun", {"gas": order.gas.value, "component": order.component, "quantity": order.quantity,
                                   "officer": order.officer, "cylinder": order.cylinder})  # fmt: skip
        return [], None

    def shown(self, snapshot: Snapshot, now_s: float) -> Snapshot:
        """The snapshot with the live values, alarms, clocks, ports and the check that runs."""
        check = self._gatherer.check
        return replace(
            snapshot,
            gauges=self._gatherer.gauges(now_s),
            alarms=self._gatherer.alarms,
            clocks=self._gatherer.clocks,
            instruments=self.ports.health,
            checking=check.order if check else None,
            checking_left_s=max(check.ends_s - now_s, 0.0) if check else 0.0,
        )

    @property
    def inlets(self) -> Mapping[str, Inlet]:
        """The instruments that have been heard, by component."""
        return self._gatherer.inlets

    def close(self) -> list[Event]:
        """Close the ports; what had arrived before."""
        self.ports.close()
        return self.ports.take()

    def _checked(self, done: CheckDone) -> InstrumentChecked:
        self._note("instrument checked", done.body())
        order, check = done.order, done.check
        names = {"instrument": done.instrument, "quantity": order.quantity}
        if check is None:
            text = FAILED.with_(**names, why=done.why_not)
        else:
            self.checked_unix_s = check.at_unix_s
            gas = _GASES[check.gas.value]
            text = CHECKED.with_(**names, gas=gas, read=check.read_mg_m3, certified=check.certified_mg_m3)
        read = check.read_mg_m3 if check else None
        return InstrumentChecked(
            self._stamp(),
            instrument=done.instrument,
            component=order.component,
            quantity=order.quantity,
            gas=order.gas.value,
            read_mg_m3=read,
            certified_mg_m3=order.certified_mg_m3,
            zh=text.zh,
            en=text.en,
        )

    def _stamp(self) -> Stamp:
        return Stamp.now(self._clock)


def same_serials(profiles: Sequence[Profile]) -> list[Text]:
    """A sentence for each serial number that more than one instrument claims."""
    counted = Counter(profile.serial for profile in profiles if profile.serial)
    return [SAME_SERIAL.with_(serial=serial, count=count) for serial, count in counted.items() if count > 1]
