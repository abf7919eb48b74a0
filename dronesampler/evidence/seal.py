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


_DIGEST: dict[str, type | tuple[type, ...]] = {"size": int, "sha256": str, "sm3": str}
_ANCHOR: dict[str, type | tuple[type, ...]] = {"count": int, "head": str, "merkle_root": str, "journal_id": str}
_KEY: dict[str, type | tuple[type, ...]] = {"public_key": str, "fingerprint": str, "owner": str}
_SUPERSEDES: dict[str, type | tuple[type, ...]] = {"packet_sha256": str, "version": int, "journal": dict}
_SEAL: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "version": int,
    "simulated": bool,
    "sealed_unix_s": (int, float),
    "files": dict,
    "journal": dict,
    "supersedes": (dict, type(None)),
    "key": dict,
}


def read_seal(data: bytes) -> tuple[dict[str, Any], bool]:
    """The seal's values, and whether it is spelled canonically. Raises ValueError, KeyError or TypeError if broken.

    What comes back has every field that `seal_of` writes, of its type: the checks need not doubt it again.
    """
    values = json.loads(data)
    if not isinstance(values, dict) or values["format"] != PACKET_FORMAT:
        raise ValueError("not a seal of this format")
    _check(values, _SEAL)
    for digest in values["files"].values():
        _check(digest, _DIGEST)
    _check(values["journal"], _ANCHOR)
    _check(values["key"], _KEY)
    if len(bytes.fromhex(values["key"]["public_key"])) != 32:
        raise ValueError("not the public key of a device")
    if values["supersedes"] is not None:
        _check(values["supersedes"], _SUPERSEDES)
        _check(values["supersedes"]["journal"], _ANCHOR)
    return values, canonical_json(values) == data


def _check(values: Any, fields: Mapping[str, type | tuple[type, ...]]) -> None:
    if not isinstance(values, dict):
        raise TypeError("not an object")
    for name, kind in fields.items():
        if not isinstance(values[name], kind) or (isinstance(values[name], bool) and kind is not bool):
            raise TypeError(f"{name} has a wrong type")
