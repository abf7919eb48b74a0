"""Whatever is done to a packet after it was sealed is found, and named."""

import io
import itertools
import os
import random
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dronesampler.casework import Officer
from dronesampler.clock import FakeClock
from dronesampler.evidence import (
    DeviceKey,
    ExitCode,
    PacketContents,
    Status,
    Trust,
    TrustedKey,
    Verdict,
    digest_of,
    verify,
    write_packet,
)
from dronesampler.evidence.container import ContainerWriter, Member
from dronesampler.journal import Entry, follow

OFFICERS = (Officer("示例甲", "DEMO-1"), Officer("示例乙", "DEMO-2"))
KEY = DeviceKey.generate("test device")
TRUST = Trust((TrustedKey(KEY.public_key, KEY.owner),))
Files = dict[str, bytes]


def journal(count: int = 5) -> list[Entry]:
    entries: list[Entry] = []
    for i in range(count):
        entries.append(follow(entries[-1] if entries else None, unix_s=1.8e9 + i, kind="noted", body={"i": i}))
    return entries


def packet(folder: Path, *, payload: bytes = b"raw" * 200, key: DeviceKey = KEY) -> Path:
    files = {"flights/a/raw/1.tlog": payload, "readings/readings.csv": b"seq\n1\n", "说明.txt": "好".encode()}
    contents = PacketContents("T", {}, files, OFFICERS, journal(), simulated=True)
    signers: Callable[[bytes], Mapping[str, bytes]] = lambda message: {"officer1.p7s": b"not checked here"}  # noqa: E731
    return write_packet(
        contents, folder, key=key, clock=FakeClock(), signers=signers, stamper=lambda request: b"answer"
    )


def unpacked(path: Path) -> Files:
    with zipfile.ZipFile(path) as container:
        return {info.filename: container.read(info) for info in container.infolist()}


def repacked(files: Files, path: Path) -> Path:
    """Canonically, as a forger would who has read the source but has not the key."""
    with path.open("wb") as out:
        writer = ContainerWriter(out)
        for name in sorted(files):
            digest = digest_of([files[name]])
            writer.add(Member(name, digest.size, digest.crc32), [files[name]])
        writer.close()
    return path


def judged(files: Files, path: Path) -> Verdict:
    return verify(repacked(files, path), trust=TRUST)


def faults(verdict: Verdict) -> set[str]:
    """Where integrity fails."""
    return {f.where for f in verdict.findings if f.status is Status.FAILED and f.number <= 14}


@pytest.fixture
def sealed(tmp_path: Path) -> Files:
    """Its signature and stamp are not real: their own checks fail; those of the seal do not."""
    return unpacked(packet(tmp_path))


OWN_FAULTS = {"signatures/officer1.p7s", "tsa/001.tsr"}


def test_repacking_alone_changes_nothing(sealed: Files, tmp_path: Path) -> None:
    path = repacked(sealed, tmp_path / "again.zip")
    assert path.read_bytes() == (tmp_path / "T_v1.evp.zip").read_bytes()
    assert faults(verify(path, trust=TRUST)) == OWN_FAULTS


def test_each_file_removed_emptied_renamed_changed(sealed: Files, tmp_path: Path) -> None:
    for name in sealed:
        others = {n: d for n, d in sealed.items() if n != name}
        tried = {
            "removed": others,
            "emptied": others | {name: b""},
            "renamed": others | {name + "x": sealed[name]},
            "changed": others | {name: sealed[name][:-1] + bytes([sealed[name][-1] ^ 1])},
            "longer": others | {name: sealed[name] + b"\n"},
        }
        for how, files in tried.items():
            verdict = judged(files, tmp_path / "x.zip")
            assert verdict.exit_code is ExitCode.BROKEN, (name, how)
            found = {
                f.where for f in verdict.findings if f.status is Status.FAILED and f.code in ("V3", "V4", "V5", "V6")
            }
            assert name in found or (name == "seal.sig" and found), (name, how, found)


def test_files_added_anywhere(sealed: Files, tmp_path: Path) -> None:
    for name in ("data/x", "x", "signatures/officer3.p7s", "tsa/002.tsr", "data/readings/._x", "fetch.txt"):
        assert name in faults(judged(sealed | {name: b""}, tmp_path / "x.zip"))


def test_two_files_swapped(sealed: Files, tmp_path: Path) -> None:
    names = sorted(sealed)
    for one, other in itertools.pairwise(names):
        files = sealed | {one: sealed[other], other: sealed[one]}
        assert {one, other} & faults(judged(files, tmp_path / "x.zip"))


def test_another_key_cannot_take_its_place(sealed: Files, tmp_path: Path) -> None:
    """A forger seals changed contents anew with a key of his own; with the trusted key's name on it, it is broken."""
    forger = DeviceKey.generate("test device")
    forged = packet(tmp_path, payload=b"forged", key=forger)
    assert verify(forged, trust=Trust()).exit_code is ExitCode.BROKEN  # its own signature and stamp are not real
    files = unpacked(forged)
    named = files | {
        "seal.json": files["seal.json"].replace(forger.public_key.hex().encode(), KEY.public_key.hex().encode())
    }
    assert "seal.sig" in faults(judged(named, tmp_path / "x.zip"))


@pytest.mark.parametrize("name", ["../up", "/abs", "a\\b", "CON", "data/e\u0301", "data/a:b", "C:/x", "data/../x"])
def test_unsafe_names_are_named(sealed: Files, tmp_path: Path, name: str) -> None:
    verdict = judged(sealed | {name: b""}, tmp_path / "x.zip")
    assert any(f.code == "V1" and f.where == name and f.status is Status.FAILED for f in verdict.findings)


def test_names_composed_otherwise_or_in_another_case(sealed: Files, tmp_path: Path) -> None:
    accented = "data/é.txt"
    files = sealed | {unicodedata.normalize("NFD", accented): b""}
    assert unicodedata.normalize("NFD", accented) in faults(judged(files, tmp_path / "x.zip"))
    files = {n.upper() if n == "data/readings/readings.csv" else n: d for n, d in sealed.items()}
    assert {"data/readings/readings.csv", "DATA/READINGS/READINGS.CSV"} <= faults(judged(files, tmp_path / "x.zip"))


def test_line_ends_and_byte_order_marks(sealed: Files, tmp_path: Path) -> None:
    for name in ("journal.jsonl", "manifest-sha256.txt", "bagit.txt", "anchors.json", "seal.json"):
        for data in (sealed[name].replace(b"\n", b"\r\n") or b"", b"\xef\xbb\xbf" + sealed[name]):
            if data != sealed[name]:
                verdict = judged(sealed | {name: data}, tmp_path / "x.zip")
                assert verdict.exit_code is ExitCode.BROKEN
                assert name in faults(verdict) | {"seal.json" if name == "seal.json" else ""}


def test_journal_lines_dropped_doubled_reordered_edited(sealed: Files, tmp_path: Path) -> None:
    lines = sealed["journal.jsonl"].splitlines(keepends=True)
    for kept in (
        lines[:-1],
        lines[:1],
        [],
        lines[:2] + lines[3:],
        [lines[0], *lines],
        [lines[1], lines[0], *lines[2:]],
        [lines[0].replace(b'"i":0', b'"i":9'), *lines[1:]],
        [*lines[:-1], lines[-1].rstrip(b"\n")],
    ):
        verdict = judged(sealed | {"journal.jsonl": b"".join(kept)}, tmp_path / "x.zip")
        assert any(f.code == "V8" and f.status is Status.FAILED for f in verdict.findings)


def test_bytes_around_the_container(tmp_path: Path) -> None:
    path = packet(tmp_path)
    data = path.read_bytes()
    trial = tmp_path / "x.zip"
    for changed in (data + b"\0", data + b"PK", b"\0" + data, b"MZ" + data, data[:100] + b"\0" + data[100:]):
        trial.write_bytes(changed)
        assert verify(trial, trust=TRUST).exit_code in (ExitCode.BROKEN, ExitCode.UNREADABLE)
    trial.write_bytes(data[:-2] + b"\x05\x00hello")  # a comment
    assert verify(trial, trust=TRUST).exit_code is ExitCode.BROKEN
    for cut in (0, 1, 21, 22, 100, len(data) // 2, len(data) - 1):
        trial.write_bytes(data[:cut])
        assert verify(trial, trust=TRUST).exit_code is ExitCode.UNREADABLE


def test_packed_again_by_another_program(sealed: Files, tmp_path: Path) -> None:
    def zipped(
        order: list[str], *, compression: int = zipfile.ZIP_STORED, extra: bytes = b"", link: str = ""
    ) -> Verdict:
        with zipfile.ZipFile(tmp_path / "x.zip", "w", compression) as container:
            for name in order:
                info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                info.compress_type, info.extra = compression, extra
                info.external_attr = (0o120777 if name == link else 0o100644) << 16
                container.writestr(info, sealed[name])
        return verify(tmp_path / "x.zip", trust=TRUST)

    names = sorted(sealed)
    for verdict in (
        zipped(names),
        zipped(names[::-1]),
        zipped(names, compression=zipfile.ZIP_DEFLATED),
        zipped(names, extra=b"\x99\x99\x02\x00hi"),
        zipped(names, link="data/readings/readings.csv"),
    ):
        assert verdict.exit_code is ExitCode.BROKEN
        assert any(f.code == "V2" and f.status is Status.FAILED for f in verdict.findings)


def test_a_name_twice(sealed: Files, tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container, pytest.warns(UserWarning, match="Duplicate name"):
        for name in [*sorted(sealed), "data/说明.txt"]:
            container.writestr(name, sealed[name])
    (tmp_path / "x.zip").write_bytes(out.getvalue())
    verdict = verify(tmp_path / "x.zip", trust=TRUST)
    assert any(f.code == "V1" and f.where == "data/说明.txt" for f in verdict.findings if f.status is Status.FAILED)


def test_zip64_is_written_where_needed_and_read(tmp_path: Path) -> None:
    """The large fields with a low threshold, so that no test writes four gigabytes."""
    out = io.BytesIO()
    writer = ContainerWriter(out, zip64_from=50)
    for name in ("a", "b", "c"):
        digest = digest_of([name.encode() * 60])
        writer.add(Member(name, digest.size, digest.crc32), [name.encode() * 60])
    writer.close()
    with zipfile.ZipFile(out) as container:
        assert container.testzip() is None
        assert [container.read(n) for n in "abc"] == [n.encode() * 60 for n in "abc"]


def _flips(path: Path, bits: list[int]) -> int:
    """How many single-bit flips are missed."""
    data, trial, missed = bytearray(path.read_bytes()), path.with_name("flipped.zip"), 0
    for bit in bits:
        data[bit >> 3] ^= 1 << (bit & 7)
        trial.write_bytes(data)
        data[bit >> 3] ^= 1 << (bit & 7)
        missed += verify(trial, trust=TRUST).exit_code not in (ExitCode.BROKEN, ExitCode.UNREADABLE)
    return missed


def small_packet(folder: Path) -> Path:
    """Sound but for nothing: no signature and stamp that would fail on their own."""
    files = {"flights/a/raw/1.tlog": b"raw" * 50, "说明.txt": "好".encode()}
    contents = PacketContents("T", {}, files, OFFICERS, journal(), simulated=True)
    return write_packet(contents, folder, key=KEY, clock=FakeClock())


def test_no_flipped_bit_is_missed(tmp_path: Path) -> None:
    path = small_packet(tmp_path)
    assert verify(path, trust=TRUST).exit_code is ExitCode.SOUND
    count = path.stat().st_size * 8
    assert _flips(path, random.Random(7).sample(range(count), 1200)) == 0


@pytest.mark.soak
def test_no_flipped_bit_is_missed_all(tmp_path: Path) -> None:
    path = small_packet(tmp_path)
    assert _flips(path, list(range(path.stat().st_size * 8))) == 0


@pytest.mark.soak
def test_two_thousand_flipped_bits_in_a_large_packet_are_all_named(tmp_path: Path) -> None:
    """One bit in each of 2,000 files of 100 kB: one verification names every one of them."""
    chance = random.Random(1)
    files: dict[str, bytes | Path] = {f"media/{i:04d}.bin": chance.randbytes(100_000) for i in range(2000)}
    contents = PacketContents("T", {}, files, OFFICERS, journal())
    path = write_packet(contents, tmp_path, key=KEY, clock=FakeClock())
    assert verify(path, trust=TRUST).exit_code is ExitCode.SOUND
    with zipfile.ZipFile(path) as container:
        places = {i.filename: i.header_offset + 30 + len(i.filename.encode()) for i in container.infolist()}
    with path.open("r+b") as file:
        for name in files:
            file.seek(places["data/" + name] + chance.randrange(100_000))
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 1 << chance.randrange(8)]))
    changed = {f.where for f in verify(path, trust=TRUST).findings if f.code == "V6"}
    assert changed == {"data/" + name for name in files}


_WRITER = """
import sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_evidence_faults import small_packet
print("ready", flush=True)
while True:
    small_packet(Path(sys.argv[1]))
"""


def _kill_while_writing(folder: Path, times: int) -> None:
    """Whatever stands under a packet's name after a kill is a whole packet."""
    for number in range(times):
        command = [sys.executable, "-c", _WRITER, str(folder), str(Path(__file__).parent)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(random.Random(number).uniform(0.005, 0.08))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        process.stdout.close()
        for path in folder.glob("*.evp.zip"):
            assert verify(path).exit_code is ExitCode.NOT_ESTABLISHED  # whole; the writer's key is its own


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL here")
def test_killed_while_writing(tmp_path: Path) -> None:
    _kill_while_writing(tmp_path, 4)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL here")
def test_killed_while_writing_often(tmp_path: Path) -> None:
    _kill_while_writing(tmp_path, 200)


def test_hostile_containers_do_not_crash(tmp_path: Path) -> None:
    """Random damage in headers and directory, and made-up files: a verdict each time, never an exception."""
    data, chance, trial = packet(tmp_path).read_bytes(), random.Random(11), tmp_path / "x.zip"
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(chance.randrange(1, 30)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        trial.write_bytes(damaged[: chance.choice((len(damaged), chance.randrange(len(damaged))))])
        assert verify(trial, trust=TRUST).exit_code in (ExitCode.BROKEN, ExitCode.UNREADABLE)
    deep = b"[" * 100_000
    for name in ("seal.json", "journal.jsonl", "anchors.json", "data/case.json"):
        assert judged(unpacked(tmp_path / "T_v1.evp.zip") | {name: deep}, trial).exit_code is ExitCode.BROKEN
    assert verify(tmp_path).exit_code is ExitCode.UNREADABLE
    assert verify(tmp_path / "none").exit_code is ExitCode.UNREADABLE
