"""The seal: one canonical JSON that names every file with size and digests, the journal, and who seals; then signed."""

import json
from collections.abc import Mapping
from typing import Any

from dronesampler import __version__
from dronesampler.clock import Clock
from dronesampler.evidence.contents import Anchor, PacketContents
from dronesampler.evidence.digests import Digest
from dronesampler.evidence.keys import DeviceKey
from dronesampler.evidence.layout import PACKET_FORMAT
from dronesampler.journal import canonical_json


def seal_of(contents: PacketContents, files: Mapping[str, Digest], *, key: DeviceKey, clock: Clock) -> bytes:
    """seal.json over these files."""
    return canonical_json(
        {
            "format": PACKET_FORMAT,
            "name": contents.name,
            "version": contents.version,
            "simulated": contents.simulated,
            "sealed_unix_s": clock.unix_s(),
            "clock": {"source": "device", "factor": clock.factor},
            "software": f"dronesampler {__version__}",
            "files": {name: digest.as_json() for name, digest in files.items()},
            "journal": Anchor.of(contents.journal, journal_id=contents.journal_id).as_json(),
            "supersedes": contents.supersedes.as_json() if contents.supersedes else None,
            "key": {
                "algorithm": "Ed25519",
                "public_key": key.public_key.hex(),
                "fingerprint": key.fingerprint,
                "owner": key.owner,
            },
        }
    )


def read_seal(data: bytes) -> tuple[dict[str, Any], bool]:
    """The seal's values, and whether it is spelled canonically. Raises ValueError, KeyError or TypeError if broken."""
    values = json.loads(data)
    if not isinstance(values, dict) or values["format"] != PACKET_FORMAT:
        raise ValueError("not a seal of this format")
    for digest in values["files"].values():
        if not (isinstance(digest["size"], int) and len(digest["sha256"]) == 64 and len(digest["sm3"]) == 64):
            raise ValueError("a file's digest is not one")
    bytes.fromhex(values["key"]["public_key"])
    float(values["sealed_unix_s"])
    int(values["journal"]["count"])
    bool(values["simulated"])
    return values, canonical_json(values) == data
