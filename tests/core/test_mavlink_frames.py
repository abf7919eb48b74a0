"""Frames out of any bytes, counted, signed and decoded with the fields that newer firmware appends."""

import random
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dronesampler.mavlink import Draft, FrameReader, FrameWriter, Signing, decode
from dronesampler.mavlink.dialect import definitions, named, pack, unpack
from dronesampler.mavlink.frames import SequenceCount


def heartbeat() -> Draft:
    return Draft("HEARTBEAT", {"type": 6, "autopilot": 8, "mavlink_version": 3})


def frames_of(count: int, writer: FrameWriter | None = None) -> list[bytes]:
    writer = writer or FrameWriter()
    return [writer.frame(Draft("STATUSTEXT", {"severity": 6, "text": f"number {n}"})) for n in range(count)]


def test_whole_frames_come_out_in_order() -> None:
    sent = frames_of(20)
    got = FrameReader().feed(b"".join(sent))
    assert [f.raw for f in got] == sent
    assert [decode(f)["text"] for f in got] == [f"number {n}" for n in range(20)]  # type: ignore[index]


@given(st.lists(st.integers(1, 40), max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_cutting_of_the_stream_gives_the_same_frames(cuts: list[int]) -> None:
    stream, reader, got, at = b"".join(frames_of(12)), FrameReader(), [], 0
    for cut in cuts:
        got += reader.feed(stream[at : at + cut])
        at += cut
    got += reader.feed(stream[at:])
    assert b"".join(f.raw for f in got) == stream


@pytest.mark.parametrize("seed", range(5))
def test_garbage_between_frames_takes_no_frame_along(seed: int) -> None:
    rng = random.Random(seed)
    sent = frames_of(50)
    stream = b"".join(f + bytes(rng.randrange(256) for _ in range(rng.randrange(30))) for f in sent)
    got = [f.raw for f in FrameReader().feed(stream + b"\0" * 300) if f.known]
    # Garbage may swallow a frame only where it looks like the head of one with the right checksum: never, in practice.
    assert got == sent


def test_half_frame_does_not_hold_back_the_next() -> None:
    a, b = frames_of(2)
    reader = FrameReader()
    assert [f.raw for f in reader.feed(a[:15] + b)] == [b]
    assert reader.garbage_bytes == 15


def test_flipped_bit_is_never_a_message() -> None:
    (frame,) = frames_of(1)
    for at in range(len(frame)):
        for bit in range(8):
            broken = frame[:at] + bytes([frame[at] ^ (1 << bit)]) + frame[at + 1 :]
            assert [f for f in FrameReader().feed(broken + b"\0" * 300) if f.known and f.raw == broken] == []


def test_unknown_message_is_kept_as_bytes_and_does_not_hide_the_next() -> None:
    body = bytes([4, 0, 0, 9, 1, 1]) + (60_001).to_bytes(3, "little") + b"abcd"
    unknown = b"\xfd" + body + struct.pack("<H", 0x1234)
    after = frames_of(1)[0]
    got = FrameReader().feed(unknown + after)
    assert [f.raw for f in got] == [unknown, after]
    assert decode(got[0]) is None


def test_mavlink_1_frames_are_read() -> None:
    from pymavlink.dialects.v10 import common

    old = common.MAVLink(None, srcSystem=3, srcComponent=1)
    frame = bytes(common.MAVLink_heartbeat_message(2, 3, 81, 0, 4, 3).pack(old))
    (got,) = FrameReader().feed(frame)
    message = decode(got)
    assert message is not None
    assert (message.name, message.system, message["base_mode"]) == ("HEARTBEAT", 3, 81)


def test_loss_is_counted_by_sequence_numbers() -> None:
    writer, count = FrameWriter(system=1, component=1), SequenceCount()
    sent = FrameReader().feed(b"".join(frames_of(300, writer)))
    for n, frame in enumerate(sent):
        if n % 10 != 3:
            count.note(frame)
    assert (count.received, count.lost, count.late) == (270, 30, 0)
    assert count.loss == pytest.approx(0.1)


def test_late_and_doubled_frames_are_no_loss() -> None:
    count = SequenceCount()
    a, b, c = FrameReader().feed(b"".join(frames_of(3)))
    for frame in (a, c, b, c):
        count.note(frame)
    assert count.late == 2
    assert count.lost == 1


def test_newer_fields_are_read_and_absent_ones_are_zero() -> None:
    ack = named("MISSION_ACK")
    assert unpack(ack, bytes([255, 190, 0, 0]) + struct.pack("<I", 90_551_534))["opaque_id"] == 90_551_534
    assert unpack(ack, bytes([255, 190]))["opaque_id"] == 0
    current = unpack(named("MISSION_CURRENT"), struct.pack("<HHBBIII", 3, 20, 3, 1, 7, 8, 9))
    assert (current["mission_id"], current["fence_id"], current["rally_points_id"]) == (7, 8, 9)


@pytest.mark.parametrize(
    "name", ["AVAILABLE_MODES", "CURRENT_MODE", "EVENT", "CURRENT_EVENT_SEQUENCE", "COMPONENT_METADATA"]
)
def test_messages_the_library_lacks_are_known(name: str) -> None:
    frame = FrameWriter(system=1, component=1).frame(Draft(name, {}))
    (got,) = FrameReader().feed(frame)
    assert got.known
    assert decode(got) is not None


def test_every_message_survives_packing_and_unpacking() -> None:
    for definition in definitions().values():
        zeros = unpack(definition, b"\0")
        assert unpack(definition, pack(definition, zeros)) == zeros


def test_a_field_that_does_not_exist_is_a_bug() -> None:
    with pytest.raises(KeyError, match="HEARTBEAT has no colour"):
        FrameWriter().frame(Draft("HEARTBEAT", {"colour": 1}))


def test_signed_frames_are_accepted_once_and_with_our_key_only() -> None:
    writer = FrameWriter(system=1, component=1, signing=Signing(b"k" * 32))
    first, second = (FrameReader().feed(writer.frame(heartbeat()))[0] for _ in range(2))
    ours, other = Signing(b"k" * 32), Signing(b"x" * 32)
    assert ours.accepts(first)
    assert not ours.accepts(first)  # replayed
    assert ours.accepts(second)
    assert not other.accepts(second)
    assert decode(first) is not None


def test_unsigned_frames_are_refused_where_a_key_is_set_but_for_the_radios() -> None:
    ours = Signing(b"k" * 32)
    plain, radio = FrameReader().feed(
        FrameWriter().frame(heartbeat()) + FrameWriter().frame(Draft("RADIO_STATUS", {"rssi": 200}))
    )
    assert not ours.accepts(plain)
    assert ours.accepts(radio)


def test_the_key_is_never_shown() -> None:
    assert "kkkk" not in repr(Signing(b"k" * 32))
    assert "6b6b" not in repr(FrameWriter(signing=Signing(b"k" * 32)))
