"""Time stamps from Cases: fetched over a real socket, queued without a network, the address remembered."""

import shutil
import socket
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "core"))
from tsa_authority import Authority

from dronesampler.desk.sealing import seal_patrol
from dronesampler.desk.stamping import later_path
from dronesampler.problems import Severity
from dronesampler.store import Store
from dronesampler_ui.app import Desktop
from dronesampler_ui.settings import Settings

Open = Callable[..., Desktop]
Rest = Callable[..., None]


@pytest.fixture
def packet(data_dir: Path) -> Path:
    with Store.open(data_dir) as store:
        return seal_patrol(store, 1).path


def in_cases(desktop: Desktop, at_rest: Rest) -> Desktop:
    desktop.window.enter("cases")
    at_rest(desktop)
    desktop.window.notices.clear()
    return desktop


def test_without_a_network_the_packet_goes_on_waiting(
    data_dir: Path, packet: Path, open_window: Open, at_rest: Rest
) -> None:
    desktop = in_cases(open_window(data_dir), at_rest)
    stamping, said = desktop.window.cases.stamping, desktop.window.notices.said
    before = len(said)
    stamping.fetch.click()
    assert "address" in said[-1].words and len(said) == before + 1
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # nobody listens there
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/tsr"
        stamping.url.setText(url)
        stamping.fetch.click()
        assert not stamping.fetch.isEnabled()
        at_rest(desktop, lambda: len(said) > before + 1)
    assert said[-1].severity is Severity.WARNING and "go on waiting for a time stamp: 1. " in said[-1].words
    assert stamping.fetch.isEnabled() and Settings(data_dir).tsa == url and not later_path(packet).exists()


def test_a_wrong_address_is_refused(data_dir: Path, packet: Path, open_window: Open, at_rest: Rest) -> None:
    desktop = in_cases(open_window(data_dir), at_rest)
    before = len(desktop.window.notices.said)
    desktop.window.cases.stamping.url.setText("no address")
    desktop.window.cases.stamping.fetch.click()
    at_rest(desktop, lambda: len(desktop.window.notices.said) > before)
    assert desktop.window.notices.said[-1].severity is not Severity.NOTE


def test_the_stamp_is_kept_beside_the_packet(
    data_dir: Path, packet: Path, open_window: Open, at_rest: Rest, tmp_path: Path
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    authority = Authority(tmp_path / "tsa")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    desktop = in_cases(open_window(data_dir), at_rest)
    stamping, said = desktop.window.cases.stamping, desktop.window.notices.said
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            stamping.url.setText(f"http://127.0.0.1:{server.server_port}/tsr")
            for wanted in (later_path(packet).name, "No packet waits"):
                stamping.fetch.click()
                at_rest(desktop, lambda wanted=wanted: wanted in said[-1].words)
        finally:
            server.shutdown()
            thread.join()
    assert later_path(packet).is_file()
