"""A photograph or a voice note of a sighting: copied, read back, hashed, once, and part of the packet."""

import hashlib
import wave
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from dronesampler.desk.sealing import seal_patrol, verify_packet
from dronesampler.desk.seen import Kind, Seen
from dronesampler.desk.sightings import keep_media
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Store

SEEN = Seen(1_795_140_100.0, 17, 35.71, 116.49, 30.0, 125.0, "白烟")


@pytest.fixture
def store(tmp_path: Path):  # type: ignore[no-untyped-def]
    with Store.open(tmp_path / "数据") as opened:
        with opened.transaction() as batch:
            batch.begin_patrol("p", started_unix_s=1_795_140_000.0, simulated=True)
        yield opened


def photo(folder: Path, *, name: str = "IMG 1.JPG", colour: str = "red") -> Path:
    picture = Image.new("RGB", (40, 30), colour)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2026:11:22 09:10:11"
    picture.save(folder / name, "JPEG", exif=exif)
    return folder / name


def note(folder: Path) -> Path:
    with wave.open(str(folder / "note.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes(b"\1\2" * 1600)
    return folder / "note.wav"


def test_a_photograph_is_kept_with_hash_place_and_the_cameras_own_time(store: Store, tmp_path: Path) -> None:
    source = photo(tmp_path)
    media = keep_media(store, "last", source, kind=Kind.PHOTO, seen=SEEN)
    assert store.folder is not None
    kept = store.folder / media.path
    assert kept.read_bytes() == source.read_bytes()
    assert media.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert store.media("last") == (media,)
    told = {name: media.details[name] for name in ("sighting", "lat_deg", "heading_deg", "note", "original_name")}
    assert told == {
        "sighting": 17,
        "lat_deg": 35.71,
        "heading_deg": 125.0,
        "note": "白烟",
        "original_name": "IMG 1.JPG",
    }
    assert media.details["camera_time"] == "2026:11:22 09:10:11" and media.details["simulated"] is True
    assert [e.body["sha256"] for e in store.journal("last") if e.kind == "media stored"] == [media.sha256]
    assert not list(kept.parent.glob("*.partial"))


def test_the_same_content_twice_is_kept_once(store: Store, tmp_path: Path) -> None:
    first = keep_media(store, "last", photo(tmp_path), kind=Kind.PHOTO, seen=SEEN)
    again = keep_media(store, "last", photo(tmp_path, name="copy.jpg"), kind=Kind.PHOTO, seen=SEEN)
    assert again == first and len(store.media("last")) == 1


def test_photograph_and_voice_note_are_in_the_packet(store: Store, tmp_path: Path) -> None:
    kept = [
        keep_media(store, "last", photo(tmp_path), kind=Kind.PHOTO, seen=SEEN),
        keep_media(store, "last", note(tmp_path), kind=Kind.VOICE, seen=SEEN),
    ]
    sealed = seal_patrol(store, "last")
    with zipfile.ZipFile(sealed.path) as packet:
        inside = {Path(name).name: packet.read(name) for name in packet.namelist() if "/media/" in f"/{name}"}
    assert {hashlib.sha256(data).hexdigest() for data in inside.values()} == {media.sha256 for media in kept}
    assert verify_packet(sealed.path, trust=sealed.trust).exit_code == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.jpg", b""), ("b.jpg", b"not a picture"), ("c.txt", b"words"), ("d.png", b"\x89PNG\r\n\x1a\nbroken")],
)
def test_what_is_no_photograph_is_refused_with_a_sentence(
    store: Store, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput):
        keep_media(store, "last", tmp_path / name, kind=Kind.PHOTO, seen=SEEN)
    assert store.media("last") == ()


def test_a_file_that_is_gone_or_a_disk_that_refuses_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        keep_media(store, "last", tmp_path / "gone.jpg", kind=Kind.PHOTO, seen=SEEN)
    assert store.folder is not None
    (store.folder / "media").write_text("a file where the folder should be")
    with pytest.raises(Refused):
        keep_media(store, "last", photo(tmp_path), kind=Kind.PHOTO, seen=SEEN)
    assert store.media("last") == ()
