"""ArduPilot's side of the mission protocol: asks item by item, stores each at once, gives up after eight seconds."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dronesampler.simulator.ardupilot_items import LIMITS, as_stored, judge, judge_whole
from dronesampler.simulator.stored import ALL, FENCE, MISSION, TYPES, Answer, Shelf, StoredItem, item_message, item_of
from dronesampler.simulator.wire import Message, Outbox, dialect

ASK_AGAIN_S = 1.0
GIVE_UP_S = 8.0
SLACK_S = 1e-6
INFO, WARNING, DEBUG = 6, 4, 7
Station = tuple[int, int]


@dataclass(slots=True)
class Upload:
    """An upload that is going on."""

    station: Station
    next: int
    last: int
    heard_s: float
    asked_s: float = -1e9
    fence: list[StoredItem] = field(default_factory=list)  # fences are kept apart until the whole is judged


class ArduPilotMissions:
    """Answers mission messages of all three types. `limits` and `may_clear` are what tests and flight change."""

    def __init__(self, shelf: Shelf, out: Outbox) -> None:
        self.shelf = shelf
        self.limits = dict(LIMITS)
        self.give_up_s = GIVE_UP_S  # without a message of an upload that runs
        self.may_clear: Callable[[], bool] = lambda: True
        self.place_home: Callable[[], None] = lambda: None  # puts the present home into item 0
        self._out = out
        self._uploads: dict[int, Upload] = {}
        self._now_s = 0.0
        self._said: set[str] = set()
        self._answers: dict[str, Callable[[Message, int, Station], None]] = {
            "MISSION_COUNT": self._count,
            "MISSION_ITEM_INT": self._item,
            "MISSION_ITEM": self._item,
            "MISSION_REQUEST_LIST": self._list,
            "MISSION_REQUEST_INT": self._request,
            "MISSION_REQUEST": self._request,
            "MISSION_CLEAR_ALL": self._clear,
            "MISSION_WRITE_PARTIAL_LIST": self._partial,
        }

    def answer(self, message: Message, now_s: float) -> bool:
        """Answer if it is a mission message; False if it is not ours."""
        answer = self._answers.get(message.get_type())
        if answer is None:
            return False
        self._now_s = now_s
        kind = message.mission_type
        station = (message.get_srcSystem(), message.get_srcComponent())
        if kind not in TYPES:
            self._ack(Answer.UNSUPPORTED, kind, station)
        else:
            answer(message, kind, station)
        return True

    def tick(self, now_s: float) -> None:
        """Ask for what is wanted, ask again, give up. One request an upload, as the real one asks once a loop."""
        for kind, upload in list(self._uploads.items()):
            if now_s - upload.heard_s >= self.give_up_s - SLACK_S:
                del self._uploads[kind]
                self._ack(Answer.OPERATION_CANCELLED, kind, upload.station)
                self._out.text(WARNING, f"{_NAMES[kind]} upload timeout")
            elif now_s - upload.asked_s >= ASK_AGAIN_S - SLACK_S:
                upload.asked_s = now_s
                self._out.say(dialect.MAVLink_mission_request_message(*upload.station, upload.next, kind))

    def forget(self) -> None:
        """As after a reboot: what is stored stays, what was going on is gone."""
        self._uploads.clear()

    def _count(self, message: Message, kind: int, station: Station) -> None:
        going_on = self._uploads.get(kind)
        if going_on is not None and going_on.station != station:
            return self._ack(Answer.DENIED, kind, station)
        if message.count > self.limits[kind]:
            self._ack(Answer.NO_SPACE, kind, station)
            return self._out.text(WARNING, f"Only {self.limits[kind]} items are supported")
        if kind != FENCE and message.count < len(self.shelf.items(kind)):
            self.shelf.truncate(kind, message.count)
        upload = Upload(station, 0, message.count - 1, self._now_s)
        self._uploads[kind] = upload
        if message.count == 0:
            self._complete(kind, upload)
        return None

    def _partial(self, message: Message, kind: int, station: Station) -> None:
        if message.end_index >= len(self.shelf.items(kind)) or message.start_index > message.end_index:
            self._ack(Answer.ERROR, kind, station)
            self._out.text(WARNING, "Flight plan update rejected")
        elif kind not in self._uploads:
            self._uploads[kind] = Upload(station, message.start_index, message.end_index, self._now_s)

    def _item(self, message: Message, kind: int, station: Station) -> None:
        if message.get_type() == "MISSION_ITEM":
            self._say_once("got MISSION_ITEM; GCS should send MISSION_ITEM_INT")
        upload = self._uploads.get(kind)
        if upload is None:
            return self._ack(Answer.ERROR, kind, station)
        if upload.station != station:
            return self._ack(Answer.DENIED, kind, station)
        if message.seq != upload.next:
            return self._ack(Answer.INVALID_SEQUENCE, kind, station)
        return self._take(item_of(message), kind, upload)

    def _take(self, item: StoredItem, kind: int, upload: Upload) -> None:
        verdict = judge(item, kind)
        if verdict is not Answer.ACCEPTED:
            del self._uploads[kind]
            return self._ack(verdict, kind, upload.station)
        stored = as_stored(item, kind)
        if kind == FENCE:
            upload.fence.append(stored)
        else:
            self.shelf.put(kind, upload.next, stored)
            if kind == MISSION and upload.next == 0:
                self.place_home()
        upload.heard_s, upload.asked_s = self._now_s, -1e9
        upload.next += 1
        if upload.next > upload.last:
            self._complete(kind, upload)
        return None

    def _complete(self, kind: int, upload: Upload) -> None:
        del self._uploads[kind]
        wrong = judge_whole(upload.fence, kind)
        if wrong:
            self._ack(Answer.ERROR, kind, upload.station)
            self._out.text(INFO if wrong == "Incorrect item count" else WARNING, wrong)
            return self._out.text(WARNING, "Fence validation failed")
        if kind == FENCE:
            self.shelf.replace_all(FENCE, upload.fence)
        self._ack(Answer.ACCEPTED, kind, upload.station)
        if kind == MISSION:
            self._out.text(INFO, "Flight plan received")
        elif kind == FENCE:
            self._out.text(DEBUG, "Fence Indexed OK")
        return None

    def _list(self, _message: Message, kind: int, station: Station) -> None:
        if kind in self._uploads:
            return self._ack(Answer.DENIED, kind, station)
        if kind == MISSION:
            self.place_home()
        return self._out.say(dialect.MAVLink_mission_count_message(*station, len(self.shelf.items(kind)), kind))

    def _request(self, message: Message, kind: int, station: Station) -> None:
        as_float = message.get_type() == "MISSION_REQUEST"
        if as_float:
            self._say_once("got MISSION_REQUEST; use MISSION_REQUEST_INT!")
        items = self.shelf.items(kind)
        if message.seq >= len(items):
            # It teaches the station how many there are.
            self._out.say(dialect.MAVLink_mission_count_message(*station, len(items), kind))
            return self._ack(Answer.INVALID_SEQUENCE, kind, station)
        item = items[message.seq]
        return self._out.say(item_message(item, message.seq, to=station, mission_type=kind, as_float=as_float))

    def _clear(self, _message: Message, kind: int, station: Station) -> None:
        upload = self._uploads.get(kind)
        if upload is not None and upload.station != station:
            self._ack(Answer.DENIED, kind, station)
            return self._ack(Answer.ERROR, kind, station)
        self._uploads.pop(kind, None)
        if kind == MISSION and not self.may_clear():
            return self._ack(Answer.ERROR, kind, station)
        self.shelf.replace_all(kind, ())
        self._ack(Answer.ACCEPTED, kind, station)
        if kind == FENCE:
            self._out.text(DEBUG, "Fence Indexed OK")
        return None

    def _ack(self, verdict: Answer, kind: int, station: Station) -> None:
        self._out.say(dialect.MAVLink_mission_ack_message(*station, int(verdict), kind))

    def _say_once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._out.text(WARNING, text)


_NAMES = {0: "Mission", 1: "Fence", 2: "Rally", ALL: "Mission"}
