"""HJ 212: both published vectors, every single-bit error refused, parts, resends, SM4, flags; air is not water."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dronesampler.sampler.hj212 import Broken, Deframer, Fault, Packet, crc, divided, framed, parsed, unframed, written
from dronesampler.sampler.hj212_cipher import Sm4
from dronesampler.sampler.hj212_session import Client, Listener
from dronesampler.sampler.hj212_values import time_of, values_of
from dronesampler.sampler.status import Status

EXAMPLE_2017 = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;"
    b"CP=&&RtdInterval=30&&1C80\r\n"
)
EXAMPLE_2025 = b"##0087QN=20240601085857223;ST=32;CN=1011;PW=123456;MN=010000A8900016F000169DC0;Flag=9;CP=&&&&2200\r\n"
KEY = b"0" * 16


def packet(number: int = 0, *, flag: int = 4, factors: int = 3) -> Packet:
    rng = random.Random(number)
    codes = ["a24088", "a25002", "a25003", "a05002", "a01012", "a99054"]
    values = tuple(
        ((f"{codes[k % 6]}-Rtd", f"{rng.uniform(0, 90):.3f}"), (f"{codes[k % 6]}-Flag", "N")) for k in range(factors)
    )
    return Packet(
        st="31",
        cn="2011",
        mn="A110000_0001",
        qn=f"2026053109{number // 60:02}{number % 60:02}000",
        pw="123456",
        flag=flag,
        data_time="20260531090000",
        values=values,
    )


@pytest.mark.parametrize(("example", "value"), [(EXAMPLE_2017, 0x1C80), (EXAMPLE_2025, 0x2200)])
def test_the_published_vectors(example: bytes, value: int) -> None:
    segment = example[6:-6]
    assert crc(segment) == value and len(segment) == int(example[2:6])
    assert framed(segment) == example and Deframer().feed(example) == [segment]


def test_versions_and_bits_of_flag() -> None:
    found = [parsed(e[6:-6]) for e in (EXAMPLE_2017, EXAMPLE_2025)]
    assert [(p.version, p.wants_answer, p.split) for p in found if p] == [(1, True, False), (2, True, False)]


@given(st.integers(0, 10_000), st.integers(1, 12), st.sampled_from([0, 1, 4, 5, 8, 9]))
def test_a_packet_comes_back_as_it_was(number: int, factors: int, flag: int) -> None:
    whole = packet(number, flag=flag, factors=factors)
    assert parsed(written(whole)) == whole
    assert Deframer().feed(framed(written(whole))) == [written(whole)]


def flips(frame: bytes) -> list[bytes]:
    found = []
    for bit in range(len(frame) * 8):
        broken = bytearray(frame)
        broken[bit // 8] ^= 1 << bit % 8
        found.append(bytes(broken))
    return found


def refused_flips(count: int) -> int:
    """Every single-bit error in that many packets; the packet that follows must still be taken."""
    follower = written(packet(9999))
    tried = 0
    for number in range(count):
        frame = framed(written(packet(number, factors=1 + number % 4)))
        for broken in flips(frame):
            taken = [item for item in Deframer().feed(broken + framed(follower)) if isinstance(item, bytes)]
            assert taken == [follower], broken
            tried += 1
    return tried


def test_every_single_bit_error_is_refused() -> None:
    assert refused_flips(4) > 4000


@pytest.mark.soak
def test_every_single_bit_error_in_two_hundred_packets_is_refused() -> None:
    assert refused_flips(200) > 200_000


@given(st.lists(st.integers(1, 40), max_size=40), st.binary(max_size=30))
def test_a_stream_in_any_pieces_gives_the_same_packets(cuts: list[int], noise: bytes) -> None:
    segments = [written(packet(k)) for k in range(3)]
    stream = noise.replace(b"#", b"") + b"".join(map(framed, segments))
    deframer, taken, at = Deframer(), [], 0
    for cut in [*cuts, len(stream)]:
        taken += deframer.feed(stream[at : at + cut])
        at += cut
    assert [t for t in taken if isinstance(t, bytes)] == segments


@given(st.binary(max_size=200))
def test_noise_is_no_packet_and_does_not_stop_the_next(noise: bytes) -> None:
    deframer = Deframer()
    deframer.feed(noise)
    follower = framed(written(packet(1)))
    taken = deframer.feed(follower * 2) + deframer.feed(follower)
    assert written(packet(1)) in taken


def test_modbus_crc_is_not_taken() -> None:
    assert unframed(EXAMPLE_2017[:-6] + b"0759") == Broken(Fault.CRC, EXAMPLE_2017[:-6] + b"0759")


def test_long_packets_are_sent_in_parts_and_put_together() -> None:
    whole = packet(5, flag=5, factors=120)
    parts = divided(whole)
    assert len(parts) > 2 and all(len(written(p)) <= 1024 for p in parts)
    assert [(p.pnum, p.pno) for p in parts] == [(len(parts), k + 1) for k in range(len(parts))]
    listener = Listener()
    frames = [framed(written(p)) for p in parts]
    random.Random(1).shuffle(frames)
    heard = [listener.feed(f, 0.0) for f in [*frames, frames[0]]]
    taken = [p for h in heard for p in h.packets]
    assert len(taken) == 1 and set(taken[0].values) == set(whole.values) and not taken[0].split
    assert all(b"CN=9014" in h.send for h in heard)  # each part is answered, the repeated one too


def test_parts_that_never_come_are_forgotten() -> None:
    listener = Listener()
    parts = [framed(written(p)) for p in divided(packet(5, flag=5, factors=120))]
    listener.feed(parts[0], 0.0)
    listener.feed(framed(written(packet(6))), 500.0)
    assert [h.packets for h in (listener.feed(p, 501.0) for p in parts[1:])] == [()] * (len(parts) - 1)


def test_a_client_sends_again_until_it_is_answered() -> None:
    client, listener = Client(timeout_s=5.0, tries=3), Listener()
    lost = client.send(packet(1, flag=5), 0.0)
    assert client.tick(4.9) == b"" and client.unanswered == 1
    again = client.tick(5.0)
    assert b"RF=1" in again and again != lost
    heard = listener.feed(again, 5.1)
    assert len(heard.packets) == 1 and heard.packets[0].resent
    assert [p.cn for p in client.feed(heard.send)] == ["9014"] and client.unanswered == 0
    assert client.tick(60.0) == b""


def test_a_client_gives_up_and_says_so() -> None:
    client = Client(timeout_s=5.0, tries=3)
    client.send(packet(1, flag=5), 0.0)
    assert [bool(client.tick(t)) for t in (5.0, 10.0, 15.0, 20.0)] == [True, True, False, False]
    assert client.given_up == [packet(1, flag=5)] and client.unanswered == 0


def test_an_answer_that_was_lost_does_not_double_the_data() -> None:
    listener = Listener()
    frame = framed(written(packet(1, flag=5)))
    first, second = listener.feed(frame, 0.0), listener.feed(frame, 5.0)
    assert len(first.packets) == 1 and second.packets == () and second.send == first.send


def test_no_answer_where_none_is_wanted() -> None:
    assert Listener().feed(framed(written(packet(1, flag=4))), 0.0).send == b""


def test_sm4_matches_the_national_standard() -> None:
    """GB/T 32907-2016, example 1."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    assert Sm4(key).close(key) == bytes.fromhex("681EDF34D206965E86B3E94F536E4246")


def test_encrypted_segments_keep_their_tail_plain_and_their_length() -> None:
    segment = written(packet(2, flag=9))
    closed = Sm4(KEY).close(segment)
    tail = len(segment) % 16
    assert len(closed) == len(segment) and closed[:16] != segment[:16]
    assert tail == 0 or closed[-tail:] == segment[-tail:]
    assert Sm4(KEY).open(closed) == segment and Sm4(KEY).open(segment) == segment


def test_a_listener_with_the_key_takes_encrypted_and_plain() -> None:
    listener, client = Listener(key=KEY), Client(key=KEY)
    frames = b"".join(client.send(packet(k, flag=9), 0.0) for k in range(40))
    heard = listener.feed(frames + framed(written(packet(99))), 0.0)
    assert len(heard.packets) == 41 and heard.broken == ()
    assert Listener().feed(frames, 0.0).packets == ()
    assert len(client.feed(heard.send)) == 40 and client.unanswered == 0


def test_a_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16"):
        Sm4(b"short")


@pytest.mark.parametrize(("flag", "status"), [
    ("N", Status.NORMAL), ("F", Status.MISSING), ("M", Status.MAINTENANCE), ("S", Status.MAINTENANCE),
    ("D", Status.FAULT), ("C", Status.CALIBRATION), ("T", Status.OUT_OF_RANGE), ("B", Status.FAULT),
    ("Z", Status.FAULT),
])  # fmt: skip
def test_flags_of_the_station_are_statuses(flag: str, status: Status) -> None:
    segment = f"ST=31;CN=2011;PW=1;MN=X;CP=&&DataTime=20260531090000;a24088-Rtd=0.8,a24088-Flag={flag}&&".encode()
    found = parsed(segment)
    assert found is not None
    value = values_of(found)[0]
    assert (value.status, value.factor and value.factor.species, value.kind) == (status, "NMHC", "Rtd")
    assert value.unix_s == time_of("20260531090000") == 1_780_189_200.0


def test_no_number_and_unknown_codes_are_kept() -> None:
    found = parsed(b"ST=31;CN=2051;PW=1;MN=X;CP=&&DataTime=20260531090000;a24088-Avg=-;zz9-Avg=3,zz9-Flag=N&&")
    assert found is not None
    nothing, unknown = values_of(found)
    assert nothing.status is Status.MISSING and unknown.factor is None and unknown.value == 3.0
