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
    encoding = _declared_encoding(bag)
    if isinstance(encoding, Text):
        return [("bagit.txt", encoding)]
    _Judge(bag, encoding, faults).judge()
    return faults


def _declared_encoding(bag: Bag) -> str | Text:
    """The encoding of the tag files, or what is wrong with the declaration."""
    if "bagit.txt" not in bag.names():
        return NO_DECLARATION
    lines = bag.read("bagit.txt").decode("utf-8", "replace").splitlines()
    matches = re.fullmatch(r"BagIt-Version: (\d+\.\d+)\nTag-File-Character-Encoding: (\S+)\s*", "\n".join(lines))
    if not matches or matches[1] not in KNOWN_VERSIONS:
        return BAD_DECLARATION
    try:
        return codecs.lookup(matches[2]).name
    except LookupError:
        return BAD_DECLARATION


@dataclass(frozen=True, slots=True)
class _Judge:
    """One bag, the encoding of its tag files, and the faults found so far."""

    bag: Bag
    encoding: str
    faults: Faults

    def judge(self) -> None:
        names = self.bag.names()
        manifests = {name: match for name in sorted(names) if (match := _MANIFEST.fullmatch(name))}
        payload = {name for name in names if name.startswith("data/")}
        if not any(match[1] is None for match in manifests.values()):
            self.faults.append(("", NO_MANIFEST))
        for name, match in manifests.items():
            listed = self._listed(name)
            self._compare(name, listed, algorithm=match[2])
            if match[1] is None:  # a tag manifest may leave files out, a payload manifest not
                plain = {said.replace("%25", "%") for said in listed} | set(listed)
                self.faults.extend((name, NOT_NAMED.with_(name=missed)) for missed in sorted(payload - plain))
        self._check_info(payload)
        self._check_fetch()

    def _text(self, name: str) -> str:
        try:
            return self.bag.read(name).decode(self.encoding)
        except UnicodeDecodeError:
            self.faults.append((name, BAD_ENCODING))
            return ""

    def _listed(self, manifest: str) -> dict[str, str]:
        """Name -> digest as the manifest has it."""
        listed: dict[str, str] = {}
        for number, line in enumerate(re.split(r"\r\n|\n|\r", self._text(manifest)), 1):
            if not line.strip():
                continue
            match = re.fullmatch(r"([0-9a-fA-F]+)[ \t]+\*?(.+)", line)
            if not match:
                self.faults.append((manifest, BAD_LINE.with_(line=number)))
                continue
            name = _decoded(match[2])
            if _steps_out(name):
                self.faults.append((manifest, STEPS_OUT.with_(name=name)))
            elif name in listed:
                self.faults.append((manifest, TWICE.with_(name=name)))
            else:
                listed[name] = match[1].lower()
        return listed

    def _compare(self, manifest: str, listed: dict[str, str], *, algorithm: str) -> None:
        names = self.bag.names()
        for said_name, said in listed.items():
            name = said_name if said_name in names else said_name.replace("%25", "%")
            if name not in names:
                self.faults.append((manifest, NAMED_MISSING.with_(name=name)))
            elif (found := self.bag.digest(name, algorithm)) is not None and found != said:
                self.faults.append((manifest, DIFFERS.with_(name=name)))

    def _check_info(self, payload: set[str]) -> None:
        if "bag-info.txt" not in self.bag.names():
            return
        for label, value in self._tags():
            if label.lower() == "payload-oxum":
                found = f"{sum(self.bag.size(name) for name in payload)}.{len(payload)}"
                if value != found:
                    self.faults.append(("bag-info.txt", BAD_OXUM.with_(said=value, found=found)))

    def _check_fetch(self) -> None:
        """fetch.txt names what is still to be fetched; nothing is fetched here, but no line may point outside."""
        if "fetch.txt" not in self.bag.names():
            return
        for line in self._text("fetch.txt").splitlines():
            name = re.sub(r"^(\./)+", "", line.split(maxsplit=2)[-1]) if line.strip() else "data/"
            if _steps_out(name) or not name.startswith("data/"):
                self.faults.append(("fetch.txt", STEPS_OUT.with_(name=name)))

    def _tags(self) -> Iterator[tuple[str, str]]:
        for number, line in enumerate(re.split(r"\r\n|\n|\r", self._text("bag-info.txt")), 1):
            if not line.strip() or line[0] in " \t":  # a folded line goes on with the value before
                continue
            label, colon, value = line.partition(":")
            if colon:
                yield label.strip(), value.strip()
            else:
                self.faults.append(("bag-info.txt", BAD_TAG.with_(line=number)))


def _decoded(name: str) -> str:
    """A manifest's name without a leading ./ and with its line breaks back (RFC 8493 section 2.1.3)."""
    name = re.sub(r"^(\./)+", "", name)
    return re.sub(r"%0[aAdD]", lambda code: "\n" if code[0].lower() == "%0a" else "\r", name)


def _steps_out(name: str) -> bool:
    return name.startswith(("/", "~")) or ".." in name.split("/")
