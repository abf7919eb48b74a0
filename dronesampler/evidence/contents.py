"""What goes into a packet, as one frozen value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dronesampler.casework import Officer
from dronesampler.evidence.digests import leaf_hash, merkle_root
from dronesampler.journal import GENESIS, Entry, canonical_json

FILE_ADDED = "file added"  # the journal's word for a file that was taken in: body {name, size, sha256}


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a journal was at a moment: how many entries, the digest of the last, the Merkle root of all.

    `published` says where outsiders hold a copy (the number of a signed on-site record, a time stamp, a packet).
    """

    count: int
    head: str
    merkle_root: str
    journal_id: str = ""
    published: str = ""

    @classmethod
    def of(cls, entries: Sequence[Entry], *, journal_id: str = "", published: str = "") -> "Anchor":
        """The anchor of a whole journal."""
        root = merkle_root([leaf_hash(entry.line()) for entry in entries])
        return cls(len(entries), entries[-1].digest() if entries else GENESIS, root, journal_id, published)

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "head": self.head,
            "merkle_root": self.merkle_root,
            "journal_id": self.journal_id,
            "published": self.published,
        }


def anchor_from_json(values: Mapping[str, Any]) -> Anchor:
    """Raises KeyError, TypeError or ValueError for what is no anchor."""
    return Anchor(
        int(values["count"]),
        str(values["head"]),
        str(values.get("merkle_root", "")),
        str(values.get("journal_id", "")),
        str(values.get("published", "")),
    )


@dataclass(frozen=True, slots=True)
class Supersedes:
    """The packet that this one continues: the digest of its bytes and the state of its journal."""

    packet_sha256: str
    version: int
    journal: Anchor

    def as_json(self) -> dict[str, Any]:
        return {"packet_sha256": self.packet_sha256, "version": self.version, "journal": self.journal.as_json()}


@dataclass(frozen=True, slots=True)
class PacketContents:
    """What a packet holds.

    `files` are named below data/ and given as bytes, or as paths that are read piece by piece. `captured` gives the
    SHA-256 that files had when they were taken: a file that differs is refused by name. `case` becomes data/case.json.
    """

    name: str
    case: Mapping[str, Any]
    files: Mapping[str, bytes | Path]
    officers: Sequence[Officer]
    journal: Sequence[Entry] = ()
    journal_id: str = ""
    version: int = 1
    organization: str = ""
    simulated: bool = False
    anchors: Sequence[Anchor] = ()
    captured: Mapping[str, str] = field(default_factory=dict)
    supersedes: Supersedes | None = None

    @property
    def file_name(self) -> str:
        """What the packet's file is called."""
        return f"{self.name}_v{self.version}.evp.zip"


def case_bytes(case: Mapping[str, Any]) -> bytes:
    """data/case.json as it stands in the packet, and as the report carries it."""
    return canonical_json(case) + b"\n"
