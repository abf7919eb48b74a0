"""PX4 tells refusals and failsafes by numbered events, once each: the numbers that are missing are asked for again."""

from dataclasses import dataclass, field

from dronesampler.mavlink.dialect import AUTOPILOT_COMPONENT, Draft, Message

AGAIN_S = 0.4
TRIES = 10
MOST = 40  # a longer gap is a reboot, or a link that was away: the vehicle keeps about so many itself
ROUND = 65_536
RESET = 1  # MAV_EVENT_CURRENT_SEQUENCE_FLAGS_RESET


@dataclass(slots=True)
class EventGaps:
    """Of one vehicle. `settled` says that every event up to now is here, as far as the vehicle can say."""

    vehicle: int = 1
    _next: int | None = None  # the number that the next event will have
    _missing: list[int] = field(default_factory=list)
    _asked_s: float = -1e9
    _tries: int = 0
    _probing: bool = False

    @property
    def known(self) -> bool:
        """A number was heard: before that nothing can be asked for."""
        return self._next is not None

    @property
    def settled(self) -> bool:
        return not self._missing

    def begin_anew(self) -> None:
        """The vehicle was restarted: its numbers begin anew, and what looks like an old one is a new event."""
        self._forget()
        self._next = None

    def probe(self) -> None:
        """Ask for the event after the last one: its absence, confirmed by the vehicle, proves that none was lost."""
        if self._next is not None and not self._probing:
            self._probing = True
            self._want([self._next])

    def take(self, message: Message) -> bool:
        """False for an event that was heard before."""
        if message.system != self.vehicle:
            return True
        if message.name == "EVENT":
            return self._event(message["sequence"])
        if message.name == "CURRENT_EVENT_SEQUENCE":
            self._told_of(message["sequence"], reset=bool(message["flags"] & RESET))
        elif message.name == "RESPONSE_EVENT_ERROR":
            self._unavailable(message["sequence"])
        return True

    def tick(self, now_s: float) -> list[Draft]:
        """To be called at least every 100 ms."""
        if not self._missing or now_s - self._asked_s < AGAIN_S:
            return []
        if self._tries >= TRIES:  # firmware that does not know the question
            self._forget()
            return []
        self._asked_s = now_s
        self._tries += 1
        first = last = self._missing[0]
        while (last + 1) % ROUND in self._missing:
            last = (last + 1) % ROUND
        target = {"target_system": self.vehicle, "target_component": AUTOPILOT_COMPONENT}
        return [Draft("REQUEST_EVENT", {**target, "first_sequence": first, "last_sequence": last})]

    def _event(self, sequence: int) -> bool:
        if sequence in self._missing:
            self._missing.remove(sequence)
            self._tries = 0
            if sequence == self._next:
                self._advance(sequence)
            return True
        ahead = self._ahead(sequence)
        if ahead is not None and ahead < 0:
            return False
        self._told_of(sequence - 1, reset=ahead is None)
        self._advance(sequence)
        return True

    def _ahead(self, sequence: int) -> int | None:
        """How far beyond the expected number, negative for one from before; None where the row begins anew."""
        if self._next is None:
            return None
        ahead = (sequence - self._next + ROUND // 2) % ROUND - ROUND // 2
        return ahead if abs(ahead) <= MOST else None

    def _told_of(self, sequence: int, *, reset: bool) -> None:
        """The newest event has that number."""
        ahead = self._ahead(sequence)
        if reset or ahead is None:
            self._forget()
            self._next = (sequence + 1) % ROUND
        elif ahead >= 0:
            assert self._next is not None
            self._want([(self._next + n) % ROUND for n in range(ahead + 1)])
            self._next = (sequence + 1) % ROUND

    def _advance(self, sequence: int) -> None:
        self._next = (sequence + 1) % ROUND
        if self._probing:
            self._want([self._next])

    def _unavailable(self, sequence: int) -> None:
        if sequence in self._missing:
            self._missing.remove(sequence)
            self._tries = 0
        if sequence == self._next:
            self._probing = False

    def _want(self, sequences: list[int]) -> None:
        if not self._missing:
            self._tries, self._asked_s = 0, -1e9
        self._missing += [n for n in sequences if n not in self._missing]

    def _forget(self) -> None:
        self._missing.clear()
        self._tries = 0
        self._probing = False
