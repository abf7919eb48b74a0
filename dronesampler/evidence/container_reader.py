"""Reading a container that may be damaged or hostile: what it holds, and where it is not canonical."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from dronesampler.evidence.container import (
    CENTRAL,
    END,
    END64,
    END64_LOCATOR,
    LOCAL,
    ZIP64_COUNT_FROM,
    ZIP64_FROM,
    Member,
    central_header,
    end_records,
    local_header,
)
from dronesampler.evidence.digests import chunks_from
from dronesampler.texts import Text

LARGEST_DIRECTORY_BYTES = 256 << 20
LARGEST_COMMENT_BYTES = 0xFFFF
SYMLINK = 0o120000

NOT_A_ZIP = Text(
    "不是完整的 ZIP 文件（没有找到目录结尾；文件可能被截断）",
    "not a whole ZIP file (no end of directory; it may have been cut off)",
)
AFTER_END = Text("ZIP 结尾之后或注释中有 {count} 个多余字节", "{count} bytes after the end of the ZIP, or a comment")
BROKEN_DIRECTORY = Text("ZIP 目录已损坏", "the ZIP's directory is damaged")
HEADER_DIFFERS = Text("文件头与标准写法不同", "its header is not the canonical one")
DIRECTORY_DIFFERS = Text("目录与标准写法不同", "the directory is not the canonical one")
NOT_STORED = Text("不是“仅存储”方式（被其他程序重新压缩过）", "not stored plain (packed again by another program)")
A_LINK = Text("是符号链接", "is a symbolic link")
NOT_SORTED = Text("条目未按名称排列", "entries are not in the order of their names")


class Unreadable(Exception):
    """The container cannot be read at all; says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the central directory as found."""

    member: Member
    offset: int
    method: int
    attributes: int
    packed: int

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def is_link(self) -> bool:
        return (self.attributes >> 16) & 0o170000 == SYMLINK


@dataclass(slots=True)
class Container:
    """An open container. `oddities` are (name or "", what is not canonical)."""

    file: BinaryIO
    size: int
    entries: list[Entry] = field(default_factory=list)
    oddities: list[tuple[str, Text]] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Raises OSError when the file cannot be opened, Unreadable when it is no ZIP."""
        file = path.open("rb")
        try:
            container = cls(file, path.stat().st_size)
            container._read_directory()
        except BaseException:
            file.close()
            raise
        return container

    def close(self) -> None:
        self.file.close()

    def chunks(self, entry: Entry) -> Iterator[bytes]:
        """The file's bytes as stored, from where its local header says they begin."""
        self.file.seek(entry.offset)
        fixed = self.file.read(LOCAL.size)
        if len(fixed) == LOCAL.size and fixed[:4] == b"PK\3\4":
            name_length, extra_length = struct.unpack("<2H", fixed[26:30])
            self.file.seek(entry.offset + LOCAL.size + name_length + extra_length)
            yield from chunks_from(self.file, entry.member.size)

    def _read_directory(self) -> None:
        end_at = self._find_end()
        count, size, offset = self._directory_place(end_at)
        if size > min(LARGEST_DIRECTORY_BYTES, self.size) or offset + size > self.size:
            raise Unreadable(BROKEN_DIRECTORY)
        self.file.seek(offset)
        directory = self.file.read(size)
        self._read_entries(directory)
        self._compare(directory, offset=offset, count=count)

    def _find_end(self) -> int:
        """Where the end record is; a canonical container ends with it."""
        tail_size = min(self.size, END.size + LARGEST_COMMENT_BYTES)
        self.file.seek(self.size - tail_size)
        tail = self.file.read(tail_size)
        at = len(tail) - END.size if tail[-END.size :].startswith(b"PK\5\6") else tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) - at < END.size:
            raise Unreadable(NOT_A_ZIP)
        if at != len(tail) - END.size:
            self.oddities.append(("", AFTER_END.with_(count=len(tail) - at - END.size)))
        return self.size - tail_size + at

    def _directory_place(self, end_at: int) -> tuple[int, int, int]:
        self.file.seek(end_at)
        _, _, _, _, count, size, offset, _ = END.unpack(self.file.read(END.size))
        if ZIP64_FROM not in (size, offset) and count != ZIP64_COUNT_FROM:
            return count, size, offset
        at = end_at - END64_LOCATOR.size - END64.size
        self.file.seek(max(at, 0))
        wide = self.file.read(END64.size)
        if at < 0 or wide[:4] != b"PK\6\6":
            raise Unreadable(BROKEN_DIRECTORY)
        return END64.unpack(wide)[7:10]

    def _read_entries(self, directory: bytes) -> None:
        at = 0
        while at < len(directory):
            fixed = directory[at : at + CENTRAL.size]
            if len(fixed) < CENTRAL.size or fixed[:4] != b"PK\1\2":
                self.oddities.append(("", BROKEN_DIRECTORY))
                return
            *_, method, _, _, crc32, packed, size, n, e, c, _, _, attributes, offset = CENTRAL.unpack(fixed)
            name_bytes = directory[at + CENTRAL.size : at + CENTRAL.size + n]
            extra = directory[at + CENTRAL.size + n : at + CENTRAL.size + n + e]
            size, packed, offset = _widened(extra, size=size, packed=packed, offset=offset)
            name = name_bytes.decode("utf-8", "replace")
            self.entries.append(Entry(Member(name, size, crc32), offset, method, attributes, packed))
            at += CENTRAL.size + n + e + c

    def _compare(self, directory: bytes, *, offset: int, count: int) -> None:
        """Write the headers anew from what they say, and compare: any other spelling is an oddity."""
        names = [entry.name for entry in self.entries]
        if names != sorted(names):
            self.oddities.append(("", NOT_SORTED))
        expected, place = [], 0
        for entry in self.entries:
            self._compare_entry(entry, place)
            expected.append(central_header(entry.member, place))
            place += len(local_header(entry.member)) + entry.member.size
        own = b"".join(expected)
        end = end_records(len(self.entries), size=len(own), offset=place)
        self.file.seek(place)
        if own != directory or self.file.read(len(own) + len(end) + 1) != own + end or place != offset:
            self.oddities.append(("", DIRECTORY_DIFFERS))

    def _compare_entry(self, entry: Entry, place: int) -> None:
        if entry.is_link:
            self.oddities.append((entry.name, A_LINK))
        if entry.method != 0 or entry.packed != entry.member.size:
            self.oddities.append((entry.name, NOT_STORED))
        header = local_header(entry.member)
        self.file.seek(place)
        if entry.offset != place or self.file.read(len(header)) != header:
            self.oddities.append((entry.name, HEADER_DIFFERS))


def _widened(extra: bytes, *, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset with the ZIP64 extra field applied where the short fields are full."""
    if len(extra) < 4 or extra[:2] != b"\1\0":
        return size, packed, offset
    wide = [int.from_bytes(extra[i : i + 8], "little") for i in range(4, len(extra) - 7, 8)]
    values = []
    for short in (size, packed, offset):
        values.append(wide.pop(0) if short == ZIP64_FROM and wide else short)
    return values[0], values[1], values[2]
