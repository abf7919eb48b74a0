"""Filling vessels by itself in a live patrol: what the pilot armed on the ground, watched reading by reading."""

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace

from dronesampler.casework.filling import AxisWatch, FillOrder, Move, Valve
from dronesampler.clock import Clock
from dronesampler.commands import ArmFilling, SwitchSampler
from dronesampler.events import CommandProgressed, Event, Stage
from dronesampler.flight.vehicle import Vehicle
from dronesampler.session.feed import LiveReading
from dronesampler.texts import Text

EXPIRES_S = 3.0  # a valve that opens later than that is no longer at the axis
AGAIN_S, LATEST_AGAIN_S = 2.0, 30.0  # a valve that was not seen to shut is told again, ever more rarely
STILL_OPEN = Text(
    "容器“{vessel}”的阀门尚未确认关闭，不能重新启用自动采样",
    "the valve of vessel {vessel!r} has not been confirmed shut: filling by itself is not armed anew",
)
_DONE = (Stage.ACCEPTED, Stage.OBSERVED)
_NOT_DONE = (Stage.EXPIRED, Stage.UNANSWERED, Stage.REFUSED)
Channel = tuple[str, str]  # component, quantity


class Filling:
    """Owned by the session's thread. Without an order it asks for nothing.

    One channel is followed: the first that gives a good reading of the quantity in the order (of any, where it names
    none), for the background of one instrument says nothing of another. Times are monotonic inside, so that a wall
    clock that is set neither holds a valve open nor shuts it early; what it tells is unix time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watch: AxisWatch | None = None
        self._due: list[Valve] = []
        self._followed: Channel | None = None
        self._shutting: Valve | None = None  # what was last told to shut
        self._shut_id: int | None = None
        self._sure = False  # it is known to be shut
        self._again_s = math.inf
        self._wait_s = AGAIN_S

    @property
    def left(self) -> tuple[str, ...]:
        """Vessels that are still empty."""
        return self._watch.left if self._watch else ()

    def arm(self, intent: ArmFilling, vehicle: Vehicle) -> Text | None:
        """Take the order, on the ground only; why not, or None. An order without vessels calls it off at any time."""
        if not intent.vessels:
            self._call_off()
            return None
        order = FillOrder(
            vessels=intent.vessels,
            seconds=intent.seconds,
            output=intent.output,
            relay=intent.relay,
            open_value=intent.open_value,
            shut_value=intent.shut_value,
            quantity=intent.quantity,
            least_excess_mg_m3=intent.least_excess_mg_m3,
        )
        against = order.why_not(armed=vehicle.armed, in_air=bool(vehicle.in_air)) or self._still_open()
        if against is None:
            self._watch, self._followed = AxisWatch(order), None
        return against

    def answer(
        self, intent: ArmFilling, vehicle: Vehicle, *, note: Callable[[str, dict[str, object]], None]
    ) -> Text | None:
        """Take the order and put it on record with what came of it; why not, or None."""
        against = self.arm(intent, vehicle)
        note("filling", {**asdict(intent), "refused": {"zh": against.zh, "en": against.en} if against else None})
        return against

    def hear(self, readings: Iterable[LiveReading], vehicle: Vehicle) -> None:
        """Readings as they come; their arrival is the time that counts for a valve."""
        if self._watch is None:
            return
        now_s = self._clock.monotonic_s()
        for r in readings:
            if self._follows(r):
                self._due += self._watch.after(now_s, r.value_mg_m3, ok=r.ok, in_air=bool(vehicle.in_air))

    def progressed(self, event: Event) -> None:
        """What became of a command: a valve that was not shut is told again."""
        if self._shutting is None or not isinstance(event, CommandProgressed) or event.command_id != self._shut_id:
            return
        if event.stage in _DONE:
            self._sure, self._again_s = True, math.inf
        elif event.stage in _NOT_DONE:
            self._sure = False
            self._again_s = self._clock.monotonic_s() + self._wait_s * self._clock.factor
            self._wait_s = min(2.0 * self._wait_s, LATEST_AGAIN_S)

    def switched(self, intent: SwitchSampler) -> None:
        """A person has moved the valve: what they want counts, and it is not told to shut again."""
        order = self._watch.order if self._watch else None
        if order is not None and (intent.output, intent.relay) == (order.output, order.relay):
            self._shutting = None

    def moves(self) -> list[Valve]:
        """What the valve should do now, in unix time; each is told once, but a shutting until it is confirmed."""
        now_s = self._clock.monotonic_s()
        if self._watch is not None:
            self._due += self._watch.tick(now_s)
        due, self._due = self._due, []
        if self._shutting is not None and not due and now_s >= self._again_s:
            due = [replace(self._shutting, move=Move.SHUT_AGAIN, at_s=now_s)]
        return [self._in_unix_time(valve, now_s) for valve in due]

    def end(self) -> list[Valve]:
        """What the valve should do at the end of a session: one that is open, or may be, is shut."""
        now_s = self._clock.monotonic_s()
        last = self.moves()
        if self._watch is not None and self._watch.filling is not None:
            last.append(self._in_unix_time(Valve(Move.SHUT, self._watch.filling, now_s), now_s))
        elif self._shutting is not None and not self._sure and not last:
            last.append(self._in_unix_time(replace(self._shutting, move=Move.SHUT_AGAIN, at_s=now_s), now_s))
        return last

    def intent(self, valve: Valve, *, id: int) -> SwitchSampler:
        """The intent that moves the valve; from now on its progress counts."""
        assert self._watch is not None
        order = self._watch.order
        opens = valve.move is Move.OPEN
        self._shutting, self._shut_id = (None if opens else valve), id
        self._sure, self._again_s = False, math.inf
        if valve.move is not Move.SHUT_AGAIN:
            self._wait_s = AGAIN_S
        value = order.open_value if opens else order.shut_value
        expires_s = self._clock.monotonic_s() + EXPIRES_S * self._clock.factor
        return SwitchSampler(id, expires_s, "plume axis", output=order.output, relay=order.relay, value=value)

    def valve_note(self, valve: Valve) -> dict[str, object]:
        """The journal's words for a move of the valve, with the channel that it answers."""
        component, quantity = self._followed or ("", "")
        return {**valve_note(valve), "component": component, "quantity": quantity}

    def _follows(self, reading: LiveReading) -> bool:
        assert self._watch is not None
        if self._followed is None and reading.ok and self._watch.order.quantity in ("", reading.quantity):
            self._followed = reading.component, reading.quantity
        return self._followed == (reading.component, reading.quantity)

    def _in_unix_time(self, valve: Valve, now_s: float) -> Valve:
        ahead_s = self._clock.unix_s() - now_s
        return replace(valve, at_s=valve.at_s + ahead_s, top_s=valve.top_s + ahead_s)

    def _still_open(self) -> Text | None:
        filling = self._watch.filling if self._watch else None
        waiting = self._shutting.vessel if self._shutting and not self._sure else None
        vessel = filling or waiting
        return STILL_OPEN.with_(vessel=vessel) if vessel else None

    def _call_off(self) -> None:
        """No further vessel; one that is being filled is still shut in its time."""
        if self._watch is not None:
            self._watch.call_off()


def valve_note(valve: Valve) -> dict[str, object]:
    """The journal's words for a move of the valve."""
    figures = {
        "top_mg_m3": valve.top_mg_m3,
        "top_unix_s": valve.top_s,
        "background_mg_m3": valve.background_mg_m3,
        "sigmas": valve.sigmas,
    }
    known = {name: value for name, value in figures.items() if math.isfinite(value)}
    return {"move": valve.move.value, "vessel": valve.vessel, "at_unix_s": valve.at_s, "by": "plume axis", **known}


def switch_note(intent: SwitchSampler, unix_s: float) -> dict[str, object]:
    """The journal's words for a valve that a person moves: the vessel is not known, the output is."""
    return {
        "move": "switch",
        "output": intent.output,
        "relay": intent.relay,
        "value": intent.value,
        "at_unix_s": unix_s,
        "by": intent.operator,
        "id": intent.id,
    }
