"""Samples in a packet: sound as they are, broken by whatever was changed after, and gaps said without breaking it."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from dronesampler.casework import (
    CustodyMode,
    Handover,
    LabResult,
    Officer,
    Sample,
    SampleRecord,
    Value,
    Vessel,
)
from dronesampler.clock import FakeClock
from dronesampler.columns import Track
from dronesampler.desk.samples import attach_result, hand_over, lab_path, take_sample
from dronesampler.desk.sealing import Sealed, seal_patrol, verify_packet
from dronesampler.evidence import (
    DeviceKey,
    ExitCode,
    PacketContents,
    Status,
    Trust,
    TrustedKey,
    Verdict,
    verify,
    write_packet,
)
from dronesampler.evidence.photo_checks import photo_facts
from dronesampler.journal import Entry, canonical_json, follow
from dronesampler.problems import Refused
from dronesampler.report.fonts import lacking
from dronesampler.store import Media, Store

T0 = 1.8e9
OFFICERS = (Officer("张三", "08-0001"), Officer("李四", "08-0002"))
BAG = Sample("", Vessel.BAG, T0 + 30, T0 + 90, method="HJ 604-2017", officers=OFFICERS, volume_l=1.0, seal="F-1",
             lat_deg=35.0, lon_deg=116.0)  # fmt: skip
REPORT = b"%PDF-1.4 the laboratory's own bytes"


def given(giver: str, receiver: str, released_s: float, received_s: float | None = None) -> Handover:
    received = released_s if received_s is None else received_s
    return Handover(giver, receiver, T0 + released_s, T0 + received, CustodyMode.LOCKED, seal="F-1", seal_intact=True)


def sampled(data: Path, *, gap_s: float = 0.0, analysed_s: float = 40_000.0) -> tuple[Store, SampleRecord]:
    """A patrol with one bag that went by one hand to the laboratory, and its report."""
    store = Store.open(data, clock=FakeClock(T0 + 400_000))
    with store.transaction() as batch:
        patrol = batch.begin_patrol("夜巡", started_unix_s=T0, simulated=True)
        batch.end_patrol(patrol.id, ended_unix_s=T0 + 600)
    number = take_sample(store, "last", BAG).sample.number
    hand_over(store, number, given("", "化验员", 3600, 3600 + gap_s))
    report = data / "r.pdf"
    report.write_bytes(REPORT)
    result = LabResult("甲", "R-1", "HJ 604-2017", T0 + 3e5, T0 + analysed_s, (Value("NMHC", 12.4, "mg/m3", 0.07),))
    return store, attach_result(store, number, result, files=[report])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sealed, SampleRecord]:
    data = tmp_path_factory.mktemp("data")
    store, record = sampled(data)
    with store:
        return data, seal_patrol(store, "last"), record


def of(verdict: Verdict, code: str) -> list[Status]:
    return [f.status for f in verdict.findings if f.code == code]


def members(packet: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(packet) as container:
        return {info.filename: container.read(info) for info in container.infolist()}


def test_all_of_a_sample_is_in_the_packet(sealed: tuple[Path, Sealed, SampleRecord]) -> None:
    _, packet, record = sealed
    files = members(packet.path)
    below = f"data/samples/{record.sample.number}"
    chain = b"".join(entry.line() + b"\n" for entry in record.entries)
    assert files[f"{below}/chain.jsonl"] == chain
    (lab,) = (data for name, data in files.items() if name.startswith(f"{below}/lab/"))
    assert lab == REPORT
    case = json.loads(files["data/case.json"])
    assert [s["number"] for s in case["samples"]] == [record.sample.number]
    assert b"SIMULATED" in files[f"{below}/label.svg"]
    for lang, words in (("zh_CN", "样品与交接"), ("en", "Samples and custody")):
        page = files[f"data/report/page.{lang}.html"].decode()
        assert words in page and "化验员" in page and "12.4 mg/m3" in page
    verdict = verify_packet(packet.path, trust=packet.trust)
    assert verdict.exit_code is ExitCode.SOUND and verdict.incomplete == ()
    assert Status.PASSED in of(verdict, "V18") and Status.FAILED not in of(verdict, "V14")


def test_from_a_server_that_a_team_shares(postgresql: Any, tmp_path: Path) -> None:
    """The database is on PostgreSQL; laboratory files, keys and packets are in a folder."""
    report = tmp_path / "r.pdf"
    report.write_bytes(REPORT)
    with Store.open(postgresql.new_database(), clock=FakeClock(T0 + 400_000)) as store:
        with store.transaction() as batch:
            patrol = batch.begin_patrol("夜巡", started_unix_s=T0, simulated=True)
            batch.end_patrol(patrol.id, ended_unix_s=T0 + 600)
        number = take_sample(store, "last", BAG).sample.number
        hand_over(store, number, given("", "化验员", 3600))
        result = LabResult("甲", "R-1", "HJ 604-2017", T0 + 3e5, T0 + 40_000)
        with pytest.raises(Refused, match="on a server"):
            attach_result(store, number, result, files=[report])
        attach_result(store, number, result, files=[report], folder=tmp_path)
        packet = seal_patrol(store, "last", data=tmp_path)
    verdict = verify_packet(packet.path, trust=packet.trust)
    assert verdict.exit_code is ExitCode.SOUND and verdict.incomplete == ()
    assert Status.PASSED in of(verdict, "V18")


@pytest.mark.parametrize(("gap_s", "analysed_s"), [(60.0, 40_000.0), (0.0, 48 * 3600 + 90 + 60.0)])
def test_a_gap_of_a_minute_and_a_minute_too_late_are_said(tmp_path: Path, gap_s: float, analysed_s: float) -> None:
    store, _ = sampled(tmp_path, gap_s=gap_s, analysed_s=analysed_s)
    with store:
        packet = seal_patrol(store, "last")
    verdict = verify_packet(packet.path, trust=packet.trust)
    assert (verdict.exit_code, verdict.incomplete) == (ExitCode.SOUND, ("V18",))
    page = members(packet.path)["data/report/page.en.html"].decode()
    assert not lacking(page)  # every character can be printed by the fonts that ship
    assert ('class="bad"' in page) and (("nobody" in page) if gap_s else ("too late" in page))


def test_an_overdue_sample_is_said_though_nobody_asked(tmp_path: Path) -> None:
    with Store.open(tmp_path, clock=FakeClock(T0 + 90 + 48 * 3600 + 60)) as store:
        with store.transaction() as batch:
            batch.begin_patrol("夜巡", started_unix_s=T0, simulated=True)
        take_sample(store, "last", BAG)
        packet = seal_patrol(store, "last")
    assert "V18" in verify_packet(packet.path, trust=packet.trust).incomplete


# Whoever holds the key can seal anything again: these packets are whole in themselves but for the journal they carry.

KEY = DeviceKey.generate("insider")
TRUST = Trust((TrustedKey(KEY.public_key, KEY.owner),))


def rechained(entries: list[Entry]) -> list[Entry]:
    made: list[Entry] = []
    for e in entries:
        made.append(follow(made[-1] if made else None, unix_s=e.unix_s, kind=e.kind, body=e.body))
    return made


def sealed_again(
    folder: Path, packet: Sealed, change: Callable[[list[Entry]], list[Entry]], *, lab: bytes | None = REPORT
) -> Verdict:
    """The same packet with another chain and another laboratory file, sealed by somebody with a trusted key."""
    files = members(packet.path)
    payload = {name.removeprefix("data/"): data for name, data in files.items() if name.startswith("data/")}
    case = json.loads(payload.pop("case.json"))
    chain = next(name for name in payload if name.endswith("chain.jsonl"))
    entries = [Entry(**json.loads(line)) for line in payload[chain].splitlines()]
    payload[chain] = b"".join(entry.line() + b"\n" for entry in change(entries))
    report = next(name for name in payload if "/lab/" in name)
    if lab is None:
        del payload[report]
    else:
        payload[report] = lab
    journal = [Entry(**json.loads(line)) for line in files["journal.jsonl"].splitlines()]
    kept = rechained([e for e in journal if e.kind != "file added"])  # the insider leaves out what would betray them
    contents = PacketContents("T", case, payload, OFFICERS, kept)
    return verify(write_packet(contents, folder, key=KEY, clock=FakeClock(T0 + 400_000)), trust=TRUST)


def later(entries: list[Entry]) -> list[Entry]:
    body = dict(entries[1].body) | {"released_unix_s": T0 + 3000.0, "received_unix_s": T0 + 3000.0}
    return rechained([entries[0], replace(entries[1], body=body), *entries[2:]])


TAMPERED: dict[str, Callable[[list[Entry]], list[Entry]]] = {
    "a hand-over was changed": later,
    "a record was dropped": lambda e: rechained([e[0], *e[2:]]),
    "the last record was dropped": lambda e: e[:-1],
    "a record was slipped in": lambda e: rechained([*e, e[1]]),
    "two changed places": lambda e: rechained([e[0], e[2], e[1]]),
    "a link was cut": lambda e: [e[0], replace(e[1], previous="0" * 64), *e[2:]],
    "all records are gone": lambda e: [],
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_record_that_was_changed_breaks_the_packet_even_when_sealed_again(
    tmp_path: Path, sealed: tuple[Path, Sealed, SampleRecord], what: str
) -> None:
    verdict = sealed_again(tmp_path, sealed[1], TAMPERED[what])
    assert verdict.exit_code is ExitCode.BROKEN
    assert Status.FAILED in of(verdict, "V14")
    assert all(f.code in ("V14", "V13", "V16") for f in verdict.findings if f.status is Status.FAILED)


def test_an_unchanged_one_sealed_again_keeps_its_samples(
    tmp_path: Path, sealed: tuple[Path, Sealed, SampleRecord]
) -> None:
    verdict = sealed_again(tmp_path, sealed[1], lambda e: e)
    assert Status.FAILED not in of(verdict, "V14") and Status.PASSED in of(verdict, "V18")


@pytest.mark.parametrize("lab", [REPORT + b" ", None])
def test_a_swapped_laboratory_file_breaks_the_packet(
    tmp_path: Path, sealed: tuple[Path, Sealed, SampleRecord], lab: bytes | None
) -> None:
    verdict = sealed_again(tmp_path, sealed[1], lambda e: e, lab=lab)
    assert verdict.exit_code is ExitCode.BROKEN
    assert Status.FAILED in of(verdict, "V14")


NO_ENTRIES = [b"{", b"[]", b'{"seq":0}', b'{"body":{},"kind":"x","previous":"0","seq":0,"unix_s":0}']


@pytest.mark.parametrize("line", NO_ENTRIES)
def test_a_chain_that_is_none_is_a_finding_and_no_crash(
    tmp_path: Path, sealed: tuple[Path, Sealed, SampleRecord], line: bytes
) -> None:
    files = members(sealed[1].path)
    payload = {n.removeprefix("data/"): d for n, d in files.items() if n.startswith("data/") and n != "data/case.json"}
    payload[next(name for name in payload if name.endswith("chain.jsonl"))] = line + b"\n"
    journal = [Entry(**json.loads(entry)) for entry in files["journal.jsonl"].splitlines()]
    contents = PacketContents("T", {}, payload, OFFICERS, journal)
    verdict = verify(write_packet(contents, tmp_path, key=KEY, clock=FakeClock()), trust=TRUST)
    assert verdict.exit_code is ExitCode.BROKEN and Status.FAILED in of(verdict, "V14")


def test_a_laboratory_file_changed_before_sealing_is_refused_by_name(tmp_path: Path) -> None:
    store, record = sampled(tmp_path)
    kept = tmp_path / lab_path(record.results[0][1].files[0])
    with store:
        kept.write_bytes(REPORT[:-1] + b"!")
        with pytest.raises(Refused, match=r"lab/"):
            seal_patrol(store, "last")
        kept.unlink()
        with pytest.raises(Refused, match=r"lab/"):
            seal_patrol(store, "last")
        kept.write_bytes(REPORT)
        assert verify_packet(seal_patrol(store, "last").path).exit_code is ExitCode.NOT_ESTABLISHED
    assert len(list((tmp_path / "packets").iterdir())) == 1


class Stopped(Exception):
    """Somebody does not want to wait."""


class StopsAt:
    """Progress that is stopped at a part of the way, and remembers what it was told."""

    def __init__(self, part: float) -> None:
        self.part = part
        self.told: list[float] = []

    def stage(self, text: object) -> None:
        pass

    def say(self, text: object) -> None:
        pass

    def at(self, fraction: float, text: object = None) -> None:
        self.told.append(fraction)
        if fraction >= self.part:
            raise Stopped


@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.85, 0.99])
def test_sealing_can_be_stopped_and_leaves_nothing_half_done(tmp_path: Path, part: float) -> None:
    store, _ = sampled(tmp_path)
    with store:
        stops = StopsAt(part)
        with pytest.raises(Stopped):
            seal_patrol(store, "last", progress=stops)
        assert not list(tmp_path.glob("packets/*")) and store.packets("last") == ()
        watched = StopsAt(9.0)
        assert seal_patrol(store, "last", progress=watched).version == 1
    assert watched.told == sorted(watched.told) and watched.told[-1] == pytest.approx(1.0)


# Photographs


def photo(*, taken: str = "", zone: str = "", place: tuple[float, float] | None = None, software: str = "") -> bytes:
    exif = Image.Exif()
    if software:
        exif[0x0131] = software
    own: dict[int, Any] = {}
    if taken:
        own[0x9003] = taken
    if zone:
        own[0x9011] = zone
    exif.get_ifd(0x8769).update(own)
    if place:
        lat, lon = place
        parts = [(int(v), int(v % 1 * 60), v * 60 % 1 * 60) for v in (lat, lon)]
        exif.get_ifd(0x8825).update({1: "N", 2: parts[0], 3: "E", 4: parts[1]})
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif)
    return out.getvalue()


HERE = (35.0, 116.0)
IN_TIME = "2027:01:15 16:05:00"  # T0 + 300 s at +08:00

PHOTOS: dict[str, tuple[bytes, str, Status]] = {
    "as it was": (photo(taken=IN_TIME, zone="+08:00", place=HERE), "agree with the track", Status.PASSED),
    "of another day": (
        photo(taken="2027:01:14 16:05:00", zone="+08:00", place=HERE),
        "outside the patrol",
        Status.NOTE,
    ),
    "without a zone": (photo(taken=IN_TIME, place=HERE), "names no zone", Status.NOTE),
    "from elsewhere": (photo(taken=IN_TIME, zone="+08:00", place=(35.2, 116.0)), "from the track", Status.NOTE),
    "without a place": (photo(taken=IN_TIME, zone="+08:00"), "does not say where", Status.NOTE),
    "edited": (photo(taken=IN_TIME, zone="+08:00", place=HERE, software="PaintPro 3"), "PaintPro 3", Status.NOTE),
    "without EXIF": (photo()[:2] + b"\xff\xd9", "no EXIF", Status.NOTE),
    "no picture at all": (b"HEIC, they say", "no EXIF", Status.NOTE),
    "empty": (b"", "empty file", Status.NOTE),
}


@pytest.mark.parametrize("what", PHOTOS)
def test_what_photographs_say_is_told_and_fails_nothing(tmp_path: Path, what: str) -> None:
    data, words, status = PHOTOS[what]
    with Store.open(tmp_path, clock=FakeClock(T0 + 4000)) as store:
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "1.jpg").write_bytes(data)
        with store.transaction() as batch:
            patrol = batch.begin_patrol("夜巡", started_unix_s=T0, simulated=True)
            k = np.arange(600.0)
            batch.add_track(patrol.id, Track(T0 + k, 35.0 + 0 * k, 116.0 + 0 * k, k, k, k, k))
            batch.put_media(patrol.id, Media("0" * 64, "media/1.jpg", "photo", T0 + 300))
            batch.end_patrol(patrol.id, ended_unix_s=T0 + 600)
        packet = seal_patrol(store, "last")
    verdict = verify_packet(packet.path, trust=packet.trust)
    assert verdict.exit_code is ExitCode.SOUND and "V23" not in verdict.incomplete
    assert [f.status for f in verdict.findings if f.code == "V23" and words in f.text.en] == [status]


def test_a_photograph_of_any_bytes_never_raises() -> None:
    whole = photo(taken=IN_TIME, zone="+08:00", place=HERE, software="x")
    for cut in range(0, len(whole), 7):
        photo_facts(whole[:cut])
        damaged = bytearray(whole)
        damaged[cut] ^= 0x5A
        photo_facts(bytes(damaged))
    facts = photo_facts(whole)
    assert facts is not None and facts.unix_s == T0 + 300 and facts.lat_deg == pytest.approx(35.0)


def test_chain_lines_are_canonical(sealed: tuple[Path, Sealed, SampleRecord]) -> None:
    for line in members(sealed[1].path)[f"data/samples/{sealed[2].sample.number}/chain.jsonl"].splitlines():
        assert canonical_json(json.loads(line)) == line


def test_a_photograph_of_a_time_beyond_all_calendars_says_nothing_and_breaks_nothing() -> None:
    day = b"2026:01:01\0"
    root = struct.pack("<HHHIII", 1, 0x8825, 4, 1, 26, 0)  # at byte 8: where the GNSS figures are
    times = struct.pack("<HHII", 7, 12, 3, 56) + struct.pack("<HHII", 29, 2, len(day), 80)
    tiff = b"II*\0\x08\0\0\0" + root + struct.pack("<H", 2) + times + bytes(4) + struct.pack("<3d", 1e300, 0, 0) + day
    exif = b"Exif\0\0" + tiff
    plain = io.BytesIO()
    Image.new("RGB", (2, 2)).save(plain, "JPEG")
    data = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + plain.getvalue()[2:]
    assert photo_facts(data) is None
