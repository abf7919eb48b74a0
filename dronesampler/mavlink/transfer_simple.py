"""The two short transfers: reading a list to keep it, and removing one with proof."""

from dataclasses import dataclass, field

from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.pace import RoundTrip
from dronesampler.mavlink.transfer import Ending, Outcome, Overheard, Party, Progress
from dronesampler.mavlink.transfer_fetch import Fetch, FetchEnd
from dronesampler.mavlink.transfer_words import BUSY, LIST_REFUSED, NO_ANSWER, SAID
from dronesampler.mavlink.wire import MissionResult, PlanKind, draft_of
from dronesampler.texts import Text

READING = Text("下载", "downloading")
CLEARING = Text("清除", "clearing")
STOPPED = Text("操作员取消了传输", "the operator cancelled the transfer")
NOT_CLEARED = Text("清除后机上仍有 {count} 项", "{count} items are still on board after clearing")
CLEAR_TRIES = 8
BUSY_PATIENCE_S = 12.0
BUSY_WAIT_S = 1.0


@dataclass(slots=True)
class Download:
    """Reads one list; the outcome's `stored` holds it."""

    party: Party
    kind: PlanKind
    outcome: Outcome | None = None
    _fetch: Fetch | None = None
    _began_s: float = 0.0

    def start(self, now_s: float) -> list[Draft]:
        self._began_s = now_s
        self._fetch = Fetch(self.party, self.kind)
        return self._fetch.start(now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        assert self._fetch is not None
        return [] if self.outcome else self._after(self._fetch.take(message, now_s), now_s)

    def tick(self, now_s: float) -> list[Draft]:
        assert self._fetch is not None
        return [] if self.outcome else self._after(self._fetch.tick(now_s), now_s)

    def cancel(self, now_s: float) -> list[Draft]:
        if self.outcome:
            return []
        self._finish(Ending.FAILED, STOPPED, now_s)
        stop = int(MissionResult.OPERATION_CANCELLED)
        return [draft_of("MISSION_ACK", system=self.party.vehicle, kind=self.kind, type=stop)]

    @property
    def progress(self) -> Progress:
        assert self._fetch is not None
        return Progress(READING, len(self._fetch.items), self._fetch.count or 1)

    def _after(self, drafts: list[Draft], now_s: float) -> list[Draft]:
        assert self._fetch is not None
        end = self._fetch.ended
        if end is FetchEnd.WHOLE:
            self._finish(Ending.STORED, Text("", ""), now_s)
        elif end is FetchEnd.SILENT:
            self._finish(Ending.FAILED, NO_ANSWER, now_s)
        elif end is FetchEnd.BUSY:
            self._finish(Ending.REFUSED, BUSY, now_s)
        elif end is FetchEnd.REFUSED:
            result = (self._fetch.refusal or MissionResult.UNSUPPORTED).name
            self._finish(Ending.REFUSED, LIST_REFUSED.with_(result=result), now_s)
        return drafts

    def _finish(self, ending: Ending, reason: Text, now_s: float) -> None:
        assert self._fetch is not None
        home = 1 if self.party.personality.home_item and self.kind is PlanKind.MISSION else 0
        stored = self._fetch.result if ending is Ending.STORED else ()
        self.outcome = Outcome(
            ending,
            self.kind,
            items=max(len(self._fetch.items) - home, 0),
            seconds=now_s - self._began_s,
            retries=self._fetch.retries,
            reason=reason,
            opaque_id=self._fetch.opaque_id,
            stored=stored,
        )


@dataclass(slots=True)
class Clear:
    """Removes one list; success means that the vehicle then says it holds none."""

    party: Party
    kind: PlanKind
    outcome: Outcome | None = None
    _fetch: Fetch | None = None
    _round_trip: RoundTrip = field(default_factory=RoundTrip)
    _overheard: Overheard = field(default_factory=lambda: Overheard(0))
    _began_s: float = 0.0
    _sent_s: float = 0.0
    _tries: int = 0
    _busy_since_s: float | None = None
    _left: int = 0

    def start(self, now_s: float) -> list[Draft]:
        self._began_s = now_s
        self._overheard = Overheard(self.party.vehicle)
        return self._ask(now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        if self.outcome:
            return []
        self._overheard.take(message, now_s)
        if self._fetch:
            return self._after(self._fetch.take(message, now_s), now_s)
        if message.name != "MISSION_ACK" or not self.party.addressed(message, self.kind):
            return []
        return self._answered(MissionResult(min(message["type"], 15)), now_s)

    def tick(self, now_s: float) -> list[Draft]:
        if self.outcome:
            return []
        if self._fetch:
            return self._after(self._fetch.tick(now_s), now_s)
        wait_s = BUSY_WAIT_S if self._busy_since_s else self._round_trip.timeout_s * min(1.3**self._tries, 4.0)
        if now_s - self._sent_s < wait_s:
            return []
        if self._tries >= CLEAR_TRIES and not self._busy_since_s:
            # Perhaps only the answers are lost: what is on board tells.
            return self._look(now_s)
        return self._ask(now_s)

    def cancel(self, now_s: float) -> list[Draft]:
        if not self.outcome:
            self._finish(Ending.FAILED, STOPPED, now_s)
        return []

    @property
    def progress(self) -> Progress:
        return Progress(CLEARING, int(self._fetch is not None), 2)

    def _ask(self, now_s: float) -> list[Draft]:
        self._tries += 1
        self._sent_s = now_s
        return [draft_of("MISSION_CLEAR_ALL", system=self.party.vehicle, kind=self.kind)]

    def _answered(self, result: MissionResult, now_s: float) -> list[Draft]:
        if result is MissionResult.ACCEPTED:
            return self._look(now_s)
        if result is MissionResult.DENIED:
            self._busy_since_s = self._busy_since_s or now_s
            if now_s - self._busy_since_s <= BUSY_PATIENCE_S:
                return []
        self._finish(Ending.REFUSED, LIST_REFUSED.with_(result=result.name), now_s)
        return []

    def _look(self, now_s: float) -> list[Draft]:
        self._fetch = Fetch(self.party, self.kind, self._round_trip)
        return self._fetch.start(now_s)

    def _after(self, drafts: list[Draft], now_s: float) -> list[Draft]:
        assert self._fetch is not None
        home = 1 if self.party.personality.home_item and self.kind is PlanKind.MISSION else 0
        if self._fetch.count is not None:
            self._left = self._fetch.count
            if self._fetch.count <= home:
                self._finish(Ending.STORED, Text("", ""), now_s)
            elif self._fetch.ended is FetchEnd.WHOLE:
                self._finish(Ending.FAILED, NOT_CLEARED.with_(count=self._left - home), now_s)
        elif self._fetch.ended is FetchEnd.SILENT:
            self._finish(Ending.FAILED, NO_ANSWER, now_s)
        elif self._fetch.ended:
            self._finish(Ending.REFUSED, BUSY, now_s)
        return drafts

    def _finish(self, ending: Ending, reason: Text, now_s: float) -> None:
        words = "" if ending is Ending.STORED else self._overheard.since(self._began_s)
        self.outcome = Outcome(
            ending,
            self.kind,
            items=0 if ending is Ending.STORED else self._left,
            seconds=now_s - self._began_s,
            retries=max(self._tries - 1, 0) + (self._fetch.retries if self._fetch else 0),
            reason=SAID.with_(reason=reason, words=words) if words else reason,
            words=words,
        )
