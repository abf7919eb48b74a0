"""Starts a session, and a simulator for it, as processes of their own; these functions run on work threads.

The session goes on when the window dies; the simulator is on a leash and ends with the window that started it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from dronesampler.clock import SystemClock
from dronesampler.park import Park
from dronesampler.park.files import read_park, write_park
from dronesampler.paths import assets_dir
from dronesampler.ports import UdpPort, parse_link
from dronesampler.problems import Refused
from dronesampler.processes import apart
from dronesampler.session.client import SessionClient
from dronesampler.texts import Lang, Text
from dronesampler_ui.library import Library

NO_START = Text("{what}没有启动：{words}", "{what} did not start: {words}")
SESSION = Text("飞行会话", "the session")
SIMULATOR = Text("模拟器", "the simulator")
PATIENCE_S = 10.0
LAST_WORDS = 400  # letters of a log that are shown


@dataclass(frozen=True, slots=True)
class Simulated:
    """What to simulate: how many times faster than the wall, and the wind (from_deg, speed_m_s)."""

    factor: float = 2.0
    wind: tuple[float, float] = (225.0, 3.0)
    seed: int = 1


@dataclass(slots=True)
class Started:
    """A session that answers, and the processes that must end with the window."""

    client: SessionClient
    session: subprocess.Popen[str]
    leashed: list[subprocess.Popen[str]] = field(default_factory=list)

    def close(self, *, session_over: bool = False) -> None:
        """End what was started for this window only; a session that is over is waited for, a living one flies on."""
        for process in self.leashed:
            _end(process)
        if session_over:
            self.session.wait(PATIENCE_S)


def start_session(library: Library, link: str, *, lang: Lang, park: Park | None = None) -> Started:
    """A session on a real link. Raises Refused with the process's last words."""
    session = _launch_session(library, link, lang=lang, park=park, more=[])
    return Started(SessionClient(library.data_dir), session)


def start_simulator(library: Library, simulated: Simulated, *, lang: Lang, park: Park | None = None) -> Started:
    """A session and a simulator that flies over the park, or over the demo park."""
    folder = library.data_dir / "simulation"
    folder.mkdir(parents=True, exist_ok=True)
    park = park or read_park(assets_dir() / "demo-park.geojson").park
    write_park(park, folder / "park.geojson")
    port, zero_unix_s = _free_port(), SystemClock().unix_s()
    clock = ["--factor", repr(simulated.factor), "--zero", repr(zero_unix_s)]
    link = f"udpin:127.0.0.1:{port}"
    session = _launch_session(library, link, lang=lang, park=park, more=["--simulated", *clock])
    words = [
        *("simulate", "--link", f"udpout:127.0.0.1:{port}", "--leash"),
        *("--park", str(folder / "park.geojson"), "--truth", str(folder / "truth.json")),
        *("--wind", f"{simulated.wind[0]},{simulated.wind[1]}", "--seed", str(simulated.seed)),
        *clock,
    ]
    try:
        simulator = _launch(words, folder / "simulator.log", what=SIMULATOR, leashed=True)
    except Refused:
        _end(session)
        raise
    return Started(SessionClient(library.data_dir), session, [simulator])


def _launch_session(
    library: Library, link: str, *, lang: Lang, park: Park | None, more: list[str]
) -> subprocess.Popen[str]:
    words = ["session", "--data", str(library.data_dir), "--lang", lang.value, "--link", link, *more]
    if park is not None:
        store = library.store()
        with store.transaction() as batch:
            words += ["--park", str(batch.put_park(park)), "--name", park.name]
    logs = library.data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    return _launch(words, logs / "session.log", what=SESSION, leashed=False)


def _launch(words: list[str], log: Path, *, what: Text, leashed: bool) -> subprocess.Popen[str]:
    """Start a verb and wait for its ready line."""
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "dronesampler", *words],
            stdin=subprocess.PIPE if leashed else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            encoding="utf-8",
            # A session must not die of the window's ctrl-C or of its terminal being closed.
            **apart(),
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        process.wait(PATIENCE_S)
        process.stdout.close()
        last = log.read_text(encoding="utf-8")[-LAST_WORDS:].strip()
        raise Refused(NO_START.with_(what=what, words=last or f"exit {process.returncode}"))
    json.loads(line)
    if not leashed:
        process.stdout.close()
    return process


def _free_port() -> int:
    """A port that was free a moment ago: the session binds it before the simulator speaks."""
    port = UdpPort(parse_link("udpin:127.0.0.1:0"))
    try:
        return port.local_port
    finally:
        port.close()


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
