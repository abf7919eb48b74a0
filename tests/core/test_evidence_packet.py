"""A packet is written whole, verifies as sound, and other programs agree with what it says."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import bagit
import pytest

from dronesampler.casework import Officer
from dronesampler.clock import FakeClock
from dronesampler.evidence import (
    FILE_ADDED,
    Anchor,
    DeviceKey,
    ExitCode,
    PacketContents,
    Status,
    Supersedes,
    Trust,
    TrustedKey,
    digest_of,
    read_anchors,
    read_trust,
    verify,
    write_packet,
    write_trust,
)
from dronesampler.journal import Entry, follow
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Lang

OFFICERS = (Officer("示例甲", "DEMO-1"), Officer("示例乙", "DEMO-2"))


def journal(count: int = 6) -> list[Entry]:
    entries: list[Entry] = []
    for i in range(count):
        last = entries[-1] if entries else None
        entries.append(follow(last, unix_s=1.8e9 + i, kind="noted", body={"第": i}))
    return entries


def contents(**changes: object) -> PacketContents:
    files = {
        "flights/a/raw/000001.tlog": b"\xfd\x09frame" * 200,
        "readings/readings.csv": b"seq\n1\n",
        "说明.txt": "好".encode(),
    }
    values: dict[str, object] = {
        "name": "20270115-test",
        "case": {"format": "other"},
        "files": files,
        "officers": OFFICERS,
        "journal": journal(),
        "journal_id": "j-1",
        "organization": "示范执法大队",
    }
    return PacketContents(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def key() -> DeviceKey:
    return DeviceKey.generate("test device")


@pytest.fixture
def trust(key: DeviceKey) -> Trust:
    return Trust((TrustedKey(key.public_key, key.owner),))


def written(folder: Path, key: DeviceKey, **changes: object) -> Path:
    return write_packet(contents(**changes), folder, key=key, clock=FakeClock())


def statuses(verdict: object, code: str) -> list[Status]:
    return [finding.status for finding in verdict.findings if finding.code == code]  # type: ignore[attr-defined]


def test_a_packet_is_sound_under_its_own_trust(tmp_path: Path, key: DeviceKey, trust: Trust) -> None:
    path = written(tmp_path, key)
    assert path.name == "20270115-test_v1.evp.zip"
    verdict = verify(path, trust=trust)
    assert verdict.exit_code is ExitCode.SOUND
    assert verdict.sound
    assert statuses(verdict, "V11") == [Status.NOTE]  # no time stamp: said, and no reason to doubt what was sealed
    assert [p for p in tmp_path.iterdir() if p != path] == []


def test_without_trust_the_author_is_not_established(tmp_path: Path, key: DeviceKey) -> None:
    path = written(tmp_path, key)
    assert verify(path).exit_code is ExitCode.NOT_ESTABLISHED
    stranger = Trust((TrustedKey(DeviceKey.generate().public_key, "someone else"),))
    assert verify(path, trust=stranger).exit_code is ExitCode.NOT_ESTABLISHED


def test_a_revoked_or_outdated_key_does_not_establish_the_author(tmp_path: Path, key: DeviceKey) -> None:
    path, now_s = written(tmp_path, key), FakeClock().unix_s()

    def code(**times: float) -> ExitCode:
        return verify(path, trust=Trust((TrustedKey(key.public_key, "x", **times),))).exit_code

    assert code(revoked_s=now_s + 1e6) is ExitCode.NOT_ESTABLISHED
    assert code(valid_to_s=now_s - 1.0) is ExitCode.NOT_ESTABLISHED
    assert code(valid_from_s=now_s + 1.0) is ExitCode.NOT_ESTABLISHED
    assert code(valid_from_s=now_s - 1.0, valid_to_s=now_s + 1.0) is ExitCode.SOUND


def test_simulated_is_said_in_both_languages(tmp_path: Path, key: DeviceKey, trust: Trust) -> None:
    verdict = verify(written(tmp_path, key, simulated=True), trust=trust)
    assert verdict.simulated
    assert verdict.as_json()["simulated"] is True
    assert "模拟数据" in verdict.lines(Lang.ZH)[0]
    assert "SIMULATED" in verdict.lines(Lang.EN)[0]
    assert "SIMULATED" not in verify(written(tmp_path, key), trust=trust).lines(Lang.EN)[0]


def test_the_same_contents_give_the_same_bytes_but_for_the_stamp_request(tmp_path: Path, key: DeviceKey) -> None:
    def files(name: str) -> dict[str, bytes]:
        (tmp_path / name).mkdir()
        with zipfile.ZipFile(written(tmp_path / name, key)) as packet:
            return {info.filename: packet.read(info) for info in packet.infolist()}

    one, other = files("one"), files("other")
    assert {name for name in one if one[name] != other[name]} == {"tsa/001.tsq", "seal.json", "seal.sig"}


def test_other_programs_read_it(tmp_path: Path, key: DeviceKey) -> None:
    path = written(tmp_path, key)
    with zipfile.ZipFile(path) as packet:
        assert packet.testzip() is None
        assert packet.comment == b""
        names = packet.namelist()
        packet.extractall(tmp_path / "bag")
    assert names == sorted(names)
    assert "data/说明.txt" in names
    assert bagit.Bag(str(tmp_path / "bag")).validate()


def test_the_commands_in_the_note_are_enough(tmp_path: Path, key: DeviceKey) -> None:
    """On a bare machine: unzip, sha256sum and openssl, exactly the lines of the note."""
    path = written(tmp_path, key)
    with zipfile.ZipFile(path) as packet:
        note = packet.read("00_核验说明.txt").decode()
    commands = [line.removeprefix("    $ ") for line in note.splitlines() if line.startswith("    $ ")]
    assert len(commands) == 9

    def run(commands: list[str]) -> subprocess.CompletedProcess[str]:
        script = "set -e\n" + "\n".join(commands)
        environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin"}
        return subprocess.run(["sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True)

    done = run(commands)
    assert done.returncode == 0, done.stderr
    assert "Signature Verified Successfully" in done.stdout
    assert key.fingerprint in done.stdout
    assert done.stdout.split()[-2:] == ["1", "0"]
    (tmp_path / "packet" / "data" / "readings" / "readings.csv").write_bytes(b"seq\n2\n")
    (tmp_path / "packet" / "data" / "extra.txt").write_bytes(b"")
    again = run(["cd packet || true", *commands[2:3]])
    assert again.returncode != 0
    assert run(["cd packet", commands[-2]]).stdout.split()[-1] == "1"


def test_two_different_officers_are_needed(tmp_path: Path, key: DeviceKey) -> None:
    for officers in ((), OFFICERS[:1], (OFFICERS[0], OFFICERS[0]), (OFFICERS[0], Officer("", "DEMO-2"))):
        with pytest.raises(Refused):
            written(tmp_path, key, officers=officers)
    assert list(tmp_path.iterdir()) == []


UNSAFE = ["../up.txt", "/etc/x", "a//b", "a\\b", "CON.txt", "nul", "a/lpt1.csv", "e\u0301.txt", "x\n.txt", "a.", "a "]
UNSAFE += ["50%.txt", "C:x", "a\u202eb", "", "a" * 300]


@pytest.mark.parametrize("name", UNSAFE)
def test_names_that_some_system_cannot_hold_are_refused(tmp_path: Path, key: DeviceKey, name: str) -> None:
    with pytest.raises(BadInput):
        written(tmp_path, key, files={name: b""})


def test_names_that_clash_on_some_system_are_refused(tmp_path: Path, key: DeviceKey) -> None:
    for pair in (("a.txt", "A.TXT"), ("a", "a/b"), ("ﬁ.txt", "fi.txt")):
        with pytest.raises(BadInput):
            written(tmp_path, key, files=dict.fromkeys(pair, b""))


def test_a_file_that_changed_since_capture_is_refused_by_name(tmp_path: Path, key: DeviceKey) -> None:
    media = tmp_path / "photo.jpg"
    media.write_bytes(b"\xff\xd8" + bytes(5000))
    captured = {"media/photo.jpg": digest_of([media.read_bytes()]).sha256}
    (tmp_path / "out").mkdir()
    written(tmp_path / "out", key, files={"media/photo.jpg": media}, captured=captured)
    data = bytearray(media.read_bytes())
    data[4000] ^= 1
    media.write_bytes(data)
    with pytest.raises(Refused, match=r"media/photo\.jpg"):
        written(tmp_path, key, files={"media/photo.jpg": media}, captured=captured)
    with pytest.raises(Refused, match=r"media/photo\.jpg"):
        written(tmp_path, key, files={}, captured=captured)


def test_a_broken_journal_is_refused(tmp_path: Path, key: DeviceKey) -> None:
    entries = journal()
    with pytest.raises(Refused, match="entry 2"):
        written(tmp_path, key, journal=[*entries[:2], *entries[3:]])


def test_files_of_the_journal_must_be_here_unchanged(tmp_path: Path, key: DeviceKey, trust: Trust) -> None:
    entries = journal()
    body = {"name": "readings/readings.csv", "size": 6, "sha256": digest_of([b"seq\n1\n"]).sha256}
    good = [*entries, follow(entries[-1], unix_s=1.8e9 + 9, kind=FILE_ADDED, body=body)]
    assert statuses(verify(written(tmp_path, key, journal=good), trust=trust), "V14") == [Status.PASSED, Status.NOTE]
    gone = [*entries, follow(entries[-1], unix_s=1.8e9 + 9, kind=FILE_ADDED, body=body | {"name": "lost.csv"})]
    verdict = verify(written(tmp_path, key, journal=gone), trust=trust)
    assert verdict.exit_code is ExitCode.BROKEN
    assert [f.where for f in verdict.findings if f.status is Status.FAILED and f.number <= 14] == ["data/lost.csv"]


def test_a_wall_clock_that_goes_back_is_shown_not_condemned(tmp_path: Path, key: DeviceKey, trust: Trust) -> None:
    entries = journal()
    for unix_s in (0.0, 1.8e9 - 172_800.0, 1.8e9 + 3e7):  # dead clock, two days back, a year on
        entries.append(follow(entries[-1], unix_s=unix_s, kind="noted", body={}))
    verdict = verify(written(tmp_path, key, journal=entries), trust=trust)
    assert verdict.exit_code is ExitCode.SOUND
    assert statuses(verdict, "V10") == [Status.NOTE]


def test_a_second_version_must_continue_the_first(tmp_path: Path, key: DeviceKey, trust: Trust) -> None:
    entries = journal()
    first = written(tmp_path, key, journal=entries)
    sha256 = digest_of([first.read_bytes()]).sha256
    supersedes = Supersedes(sha256, 1, Anchor.of(entries, journal_id="j-1", published="v1"))
    longer = [*entries, follow(entries[-1], unix_s=1.8e9 + 60, kind="noted", body={})]
    second = written(tmp_path, key, journal=longer, version=2, supersedes=supersedes)
    assert verify(second, trust=trust, anchors=read_anchors(first)).exit_code is ExitCode.SOUND
    rewritten = journal(3)
    rewritten.append(follow(rewritten[-1], unix_s=1.8e9 + 3, kind="noted", body={"第": "改"}))
    for i in range(4):
        rewritten.append(follow(rewritten[-1], unix_s=1.8e9 + 4 + i, kind="noted", body={}))
    honest_claim = written(tmp_path, key, journal=rewritten, version=3, supersedes=supersedes)
    assert verify(honest_claim, trust=trust).exit_code is ExitCode.BROKEN
    no_claim = written(tmp_path, key, journal=rewritten, version=4)
    assert verify(no_claim, trust=trust).exit_code is ExitCode.SOUND  # nothing inside can tell
    assert verify(no_claim, trust=trust, anchors=read_anchors(first)).exit_code is ExitCode.BROKEN


def test_a_journal_cut_short_by_the_key_holder_contradicts_an_anchor(
    tmp_path: Path, key: DeviceKey, trust: Trust
) -> None:
    anchor = Anchor.of(journal(), journal_id="j-1", published="笔录 2027-7")
    for entries in (journal(5), journal(1), []):
        path = written(tmp_path, key, journal=entries)
        alone = verify(path, trust=trust)
        assert alone.exit_code is ExitCode.SOUND
        assert Status.NOTE in statuses(alone, "V9")  # says that there is no outside anchor
        caught = verify(path, trust=trust, anchors=[anchor])
        assert caught.exit_code is ExitCode.BROKEN
        assert any("笔录 2027-7" in f.text.zh for f in caught.findings)
    other_journal = Anchor(99, "0" * 64, "", "another", "of another patrol")
    assert verify(written(tmp_path, key), trust=trust, anchors=[other_journal]).exit_code is ExitCode.SOUND


def test_anchors_files(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    for text in ("", "[1]", '{"count": "x"}', "PK"):
        bad.write_text(text)
        with pytest.raises(BadInput):
            read_anchors(bad)
    with pytest.raises(BadInput):
        read_anchors(tmp_path / "none.json")
    bad.write_text('{"count": 3, "head": "ab"}')
    assert read_anchors(bad) == [Anchor(3, "ab", "")]


def test_device_key_is_made_once_and_private(tmp_path: Path) -> None:
    first, second = (DeviceKey.open_or_create(tmp_path / "keys") for _ in range(2))
    assert first.fingerprint == second.fingerprint
    path = tmp_path / "keys" / "device.pem"
    assert sys.platform == "win32" or path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(BadInput):
        DeviceKey.open_or_create(tmp_path / "keys")


def test_two_processes_make_one_key(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dronesampler.evidence.keys import DeviceKey; "
        "print(DeviceKey.open_or_create(Path(sys.argv[1])).fingerprint)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "keys")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    prints = {process.communicate(timeout=60)[0] for process in both}
    assert len(prints) == 1
    assert [p.name for p in (tmp_path / "keys").iterdir()] == ["device.pem"]


def test_trust_files(tmp_path: Path, key: DeviceKey) -> None:
    path = tmp_path / "keys.json"
    trust = Trust((TrustedKey(key.public_key, "某县", 1.0, 2.0, 3.0),))
    write_trust(trust, path)
    assert read_trust(path) == trust
    text = path.read_text()
    for bad in ("", "{}", text.replace(key.fingerprint[:8], "00000000"), text.replace("trust/1", "trust/9")):
        path.write_text(bad)
        with pytest.raises(BadInput) as refused:
            read_trust(path)
        for said in (refused.value.text.zh, refused.value.text.en):
            assert "Error" not in said and "repr" not in said
    path.write_text("[" * 100_000)
    with pytest.raises(BadInput, match="nested"):
        read_trust(path)
    with pytest.raises(BadInput, match="no such file") as missing:
        read_trust(tmp_path / "missing.json")
    assert "没有这个文件" in missing.value.text.zh


def test_a_disk_that_fails_leaves_nothing_and_says_why(tmp_path: Path, key: DeviceKey) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refused, match="nothing half-written"):
        write_packet(contents(), tmp_path / "file" / "packet.zip", key=key, clock=FakeClock())
    code = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
from pathlib import Path
from test_evidence_packet import contents
from dronesampler.clock import FakeClock
from dronesampler.evidence import DeviceKey, write_packet
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))
write_packet(contents(files={"a": bytes(200_000)}), Path(sys.argv[1]), key=DeviceKey.generate(), clock=FakeClock())
"""
    if sys.platform == "win32":
        pytest.skip("no limit on the size of files here")
    for limit in (0, 10_000, 199_999):
        command = [sys.executable, "-c", code, str(tmp_path), str(Path(__file__).parent), str(limit)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert re.search("Refused: cannot write .*nothing half-written", done.stderr), done.stderr
        assert [p.name for p in tmp_path.iterdir()] == ["file"]
