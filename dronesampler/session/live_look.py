"""The analysis of the flight so far, every few seconds, in a process of its own that the flight never waits for.

The session's thread hands over what was sampled and picks up the answer, never waiting; a thread beside it owns the
process: it starts it, sends, waits with patience, and ends it when it hangs. The process runs at low priority. When it
crashes or takes too long that is told once, and after `MOST_FAILURES` in a row it is left alone for this flight.
"""

import os
import pickle
import queue
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import numpy as np

from dronesampler.clock import Clock
from dronesampler.columns import Readings, Wind
from dronesampler.flight.vehicle import Vehicle
from dronesampler.processes import one_thread
from dronesampler.session.feed import LiveReading, Suspects
from dronesampler.store.records import Record, WindRow
from dronesampler.texts import Text

APART_S = 10.0  # patrol time
REST_S = 2.0  # wall, at least, between two analyses
FEWEST = 60  # readings before the first look
PATIENCE_S = 60.0  # wall; a slow computer is no failure
START_S = 60.0  # wall, until the process has loaded what it needs
GLANCE_S = 0.1  # wall, between looks whether the flight is over
ENDED_S = 10.0  # wall, at most, for the process to be gone
LONGEST = 20_000  # readings and winds that are looked at
MOST_FAILURES = 3
# What cannot be sent to a process or read from it, or a process that cannot be made.
_NOT_STARTED = (pickle.PickleError, AttributeError, ImportError, LookupError, RuntimeError, TypeError, MemoryError)

WAITING = Text("尚无研判", "no analysis yet")
CRASHED = Text("飞行中研判出错（{why}），飞行不受影响", "the live analysis failed ({why}); the flight is not touched")
TOO_SLOW = Text(
    "飞行中研判超过 {seconds:.0f} 秒未完成，已中止，飞行不受影响",
    "the live analysis took more than {seconds:.0f} s and was stopped; the flight is not touched",
)
GAVE_UP = Text(
    "{why}；连续 {times} 次失败，本次飞行不再研判", "{why}; {times} times in a row: it stays off for this flight"
)


@dataclass(frozen=True, slots=True)
class FlightSoFar:
    """What the analysis is given. Places are (lat_deg, lon_deg); heights above home."""

    number: int
    readings: Readings
    wind: Wind
    home: tuple[float, float] | None = None
    place: tuple[float, float] | None = None  # where the aircraft is, None on the ground
    height_m: float = 0.0
    battery_percent: float | None = None
    simulated: bool = False
    instrument: str = ""  # whose readings they are, by its profile's name


Work = Callable[[FlightSoFar], Suspects]


class LiveLook:
    """Owned by the session's thread. `work` must be a function by its name, or a partial of one: it is sent to a new
    process."""

    def __init__(self, work: Work, clock: Clock, *, apart_s: float = APART_S, patience_s: float = PATIENCE_S) -> None:
        self.latest: Suspects | None = None
        self._clock = clock
        self._apart_s = apart_s
        self._wind: deque[WindRow] = deque(maxlen=LONGEST)
        self._number = 0
        self._busy = False
        self._failures = 0
        self._seen = 0
        self._begun_s = self._next_s = float("-inf")
        self._answers: queue.SimpleQueue[Suspects | Text] = queue.SimpleQueue()
        self._analyst = _Analyst(work, self._answers, patience_s=patience_s)

    @property
    def busy(self) -> bool:
        """Whether an analysis runs."""
        return self._busy

    def note(self, records: Iterable[Record]) -> None:
        """Remember the wind among what is recorded."""
        self._wind.extend(r for r in records if isinstance(r, WindRow))

    def look(self, vehicle: Vehicle, readings: Collection[LiveReading], *, simulated: bool) -> Suspects | None:
        """What there is to tell now, if anything; begins the next analysis in the air, when the last one is done."""
        told = self._answered()
        now_s = self._clock.monotonic_s()
        due = vehicle.in_air and not self._busy and now_s >= self._next_s
        if due and len(readings) >= FEWEST and len(readings) != self._seen and self._failures < MOST_FAILURES:
            self._begun_s, self._next_s, self._seen, self._busy = now_s, now_s + self._apart_s, len(readings), True
            self._number += 1
            self._analyst.ask(self._so_far(vehicle, tuple(readings)[-LONGEST:], simulated))
        return told

    def close(self) -> None:
        """Let go of the process, whatever it does."""
        self._analyst.close()

    def _answered(self) -> Suspects | None:
        with suppress(queue.Empty):
            answer = self._answers.get_nowait()
            self._busy = False
            now_s = self._clock.monotonic_s()
            rest_s = max(now_s - self._begun_s, REST_S * self._clock.factor)  # never more than half of one core
            self._next_s = max(self._next_s, now_s + rest_s)
            if isinstance(answer, Suspects):
                self._failures, self.latest = 0, answer
                return answer
            return self._failed(answer)
        return None

    def _failed(self, why: Text) -> Suspects | None:
        """Told once, and once more when it is given up."""
        self._failures += 1
        if self._failures not in (1, MOST_FAILURES):
            return None
        if self._failures == MOST_FAILURES:
            why = GAVE_UP.with_(why=why, times=MOST_FAILURES)
        before = self.latest or Suspects(self._number, self._clock.unix_s(), 0, (), (), WAITING)
        self.latest = replace(before, number=self._number, trouble=why)
        return self.latest

    def _so_far(self, vehicle: Vehicle, readings: tuple[LiveReading, ...], simulated: bool) -> FlightSoFar:
        position, home = vehicle.position, vehicle.home
        rows = _of_one(readings)
        return FlightSoFar(
            number=self._number,
            readings=_columns(rows, simulated=simulated),
            wind=_wind(tuple(self._wind)),
            home=(home.lat_deg, home.lon_deg) if home else None,
            place=(position.lat_deg, position.lon_deg) if position else None,
            height_m=position.height_home_m if position else 0.0,
            battery_percent=vehicle.battery.remaining_percent if vehicle.battery else None,
            simulated=simulated,
            instrument=rows[-1].instrument,
        )


def _of_one(readings: tuple[LiveReading, ...]) -> list[LiveReading]:
    """The readings of one quantity of one instrument: the one with the most good readings, since two differ in
    response, noise and zero, and one that only warms up has nothing to say."""
    told = Counter((r.component, r.instrument, r.quantity) for r in readings if r.ok)
    last = readings[-1]
    channel = max(told, key=lambda key: told[key], default=(last.component, last.instrument, last.quantity))
    return [r for r in readings if (r.component, r.instrument, r.quantity) == channel]


def _columns(rows: list[LiveReading], *, simulated: bool) -> Readings:
    table = np.array([(r.unix_s, r.lat_deg, r.lon_deg, r.height_agl_m, r.value_mg_m3) for r in rows], float)
    time_s, lat_deg, lon_deg, height_m, value = table.T
    ok, seq = np.array([r.ok for r in rows]), np.array([r.seq for r in rows], np.int64)
    return Readings(time_s, lat_deg, lon_deg, height_m, value, np.ones(len(rows)), ok, seq,
                    quantity=rows[-1].quantity, simulated=simulated)  # fmt: skip


def _wind(rows: tuple[WindRow, ...]) -> Wind:
    table = np.array([(r.time_s, r.from_deg, r.speed_m_s, r.height_agl_m) for r in rows], float).reshape(-1, 4)
    return Wind(*table.T)


def suspects_note(told: Suspects) -> dict[str, object]:
    """What the journal remembers of an analysis in flight."""
    places = [
        {"verdict": s.verdict.value, "lat_deg": round(s.lat_deg, 7), "lon_deg": round(s.lon_deg, 7),
         "rate_g_s": round(s.rate_g_s, 3), "evidence": round(s.evidence, 1)}
        for s in (*told.suspected, *told.look_again)
    ]  # fmt: skip
    look = told.look
    proposed = {"lines": look.lines, "hovers": look.hovers, "minutes": round(look.minutes, 1)} if look else None
    trouble = {"zh": told.trouble.zh, "en": told.trouble.en} if told.trouble else None
    return {"number": told.number, "readings": told.readings, "places": places, "look": proposed, "trouble": trouble}


class _Analyst:
    """A thread that owns the process. One question at a time; each is answered, in the end by the reason why not."""

    def __init__(self, work: Work, answers: "queue.SimpleQueue[Suspects | Text]", *, patience_s: float) -> None:
        self._work = work
        self._answers = answers
        self._patience_s = patience_s
        self._questions: queue.SimpleQueue[FlightSoFar | None] = queue.SimpleQueue()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def ask(self, question: FlightSoFar) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="live look", daemon=True)
            self._thread.start()
        self._questions.put(question)

    def close(self) -> None:
        self._closing.set()
        self._questions.put(None)
        if self._thread is not None:
            self._thread.join(ENDED_S)

    def _run(self) -> None:
        while (question := self._questions.get()) is not None and not self._closing.is_set():
            try:
                self._answers.put(self._answered(question))
            except (OSError, EOFError, ValueError):
                # The process is gone; the next question gets a new one.
                code = self._end()
                self._answers.put(CRASHED.with_(why=f"exit {code}"))
            except _NOT_STARTED as error:
                self._end()
                self._answers.put(CRASHED.with_(why=f"{type(error).__name__}: {error}"))
        self._end()

    def _answered(self, question: FlightSoFar) -> Suspects | Text:
        if self._process is None:
            self._start()
        assert self._pipe is not None
        if not self._comes(START_S):
            return self._too_slow(START_S)
        self._pipe.recv()  # it is ready and waits: what is sent now is taken at once
        self._pipe.send(question)
        if not self._comes(self._patience_s):
            return self._too_slow(self._patience_s)
        answer: Suspects | str = self._pipe.recv()
        if isinstance(answer, Suspects):
            return answer
        self._end()
        return CRASHED.with_(why=answer)

    def _comes(self, within_s: float) -> bool:
        """Whether the process says something in time. Raises EOFError when the flight ends meanwhile."""
        assert self._pipe is not None
        for _ in range(max(round(within_s / GLANCE_S), 1)):
            if self._closing.is_set():
                raise EOFError
            if self._pipe.poll(GLANCE_S):
                return True
        return False

    def _too_slow(self, seconds: float) -> Text:
        self._end()
        return TOO_SLOW.with_(seconds=seconds)

    def _start(self) -> None:
        one_thread()
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._work), name="live look", daemon=True)
        try:
            process.start()
        finally:
            theirs.close()
        self._process = process

    def _end(self) -> int | None:
        """Its exit code, once it is gone for certain."""
        process, self._process = self._process, None
        if self._pipe is not None:
            self._pipe.close()
        if process is None:
            return None
        process.kill()
        process.join()
        code = process.exitcode
        process.close()
        return code


def _serve(pipe: Connection, work: Work) -> None:
    """The process: says that it waits, is asked, answers; ends when the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the operator's interrupt is for the flight
    _low_priority()
    try:
        while True:
            pipe.send(None)
            question = pipe.recv()
            try:
                pipe.send(work(question))
            except Exception as error:
                pipe.send(f"{type(error).__name__}: {error}")
                raise SystemExit(1) from error  # whatever it is, it is told; the next question gets a fresh process
    except (OSError, EOFError):
        return


def _low_priority() -> None:
    if sys.platform == "win32":
        import ctypes

        below_normal = 0x4000
        ctypes.windll.kernel32.SetPriorityClass(ctypes.windll.kernel32.GetCurrentProcess(), below_normal)
    else:
        os.nice(10)
