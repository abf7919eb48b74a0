"""Reading a list from the vehicle: windowed requests where any item may be asked for, one by one where not."""

from dataclasses import dataclass, field
from enum import Enum, auto

from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.pace import Awake, RoundTrip, Window, again_after_s, copies, fetch_window
from dronesampler.mavlink.transfer import Party
from dronesampler.mavlink.wire import MissionResult, PlanKind, WireItem, draft_of, item_in

PATIENCE_S = 30.0  # without a single answer
STALL_S = 4.0  # without a new item: ask for the list again, keeping what is there
BUSY_PATIENCE_S = 12.0  # a vehicle gives an abandoned transfer up after 5 (PX4) or 8 s (ArduPilot)
BUSY_WAIT_S = 0.7


class FetchEnd(Enum):
    """How it ended."""

    WHOLE = auto()
    SILENT = auto()
    BUSY = auto()
    REFUSED = auto()


@dataclass(slots=True)
class Asked:
    """One item that was asked for."""

    last_s: float = 0.0
    tries: int = 0


@dataclass(slots=True)
class Fetch:
    """One list being read. `items` holds what has come so far, so a broken one can be taken up again."""

    party: Party
    kind: PlanKind
    round_trip: RoundTrip = field(default_factory=RoundTrip)
    careful: bool = False  # one by one, also where the table would allow more
    ended: FetchEnd | None = None
    count: int | None = None
    opaque_id: int = 0
    retries: int = 0
    refusal: MissionResult | None = None
    items: dict[int, WireItem] = field(default_factory=dict)
    _window: Window = field(default_factory=Window)
    _asked: dict[int, Asked] = field(default_factory=dict)
    _cursor: int = 0  # the next one in order, where order matters
    _listing: bool = True
    _list_sent_s: float = 0.0
    _list_tries: int = 0
    _heard_s: float = 0.0
    _awake: Awake = field(default_factory=Awake)
    _new_s: float = 0.0
    _busy_since_s: float | None = None

    def __post_init__(self) -> None:
        self._window = fetch_window(self.party.bytes_per_s, random_access=self.party.personality.random_access)

    @property
    def result(self) -> tuple[WireItem, ...]:
        """The list in order; only of use once whole."""
        return tuple(self.items[n] for n in range(self.count or 0))

    @property
    def blocked(self) -> bool:
        """The vehicle says that another transfer is open."""
        return self._busy_since_s is not None

    def start(self, now_s: float) -> list[Draft]:
        self._heard_s = self._new_s = now_s
        return self._ask_list(now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        if self.ended or message.name not in ("MISSION_COUNT", "MISSION_ITEM_INT", "MISSION_ACK"):
            return []
        if not self.party.addressed(message, self.kind):
            return []
        self._heard_s = now_s
        if message.name == "MISSION_COUNT":
            return self._counted(message, now_s)
        if message.name == "MISSION_ITEM_INT":
            return self._received(message, now_s)
        return self._denied(MissionResult(min(message["type"], 15)), now_s)

    def tick(self, now_s: float) -> list[Draft]:
        if self.ended:
            return []
        slept_s = self._awake.slept_s(now_s)
        self._heard_s += slept_s
        self._new_s += slept_s
        if now_s - self._heard_s > PATIENCE_S * self.party.patience:
            self.ended = FetchEnd.SILENT
            return []
        if self._listing:
            wait_s = BUSY_WAIT_S if self._busy_since_s else again_after_s(self.round_trip, self._list_tries)
            return self._ask_list(now_s) if now_s - self._list_sent_s >= wait_s else []
        if now_s - self._new_s > max(STALL_S * self.party.patience, 4 * self.round_trip.timeout_s):
            self._start_over(now_s)
            return self._ask_list(now_s)
        return self._ask_due(now_s)

    def _ask_list(self, now_s: float) -> list[Draft]:
        self.retries += self._list_tries > 0
        self._list_tries += 1
        self._list_sent_s = now_s
        return [self._draft("MISSION_REQUEST_LIST")] * copies(self._list_tries)

    def _draft(self, name: str, **fields: int) -> Draft:
        return draft_of(name, system=self.party.vehicle, kind=self.kind, **fields)

    def _start_over(self, now_s: float) -> None:
        """Ask for the list again; what we hold is kept as long as count and id stay the same."""
        self._listing = True
        self._asked.clear()
        self._cursor = 0
        self._new_s = now_s
        self._list_tries = 0
        self.retries += 1

    def _counted(self, message: Message, now_s: float) -> list[Draft]:
        if self._list_tries == 1 and self._listing:
            self.round_trip.note(now_s - self._list_sent_s)
        if not self._listing and message["count"] == self.count:
            return []  # a doubled answer
        if (message["count"], message["opaque_id"]) != (self.count, self.opaque_id):
            self.items.clear()
        self.count, self.opaque_id = message["count"], message["opaque_id"]
        self._listing = False
        self._busy_since_s = None
        self._new_s = now_s
        self._asked.clear()
        self._cursor = 0
        return self._whole() or self._ask_due(now_s)

    def _received(self, message: Message, now_s: float) -> list[Draft]:
        sequence = message["seq"]
        if self.count is None or self._listing or sequence >= self.count:
            return []
        asked = self._asked.pop(sequence, None)
        if asked is not None:
            self.round_trip.answered(now_s, sent_s=asked.last_s, tries=asked.tries)
            self._window.progressed(int(asked.tries == 1))
        if sequence not in self.items or sequence >= self._cursor:
            self._new_s = now_s
        self.items[sequence] = item_in(message)
        self._cursor = max(self._cursor, sequence + 1)
        return self._whole() or self._ask_due(now_s)

    def _whole(self) -> list[Draft]:
        if self.count is None or len(self.items) < self.count:
            return []
        self.ended = FetchEnd.WHOLE
        return [self._draft("MISSION_ACK", type=int(MissionResult.ACCEPTED))]

    def _denied(self, result: MissionResult, now_s: float) -> list[Draft]:
        if result in (MissionResult.ACCEPTED, MissionResult.INVALID_SEQUENCE):
            return []  # the end of something else
        if result in (MissionResult.UNSUPPORTED, MissionResult.NO_SPACE) and self._listing:
            self.ended, self.refusal = FetchEnd.REFUSED, result
            return []
        if self._listing:
            if result is not MissionResult.DENIED:
                return []  # of a push that went before
            if self._busy_since_s is None:
                self._busy_since_s = now_s
            elif now_s - self._busy_since_s > BUSY_PATIENCE_S:
                self.ended, self.refusal = FetchEnd.BUSY, result
                return []
            # A read-out of ours that the vehicle believes unfinished blocks it: close it.
            return [self._draft("MISSION_ACK", type=int(MissionResult.ACCEPTED))]
        # PX4 ends a read-out when an item is asked for out of order, as a lost request makes it look.
        self.careful = True
        self._start_over(now_s)
        return self._ask_list(now_s)

    def _ask_due(self, now_s: float) -> list[Draft]:
        """Requests for what is missing: those that timed out, then new ones as far as the window goes."""
        count = self.count or 0
        if self.careful and not self.party.personality.random_access:
            wanted, room = range(self._cursor, min(self._cursor + 1, count)), 1
        elif not self.party.personality.random_access:
            wanted, room = range(self._cursor, count), int(self._window)
        else:
            wanted, room = range(count), int(self._window)
        drafts: list[Draft] = []
        open_ = 0
        for sequence in wanted:
            if open_ >= room:
                break
            if sequence in self.items and not self.careful and self.party.personality.random_access:
                continue
            open_ += 1
            asked = self._asked.setdefault(sequence, Asked())
            if asked.tries and now_s - asked.last_s < again_after_s(self.round_trip, asked.tries):
                continue
            if asked.tries:
                self.retries += 1
                self._window.lost()
            drafts += [self._draft("MISSION_REQUEST_INT", seq=sequence)] * copies(asked.tries)
            asked.last_s = now_s
            asked.tries += 1
        return drafts
