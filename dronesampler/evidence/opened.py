"""A packet opened for verification: its container read once, every file digested, the small ones kept at hand."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dronesampler.evidence import layout
from dronesampler.evidence.container_reader import Container, Entry
from dronesampler.evidence.digests import Digest, digest_of

LARGEST_KEPT_BYTES = 256 << 20


@dataclass(slots=True)
class OpenedPacket:
    """Files by name with their digests; of a name that stands twice, the first."""

    container: Container
    digests: dict[str, Digest] = field(default_factory=dict)
    kept: dict[str, bytes] = field(default_factory=dict)
    seal: dict[str, Any] | None = None
    later_stamp: bytes | None = None  # an answer that came after sealing and lies beside the packet

    @property
    def payload(self) -> dict[str, Digest]:
        return {name: digest for name, digest in self.digests.items() if name.startswith(layout.PAYLOAD)}

    def entry(self, name: str) -> Entry | None:
        return next((entry for entry in self.container.entries if entry.name == name), None)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a file again."""
        entry = self.entry(name)
        return self.container.chunks(entry) if entry else iter(())


def is_kept(name: str) -> bool:
    """Files that checks read whole: all but the payload, and of the payload the case, the report and sample records."""
    if not name.startswith(layout.PAYLOAD) or name == layout.CASE or name.startswith(layout.REPORT):
        return True
    return name.startswith((layout.SAMPLES, layout.CASES)) and name.endswith(layout.CHAIN)


def read_through(container: Container) -> OpenedPacket:
    """Read every file once, in order."""
    packet = OpenedPacket(container)
    for entry in container.entries:
        if entry.name in packet.digests:
            continue
        parts: list[bytes] = []
        keep = is_kept(entry.name) and entry.member.size <= LARGEST_KEPT_BYTES
        packet.digests[entry.name] = digest_of(_kept(container.chunks(entry), parts if keep else None))
        if keep:
            packet.kept[entry.name] = b"".join(parts)
    return packet


def _kept(chunks: Iterable[bytes], parts: list[bytes] | None) -> Iterator[bytes]:
    for chunk in chunks:
        if parts is not None:
            parts.append(chunk)
        yield chunk
