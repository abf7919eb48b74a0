"""Link keys: in the system's key store and nowhere else, with a time stamp that never goes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dronesampler.cli import main
from dronesampler.clock import FakeClock
from dronesampler.desk.link_key import give_key, keep_key, keep_ticks, signing
from dronesampler.mavlink import Draft, FrameReader, FrameWriter, Station, decode
from dronesampler.problems import Refused

keyring = pytest.importorskip("keyring", reason="keyring is an extra")


@pytest.fixture(autouse=True)
def store() -> Iterator[dict[tuple[str, str], str]]:
    """A key store in memory in place of the system's."""
    from keyring.backend import KeyringBackend

    kept: dict[tuple[str, str], str] = {}

    class InMemory(KeyringBackend):  # type: ignore[misc]
        priority = 1.0

        def set_password(self, service: str, username: str, password: str) -> None:
            kept[service, username] = password

        def get_password(self, service: str, username: str) -> str | None:
            return kept.get((service, username))

    before = keyring.get_keyring()
    keyring.set_keyring(InMemory())
    yield kept
    keyring.set_keyring(before)


def test_two_stations_with_one_passphrase_understand_each_other(tmp_path: Path) -> None:
    keep_key("field", "open sesame")
    ours, theirs = (signing("field", data=tmp_path / side, clock=FakeClock()) for side in "ab")
    (frame,) = FrameReader().feed(FrameWriter(signing=ours).frame(Draft("HEARTBEAT", {"type": 6})))
    assert theirs.accepts(frame)


def test_the_passphrase_is_kept_nowhere(tmp_path: Path, store: dict[tuple[str, str], str]) -> None:
    keep_key("field", "open sesame")
    made = signing("field", data=tmp_path, clock=FakeClock())
    keep_ticks("field", made.ticks, data=tmp_path)
    assert "sesame" not in str(store)
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sesame" not in files
    assert made.key.hex().encode() not in files
    assert made.key.hex() not in repr(made)


def test_time_stamp_goes_on_also_when_the_clock_went_back(tmp_path: Path) -> None:
    keep_key("field", "open sesame")
    late = signing("field", data=tmp_path, clock=FakeClock(1_900_000_000.0))
    late.trailer(b"")
    keep_ticks("field", late.ticks, data=tmp_path)
    early = signing("field", data=tmp_path, clock=FakeClock(1_800_000_000.0))
    assert early.ticks >= late.ticks


def test_key_that_is_not_there_is_refused_with_a_way_on(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--new-key other"):
        signing("other", data=tmp_path, clock=FakeClock())


def test_broken_file_of_stamps_is_no_end(tmp_path: Path) -> None:
    keep_key("field", "open sesame")
    (tmp_path / "link-signing.json").write_text("{broken")
    assert signing("field", data=tmp_path, clock=FakeClock()).ticks > 0


def test_key_is_given_to_the_vehicle_whole_and_twice(tmp_path: Path) -> None:
    keep_key("field", "open sesame")
    made = signing("field", data=tmp_path, clock=FakeClock())
    frames = [decode(f) for sent in give_key(Station(FakeClock()), made).send for f in FrameReader().feed(sent)]
    assert [(f.name, bytes(f["secret_key"]), f["target_component"]) for f in frames if f] == [
        ("SETUP_SIGNING", made.key, 1)
    ] * 2


@pytest.mark.parametrize("words", [["--link", "udpin:127.0.0.1:0", "--new-key", "k"], ["--link", "serial:COM5:57600"]])
def test_key_goes_to_a_vehicle_by_wire_only_and_only_when_new(
    words: list[str], store: dict[tuple[str, str], str], tmp_path: Path
) -> None:
    assert main(["vehicle", *words, "--store-in-vehicle", "--data", str(tmp_path)]) == 2
    assert store == {}
