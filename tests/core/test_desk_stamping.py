"""Time stamps fetched over a real socket from an authority that really signs; failures leave the queue whole."""

import json
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from tsa_authority import Authority

from dronesampler import ports
from dronesampler.cli import main
from dronesampler.desk.sealing import seal_patrol, verify_packet
from dronesampler.desk.stamping import ANSWERS, fetch_stamp, later_path, stamp_packet, waiting
from dronesampler.evidence import ExitCode, Status
from dronesampler.evidence.stamps import stamp_request
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Store
from dronesampler.texts import Lang

Answer = Callable[[bytes], bytes]


@contextmanager
def serving(answer: Answer, *, kind: str = ANSWERS, status: int = 200) -> Iterator[str]:
    """The address of a server in this process that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "a")


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, Path]:
    """A data folder and its packet, sealed without a network."""
    with Store.open(tmp_path) as store:
        with store.transaction() as batch:
            batch.begin_patrol("夜巡", simulated=True)
        return tmp_path, seal_patrol(store, "last").path


def test_a_packet_sealed_off_line_is_stamped_later(sealed: tuple[Path, Path], authority: Authority) -> None:
    data, packet = sealed
    before = packet.read_bytes()
    roots, trust = authority.folder / "root.pem", data / "keys" / "keys.json"
    assert verify_packet(packet, trust=trust, tsa_roots=roots).exit_code is ExitCode.NOT_ESTABLISHED
    with Store.open(data) as store:
        assert waiting(store) == (packet,)
        with serving(authority.answer) as url:
            assert stamp_packet(packet, url) == later_path(packet)
        assert waiting(store) == ()
    assert packet.read_bytes() == before
    verdict = verify_packet(packet, trust=trust, tsa_roots=roots)
    assert verdict.exit_code is ExitCode.SOUND
    assert [f.status for f in verdict.findings if f.code == "V11"] == [Status.PASSED]
    with pytest.raises(Refused, match="already"):
        stamp_packet(packet, "http://127.0.0.1:1/")


def test_a_packet_sealed_on_line_carries_its_stamp(tmp_path: Path, authority: Authority) -> None:
    with Store.open(tmp_path) as store:
        with store.transaction() as batch:
            batch.begin_patrol("夜巡", simulated=True)
        with serving(authority.answer) as url:
            packet = seal_patrol(store, "last", tsa_url=url)
        assert waiting(store) == ()
        unreachable = seal_patrol(store, "last", tsa_url="http://127.0.0.1:1/")  # sealed all the same
        assert waiting(store) == (unreachable.path,)
    assert not later_path(packet.path).exists()
    verdict = verify_packet(packet.path, trust=packet.trust, tsa_roots=authority.folder / "root.pem")
    assert verdict.exit_code is ExitCode.SOUND


def test_answers_that_are_none_leave_the_packet_waiting(sealed: tuple[Path, Path], authority: Authority) -> None:
    data, packet = sealed
    other = stamp_request(b"another message")
    same = stamp_request(b"m")
    bad: dict[str, tuple[Answer, dict[str, Any]]] = {
        "of another message": (lambda request: bytes(authority.answer(other)), {}),
        "no stamp at all": (lambda request: b"<html>please log in</html>", {"kind": "text/html"}),
        "called a stamp": (lambda request: b"not DER", {}),
        "cut off": (lambda request: bytes(authority.answer(request)[:-20]), {}),
        "an error": (lambda request: b"", {"status": 503}),
        "without end": (lambda request: b"x" * (2 << 20), {}),
    }
    for what, (answer, how) in bad.items():
        with serving(answer, **how) as url, pytest.raises(Refused):
            stamp_packet(packet, url)
        assert not later_path(packet).exists(), what
    with serving(lambda request: bytes(authority.answer(same))) as url, pytest.raises(Refused, match="of no use"):
        fetch_stamp(stamp_request(b"m"), url)  # the same message, but the nonce of an older request
    with Store.open(data) as store:
        assert waiting(store) == (packet,)


def test_a_silent_authority_is_not_waited_for_for_ever(sealed: tuple[Path, Path]) -> None:
    silent = threading.Event()

    def hold(request: bytes) -> bytes:
        silent.wait(20)
        return b""

    with serving(hold) as url:
        began = time.monotonic()
        with pytest.raises(Refused, match="does not answer"):
            stamp_packet(sealed[1], url, timeout_s=0.3)
        assert time.monotonic() - began < 15
        silent.set()


@pytest.mark.parametrize("url", ["ftp://x/", "tsa.example", "", "http:///x"])
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(BadInput):
        ports.post(url, b"", content_type="text/plain")


def test_from_the_command_line(
    sealed: tuple[Path, Path], authority: Authority, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data, packet = sealed

    def said(*words: str) -> tuple[int, dict[str, Any]]:
        code = main(["stamp", *words, "--data", str(data), "--json", "--lang", Lang.EN.value])
        return code, json.loads(capsys.readouterr().out)

    code, told = said("--tsa", "http://127.0.0.1:1/", "--timeout", "2")
    assert (code, told["outcome"], told["packets"][0]["stamp"]) == (1, "refused", None)
    with serving(authority.answer) as url:
        assert said("--tsa", url) == (
            0,
            {"outcome": "done", "packets": [{"packet": str(packet), "stamp": str(later_path(packet))}]},
        )
        assert said("--tsa", url) == (0, {"outcome": "done", "packets": []})
    assert said(str(tmp_path / "none.zip"), "--tsa", "http://127.0.0.1:1/")[0] == 2
    assert said("--tsa", "nonsense")[0] == 0  # nothing waits, so nobody was asked
