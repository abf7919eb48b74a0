"""Pushing a list to the vehicle: its requests are taken for acknowledgements, and a window is sent ahead of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.pace import Awake, RoundTrip, Window, again_after_s, copies, push_window
from dronesampler.mavlink.transfer import Party
from dronesampler.mavlink.wire import MissionResult, PlanKind, WireItem, draft_of

PATIENCE_S = 30.0  # without a single answer
STALL_S = 10.0  # without a new item asked for


class PushEnd(Enum):
    """How it ended; only reading back tells what is on board."""

    ACCEPTED = auto()
    UNSURE = auto()  # all sent, the last word was lost
    REFUSED = auto()  # an item, or the list as a whole
    BUSY = auto()
    BROKEN = auto()  # the vehicle forgot about it: rebooted, timed out, or another station came in between
    SILENT = auto()


@dataclass(slots=True)
class Sent:
    """One item that was sent."""

    last_s: float = -1e9
    tries: int = 0


@dataclass(slots=True)
class Push:
    """One attempt to push a list. `wanted` is the item that the vehicle asked for last."""

    party: Party
    kind: PlanKind
    items: Sequence[WireItem]
    round_trip: RoundTrip = field(default_factory=RoundTrip)
    careful: bool = False  # stop-and-wait: to learn which item is refused, and for links that want it
    ended: PushEnd | None = None
    refusal: MissionResult | None = None
    judged_whole: bool = False  # refused when all of it had just arrived
    wanted: int = -1
    retries: int = 0
    opaque_id: int = 0
    _window: Window = field(default_factory=Window)
    _next: int = 0
    _furthest: int = 0
    _sent: dict[int, Sent] = field(default_factory=dict)
    _count_sent_s: float = 0.0
    _count_tries: int = 0
    _heard_s: float = 0.0
    _awake: Awake = field(default_factory=Awake)
    _progress_s: float = 0.0
    _moved_s: float = 0.0  # last time anything was sent or asked
    _back_s: float = -1e9
    _timeouts: int = 0
    _lower: tuple[int, int] = (-1, 0)
    _errors: int = 0
    _gap: bool = False  # the vehicle got an item that it does not want yet

    def __post_init__(self) -> None:
        self._window = Window(1.0, 1.0, 1.0) if self.careful else push_window(self.party.bytes_per_s)

    def start(self, now_s: float) -> list[Draft]:
        self._heard_s = self._progress_s = now_s
        return self._count(now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        if self.ended or message.name not in ("MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK"):
            return []
        if not self.party.addressed(message, self.kind):
            return []
        self._heard_s = now_s
        if message.name == "MISSION_ACK":
            return self._acknowledged(message, now_s)
        return self._requested(message["seq"], now_s)

    def tick(self, now_s: float) -> list[Draft]:
        if self.ended:
            return []
        slept_s = self._awake.slept_s(now_s)
        self._heard_s += slept_s
        self._progress_s += slept_s
        if now_s - self._heard_s > PATIENCE_S * self.party.patience:
            self.ended = PushEnd.SILENT
        elif self.wanted < 0:
            if now_s - self._count_sent_s >= again_after_s(self.round_trip, self._count_tries):
                return self._count(now_s)
        elif self._all_sent and now_s - self._progress_s > self._last_word_s:
            self.ended = PushEnd.UNSURE
        elif now_s - self._progress_s > max(STALL_S * self.party.patience, 6 * self.round_trip.timeout_s):
            self.ended = PushEnd.BROKEN
        elif self._gap:
            return self._close_gap(now_s)
        elif now_s - self._moved_s >= again_after_s(self.round_trip, self._timeouts):
            self._timeouts += 1
            self._window.timed_out()
            at_most = 1 if self._window.most == 1 else 2
            return self._send_from(self.wanted, now_s, at_most=at_most) * copies(self._timeouts)
        return []

    def resume(self, now_s: float) -> list[Draft]:
        """It was not over after all: the vehicle still waits for items."""
        self.ended = None
        self._heard_s = self._progress_s = now_s
        self._furthest = self.wanted
        return self._go_back(now_s)

    @property
    def _all_sent(self) -> bool:
        return self._furthest >= len(self.items)

    @property
    def _last_word_s(self) -> float:
        # PX4 repeats its last word for a doubled last item, and gives an upload up after 5 s of silence.
        least_s = 4.0 if self.party.personality.atomic else 0.0
        return max(2.2 * self.party.personality.asks_again_s, 3 * self.round_trip.timeout_s, least_s)

    def _count(self, now_s: float) -> list[Draft]:
        self.retries += self._count_tries > 0
        self._count_tries += 1
        self._count_sent_s = self._moved_s = now_s
        count = draft_of("MISSION_COUNT", system=self.party.vehicle, kind=self.kind, count=len(self.items))
        return [count] * copies(self._count_tries)

    def _requested(self, sequence: int, now_s: float) -> list[Draft]:
        if sequence >= len(self.items):
            return []
        if self.wanted < 0 and sequence > 0:
            return []  # of an older transfer
        if sequence > self.wanted:
            return self._progressed(sequence, now_s)
        if sequence == self.wanted:
            sent = self._sent.get(sequence)
            in_flight = sent is not None and now_s - sent.last_s < max(0.9 * self.round_trip.about_s, 0.05)
            return [] if in_flight else self._go_back(now_s)
        return self._asked_lower(sequence, now_s)

    def _progressed(self, sequence: int, now_s: float) -> list[Draft]:
        if self.wanted < 0 and self._count_tries == 1:
            self.round_trip.note(now_s - self._count_sent_s)
        sent = self._sent.get(sequence - 1)
        if sent is not None:
            self.round_trip.answered(now_s, sent_s=sent.last_s, tries=sent.tries)
        self._window.progressed(sequence - max(self.wanted, 0))
        self.wanted = sequence
        self._progress_s = self._moved_s = now_s
        self._timeouts = self._errors = 0
        self._lower = (-1, 0)
        if self._gap:
            return self._close_gap(now_s)
        return self._send_from(max(self._next, sequence), now_s)

    def _close_gap(self, now_s: float) -> list[Draft]:
        self._gap = False
        self._window.lost()
        return self._go_back(now_s)

    def _asked_lower(self, sequence: int, now_s: float) -> list[Draft]:
        """A late request, or a vehicle that began anew because our count came twice: believed the second time."""
        times = self._lower[1] + 1 if self._lower[0] == sequence else 1
        self._lower = (sequence, times)
        if times < 2 and now_s - self._progress_s < self.round_trip.timeout_s:
            return []
        self.wanted = sequence
        self._progress_s = now_s
        self._lower = (-1, 0)
        return self._go_back(now_s)

    def _acknowledged(self, message: Message, now_s: float) -> list[Draft]:
        result = MissionResult(min(message["type"], 15))
        if result is MissionResult.INVALID_SEQUENCE:
            # One of the items ahead arrived without its forerunner. Which one is wanted comes in a moment.
            ahead = self._window.most > 1 and self.wanted >= 0
            self._gap = ahead and now_s - self._back_s >= 0.97 * self.round_trip.about_s
            return []
        if result is MissionResult.ACCEPTED:
            if self._all_sent and (self.wanted >= 0 or not self.items):
                self.ended, self.opaque_id = PushEnd.ACCEPTED, message["opaque_id"]
            return []
        if result is MissionResult.ERROR and self._may_be_of_before(now_s):
            return []
        self.refusal = result
        self.ended = self._end_of(result, now_s)
        return []

    def _may_be_of_before(self, now_s: float) -> bool:
        """ArduPilot answers items that it does not want with ERROR, also those of an attempt that is over."""
        if self.party.personality.atomic or self._all_sent:
            return False
        self._errors += 1
        settled = now_s - self._progress_s > 1.5 * self.round_trip.about_s + 0.05
        return self.wanted < 0 or self._errors < 2 or not settled

    def _end_of(self, result: MissionResult, now_s: float) -> PushEnd:
        if result is MissionResult.OPERATION_CANCELLED:
            return PushEnd.BROKEN
        if result is MissionResult.DENIED or (result is MissionResult.ERROR and self.wanted < 0):
            return PushEnd.BUSY
        if result is MissionResult.ERROR:
            # After the end: a doubled last item, or a list that is wrong as a whole. Before: it knows of no upload.
            # One that gave the upload up long ago says ERROR to every item; that is no judgement.
            self.judged_whole = self._all_sent and now_s - self._progress_s < STALL_S * self.party.patience / 2
            return PushEnd.UNSURE if self._all_sent else PushEnd.BROKEN
        return PushEnd.REFUSED

    def _go_back(self, now_s: float) -> list[Draft]:
        self._back_s = now_s
        self._gap = False
        return self._send_from(self.wanted, now_s)

    def _send_from(self, first: int, now_s: float, *, at_most: int | None = None) -> list[Draft]:
        end = min(self.wanted + int(self._window), len(self.items))
        if at_most is not None:
            end = min(max(end, first + 1), first + at_most, len(self.items))
        drafts = []
        for sequence in range(first, end):
            sent = self._sent.setdefault(sequence, Sent())
            self.retries += sent.tries > 0
            sent.last_s = now_s
            sent.tries += 1
            drafts.append(self.items[sequence].draft(sequence, kind=self.kind, system=self.party.vehicle))
        if drafts:
            self._moved_s = now_s
        self._next = max(end, first)
        self._furthest = max(self._furthest, self._next)
        return drafts
