"""Custody, packet, seal, time stamps, verification."""

from dronesampler.evidence.anchors import read_anchors
from dronesampler.evidence.contents import FILE_ADDED, Anchor, PacketContents, Supersedes
from dronesampler.evidence.digests import Digest, chunks_of, digest_of
from dronesampler.evidence.keys import KEY_FILE, TRUST_FILE, DeviceKey, Trust, TrustedKey, read_trust, write_trust
from dronesampler.evidence.packet import write_packet
from dronesampler.evidence.stamps import read_roots
from dronesampler.evidence.verdict import ExitCode, Finding, Status, Verdict
from dronesampler.evidence.verify import verify

__all__ = [
    "FILE_ADDED",
    "KEY_FILE",
    "TRUST_FILE",
    "Anchor",
    "DeviceKey",
    "Digest",
    "ExitCode",
    "Finding",
    "PacketContents",
    "Status",
    "Supersedes",
    "Trust",
    "TrustedKey",
    "Verdict",
    "chunks_of",
    "digest_of",
    "read_anchors",
    "read_roots",
    "read_trust",
    "verify",
    "write_packet",
    "write_trust",
]
