"""PX4's side of the mission protocol: one transfer at a time, two stores that are switched when all has come."""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from dronesampler.simulator.px4_items import LIMITS, as_stored, judge, opaque_id
from dronesampler.simulator.stored import ALL, RALLY, TYPES, Answer, Shelf, StoredItem, item_message, item_of
from dronesampler.simulator.wire import Message, Outbox, dialect

ASK_AGAIN_S = 0.25
GIVE_UP_S = 5.0
SLACK_S = 1e-6
CRITICAL, INFO = 2, 6
BUSY_COUNT = "WPM: IGN MISSION_COUNT: Busy\t"
BUSY_CLEAR = "WPM: IGN CLEAR CMD: Busy\t"
BUSY_REQUEST = "WPM: REJ. CMD: Busy\t"
BUSY_LIST = "Mission download request ignored, already active\t"
UNEXPECTED = "WPM: REJ. CMD: Req. WP was unexpected\t"
INVALID_ITEM = "IGN MISSION_ITEM: Invalid item\t"
TIMEOUT = "Operation timeout\t"
Station = tuple[int, int]


@dataclass(slots=True)
class Transfer:
    """What is going on: an upload to us, or a download from us."""

    upload: bool
    kind: int
    station: Station
    count: int
    next: int = 0
    heard_s: float = 0.0
    asked_s: float = -1e9
    items: list[StoredItem] = field(default_factory=list)


class PX4Missions:
    """Answers mission messages of all three types."""

    def __init__(self, shelf: Shelf, out: Outbox) -> None:
        self.shelf = shelf
        self.limits = dict(LIMITS)
        self.give_up_s = GIVE_UP_S  # without a message of an upload that runs
        self.told_event: Callable[[int], None] = lambda _id: None
        self.rally_frame = 3  # of the rally points as they were sent; a download no longer tells
        self._out = out
        self._transfer: Transfer | None = None
        self._last: Transfer | None = None  # the upload that was just finished: a repeated last item is acked again
        self._by_int = False
        self._now_s = 0.0
        self._answers: dict[str, Callable[[Message, int, Station], None]] = {
            "MISSION_COUNT": self._count,
            "MISSION_ITEM_INT": self._item,
            "MISSION_ITEM": self._item,
            "MISSION_REQUEST_LIST": self._list,
            "MISSION_REQUEST_INT": self._request,
            "MISSION_REQUEST": self._request,
            "MISSION_CLEAR_ALL": self._clear,
            "MISSION_ACK": self._acked,
        }

    @property
    def busy(self) -> bool:
        return self._transfer is not None

    def answer(self, message: Message, now_s: float) -> bool:
        """Answer if it is a mission message; False if it is not ours."""
        answer = self._answers.get(message.get_type())
        if answer is None:
            return False
        self._now_s = now_s
        answer(message, message.mission_type, (message.get_srcSystem(), message.get_srcComponent()))
        return True

    def tick(self, now_s: float) -> None:
        """Ask, ask again, give up."""
        t = self._transfer
        if t is None:
            return
        if now_s - t.heard_s > self.give_up_s:
            self._transfer = None
            self._out.text(CRITICAL, TIMEOUT)
            self.told_event(0x01820270)
        elif t.upload and now_s - t.asked_s >= ASK_AGAIN_S - SLACK_S:
            self._ask(t, now_s)

    def _ask(self, t: Transfer, now_s: float) -> None:
        t.asked_s = now_s
        kinds = (dialect.MAVLink_mission_request_message, dialect.MAVLink_mission_request_int_message)
        self._out.say(kinds[self._by_int](*t.station, t.next, t.kind))

    def forget(self) -> None:
        """As after a reboot."""
        self._transfer = self._last = None
        self._by_int = False

    def _count(self, message: Message, kind: int, station: Station) -> None:
        t = self._transfer
        if t is not None and t.upload:
            return self._count_again(t, message, kind, station)
        if t is not None:
            self._ack(Answer.ERROR, kind, station)
            self._out.text(CRITICAL, BUSY_COUNT)
            return self.told_event(0x012A0939)
        if message.count > self.limits.get(kind, 0):
            return self._ack(Answer.NO_SPACE, kind, station)
        if message.count == 0:
            self.shelf.replace_all(kind, ())
            return self._ack(Answer.ACCEPTED, kind, station)
        self._transfer = Transfer(True, kind, station, message.count, heard_s=self._now_s)
        return self._ask(self._transfer, self._now_s)

    def _count_again(self, t: Transfer, message: Message, kind: int, station: Station) -> None:
        t.heard_s = self._now_s
        if t.station != station:
            return self._ack(Answer.ERROR, kind, station)
        if t.next == 0:
            t.count = message.count
            return self._ask(t, self._now_s)  # our first request was lost
        self._out.text(CRITICAL, BUSY_REQUEST)
        return self._ack(Answer.ERROR, kind, station)

    def _item(self, message: Message, kind: int, station: Station) -> None:
        t = self._transfer
        self._by_int = message.get_type() == "MISSION_ITEM_INT"
        partner = t or self._last
        if partner is None or partner.station != station:
            return self._out.text(CRITICAL, "REJ. MIS ITEM: partner id mismatch\t")
        if t is None:
            return self._late_item(partner, message, kind, station)
        if not t.upload or t.kind != kind:
            return self._ack(Answer.ERROR, kind, station)
        t.heard_s = self._now_s
        if message.seq == t.next:
            self._take(item_of(message, single=False), t)
        return None

    def _late_item(self, last: Transfer, message: Message, kind: int, station: Station) -> None:
        # The last item once more: our acknowledgement was lost.
        if message.seq + 1 == last.next and kind == last.kind:
            return self._ack(Answer.ACCEPTED, kind, station)
        self._out.text(CRITICAL, "IGN MISSION_ITEM: No transfer\t")
        return self._ack(Answer.ERROR, kind, station)

    def _take(self, item: StoredItem, t: Transfer) -> None:
        verdict = judge(item, t.kind)
        if verdict is not Answer.ACCEPTED:
            self._transfer = None
            self._ack(verdict, t.kind, t.station)
            if verdict is not Answer.ERROR:
                self._out.text(CRITICAL, INVALID_ITEM)
                self.told_event(0x01FEB270)
            return None
        if t.kind == RALLY:
            self.rally_frame = item.frame
        t.items.append(as_stored(item, t.kind, t.next))
        t.next += 1
        if t.next < t.count:
            return self._ask(t, self._now_s)
        self._transfer, self._last = None, t
        # What is the same already is not stored again; rally points lose their frame, so they may only look the same.
        if t.kind == RALLY or opaque_id(t.items) != opaque_id(self.shelf.items(t.kind)):
            self.shelf.replace_all(t.kind, t.items)
        return self._ack(Answer.ACCEPTED, t.kind, t.station)

    def _list(self, _message: Message, kind: int, station: Station) -> None:
        t = self._transfer
        again = t is not None and not t.upload and (t.next >= t.count or (t.kind == kind and t.station == station))
        if t is not None and not again:
            return self._out.text(INFO, BUSY_LIST)
        items = self.shelf.items(kind) if kind in TYPES else ()
        self._transfer = Transfer(False, kind, station, len(items), heard_s=self._now_s)
        payload = struct.pack("<HBBBI", len(items), *station, kind, opaque_id(items))
        return self._out.say_raw(44, payload, crc_extra=dialect.MAVLink_mission_count_message.crc_extra)

    def _request(self, message: Message, kind: int, station: Station) -> None:
        t = self._transfer
        self._by_int = message.get_type() == "MISSION_REQUEST_INT"
        if t is None:
            return None
        if t.station != station:
            return self._out.text(CRITICAL, "WPM: REJ. CMD: partner id mismatch\t")
        if t.upload:
            return self._out.text(CRITICAL, BUSY_REQUEST)
        if t.kind != kind:
            return None
        t.heard_s = self._now_s
        if message.seq not in (t.next, t.next - 1) or message.seq >= t.count:
            self._transfer = None
            self._ack(Answer.ERROR, kind, station)
            return self._out.text(CRITICAL, UNEXPECTED)
        t.next = message.seq + 1
        item = self.shelf.items(kind)[message.seq]
        as_float = not self._by_int
        return self._out.say(item_message(item, message.seq, to=station, mission_type=kind, as_float=as_float))

    def _acked(self, message: Message, kind: int, station: Station) -> None:
        t = self._transfer
        if t is None or t.station != station:
            return
        if (not t.upload and t.kind == kind) or (t.upload and message.type == Answer.OPERATION_CANCELLED):
            self._transfer = None

    def _clear(self, _message: Message, kind: int, station: Station) -> None:
        if self._transfer is not None:
            self._out.text(CRITICAL, BUSY_CLEAR)
            return self.told_event(0x0140213F)
        for each in TYPES if kind == ALL else (kind,):
            self.shelf.replace_all(each, ())
        return self._ack(Answer.ACCEPTED, kind, station)

    def _ack(self, verdict: Answer, kind: int, station: Station) -> None:
        number = opaque_id(self.shelf.items(kind)) if verdict is Answer.ACCEPTED and kind in TYPES else 0
        payload = struct.pack("<BBBBI", *station, int(verdict), kind, number)
        self._out.say_raw(47, payload, crc_extra=dialect.MAVLink_mission_ack_message.crc_extra)
