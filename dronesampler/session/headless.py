"""What a careful pilot would ask for, one thing after the other, when a patrol is flown without a window.

Connect, upload, wait until the vehicle is ready, arm, start, watch, and know when it is over. Sans-IO: fed the vehicle
and what happened, it returns intents; it never retries what moves the aircraft.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from dronesampler.commands import Arm, CancelUpload, Intent, Pause, ReturnHome, Start, StopMotors, Upload
from dronesampler.events import CommandProgressed, Event, Stage
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mission import Mission
from dronesampler.texts import Text

CONNECT_S, UPLOAD_S, READY_S, ARM_S, START_S = 60.0, 600.0, 120.0, 30.0, 30.0
SETTLE_S = 3.0  # ready for so long before arming, since the state of a second ago may be old
GONE_S = 300.0  # silence in the air after which the flight is given up as lost
EXPIRES_S = 5.0
REARMS = 3  # an autopilot disarms by itself some seconds after arming when nothing follows
ENDED_BADLY = (Stage.EXPIRED, Stage.UNANSWERED, Stage.REFUSED)
AFTERWARDS_S = 5.0  # the last readings are still on their way after landing

NOBODY = Text(
    "{link} 上没有飞控的心跳（等待 {seconds:.0f} 秒）；请检查链路和供电",
    "no vehicle's heartbeat on {link} within {seconds:.0f} s; check link and power",
)
NOT_READY = Text("飞控未就绪：{why}", "the vehicle did not become ready: {why}")
REFUSED = Text("{what} 被拒绝：{words}", "{what} was refused: {words}")
NOT_SEEN = Text(
    "{what} 已发出，但未观察到飞机执行（{stage}）", "{what} was sent, but not seen in the vehicle's state ({stage})"
)
LOST = Text(
    "空中链路中断 {seconds:.0f} 秒，最后位置 {where}；飞机由自身的失效保护处理",
    "the link has been silent for {seconds:.0f} s in the air, last seen at {where}; the vehicle's own failsafe has it",
)
INTERRUPTED = Text("操作员中断了飞行", "the operator interrupted the flight")
UPLOAD_STOPPED = Text("操作员中断了飞行：{words}", "the operator interrupted the flight: {words}")
STAYED_DOWN = Text(
    "飞机几次解锁并启动后都没有离地就自行上锁；请查看飞控的提示，检查电机、电调和任务第一项",
    "it was armed and started several times and disarmed itself each time without leaving the ground; see what the "
    "autopilot says, and check motors, speed controllers and the route's first item",
)
NO_GNSS = Text("卫星定位不足（fix {fix}）", "no satellite fix (fix {fix})")
NO_ESTIMATE = Text("位置估计未就绪", "the position estimate is not ready")
NO_HOME = Text("返航点未知", "home is not known")
NOT_HEALTHY = Text("解锁前检查未通过：{words}", "its own checks before arming do not pass: {words}")


class Phase(StrEnum):
    """Where a headless flight stands."""

    CONNECTING = "connecting"
    UPLOADING = "uploading"
    READYING = "readying"
    ARMING = "arming"
    STARTING = "starting"
    FLYING = "flying"
    LANDED = "landed"
    OVER = "over"


@dataclass(slots=True)
class HeadlessPilot:
    """One flight. `over` with an empty `failure` is a good end; it is never over while the aircraft is known armed."""

    mission: Mission
    link: str
    phase: Phase = Phase.CONNECTING
    failure: Text | None = None
    cut_short: Text | None = None  # a person's wish to end it before its end
    _wish: type[Intent] | None = None  # what an interrupt asks for as soon as the aircraft is in the air
    haste: float = 1.0  # the clock's factor: patience is measured by the wall, where the computer's own delays are
    _rearms: int = 0
    _left_ground: bool = False
    _furthest: int = -1
    _since_s: float | None = None
    _ready_since_s: float | None = None
    _next_id: int = 1
    _asked: int = 0
    _stages: dict[int, CommandProgressed] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.phase is Phase.OVER

    @property
    def complete(self) -> bool:
        """Whether the last place of the route was flown to."""
        places = [n for n, item in enumerate(self.mission.items) if item.has_place]
        return not places or self._furthest >= places[-1]

    def step(self, vehicle: Vehicle, happened: Iterable[Event], now_s: float) -> list[Intent]:
        """What to ask for now; to be called each turn."""
        for event in happened:
            if isinstance(event, CommandProgressed):
                self._stages[event.command_id] = event
        self._since_s = now_s if self._since_s is None else self._since_s
        match self.phase:
            case Phase.CONNECTING:
                return self._connecting(vehicle, now_s)
            case Phase.UPLOADING:
                return self._after_upload(vehicle, now_s)
            case Phase.READYING:
                return self._readying(vehicle, now_s)
            case Phase.ARMING:
                return self._arming(vehicle, now_s)
            case Phase.STARTING:
                start = self._asked_for("Start", vehicle, now_s, within_s=START_S, then=Phase.FLYING, ask=None)
                return start or self._wished(vehicle, now_s)
            case Phase.FLYING:
                return self._flying(vehicle, now_s)
            case Phase.LANDED if now_s - self._since_s >= AFTERWARDS_S:
                self._enter(Phase.OVER, now_s)
        return []

    def interrupted(self, times: int, now_s: float) -> None:
        """The operator's interrupt: the first holds, the second returns. Before arming it ends the flight.

        What it asks for comes with the next steps: a command under way to the motors is waited for first, and an upload
        until it has put the old plan back. The second interrupt of an upload does not wait for that.
        """
        self.cut_short = INTERRUPTED
        if self.phase is Phase.UPLOADING and times == 1:
            self._wish = CancelUpload
            return
        if self.phase in (Phase.ARMING, Phase.STARTING, Phase.FLYING):
            self._wish = Pause if times == 1 else ReturnHome
            return
        if self.phase is not Phase.LANDED:
            self.failure = INTERRUPTED
        self._enter(Phase.OVER, now_s)

    def _wished(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        if self._wish is None or not vehicle.in_air:
            return []
        kind, self._wish = self._wish, None
        return [kind(self._id(), self._expires_s(now_s), "headless")]

    def _arming(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        told = self._stages.get(self._asked)
        if self._rearms and vehicle.armed and told is not None and told.stage is Stage.REFUSED:
            # An earlier one of ours was done after it was given up, and this one is refused for that.
            self._stages[self._asked] = replace(told, stage=Stage.OBSERVED)
            if vehicle.in_air:
                self._enter(Phase.FLYING, now_s)
                return []
        asks = self._asked_for("Arm", vehicle, now_s, within_s=ARM_S, then=Phase.STARTING, ask=Start)
        if self.cut_short is None or self.phase is Phase.ARMING:
            return asks
        # Interrupted between arming and take-off: it is not started any more.
        return self._fail(self.cut_short, vehicle, now_s)

    def _enter(self, phase: Phase, now_s: float) -> None:
        self.phase, self._since_s = phase, now_s

    def _fail(self, reason: Text, vehicle: Vehicle, now_s: float) -> list[Intent]:
        """Not to a good end. An aircraft that is armed by now is brought down and waited for."""
        self.failure = reason
        if not vehicle.armed:
            self._enter(Phase.OVER, now_s)
            return []
        self._enter(Phase.FLYING, now_s)
        if vehicle.recovering or vehicle.pilot_has_it:
            return []
        kind = ReturnHome if vehicle.in_air else StopMotors
        return [kind(self._id(), self._expires_s(now_s), "headless")]

    def _id(self) -> int:
        self._next_id += 1
        return self._next_id

    def _expires_s(self, now_s: float) -> float:
        return now_s + EXPIRES_S * self.haste

    def _waited_s(self, now_s: float) -> float:
        """By the wall: a flight at many times its speed has the computer's own delays and no others."""
        assert self._since_s is not None
        return (now_s - self._since_s) / self.haste

    def _connecting(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        waited_s = self._waited_s(now_s)
        # Old firmware may never say its version; after a while its heartbeat is enough.
        if not (vehicle.connected and (vehicle.firmware or waited_s > CONNECT_S / 4)):
            gone = waited_s > CONNECT_S
            return self._fail(NOBODY.with_(link=self.link, seconds=CONNECT_S), vehicle, now_s) if gone else []
        self._enter(Phase.UPLOADING, now_s)
        self._asked = self._id()
        return [Upload(self._asked, self._expires_s(now_s), "headless", self.mission)]

    def _after_upload(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        if self._wish is not None:
            self._wish = None
            return [CancelUpload(self._id(), self._expires_s(now_s), "headless")]
        told = self._stages.get(self._asked)
        if self.cut_short is not None and told is not None and told.stage is Stage.REFUSED:
            return self._fail(UPLOAD_STOPPED.with_(words=told.words), vehicle, now_s)
        return self._asked_for("Upload", vehicle, now_s, within_s=UPLOAD_S, then=Phase.READYING, ask=None)

    def _readying(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        if self.cut_short is not None:
            return self._fail(self.cut_short, vehicle, now_s)  # interrupted while it was being armed
        why = not_ready(vehicle)
        if why is not None:
            self._ready_since_s = None
            return self._fail(NOT_READY.with_(why=why), vehicle, now_s) if self._waited_s(now_s) > READY_S else []
        self._ready_since_s = now_s if self._ready_since_s is None else self._ready_since_s
        if now_s - self._ready_since_s < SETTLE_S:
            return []
        self._enter(Phase.ARMING, now_s)
        self._asked = self._id()
        return [Arm(self._asked, self._expires_s(now_s), "headless")]

    def _asked_for(
        self,
        what: str,
        vehicle: Vehicle,
        now_s: float,
        *,
        within_s: float,
        then: Phase,
        ask: type[Intent] | None,
    ) -> list[Intent]:
        """Wait for the intent on its way to be seen in the vehicle's state, then go on."""
        told = self._stages.get(self._asked)
        stage = told.stage if told else None
        if stage is Stage.OBSERVED:
            self._enter(then, now_s)
            if ask is None:
                return []
            self._asked = self._id()
            return [ask(self._asked, self._expires_s(now_s), "headless")]
        if stage in ENDED_BADLY and what in ("Arm", "Start") and not vehicle.armed and self._may_rearm:
            # Its state was read, and says that it is not armed (or disarmed itself before it was started).
            return self._anew(now_s)
        if told is not None and stage is Stage.REFUSED:
            return self._fail(REFUSED.with_(what=what, words=told.words), vehicle, now_s)
        if stage in (Stage.EXPIRED, Stage.UNANSWERED) or self._waited_s(now_s) > within_s:
            return self._fail(NOT_SEEN.with_(what=what, stage=stage or "-"), vehicle, now_s)
        return []

    @property
    def _may_rearm(self) -> bool:
        return self._rearms < REARMS * self.haste

    def _anew(self, now_s: float) -> list[Intent]:
        """Back to where it was before arming: what moves the aircraft is asked for afresh, never resent."""
        self._rearms += 1
        self._ready_since_s = None
        self._enter(Phase.READYING, now_s)
        return []

    def _flying(self, vehicle: Vehicle, now_s: float) -> list[Intent]:
        # What was reached is remembered; the item it is at may have been missed between two looks.
        now_at = vehicle.mission.item if vehicle.mission is not None and vehicle.armed else -1
        self._furthest = max(self._furthest, now_at, *vehicle.reached)
        self._left_ground |= vehicle.in_air
        if vehicle.connected and not vehicle.armed:
            if not self._left_ground and self.failure is None and self.cut_short is None:
                # Started by what it said, then it disarmed itself on the ground.
                return self._anew(now_s) if self._may_rearm else self._fail(STAYED_DOWN, vehicle, now_s)
            self._enter(Phase.LANDED, now_s)
        elif vehicle.heartbeat_s is not None and now_s - vehicle.heartbeat_s > GONE_S:
            position = vehicle.position
            where = f"{position.lat_deg:.6f}, {position.lon_deg:.6f}" if position else "-"
            self.failure = LOST.with_(seconds=GONE_S, where=where)
            self._enter(Phase.OVER, now_s)
        return self._wished(vehicle, now_s)


def not_ready(vehicle: Vehicle) -> Text | None:
    """Why the vehicle is not ready to be armed: by its flags, not by its summary of sensors alone."""
    if vehicle.gnss is None or vehicle.gnss.fix_type < 3:
        return NO_GNSS.with_(fix=vehicle.gnss.fix_type if vehicle.gnss else "-")
    if vehicle.estimator is None or not vehicle.estimator.position_ok:
        return NO_ESTIMATE
    if vehicle.home is None:
        return NO_HOME
    if vehicle.readiness is not None and vehicle.readiness.ready is False:
        said = [words.text for words in vehicle.words if words.text.startswith("PreArm")]
        return NOT_HEALTHY.with_(words=said[-1] if said else ", ".join(vehicle.readiness.unhealthy) or "-")
    return None
