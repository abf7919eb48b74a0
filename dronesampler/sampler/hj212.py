"""HJ 212 data segments of on-line monitors (2005, 2017, 2025): frames, their own CRC, and what a packet says."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

HEAD = b"##"
END = b"\r\n"
LONGEST_SEGMENT = 1024
LONGEST_CP = 950
# Encrypted and oversized segments exist; what is beyond this is no packet but noise with a number in it.
_LONGEST_ACCEPTED = 9_999


class Version(IntEnum):
    """The version in the upper bits of Flag."""

    V2005 = 0
    V2017 = 1
    V2025 = 2


class Command(IntEnum):
    """CN values that matter here (HJ 212-2017 section 6.6.5 and HJ 212-2025)."""

    REAL_TIME = 2011
    VOC_RAW = 2013
    EQUIPMENT_STATE = 2021
    DAY = 2031
    MINUTE = 2051
    HOUR = 2061
    SELF_CHECK = 2062
    SET_KEY = 1014
    SITE = 3020
    REQUEST_ANSWER = 9011
    RESULT = 9012
    NOTICE_ACK = 9013
    DATA_ACK = 9014
    HEARTBEAT = 9015


# ST values of what stands in air; water stations must not be taken for air.
AIR_SYSTEMS = ("22", "27", "31", "39")
WATER_SYSTEMS = ("21", "32")


@dataclass(frozen=True, slots=True)
class Packet:
    """One data segment. `values` are the CP's items in order: a time or name alone, or fields of one factor."""

    st: str = ""
    cn: str = ""
    mn: str = ""
    qn: str = ""
    pw: str = ""
    flag: int = 0
    pnum: int = 0
    pno: int = 0
    resent: bool = False
    data_time: str = ""
    values: tuple[tuple[tuple[str, str], ...], ...] = field(default=())

    @property
    def version(self) -> int:
        return self.flag >> 2

    @property
    def wants_answer(self) -> bool:
        return bool(self.flag & 1)

    @property
    def split(self) -> bool:
        return bool(self.flag & 2)


class Fault(IntEnum):
    """Why bytes are no packet."""

    CRC = 1
    LENGTH = 2
    FORM = 3


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes that are no whole packet, and why."""

    fault: Fault
    raw: bytes


def crc(data: bytes) -> int:
    """CRC of HJ 212: each byte meets the register shifted down by eight, unlike Modbus.

    Vectors: the example packets of HJ 212-2017 give 1C80, of HJ 212-2025 (App. A.1) 2200.
    """
    register = 0xFFFF
    for byte in data:
        register = (register >> 8) ^ byte
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def framed(segment: bytes, closed: Callable[[bytes], bytes] = bytes) -> bytes:
    """A segment with head, length, CRC and end, encrypted by `closed`. Raises ValueError where it is too long."""
    if len(segment) > _LONGEST_ACCEPTED:
        raise ValueError(f"a segment of {len(segment)} bytes")
    return HEAD + b"%04d" % len(segment) + closed(segment) + b"%04X" % crc(segment) + END


class Deframer:
    """Cuts a byte stream into segments; what is damaged comes out as `Broken` and the stream goes on behind it.

    Sans-IO; owned by one thread. `opened` turns a segment as sent into plain text before its CRC is checked: HJ
    212-2025 takes the CRC over the plain text.
    """

    def __init__(self, opened: Callable[[bytes], bytes] = bytes) -> None:
        self._opened = opened
        self._buffer = b""

    def feed(self, data: bytes) -> list[bytes | Broken]:
        """Whole segments in the order they came, without head, length and CRC."""
        self._buffer += data
        found: list[bytes | Broken] = []
        while (item := self._next()) is not None:
            found.append(item)
        return found

    def _next(self) -> bytes | Broken | None:
        start = self._buffer.find(HEAD)
        if start < 0:
            self._buffer = self._buffer[-1:] if self._buffer.endswith(b"#") else b""
            return None
        self._buffer = self._buffer[start:]
        if len(self._buffer) < 6:
            return None
        if not self._buffer[2:6].isdigit():
            return self._cut(2, Fault.FORM)
        end = 10 + int(self._buffer[2:6])
        if len(self._buffer) < end + 2:
            # A length that was hit would wait for bytes that never come: the next packet's head cuts it short.
            early = self._buffer.find(END + HEAD, 6)
            return self._cut(early + 2, Fault.LENGTH) if early >= 0 else None
        if self._buffer[end : end + 2] != END:
            return self._cut(2, Fault.FORM)
        raw, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
        return unframed(raw, self._opened)

    def _cut(self, at: int, fault: Fault) -> Broken:
        raw, self._buffer = self._buffer[:at], self._buffer[at:]
        return Broken(fault, raw)


def unframed(raw: bytes, opened: Callable[[bytes], bytes] = bytes) -> bytes | Broken:
    """The plain segment of one frame (without CR LF), or why it is none."""
    body, tail = raw[6:-4], raw[-4:]
    if len(raw) < 10 or not raw.startswith(HEAD) or not raw[2:6].isdigit() or int(raw[2:6]) != len(body):
        return Broken(Fault.LENGTH, raw)
    # Capitals, as the standard writes them: in small letters one flipped bit would pass for a spelling.
    plain = opened(body)
    if not re.fullmatch(rb"[0-9A-F]{4}", tail) or int(tail, 16) != crc(plain):
        return Broken(Fault.CRC, raw)
    return plain


_HEADER = re.compile(r"(?:^|;)(QN|ST|CN|PW|MN|Flag|PNUM|PNO|RF)=([^;]*)")


def parsed(segment: bytes) -> Packet | None:
    """The packet in a segment, or None where it has no CP."""
    text = segment.decode("gb18030", "replace")
    head, mark, rest = text.partition("CP=&&")
    if not mark:
        return None
    fields = dict(_HEADER.findall(head))
    items = [item for item in rest.partition("&&")[0].split(";") if item.strip()]
    times = [item.partition("=")[2] for item in items if item.startswith("DataTime=")]
    values = tuple(_fields(item) for item in items if not item.startswith("DataTime="))
    return Packet(
        st=fields.get("ST", ""),
        cn=fields.get("CN", ""),
        mn=fields.get("MN", ""),
        qn=fields.get("QN", ""),
        pw=fields.get("PW", ""),
        flag=_int(fields.get("Flag", "0")),
        pnum=_int(fields.get("PNUM", "0")),
        pno=_int(fields.get("PNO", "0")),
        resent=fields.get("RF", "0") == "1",
        data_time=times[0] if times else "",
        values=values,
    )


def _fields(item: str) -> tuple[tuple[str, str], ...]:
    pairs = (part.partition("=") for part in item.split(",") if part.strip())
    return tuple((name.strip(), value.strip()) for name, _, value in pairs)


def _int(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def written(packet: Packet) -> bytes:
    """The segment of a packet; empty fields that the standard makes optional are left out."""
    head = [f"QN={packet.qn}"] if packet.qn else []
    head += [f"ST={packet.st}", f"CN={packet.cn}", f"PW={packet.pw}", f"MN={packet.mn}", f"Flag={packet.flag}"]
    if packet.split:
        head += [f"PNUM={packet.pnum}", f"PNO={packet.pno}"]
    if packet.resent:
        head.append("RF=1")
    items = [f"DataTime={packet.data_time}"] if packet.data_time else []
    items += [",".join(f"{name}={value}" for name, value in group) for group in packet.values]
    return (";".join(head) + ";CP=&&" + ";".join(items) + "&&").encode("gb18030")


def divided(packet: Packet) -> list[Packet]:
    """A packet as parts whose CP fits, numbered, each with the time; itself where it fits already."""
    groups: list[list[tuple[tuple[str, str], ...]]] = [[]]
    head = len(written(_part(replace(packet, resent=True), (), 99, 99)))
    room = min(LONGEST_CP - len(f"DataTime={packet.data_time};") - 4, LONGEST_SEGMENT - head)
    used = 0
    for value in packet.values:
        size = len(",".join(f"{n}={v}" for n, v in value).encode("gb18030")) + 1
        if groups[-1] and used + size > room:
            groups.append([])
            used = 0
        groups[-1].append(value)
        used += size
    if len(groups) == 1:
        return [packet]
    return [_part(packet, tuple(group), number, len(groups)) for number, group in enumerate(groups, 1)]


def _part(packet: Packet, values: Sequence[tuple[tuple[str, str], ...]], number: int, of: int) -> Packet:
    return replace(packet, flag=packet.flag | 2, pnum=of, pno=number, values=tuple(values))
