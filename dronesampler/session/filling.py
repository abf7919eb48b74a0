"""Filling vessels by itself in a live patrol: what the pilot armed on the ground, watched reading by reading."""

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict

from dronesampler.casework.filling import AxisWatch, FillOrder, Move, Valve
from dronesampler.clock import Clock
from dronesampler.commands import ArmFilling, SwitchSampler
from dronesampler.flight.vehicle import Vehicle
from dronesampler.session.feed import LiveReading
from dronesampler.texts import Text

EXPIRES_S = 3.0  # a valve that opens later than that is no longer at the axis


class Filling:
    """Owned by the session's thread. Without an order it asks for nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._watch: AxisWatch | None = None
        self._due: list[Valve] = []

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
            least_excess_mg_m3=intent.least_excess_mg_m3,
        )
        against = order.why_not(armed=vehicle.armed, in_air=bool(vehicle.in_air))
        if against is None:
            self._watch = AxisWatch(order)
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
        now_s = self._clock.unix_s()
        for r in readings:
            self._due += self._watch.after(now_s, r.value_mg_m3, ok=r.ok, in_air=bool(vehicle.in_air))

    def moves(self) -> list[Valve]:
        """What the valve should do now; each is told once."""
        if self._watch is not None:
            self._due += self._watch.tick(self._clock.unix_s())
        due, self._due = self._due, []
        return due

    def intent(self, valve: Valve, *, id: int) -> SwitchSampler:
        """The intent that moves the valve."""
        assert self._watch is not None
        order = self._watch.order
        value = order.open_value if valve.move is Move.OPEN else order.shut_value
        expires_s = self._clock.monotonic_s() + EXPIRES_S * self._clock.factor
        return SwitchSampler(id, expires_s, "plume axis", output=order.output, relay=order.relay, value=value)

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
