"""HJ 212 conversations: a listener that answers and puts parts together, a client that sends again until answered."""

from dataclasses import dataclass, replace

from dronesampler.sampler.hj212 import Broken, Command, Deframer, Packet, divided, framed, parsed, written
from dronesampler.sampler.hj212_cipher import Sm4

_ANSWER_SYSTEM = "91"
_REMEMBERED = 512
_PARTS_KEPT_S = 120.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of bytes that were fed: bytes to send back, whole packets, damaged frames."""

    send: bytes = b""
    packets: tuple[Packet, ...] = ()
    broken: tuple[Broken, ...] = ()


class Listener:
    """The upper computer: takes what stations send, answers where they ask for it, hands each packet over once.

    Sans-IO; owned by one thread. Times are the caller's monotonic seconds. With a key, encrypted segments are opened
    and answers to the stations that encrypt are encrypted.
    """

    def __init__(self, *, key: bytes | None = None) -> None:
        self._cipher = Sm4(key) if key else None
        self._deframer = Deframer(self._cipher.open if self._cipher else bytes)
        self._parts: dict[tuple[str, str], tuple[float, dict[int, Packet]]] = {}
        self._seen: dict[tuple[str, str, str, int], None] = {}

    def feed(self, data: bytes, now_s: float) -> Heard:
        packets, broken, send = [], [], b""
        for item in self._deframer.feed(data):
            packet = None if isinstance(item, Broken) else parsed(item)
            if packet is None:
                broken += [item] if isinstance(item, Broken) else []
                continue
            send += self._answer(packet)
            whole = None if self._again(packet) else self._joined(packet, now_s)
            packets += [whole] if whole else []
        self._drop_old_parts(now_s)
        return Heard(send, tuple(packets), tuple(broken))

    def _answer(self, packet: Packet) -> bytes:
        if not packet.wants_answer or packet.cn.startswith("90"):
            return b""
        number = Command.NOTICE_ACK if packet.cn.startswith(("1", "3")) else Command.DATA_ACK
        answer = Packet(
            st=_ANSWER_SYSTEM, cn=str(int(number)), mn=packet.mn, qn=packet.qn, pw=packet.pw, flag=packet.flag & ~3
        )
        return framed(written(answer))

    def _again(self, packet: Packet) -> bool:
        """Whether this very packet came before; stations send again when an answer is lost."""
        if not packet.qn:
            return False
        key = (packet.mn, packet.qn, packet.cn, packet.pno)
        known = key in self._seen
        self._seen[key] = None
        while len(self._seen) > _REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        return known

    def _joined(self, packet: Packet, now_s: float) -> Packet | None:
        """The packet, or the whole of which this is the last missing part, or None while parts are missing."""
        if not packet.split or packet.pnum <= 1:
            return packet
        _, parts = self._parts.setdefault((packet.mn, packet.qn or packet.data_time), (now_s, {}))
        parts[packet.pno] = packet
        if len(parts) < packet.pnum:
            return None
        self._parts.pop((packet.mn, packet.qn or packet.data_time))
        values = tuple(v for number in sorted(parts) for v in parts[number].values)
        first = parts[min(parts)]
        return replace(first, flag=first.flag & ~2, pnum=0, pno=0, values=values)

    def _drop_old_parts(self, now_s: float) -> None:
        old = [key for key, (at_s, _) in self._parts.items() if now_s - at_s > _PARTS_KEPT_S]
        for key in old:
            del self._parts[key]


@dataclass(slots=True)
class _Waiting:
    packet: Packet
    sent_s: float
    tries: int = 1


class Client:
    """A station: sends packets, again with RF=1 after `timeout_s` until answered or `tries` were made. Sans-IO."""

    def __init__(self, *, timeout_s: float = 5.0, tries: int = 3, key: bytes | None = None) -> None:
        self._timeout_s = timeout_s
        self._tries = tries
        self._cipher = Sm4(key) if key else None
        self._deframer = Deframer(self._cipher.open if self._cipher else bytes)
        self._waiting: dict[tuple[str, int], _Waiting] = {}
        self.given_up: list[Packet] = []

    def send(self, packet: Packet, now_s: float) -> bytes:
        """The bytes of a packet, in parts where it is too long."""
        return b"".join(self._first(part, now_s) for part in divided(packet))

    def feed(self, data: bytes) -> tuple[Packet, ...]:
        """Answers and requests that came; an answer ends the waiting for the oldest part of its QN."""
        found = []
        for item in self._deframer.feed(data):
            packet = None if isinstance(item, Broken) else parsed(item)
            if packet is None:
                continue
            found.append(packet)
            if packet.cn in (str(int(Command.DATA_ACK)), str(int(Command.NOTICE_ACK))):
                key = min((k for k in self._waiting if k[0] == packet.qn), default=None)
                self._waiting.pop(key, None) if key else None
        return tuple(found)

    def tick(self, now_s: float) -> bytes:
        """What is to be sent again now."""
        again = b""
        for key, waiting in list(self._waiting.items()):
            if now_s - waiting.sent_s < self._timeout_s:
                continue
            if waiting.tries >= self._tries:
                self.given_up.append(self._waiting.pop(key).packet)
                continue
            waiting.tries, waiting.sent_s = waiting.tries + 1, now_s
            again += self._frame(replace(waiting.packet, resent=True))
        return again

    @property
    def unanswered(self) -> int:
        return len(self._waiting)

    def _first(self, packet: Packet, now_s: float) -> bytes:
        if packet.wants_answer and packet.qn:
            self._waiting[packet.qn, packet.pno] = _Waiting(packet, now_s)
        return self._frame(packet)

    def _frame(self, packet: Packet) -> bytes:
        return framed(written(packet), self._cipher.close if self._cipher else bytes)
