"""Digests of streams, SHA-256 and SM3 in one pass, and the Merkle tree of RFC 6962."""

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes

CHUNK_BYTES = 1 << 20
EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file is: its size in bytes, its digests in hexadecimal, and the CRC-32 that ZIP wants."""

    size: int
    sha256: str
    sm3: str
    crc32: int

    def as_json(self) -> dict[str, str | int]:
        return {"size": self.size, "sha256": self.sha256, "sm3": self.sm3}


def digest_of(chunks: Iterable[bytes]) -> Digest:
    """Size, SHA-256, SM3 and CRC-32 of a stream. SM3 by `cryptography`: the system's OpenSSL may lack it."""
    sha256, sm3, crc32, size = hashlib.sha256(), hashes.Hash(hashes.SM3()), 0, 0
    for chunk in chunks:
        sha256.update(chunk)
        sm3.update(chunk)
        crc32 = zlib.crc32(chunk, crc32)
        size += len(chunk)
    return Digest(size, sha256.hexdigest(), sm3.finalize().hex(), crc32)


def chunks_of(source: bytes | Path) -> Iterator[bytes]:
    """The bytes of a value or a file, piece by piece. Raises OSError."""
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        yield from chunks_from(file)


def chunks_from(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """`size` bytes from an open file, or all that is left; fewer when the file ends."""
    left = size
    while left is None or left > 0:
        chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
        if not chunk:
            return
        left = None if left is None else left - len(chunk)
        yield chunk


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf of the Merkle tree of RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def merkle_root(leaf_hashes: Sequence[bytes]) -> str:
    """Root of the Merkle tree of RFC 6962 section 2.1 over leaves given by their hashes, hexadecimal."""
    level = list(leaf_hashes)
    while len(level) > 1:
        # Pairing from the left with an odd last node carried up gives the same tree as RFC 6962's split
        # at the largest power of two.
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0].hex() if level else EMPTY_ROOT
