"""Storing a list in the vehicle: kept, pushed, read back, compared, and put right or put back where it is not equal."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from dronesampler.mavlink.compare import Difference, difference
from dronesampler.mavlink.dialect import Draft, Message
from dronesampler.mavlink.pace import RoundTrip
from dronesampler.mavlink.plan_check import command_word
from dronesampler.mavlink.px4_events import FENCE_REJECTIONS, REJECTIONS
from dronesampler.mavlink.transfer import NOTHING, Ending, Outcome, Overheard, Party, Progress
from dronesampler.mavlink.transfer_fetch import Fetch, FetchEnd
from dronesampler.mavlink.transfer_push import Push, PushEnd
from dronesampler.mavlink.transfer_words import (
    BUSY,
    CANCELLED,
    CHECKING,
    COUNT_NOT_EQUAL,
    GAVE_UP,
    ITEM_REFUSED,
    LIST_REFUSED,
    NO_ANSWER,
    NOT_EQUAL,
    ON_BOARD,
    READING_OLD,
    REJECTED_AFTER,
    RESTORING,
    SAID,
    SENDING,
    sendable,
    value_of,
)
from dronesampler.mavlink.wire import MissionResult, PlanKind, WireItem, draft_of
from dronesampler.texts import Text

ATTEMPTS = 8  # pushes that end with nothing stored, before we give up
RESTORE_ATTEMPTS = 4
BUSY_PATIENCE_S = 15.0
BUSY_WAIT_S = 1.0
SECOND_THOUGHTS_S = 0.7  # PX4 checks a mission after it accepted it and tells by an event only


class Phase(Enum):
    """Where an upload stands."""

    KEEPING = auto()
    PUSHING = auto()
    WAITING = auto()
    VERIFYING = auto()
    LISTENING = auto()
    RESTORING = auto()
    PROVING = auto()
    DONE = auto()


@dataclass(slots=True)
class Upload:
    """Stores one list. Success means that what was read back equals it; anything else leaves the old list, proven."""

    party: Party
    kind: PlanKind
    items: Sequence[WireItem]
    old: tuple[WireItem, ...] | None = None  # what is on board, where the caller knows
    followed: bool = False  # by a new route: what a fence makes of the route on board is no matter
    outcome: Outcome | None = None
    _phase: Phase = Phase.KEEPING
    _fetch: Fetch | None = None
    _push: Push | None = None
    _unsure: Push | None = None  # a push whose last word was lost: taken up again if the vehicle still waits
    _round_trip: RoundTrip = field(default_factory=RoundTrip)
    _overheard: Overheard = field(default_factory=lambda: Overheard(0))
    _began_s: float = 0.0
    _attempts: int = 0
    _judged_whole: int = 0
    _retries: int = 0
    _careful: bool = False
    _careful_fetch: bool = False
    _busy_since_s: float | None = None
    _resume_s: float = 0.0
    _accepted_s: float | None = None
    _rejected: bool = False
    _probed: bool = False
    _boot_ms: int = 0  # the vehicle's own clock, as last heard
    _pushed_boot_ms: int = 0
    _ending: Ending = Ending.FAILED
    _reason: Text = GAVE_UP
    _item: int | None = None
    _said_since_s: float = 0.0
    _stored: tuple[WireItem, ...] = ()
    _unequal: Difference | None = None
    _opaque_id: int = 0

    def start(self, now_s: float) -> list[Draft]:
        self._overheard = Overheard(self.party.vehicle)
        self._began_s = self._said_since_s = now_s
        if self.old is not None:
            return self._begin_push(now_s)
        return self._begin_fetch(Phase.KEEPING, now_s)

    def take(self, message: Message, now_s: float) -> list[Draft]:
        if self.outcome:
            return []
        self._overheard.take(message, now_s)
        if message.system == self.party.vehicle:
            self._listen(message)
        drafts: list[Draft] = []
        if self._fetch:
            drafts += self._fetch.take(message, now_s)
        if self._push:
            drafts += self._push.take(message, now_s)
        return drafts + self._move_on(now_s)

    def _listen(self, message: Message) -> None:
        """For an event that takes the plan back; one of an older plan may come late, asked for again."""
        self._boot_ms = max(self._boot_ms, message.fields.get("time_boot_ms", 0))
        of_this = FENCE_REJECTIONS if self.followed else REJECTIONS
        if message.name == "EVENT" and message["id"] in of_this and self._accepted_s is not None:
            self._rejected = self._rejected or message["event_time_boot_ms"] >= self._pushed_boot_ms

    def tick(self, now_s: float) -> list[Draft]:
        if self.outcome:
            return []
        drafts: list[Draft] = []
        if self._fetch:
            drafts += self._fetch.tick(now_s)
        if self._push:
            drafts += self._push.tick(now_s)
        return drafts + self._move_on(now_s)

    def cancel(self, now_s: float) -> list[Draft]:
        """Stop, and leave what was on board before."""
        if self.outcome or self._phase in (Phase.RESTORING, Phase.PROVING):
            return []
        stop = draft_of(
            "MISSION_ACK",
            system=self.party.vehicle,
            kind=self.kind,
            type=int(MissionResult.OPERATION_CANCELLED),
        )
        return [stop, *self._fail(Ending.FAILED, CANCELLED, now_s)]

    @property
    def progress(self) -> Progress:
        total = max(len(self.items), 1)
        if self._phase in (Phase.PUSHING, Phase.WAITING):
            return Progress(SENDING, max(self._push.wanted, 0) if self._push else 0, total)
        if self._phase is Phase.KEEPING:
            return Progress(READING_OLD, len(self._fetch.items) if self._fetch else 0, total)
        if self._phase in (Phase.RESTORING, Phase.PROVING):
            return Progress(RESTORING, max(self._push.wanted, 0) if self._push else 0, total)
        return Progress(CHECKING, len(self._fetch.items) if self._fetch else total, total)

    def _begin_fetch(self, phase: Phase, now_s: float) -> list[Draft]:
        self._close()
        self._phase = phase
        self._fetch = Fetch(self.party, self.kind, self._round_trip, careful=self._careful_fetch)
        return self._fetch.start(now_s)

    def _begin_push(self, now_s: float) -> list[Draft]:
        self._close()
        restoring = self._phase in (Phase.RESTORING, Phase.PROVING)
        self._phase = Phase.RESTORING if restoring else Phase.PUSHING
        items = self._old_to_send() if restoring else self.items
        self._attempts += 1
        self._accepted_s = None
        self._rejected = self._probed = False
        self._pushed_boot_ms = self._boot_ms
        self._push = Push(self.party, self.kind, items, self._round_trip, careful=self._careful)
        return self._push.start(now_s)

    def _close(self) -> None:
        """What the machine that ends now has learnt is kept."""
        if self._fetch:
            self._retries += self._fetch.retries
            self._careful_fetch = self._careful_fetch or self._fetch.careful
        if self._push:
            self._retries += self._push.retries
            self._push.retries = 0
        self._fetch = self._push = self._unsure = None

    def _move_on(self, now_s: float) -> list[Draft]:
        if self._phase is Phase.WAITING and now_s >= self._resume_s:
            return self._begin_push(now_s)
        if self._phase is Phase.LISTENING and now_s >= self._resume_s:
            return self._heard_all(now_s)
        if self._fetch and self._fetch.blocked and self._unsure:
            return self._resume(self._unsure, now_s)
        if self._push and self._push.ended:
            return self._pushed(self._push, now_s)
        if self._fetch and self._fetch.ended:
            return self._fetched(self._fetch, now_s)
        return []

    def _pushed(self, push: Push, now_s: float) -> list[Draft]:
        end = push.ended
        self._opaque_id = push.opaque_id
        if end is PushEnd.ACCEPTED or end is PushEnd.UNSURE:
            self._accepted_s = now_s
            phase = Phase.PROVING if self._phase is Phase.RESTORING else Phase.VERIFYING
            drafts = self._begin_fetch(phase, now_s)
            self._unsure = push if end is PushEnd.UNSURE else None
            self._judged_whole += push.judged_whole
            return drafts
        if end is PushEnd.BUSY:
            return self._busy(now_s)
        if end is PushEnd.SILENT:
            return self._gone(now_s)
        if end is PushEnd.REFUSED:
            return self._refused(push, now_s)
        return self._again(now_s)

    def _resume(self, push: Push, now_s: float) -> list[Draft]:
        self._close()
        self._phase = Phase.RESTORING if self._phase is Phase.PROVING else Phase.PUSHING
        self._push = push
        return push.resume(now_s)

    def _busy(self, now_s: float) -> list[Draft]:
        self._busy_since_s = self._busy_since_s or now_s
        if now_s - self._busy_since_s > BUSY_PATIENCE_S:
            return self._fail(Ending.REFUSED, BUSY, now_s)
        self._wait(now_s)
        # A transfer of ours that the vehicle believes unfinished would block it.
        cancelled = int(MissionResult.OPERATION_CANCELLED)
        return [draft_of("MISSION_ACK", system=self.party.vehicle, kind=self.kind, type=cancelled)]

    def _wait(self, now_s: float) -> None:
        restoring = self._phase in (Phase.RESTORING, Phase.PROVING)
        self._attempts -= 1  # waiting is no attempt
        self._close()
        self._resume_s = now_s + BUSY_WAIT_S
        self._phase = Phase.WAITING if not restoring else Phase.RESTORING

    def _refused(self, push: Push, now_s: float) -> list[Draft]:
        if push.refusal is MissionResult.NO_SPACE or push.careful:
            return self._name_refusal(push, now_s)
        # With a window on its way the refusal may be of any item in it: ask once more, one by one.
        self._careful = True
        return self._again(now_s)

    def _name_refusal(self, push: Push, now_s: float) -> list[Draft]:
        result = (push.refusal or MissionResult.ERROR).name
        if not 0 <= push.wanted < len(push.items) or push.refusal is MissionResult.NO_SPACE:
            return self._fail(Ending.REFUSED, LIST_REFUSED.with_(result=result), now_s)
        item = push.items[push.wanted]
        self._item = self.party.personality.plan_index(push.wanted, self.kind)
        reason = ITEM_REFUSED.with_(
            item=self._item + 1,
            command=command_word(item.command),
            detail=value_of(item, push.refusal),
            result=result,
        )
        return self._fail(Ending.REFUSED, reason, now_s)

    def _again(self, now_s: float) -> list[Draft]:
        most = RESTORE_ATTEMPTS if self._phase in (Phase.RESTORING, Phase.PROVING) else ATTEMPTS
        if self._attempts >= most:
            return self._fail(Ending.FAILED, self._why_not(), now_s)
        return self._begin_push(now_s)

    def _why_not(self) -> Text:
        unequal = self._unequal
        if unequal is None:
            return GAVE_UP
        if unequal.field == "count":
            return COUNT_NOT_EQUAL.with_(sent=unequal.sent, got=unequal.got)
        item = self.party.personality.plan_index(unequal.sequence, self.kind) + 1
        return NOT_EQUAL.with_(item=item, field=unequal.field, sent=unequal.sent, got=unequal.got)

    def _fetched(self, fetch: Fetch, now_s: float) -> list[Draft]:
        if fetch.ended is FetchEnd.SILENT:
            return self._gone(now_s)
        if fetch.ended is not FetchEnd.WHOLE:
            return self._unreadable(fetch, now_s)
        self._busy_since_s = None
        found, opaque_id = fetch.result, fetch.opaque_id
        if self._phase is Phase.KEEPING:
            self.old = found
            if self._same(self.items, found):
                self._stored, self._opaque_id = found, opaque_id
                return self._done(Ending.STORED, now_s)
            return self._begin_push(now_s)
        self._opaque_id = opaque_id or self._opaque_id
        if self._phase is Phase.PROVING:
            return self._proved(found, now_s)
        return self._verified(found, now_s)

    def _unreadable(self, fetch: Fetch, now_s: float) -> list[Draft]:
        if self._phase is Phase.KEEPING and fetch.ended is FetchEnd.REFUSED:
            result = (fetch.refusal or MissionResult.UNSUPPORTED).name
            return self._fail(Ending.REFUSED, LIST_REFUSED.with_(result=result), now_s)
        if self._phase is Phase.KEEPING:
            return self._fail(Ending.REFUSED, BUSY, now_s)
        # The vehicle still waits for items: take the upload up again.
        return self._again(now_s)

    def _same(self, sent: Sequence[WireItem], got: Sequence[WireItem]) -> bool:
        self._unequal = difference(sent, got, kind=self.kind, personality=self.party.personality)
        return self._unequal is None

    def _verified(self, found: tuple[WireItem, ...], now_s: float) -> list[Draft]:
        self._stored = found
        if not self._same(self.items, found):
            return self._mismatch(now_s)
        listen_until_s = (self._accepted_s or now_s) + SECOND_THOUGHTS_S
        if self.party.personality.atomic and self.kind is not PlanKind.RALLY and now_s < listen_until_s:
            self._close()
            self._phase, self._resume_s = Phase.LISTENING, listen_until_s
            return []
        return self._judged(now_s)

    def _heard_all(self, now_s: float) -> list[Draft]:
        """A rejection is told once, by an event that the link may have lost: the vehicle is asked what else it told."""
        if not self._probed:
            self._probed = True
            self.party.events.probe()
        return self._judged(now_s) if self.party.events.settled else []

    def _judged(self, now_s: float) -> list[Draft]:
        if self._rejected:
            return self._fail(Ending.REFUSED, REJECTED_AFTER, now_s)
        return self._done(Ending.STORED, now_s)

    def _mismatch(self, now_s: float) -> list[Draft]:
        """What was read is not the plan: a list refused as a whole keeps its old form, anything else is tried again."""
        kept_old = self.old is not None and self._same(self.old, self._stored)
        self._same(self.items, self._stored)
        if kept_old and self._judged_whole >= 2:
            return self._fail(Ending.REFUSED, LIST_REFUSED.with_(result=MissionResult.ERROR.name), now_s)
        return self._again(now_s)

    def _proved(self, found: tuple[WireItem, ...], now_s: float) -> list[Draft]:
        self._stored = found
        restored = self._same(self._old_to_send(), found)
        if restored or self._attempts >= RESTORE_ATTEMPTS:
            return self._done(self._ending, now_s, restored=restored)
        return self._begin_push(now_s)

    def _gone(self, now_s: float) -> list[Draft]:
        if self._phase in (Phase.RESTORING, Phase.PROVING):
            return self._done(self._ending, now_s, restored=None)
        self._ending, self._reason = Ending.FAILED, NO_ANSWER
        return self._done(Ending.FAILED, now_s, restored=True if self._phase is Phase.KEEPING else None)

    def _fail(self, ending: Ending, reason: Text, now_s: float) -> list[Draft]:
        """The upload is over; now the old list must be on board, and be seen to be."""
        restoring = self._phase in (Phase.RESTORING, Phase.PROVING)
        if restoring:
            return self._done(self._ending, now_s, restored=False)
        self._ending, self._reason, self._said_since_s = ending, reason, now_s - 1.5
        self._attempts = 0
        if self._phase is Phase.KEEPING or self.old is None:
            return self._done(ending, now_s, restored=True if self._phase is Phase.KEEPING else None)
        self._careful = False
        if self.party.personality.atomic and not self._rejected:
            return self._begin_fetch(Phase.PROVING, now_s)
        self._phase = Phase.RESTORING
        return self._begin_push(now_s)

    def _old_to_send(self) -> tuple[WireItem, ...]:
        old = self.old or ()
        # A list that holds only the vehicle's own home is an empty plan.
        only_home = self.party.personality.home_item and self.kind is PlanKind.MISSION and len(old) == 1
        if only_home:
            return ()
        return tuple(sendable(item) for item in old)

    def _done(self, ending: Ending, now_s: float, *, restored: bool | None = None) -> list[Draft]:
        self._close()
        self._phase = Phase.DONE
        good = ending is Ending.STORED
        words = "" if good else self._overheard.since(self._said_since_s)
        reason = SAID.with_(reason=self._reason, words=words) if words else self._reason
        self.outcome = Outcome(
            ending,
            self.kind,
            items=len(self.items) - (1 if self.party.personality.home_item and self._is_mission else 0),
            seconds=now_s - self._began_s,
            retries=self._retries,
            reason=NOTHING if good else ON_BOARD[restored].with_(reason=reason),
            item=self._item,
            words=words,
            restored=None if good else restored,
            opaque_id=self._opaque_id,
            stored=self._stored,
        )
        return []

    @property
    def _is_mission(self) -> bool:
        return self.kind is PlanKind.MISSION and bool(self.items)
