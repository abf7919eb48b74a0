"""Commands on their way: sent, accepted, observed. An acknowledgement is a promise, only the state is proof."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import IntEnum

from dronesampler.commands import Intent
from dronesampler.events import CommandProgressed, Event, Stage, Stamp
from dronesampler.flight.rules import CHANGES_MODE, MOVING, may_resend, refusal
from dronesampler.flight.steps import MOVING_EXPIRES_S
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT, GROUND_COMPONENT, GROUND_SYSTEM, Draft, Message
from dronesampler.mavlink.orders import Order, orders_of
from dronesampler.mavlink.transfer import Overheard
from dronesampler.texts import Lang, Text

TRIES = 6
LEAST_ROUND_TRIP_S = 0.1
ANSWER_S = 0.7  # before a command is sent again
FRESH_STATE_S = 1.2  # before one that must not be doubled is sent again, with a heartbeat seen in between
IN_PROGRESS_S = 5.0
BUSY_WAIT_S = 1.0
WORDS_S = 0.4  # the reason comes as a text just before or after the refusal


class CommandResult(IntEnum):
    """MAV_RESULT."""

    ACCEPTED = 0
    TEMPORARILY_REJECTED = 1
    DENIED = 2
    UNSUPPORTED = 3
    FAILED = 4
    IN_PROGRESS = 5
    CANCELLED = 6
    LONG_ONLY = 7
    INT_ONLY = 8
    UNSUPPORTED_FRAME = 9


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes of a step: messages to send and events to tell."""

    send: tuple[Draft, ...] = ()
    said: tuple[Event, ...] = ()

    def __add__(self, other: "Turn") -> "Turn":
        return Turn(self.send + other.send, self.said + other.said)


NOTHING = Turn()


@dataclass(slots=True)
class OrderRun:
    """One command until it is observed, refused or given up. `stage` only moves on."""

    order: Order
    target: int
    expires_s: float
    round_trip_s: float = LEAST_ROUND_TRIP_S
    stage: Stage | None = None
    words: str = ""
    _as_int: bool = False
    _tries: int = 0
    _first_s: float = 0.0
    _sent_s: float = 0.0
    _accepted_s: float = 0.0
    _wait_s: float = ANSWER_S
    _refused: tuple[float, CommandResult] | None = None
    _overheard: Overheard = field(default_factory=lambda: Overheard(0))

    def __post_init__(self) -> None:
        self._as_int = self.order.place is not None
        self._overheard = Overheard(self.target)

    @property
    def over(self) -> bool:
        done = self.stage in (Stage.OBSERVED, Stage.REFUSED, Stage.EXPIRED, Stage.UNANSWERED)
        return done or (self.stage is Stage.ACCEPTED and self.order.seen is None)

    @property
    def first_sent_s(self) -> float:
        return self._first_s

    def start(self, now_s: float) -> list[Draft]:
        if now_s > self.expires_s:
            self.stage = Stage.EXPIRED
            return []
        self.stage = Stage.COMMANDED
        self._first_s = now_s
        return self._send(now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        self._overheard.take(message, now_s)
        if self.over or message.name != "COMMAND_ACK" or not self._for_us(message):
            return []
        result = CommandResult(min(message["result"], 9))
        if result is CommandResult.ACCEPTED:
            # PX4 says so first whatever it will do; a refusal that follows takes it back.
            if self.stage is Stage.COMMANDED and self._refused is None:
                self.stage, self._accepted_s = Stage.ACCEPTED, now_s
        elif result is CommandResult.IN_PROGRESS:
            self._sent_s, self._wait_s = now_s, IN_PROGRESS_S
        elif result in (CommandResult.LONG_ONLY, CommandResult.INT_ONLY):
            return self._other_form(result, now_s)
        elif self._only_busy(result):
            self._sent_s, self._wait_s = now_s, BUSY_WAIT_S
        else:
            self._refused = self._refused or (now_s, result)
        return []

    def tick(self, vehicle: Vehicle, now_s: float, *, resend: bool = True) -> list[Draft]:
        """Judge by the vehicle's state; send again where that is due and allowed."""
        if self.over:
            return []
        if self.order.seen is not None and self._state_is_new(vehicle) and self.order.seen(vehicle):
            self.stage = Stage.OBSERVED
        elif self._refused is not None:
            if now_s - self._refused[0] >= WORDS_S:
                said = self._overheard.since(self._first_s - 0.2)
                self.stage = Stage.REFUSED
                self.words = said or self._refused[1].name
        elif self.stage is Stage.ACCEPTED:
            if now_s - self._accepted_s > self.order.seen_within_s + 2 * self.round_trip_s:
                self.stage = Stage.UNANSWERED
        elif now_s - self._sent_s >= self._wait_s:
            return self._again(vehicle, now_s, resend=resend)
        return []

    def _only_busy(self, result: CommandResult) -> bool:
        """Worth another try. After an ACCEPTED it is PX4's real answer, and a no."""
        rejected = result is CommandResult.TEMPORARILY_REJECTED
        return rejected and self.order.repeatable and self._tries < 3 and self.stage is Stage.COMMANDED

    def _state_is_new(self, vehicle: Vehicle) -> bool:
        return vehicle.heartbeat_s is not None and vehicle.heartbeat_s >= self._first_s

    def _for_us(self, message: Message) -> bool:
        return (
            message.system == self.target
            and message.component == AUTOPILOT_COMPONENT
            and message["command"] == self.order.command
            and message["target_system"] in (0, GROUND_SYSTEM)
            and message["target_component"] in (0, GROUND_COMPONENT)
        )

    def _other_form(self, result: CommandResult, now_s: float) -> list[Draft]:
        as_int = result is CommandResult.INT_ONLY
        if as_int == self._as_int:
            self._refused = (now_s, result)
            return []
        self._as_int = as_int
        return self._send(now_s)

    def _again(self, vehicle: Vehicle, now_s: float, *, resend: bool) -> list[Draft]:
        if not resend or now_s > self.expires_s:
            self.stage = Stage.EXPIRED
            return []
        if self._tries >= TRIES:
            self.stage = Stage.UNANSWERED
            return []
        if not self.order.repeatable:
            # Only when its state was read after the last try, and shows that nothing happened.
            read = vehicle.heartbeat_s is not None and vehicle.heartbeat_s > self._sent_s + self.round_trip_s
            if now_s - self._sent_s < FRESH_STATE_S or not read:
                return []
        return self._send(now_s)

    def _send(self, now_s: float) -> list[Draft]:
        self._tries += 1
        self._sent_s = now_s
        self._wait_s = max(ANSWER_S, 1.5 * self.round_trip_s + 0.2)
        target = {"target_system": self.target, "target_component": AUTOPILOT_COMPONENT, "command": self.order.command}
        numbered = {f"param{n}": self.order.param(n) for n in range(1, 5)}
        if self._as_int:
            place = self.order.place or (0.0, 0.0, self.order.param(7), 0)
            where = {"frame": int(place[3]), "x": self.order.x, "y": self.order.y, "z": place[2]}
            return [Draft("COMMAND_INT", {**target, **numbered, **where})]
        if self.order.place:
            lat, lon, z, _ = self.order.place
            last = {"param5": lat, "param6": lon, "param7": z}
        else:
            last = {f"param{n}": self.order.param(n) for n in range(5, 8)}
        return [Draft("COMMAND_LONG", {**target, **numbered, **last, "confirmation": self._tries - 1})]


@dataclass(slots=True)
class IntentRun:
    """An intent's orders one after the other; the stages of the whole are told as events."""

    intent: Intent
    orders: tuple[Order, ...]
    target: int
    round_trip_s: float = LEAST_ROUND_TRIP_S
    over: bool = False
    _run: OrderRun | None = None
    _next: int = 0
    _told: Stage | None = None

    def start(self, at: Stamp) -> Turn:
        return self._begin(at)

    def take(self, message: Message, vehicle: Vehicle, at: Stamp) -> Turn:
        assert self._run is not None
        return Turn(tuple(self._run.take(message, at.monotonic_s))) + self.tick(vehicle, at)

    def tick(self, vehicle: Vehicle, at: Stamp) -> Turn:
        if self.over or self._run is None:
            return NOTHING
        resend = may_resend(self.intent, vehicle, first_sent_s=self._run.first_sent_s)
        turn = Turn(tuple(self._run.tick(vehicle, at.monotonic_s, resend=resend)))
        return turn + self._told_of(at)

    def superseded(self, at: Stamp) -> Turn:
        """A newer intent has taken its place."""
        self.over = True
        return self._tell(Stage.EXPIRED, at, words="superseded")

    def _begin(self, at: Stamp) -> Turn:
        self._run = OrderRun(self.orders[self._next], self.target, self.intent.expires_s, self.round_trip_s)
        self._next += 1
        return Turn(tuple(self._run.start(at.monotonic_s))) + self._told_of(at)

    def _told_of(self, at: Stamp) -> Turn:
        run = self._run
        assert run is not None
        last = self._next == len(self.orders)
        if run.over and run.stage in (Stage.OBSERVED, Stage.ACCEPTED) and not last:
            return self._begin(at)
        if not last and run.stage is Stage.ACCEPTED:
            return NOTHING  # the promise of a preparation is none of the intent
        self.over = run.over
        if run.stage is None or run.stage is self._told:
            return NOTHING
        turn = NOTHING
        if run.stage is Stage.OBSERVED and self._told is Stage.COMMANDED:
            turn = self._tell(Stage.ACCEPTED, at)  # the acknowledgement was lost; the state says that there was one
        return turn + self._tell(run.stage, at)

    def _tell(self, stage: Stage, at: Stamp, *, words: str = "") -> Turn:
        self._told = stage
        words = words or (self._run.words if self._run else "")
        return Turn(said=(CommandProgressed(at, type(self.intent).__name__, self.intent.id, stage, words),))


@dataclass(slots=True)
class Commander:
    """All commands of a session. A newer intent of the same kind replaces the older one."""

    lang: Lang = Lang.EN
    bound_to: str = ""
    round_trip_s: float = LEAST_ROUND_TRIP_S  # as measured; the station keeps it up to date
    _runs: dict[type[Intent], IntentRun] = field(default_factory=dict)

    def ask(self, intent: Intent, vehicle: Vehicle, at: Stamp, *, automatic: bool = False) -> Turn:
        """Send an intent, or say why not."""
        no = refusal(intent, vehicle, automatic=automatic, bound_to=self.bound_to)
        orders = no if no is not None else orders_of(intent, vehicle)
        if isinstance(orders, Text):
            words = orders.said(self.lang)
            return Turn(said=(CommandProgressed(at, type(intent).__name__, intent.id, Stage.REFUSED, words),))
        if isinstance(intent, MOVING):
            # What moves the aircraft is not sent later than a second after the key, whoever made the intent.
            latest_s = at.monotonic_s + MOVING_EXPIRES_S
            intent = replace(intent, expires_s=min(intent.expires_s, latest_s))
        turn = self._supersede(intent, at)
        run = IntentRun(intent, orders, vehicle.system_id or 1, self.round_trip_s)
        self._runs[type(intent)] = run
        return turn + run.start(at)

    def _supersede(self, intent: Intent, at: Stamp) -> Turn:
        """Whatever would move the aircraft elsewhere than the newest intent is not sent again."""
        turn = NOTHING
        for kind, run in list(self._runs.items()):
            if kind is type(intent) or (isinstance(intent, CHANGES_MODE) and issubclass(kind, CHANGES_MODE)):
                turn += run.superseded(at)
                del self._runs[kind]
        return turn

    def take(self, message: Message, vehicle: Vehicle, at: Stamp) -> Turn:
        return self._each(lambda run: run.take(message, vehicle, at))

    def tick(self, vehicle: Vehicle, at: Stamp) -> Turn:
        """To be called at least every 100 ms."""
        return self._each(lambda run: run.tick(vehicle, at))

    @property
    def busy(self) -> bool:
        return bool(self._runs)

    def cancel(self, kind: type[Intent]) -> None:
        """Nothing of that kind is sent again: the key was released, the window lost focus."""
        self._runs.pop(kind, None)

    def _each(self, step: "Callable[[IntentRun], Turn]") -> Turn:
        turn = NOTHING
        for run in list(self._runs.values()):
            turn += step(run)
        self._runs = {kind: run for kind, run in self._runs.items() if not run.over}
        return turn
