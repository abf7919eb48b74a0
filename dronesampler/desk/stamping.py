"""Use cases: time stamps (RFC 3161) of packets from an authority that the officer names; without a network, later."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dronesampler import ports
from dronesampler.evidence import layout
from dronesampler.evidence.container_reader import Container, Unreadable
from dronesampler.evidence.files import write_whole
from dronesampler.evidence.stamps import answer_fault
from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.store import Store
from dronesampler.texts import Text

ASKS, ANSWERS = "application/timestamp-query", "application/timestamp-reply"
TIMEOUT_S = 15.0

NOT_A_REPLY = Text("{url} 的答复不是时间戳（{kind}）", "{url} did not answer with a time stamp ({kind})")
NO_STAMP = Text("{url} 的时间戳不可用：{reason}", "the time stamp of {url} is of no use: {reason}")
NO_PACKET = Text("无法读取证据包：{reason}", "the packet cannot be read: {reason}")
NO_REQUEST = Text("证据包内没有时间戳请求", "there is no request for a time stamp in the packet")
STAMPED_ALREADY = Text("证据包已有时间戳", "the packet has a time stamp already")


@dataclass(frozen=True, slots=True)
class Stamped:
    """What became of one packet: where its stamp lies, or why there is none yet."""

    packet: Path
    stamp: Path | None
    why_not: Text | None = None


def fetch_stamp(request: bytes, url: str, *, timeout_s: float = TIMEOUT_S) -> bytes:
    """Ask an authority. Raises BadInput for a wrong address, Refused with the reason when there is no good answer."""
    kind, answer = ports.post(url, request, content_type=ASKS, timeout_s=timeout_s)
    if kind != ANSWERS:
        raise Refused(NOT_A_REPLY.with_(url=url, kind=kind))
    fault = answer_fault(answer, request)
    if fault is not None:
        raise Refused(NO_STAMP.with_(url=url, reason=fault))
    return answer


def later_path(packet: Path) -> Path:
    """Where a stamp that comes after sealing lies: beside the packet, which is never changed."""
    return packet.with_name(packet.name + layout.LATER_STAMP)


def stamp_packet(packet: Path, url: str, *, timeout_s: float = TIMEOUT_S) -> Path:
    """Fetch the stamp that a sealed packet still waits for. Raises BadInput and Refused."""
    request = waiting_request(packet)
    if request is None:
        raise Refused(STAMPED_ALREADY)
    answer = fetch_stamp(request, url, timeout_s=timeout_s)
    path = later_path(packet)
    write_whole(path, [answer])
    return path


def waiting_request(packet: Path) -> bytes | None:
    """The request that waits in a packet; None where there is a stamp. Raises BadInput for what is no packet."""
    try:
        container = Container.open(packet)
    except Unreadable as reason:
        raise BadInput(NO_PACKET.with_(reason=reason.text), where=str(packet)) from reason
    except OSError as reason:
        raise BadInput(NO_PACKET.with_(reason=system_said(reason)), where=str(packet)) from reason
    try:
        entries = {entry.name: entry for entry in container.entries}
        if layout.STAMP_RESPONSE in entries or later_path(packet).is_file():
            return None
        if layout.STAMP_REQUEST not in entries:
            raise BadInput(NO_REQUEST, where=str(packet))
        return b"".join(container.chunks(entries[layout.STAMP_REQUEST]))
    finally:
        container.close()


def waiting(store: Store) -> tuple[Path, ...]:
    """The queue: packets of this data folder that wait for a stamp, oldest first; files that are gone are left out."""
    found = [Path(packet.path) for patrol in store.patrols() for packet in store.packets(patrol)]
    return tuple(path for path in dict.fromkeys(found) if path.is_file() and waiting_request(path) is not None)


def stamp_all(packets: tuple[Path, ...], url: str, *, timeout_s: float = TIMEOUT_S) -> Iterator[Stamped]:
    """Stamp one after the other; one that fails stays in the queue and does not hold up the others."""
    for packet in packets:
        try:
            yield Stamped(packet, stamp_packet(packet, url, timeout_s=timeout_s))
        except Refused as reason:
            yield Stamped(packet, None, reason.text)
