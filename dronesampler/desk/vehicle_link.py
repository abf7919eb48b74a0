"""One vehicle on a link for as long as a use case needs it: store, fetch or remove its plan, or ask who it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dronesampler.clock import Clock
from dronesampler.desk.interrupts import counted_interrupts
from dronesampler.desk.link_key import give_key
from dronesampler.flight.linkloss import NAMES
from dronesampler.flight.preflight import CheckItem, Facts, link_loss, preflight
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink import (
    Clear,
    Download,
    Ending,
    Moment,
    Outcome,
    PlanKind,
    PortsInUse,
    RawLog,
    Signing,
    Station,
    Transfer,
    Upload,
    fence_of,
    home_of,
    mission_items,
    rally_of,
    refusals,
    wire_items,
)
from dronesampler.mavlink.wire import STORING_ORDER
from dronesampler.mission import Mission
from dronesampler.mission.files import read_mission, write_mission
from dronesampler.problems import Refused
from dronesampler.texts import Text

TURN_S = 0.02
FIRST_HEARTBEAT_S = 15.0
TELEMETRY_S = 6.0
PARAMETERS_S = 15.0
QUIET_S = 3.5  # three rounds of asking without a new answer: enough where the link loses nothing
LOSS_NOTICED = 0.005
Tell = Callable[[Text], None]

NO_VEHICLE = Text(
    "{seconds:.0f} 秒内 {link} 上没有飞控心跳；请检查飞控电源、链路写法和波特率",
    "no autopilot's heartbeat on {link} within {seconds:.0f} s; check its power, the link's spelling and the baud rate",
)
NOT_MAVLINK = Text(
    "{link} 上收到 {count} 字节，但不是 MAVLink；请检查波特率或端口",
    "{count} bytes came on {link} and they are not MAVLink; check the baud rate or the port",
)
A_LOG = Text(
    "{link} 上送来的像是日志文件而不是飞机；请用 dronesampler import 导入日志",
    "what comes on {link} looks like a log file and not like an aircraft; use dronesampler import for logs",
)
SAME_ID = Text(
    "链路上另有地面站 {stations}；它的写入会与本站冲突",
    "another ground station is on the link ({stations}); its writing clashes with ours",
)
STOPPING = Text("已中断；先恢复机上原有计划", "interrupted; what was on board before is put back first")
DOING = Text("{doing}：{done}/{total}", "{doing}: {done}/{total}")


class VehicleLink:
    """A station with its ports, driven from the calling thread. Leave the `with` block to close the ports."""

    def __init__(
        self,
        links: Sequence[str],
        clock: Clock,
        *,
        log_folder: Path | None = None,
        signing: Signing | None = None,
        tell: Tell = lambda text: None,
    ) -> None:
        """Raises BadInput for a text that is no link, Refused where no port opens."""
        self._links = ", ".join(links)
        self._clock = clock
        self._tell = tell
        self._ports = PortsInUse(links, clock)
        self._raw = RawLog(log_folder, clock) if log_folder is not None else None
        log = self._raw.write if self._raw else lambda frame, unix_s: None
        self.station = Station(clock, log=log, signing=signing, bytes_per_s=self._ports.bytes_per_s)
        self.station.stream(wanted=False)
        self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ports.close()
        if self._raw:
            self._raw.close()

    @property
    def vehicle(self) -> Vehicle:
        return self.station.vehicle

    def find(self, within_s: float = FIRST_HEARTBEAT_S) -> Vehicle:
        """Wait for a vehicle. Raises Refused with what was there instead."""
        if not self._until(lambda: self.vehicle.connected, within_s):
            raise Refused(self._what_instead(within_s))
        if self.station.other_stations:
            shown = ", ".join(f"{s}/{c}" for s, c in sorted(self.station.other_stations))
            self._tell(SAME_ID.with_(stations=shown))
        return self.vehicle

    def run(self, transfer: Transfer) -> Outcome:
        """Run a transfer to its end; an interrupt cancels it, which puts the old plan back."""
        told, heeded = -1, 0
        with counted_interrupts() as interrupts:
            self._out(self.station.begin(transfer))
            while transfer.outcome is None:
                self.turn()
                if interrupts() > heeded:
                    heeded = interrupts()
                    self._tell(STOPPING)
                    self._out(self.station.cancel())
                progress = transfer.progress
                percent = 10 * progress.done // max(progress.total, 1)
                if percent != told:
                    told = percent
                    self._tell(DOING.with_(doing=progress.doing, done=progress.done, total=progress.total))
        self.station.transfer = None
        return transfer.outcome

    def read_parameters(self, names: Iterable[str], within_s: float = PARAMETERS_S) -> None:
        """Read some parameters. Names that the stack does not have are met with silence and stay unread."""
        parameters = self.station.parameters
        parameters.read(*names)
        known, since_s = -1, self._clock.monotonic_s()

        def nothing_new() -> bool:
            nonlocal known, since_s
            now_s = self._clock.monotonic_s()
            if len(parameters.values) != known:
                known, since_s = len(parameters.values), now_s
            return parameters.idle or (now_s - since_s > QUIET_S and not self._loses)

        self._until(nothing_new, within_s)

    @property
    def _loses(self) -> bool:
        """Whether silence may be the link's rather than the vehicle's."""
        counts = self.station.counts
        return counts.lost > LOSS_NOTICED * counts.received

    def list_parameters(self, within_s: float = PARAMETERS_S) -> dict[str, float]:
        """The vehicle's parameters by name: all of them, or what came in time."""
        parameters = self.station.parameters
        self._out(self.station.send(parameters.list_all(self._clock.monotonic_s())))
        self._until(lambda: parameters.listed, within_s)
        return dict(parameters.values)

    def give_key(self, key: Signing) -> None:
        """Store a link's key in the vehicle; only ever over a wire, see `link_key.check_wired`."""
        self._out(give_key(self.station, key))

    def identify(self, seconds: float) -> Vehicle:
        """Ask who it is until it says so, or for so long: old firmware may never say."""
        self.station.stream(wanted=True)
        self._until(lambda: self.vehicle.firmware != "", seconds)
        return self.vehicle

    def look(self, seconds: float = TELEMETRY_S) -> Vehicle:
        """Ask for streams and listen until everything was told once, or for so long."""
        self.station.stream(wanted=True)
        self._until(self._told_all, seconds)
        return self.vehicle

    def _told_all(self) -> bool:
        v = self.vehicle
        told = (
            v.firmware,
            v.position,
            v.gnss,
            v.estimator,
            v.battery,
            v.readiness,
            v.home,
            v.mission,
            v.clock_offset_s,
        )
        return all(part is not None and part != "" for part in told)

    def turn(self) -> None:
        """One round: what came in, what is due."""
        for received in self._ports.read(TURN_S):
            self._bytes += len(received.data)
            self._out(self.station.receive(received.data, port=received.port))
        self._out(self.station.tick())
        for news in self._ports.tick():
            self._tell(news)

    def _out(self, moment: Moment) -> None:
        for frame in moment.send:
            self._ports.write(frame)

    def _until(self, done: Callable[[], bool], within_s: float) -> bool:
        end_s = self._clock.monotonic_s() + within_s
        while not done():
            if self._clock.monotonic_s() > end_s:
                return False
            self.turn()
        return True

    def _what_instead(self, seconds: float) -> Text:
        counts = self.station.counts
        garbage = self.station.garbage_bytes
        if counts.received and garbage >= 8 * counts.received:
            return A_LOG.with_(link=self._links)
        if self._bytes and not counts.received:
            return NOT_MAVLINK.with_(link=self._links, count=self._bytes)
        return NO_VEHICLE.with_(link=self._links, seconds=seconds)


def upload_plan(link: VehicleLink, mission: Mission, kinds: Sequence[PlanKind]) -> list[Outcome]:
    """Store the parts of a plan, fence first; stops at the first that fails. Nothing is sent if one cannot be held."""
    station = link.station
    for kind in kinds:
        problems = refusals(mission, kind, station.personality)
        if problems:
            return [Outcome(Ending.REFUSED, kind, 0, 0.0, 0, reason=problems[0].text, restored=True)]
    outcomes = []
    for kind in kinds:
        outcomes.append(link.run(Upload(station.party, kind, wire_items(mission, kind, station.personality))))
        if not outcomes[-1].good:
            break
    return outcomes


def parts_of(mission: Mission) -> tuple[PlanKind, ...]:
    """The parts that a plan has, in the order of storing; a plan always has a route, be it empty."""
    has = {PlanKind.FENCE: bool(mission.fence), PlanKind.RALLY: bool(mission.rally), PlanKind.MISSION: True}
    return tuple(kind for kind in STORING_ORDER if has[kind])


def download_plan(link: VehicleLink, kinds: Sequence[PlanKind]) -> tuple[Mission, list[Outcome]]:
    """Fetch the parts of the plan on board."""
    station = link.station
    mission = Mission(name="", items=())
    outcomes = []
    for kind in kinds:
        outcome = link.run(Download(station.party, kind))
        outcomes.append(outcome)
        if not outcome.good:
            break
        if kind is PlanKind.MISSION:
            items = mission_items(outcome.stored, station.personality)
            mission = replace(mission, items=items, home=home_of(outcome.stored, station.personality))
        elif kind is PlanKind.FENCE:
            mission = replace(mission, fence=fence_of(outcome.stored))
        else:
            mission = replace(mission, rally=rally_of(outcome.stored))
    return mission, outcomes


def clear_plan(link: VehicleLink, kinds: Sequence[PlanKind]) -> list[Outcome]:
    """Remove parts of the plan on board, each proven gone."""
    return [link.run(Clear(link.station.party, kind)) for kind in kinds]


def read_plan(path: Path | str) -> Mission:
    """A mission file. Raises BadInput."""
    return read_mission(path)


def write_plan(mission: Mission, path: Path) -> tuple[Text, ...]:
    """Write what was fetched; returns what the file's format cannot hold."""
    return write_mission(replace(mission, name=path.stem), path)


@dataclass(frozen=True, slots=True)
class Introduction:
    """What `vehicle` tells."""

    vehicle: Vehicle
    link_loss: tuple[Text, ...]
    acts_on_link_loss: bool
    preflight: tuple[CheckItem, ...]


def introduce(link: VehicleLink) -> Introduction:
    """Who is there, what it would do on link loss, what the preflight says without a plan."""
    link.look()
    link.read_parameters(NAMES[link.vehicle.autopilot])
    facts = Facts(link.vehicle, link.station.stamp().monotonic_s)
    told = link_loss(facts)
    return Introduction(link.vehicle, told.sentences, told.acts, preflight(facts))


def outcome_values(outcomes: Sequence[Outcome], *, lang_said: Callable[[Text], str]) -> dict[str, Any]:
    """The JSON of a transfer verb: the figures of the main part (the route where there is one), and of each part."""
    worst = next((o for o in outcomes if not o.good), None)
    main = worst or next((o for o in outcomes if o.kind is PlanKind.MISSION), outcomes[-1])
    values: dict[str, Any] = {
        "outcome": main.ending.value,
        "items": main.items,
        "seconds": round(sum(o.seconds for o in outcomes), 3),
        "retries": sum(o.retries for o in outcomes),
        "reason": lang_said(main.reason),
        "type": main.kind.word,
        "item": main.item,
        "old_plan_on_board": main.restored,
    }
    values["parts"] = [
        {"type": o.kind.word, "outcome": o.ending.value, "items": o.items, "seconds": round(o.seconds, 3)}
        for o in outcomes
    ]
    return values
