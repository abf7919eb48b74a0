"""Which file names a packet may hold: the same file on every system, and never outside the folder it is unpacked to."""

import re
import unicodedata
from collections.abc import Iterable

from dronesampler.texts import Text

_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = frozenset('<>:"|?*%\\')
LONGEST_PART_BYTES = 255
LONGEST_NAME_BYTES = 1024

EMPTY = Text("文件名为空", "the name is empty")
ABSOLUTE = Text("绝对路径", "absolute path")
BACKSLASH = Text("含反斜杠", "contains a backslash")
STEPS_OUT = Text("含“.”或“..”或空的路径段", "has a part that is empty, “.” or “..”")
NOT_NFC = Text("不是 Unicode NFC 形式", "is not in Unicode form NFC")
CONTROL = Text("含控制字符或不可用的字符", "contains a control character or one that some system forbids")
DEVICE = Text("含 Windows 设备名", "names a device of Windows")
TRAILING = Text("路径段以点或空格结尾", "a part ends with a dot or a space")
TOO_LONG = Text("文件名过长", "the name is too long")


def why_unsafe(name: str) -> Text | None:
    """Why a packet may not hold a file of this name, or None when it may."""
    if not name:
        return EMPTY
    if "\\" in name:
        return BACKSLASH
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return ABSOLUTE
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return STEPS_OUT
    return _why_unsafe_characters(name, parts)


def _why_unsafe_characters(name: str, parts: list[str]) -> Text | None:
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") or c in _FORBIDDEN for c in name):
        return CONTROL
    if unicodedata.normalize("NFC", name) != name:
        return NOT_NFC
    if any(part[-1] in ". " for part in parts):
        return TRAILING
    if any(_DEVICE.fullmatch(part) for part in parts):
        return DEVICE
    if len(name.encode()) > LONGEST_NAME_BYTES or any(len(part.encode()) > LONGEST_PART_BYTES for part in parts):
        return TOO_LONG
    return None


def clashes(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that some system would take for one file: equal but for case or composition, or file against folder."""
    seen: dict[str, str] = {}
    found = []
    folders: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
        if key in seen:
            found.append((seen[key], name))
        seen[key] = name
        parts = key.split("/")
        for depth in range(1, len(parts)):
            folders["/".join(parts[:depth])] = name
    return found + [(seen[key], name) for key, name in folders.items() if key in seen]
