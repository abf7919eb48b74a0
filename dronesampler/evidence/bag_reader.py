"""Judging a BagIt bag (RFC 8493, and 0.97 before it), wherever its files lie."""

import codecs
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives import hashes

from dronesampler.evidence.digests import chunks_of
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.texts import Text

KNOWN_VERSIONS = ("0.93", "0.94", "0.95", "0.96", "0.97", "1.0")
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")

NO_DECLARATION = Text("缺少或无法读取 bagit.txt", "bagit.txt is missing or cannot be read")
BAD_DECLARATION = Text("bagit.txt 内容不合规范", "bagit.txt is not as the specification says")
NO_MANIFEST = Text("没有可用的清单", "there is no manifest that can be used")
BAD_LINE = Text("清单第 {line} 行不合规范", "line {line} of the manifest is not as the specification says")
STEPS_OUT = Text("清单列有包外的路径：{name}", "the manifest names a path outside the bag: {name}")
TWICE = Text("清单重复列出：{name}", "the manifest names it twice: {name}")
NAMED_MISSING = Text("清单列有、实际缺失：{name}", "the manifest names it and it is missing: {name}")
NOT_NAMED = Text("清单未列：{name}", "the manifest does not name it: {name}")
DIFFERS = Text("摘要与清单不符：{name}", "the digest is not the manifest's: {name}")
BAD_OXUM = Text("Payload-Oxum 为 {said}，实际为 {found}", "Payload-Oxum says {said}, found {found}")
BAD_TAG = Text("bag-info.txt 第 {line} 行不合规范", "line {line} of bag-info.txt is not as the specification says")
BAD_ENCODING = Text("不是所声明的字符编码", "not in the character encoding that is declared")

Faults = list[tuple[str, Text]]


class Bag(Protocol):
    """Where a bag's files lie."""

    def names(self) -> set[str]: ...

    def read(self, name: str) -> bytes: ...

    def size(self, name: str) -> int: ...

    def digest(self, name: str, algorithm: str) -> str | None:
        """Hexadecimal, None for an algorithm that is not known."""


@dataclass(frozen=True, slots=True)
class FolderBag:
    """A bag in a folder."""

    root: Path

    def names(self) -> set[str]:
        return {path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()}

    def read(self, name: str) -> bytes:
        return (self.root / name).read_bytes()

    def size(self, name: str) -> int:
        return (self.root / name).stat().st_size

    def digest(self, name: str, algorithm: str) -> str | None:
        return _digest(chunks_of(self.root / name), algorithm)


@dataclass(frozen=True, slots=True)
class PacketBag:
    """The bag in an opened packet, whose digests are known."""

    packet: OpenedPacket

    def names(self) -> set[str]:
        return set(self.packet.digests)

    def read(self, name: str) -> bytes:
        return self.packet.kept.get(name, b"")

    def size(self, name: str) -> int:
        return self.packet.digests[name].size

    def digest(self, name: str, algorithm: str) -> str | None:
        if algorithm in ("sha256", "sm3"):
            return str(getattr(self.packet.digests[name], algorithm))
        return _digest(self.packet.chunks(name), algorithm)


def _digest(chunks: Iterable[bytes], algorithm: str) -> str | None:
    if algorithm == "sm3":
        sm3 = hashes.Hash(hashes.SM3())
        for chunk in chunks:
            sm3.update(chunk)
        return sm3.finalize().hex()
    if algorithm not in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512"):
        return None
    # MD5 and SHA-1 are met in bags of other programs; they show accidents, not intent.
    plain = hashlib.new(algorithm, usedforsecurity=False)
    for chunk in chunks:
        plain.update(chunk)
    return plain.hexdigest()


def bag_faults(bag: Bag) -> Faults:
    """What is wrong with a bag as (file, reason); empty for a valid one."""
    faults: Faults = []
    encoding = _declared_encoding(bag, faults)
    if encoding is None:
        return faults
    names = bag.names()
    manifests = {name: match for name in sorted(names) if (match := _MANIFEST.fullmatch(name))}
    payload = {name for name in names if name.startswith("data/")}
    if not any(match[1] is None for match in manifests.values()):
        faults.append(("", NO_MANIFEST))
    for name, match in manifests.items():
        listed = _listed(bag, name, encoding, faults)
        _compare(bag, name, listed, algorithm=match[2], payload=None if match[1] else payload, faults=faults)
    _check_info(bag, payload, encoding, faults)
    _check_fetch(bag, encoding, faults)
    return faults


def _declared_encoding(bag: Bag, faults: Faults) -> str | None:
    if "bagit.txt" not in bag.names():
        faults.append(("bagit.txt", NO_DECLARATION))
        return None
    lines = bag.read("bagit.txt").decode("utf-8", "replace").splitlines()
    matches = re.fullmatch(r"BagIt-Version: (\d+\.\d+)\nTag-File-Character-Encoding: (\S+)\s*", "\n".join(lines))
    if not matches or matches[1] not in KNOWN_VERSIONS:
        faults.append(("bagit.txt", BAD_DECLARATION))
        return None
    try:
        return codecs.lookup(matches[2]).name
    except LookupError:
        faults.append(("bagit.txt", BAD_DECLARATION))
        return None


def _text(bag: Bag, name: str, encoding: str, faults: Faults) -> str:
    try:
        return bag.read(name).decode(encoding)
    except UnicodeDecodeError:
        faults.append((name, BAD_ENCODING))
        return ""


def _listed(bag: Bag, manifest: str, encoding: str, faults: Faults) -> dict[str, str]:
    """Name -> digest as the manifest has it."""
    listed: dict[str, str] = {}
    for number, line in enumerate(re.split(r"\r\n|\n|\r", _text(bag, manifest, encoding, faults)), 1):
        if not line.strip():
            continue
        match = re.fullmatch(r"([0-9a-fA-F]+)[ \t]+\*?(.+)", line)
        if not match:
            faults.append((manifest, BAD_LINE.with_(line=number)))
            continue
        name = re.sub(r"^(\./)+", "", match[2])
        name = name.replace("%0A", "\n").replace("%0a", "\n").replace("%0D", "\r").replace("%0d", "\r")
        if _steps_out(name):
            faults.append((manifest, STEPS_OUT.with_(name=name)))
        elif name in listed:
            faults.append((manifest, TWICE.with_(name=name)))
        else:
            listed[name] = match[1].lower()
    return listed


def _steps_out(name: str) -> bool:
    return name.startswith(("/", "~")) or ".." in name.split("/")


def _compare(
    bag: Bag, manifest: str, listed: dict[str, str], *, algorithm: str, payload: set[str] | None, faults: Faults
) -> None:
    """`payload` is what a payload manifest must name, None for a tag manifest, which may leave files out."""
    names = bag.names()
    for name, said in listed.items():
        if name not in names and name.replace("%25", "%") in names:
            name = name.replace("%25", "%")
        if name not in names:
            faults.append((manifest, NAMED_MISSING.with_(name=name)))
        elif (found := bag.digest(name, algorithm)) is not None and found != said:
            faults.append((manifest, DIFFERS.with_(name=name)))
    for name in sorted((payload or set()) - set(listed) - {n.replace("%25", "%") for n in listed}):
        faults.append((manifest, NOT_NAMED.with_(name=name)))


def _check_info(bag: Bag, payload: set[str], encoding: str, faults: Faults) -> None:
    if "bag-info.txt" not in bag.names():
        return
    for label, value in _tags(bag, encoding, faults):
        if label.lower() == "payload-oxum":
            found = f"{sum(bag.size(name) for name in payload)}.{len(payload)}"
            if value != found:
                faults.append(("bag-info.txt", BAD_OXUM.with_(said=value, found=found)))


def _check_fetch(bag: Bag, encoding: str, faults: Faults) -> None:
    """fetch.txt names what is still to be fetched; nothing is fetched here, but no line may point outside."""
    if "fetch.txt" not in bag.names():
        return
    for line in _text(bag, "fetch.txt", encoding, faults).splitlines():
        name = re.sub(r"^(\./)+", "", line.split(maxsplit=2)[-1]) if line.strip() else "data/"
        if _steps_out(name) or not name.startswith("data/"):
            faults.append(("fetch.txt", STEPS_OUT.with_(name=name)))


def _tags(bag: Bag, encoding: str, faults: Faults) -> Iterator[tuple[str, str]]:
    lines = re.split(r"\r\n|\n|\r", _text(bag, "bag-info.txt", encoding, faults))
    for number, line in enumerate(lines, 1):
        if not line.strip() or line[0] in " \t":  # a folded line goes on with the value before
            continue
        label, colon, value = line.partition(":")
        if not colon:
            faults.append(("bag-info.txt", BAD_TAG.with_(line=number)))
        else:
            yield label.strip(), value.strip()
