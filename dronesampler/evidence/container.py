"""The canonical ZIP of a packet: stored, sorted, dated 1980, UTF-8 names; one spelling for one set of files."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

ZIP64_FROM = 0xFFFFFFFF
ZIP64_COUNT_FROM = 0xFFFF
UTF8_NAMES = 0x0800
DATE_1980_01_01 = 0x0021
MODE_FILE_0644 = 0o100644 << 16
MADE_ON_UNIX = 3 << 8
VERSION_PLAIN, VERSION_ZIP64 = 20, 45

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")
END64_LOCATOR = struct.Struct("<4sIQI")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in the container: all that its headers say, but for the place."""

    name: str
    size: int
    crc32: int


def local_header(member: Member, *, zip64_from: int = ZIP64_FROM) -> bytes:
    """The header before a file's bytes (PKWARE APPNOTE 4.3.7)."""
    name = member.name.encode()
    big = member.size >= zip64_from
    size = ZIP64_FROM if big else member.size
    extra = struct.pack("<2H2Q", 1, 16, member.size, member.size) if big else b""
    version = VERSION_ZIP64 if big else VERSION_PLAIN
    fixed = (b"PK\3\4", version, UTF8_NAMES, 0, 0, DATE_1980_01_01, member.crc32, size, size, len(name), len(extra))
    return LOCAL.pack(*fixed) + name + extra


def central_header(member: Member, offset: int, *, zip64_from: int = ZIP64_FROM) -> bytes:
    """The file's line in the central directory (APPNOTE 4.3.12)."""
    name = member.name.encode()
    big, far = member.size >= zip64_from, offset >= zip64_from
    fields = ([member.size, member.size] if big else []) + ([offset] if far else [])
    extra = struct.pack(f"<2H{len(fields)}Q", 1, 8 * len(fields), *fields) if fields else b""
    version = VERSION_ZIP64 if fields else VERSION_PLAIN
    size = ZIP64_FROM if big else member.size
    fixed = CENTRAL.pack(
        *(b"PK\1\2", MADE_ON_UNIX | version, version, UTF8_NAMES, 0, 0, DATE_1980_01_01, member.crc32, size, size),
        *(len(name), len(extra), 0, 0, 0, MODE_FILE_0644, ZIP64_FROM if far else offset),
    )
    return fixed + name + extra


def end_records(count: int, *, size: int, offset: int, zip64_from: int = ZIP64_FROM) -> bytes:
    """What closes the container (APPNOTE 4.3.14 to 4.3.16); `size` and `offset` are the central directory's."""
    plain = (min(count, ZIP64_COUNT_FROM), size, offset)
    if count < ZIP64_COUNT_FROM and max(size, offset) < zip64_from:
        return END.pack(b"PK\5\6", 0, 0, plain[0], *plain, 0)
    wide = END64.pack(
        *(b"PK\6\6", END64.size - 12, MADE_ON_UNIX | VERSION_ZIP64, VERSION_ZIP64, 0, 0),
        *(count, count, size, offset),
    )
    locator = END64_LOCATOR.pack(b"PK\6\7", 0, offset + size, 1)
    tops = (ZIP64_COUNT_FROM, ZIP64_COUNT_FROM, ZIP64_FROM, ZIP64_FROM)
    return wide + locator + END.pack(b"PK\5\6", 0, 0, *tops, 0)


class ContainerWriter:
    """Writes a container from front to back. Members come in the order of their names, digests known beforehand."""

    def __init__(self, out: BinaryIO, *, zip64_from: int = ZIP64_FROM) -> None:
        self._out = out
        self._zip64_from = zip64_from
        self._offset = 0
        self._central: list[bytes] = []
        self._last = ""

    def add(self, member: Member, chunks: Iterable[bytes]) -> None:
        """One file. Raises ValueError when the bytes are not as many as the member says, or names are out of order."""
        if member.name <= self._last:
            raise ValueError(f"{member.name} does not come after {self._last}")
        header = local_header(member, zip64_from=self._zip64_from)
        self._central.append(central_header(member, self._offset, zip64_from=self._zip64_from))
        self._out.write(header)
        written = sum(self._out.write(chunk) for chunk in chunks)
        if written != member.size:
            raise ValueError(f"{member.name} has {written} bytes, not {member.size}")
        self._offset += len(header) + written
        self._last = member.name

    def close(self) -> None:
        """The central directory and the end."""
        directory = b"".join(self._central)
        count, size = len(self._central), len(directory)
        self._out.write(directory)
        self._out.write(end_records(count, size=size, offset=self._offset, zip64_from=self._zip64_from))
