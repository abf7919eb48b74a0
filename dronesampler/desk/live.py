"""A live session for windows: served until a window finishes it or the process is asked to end, never while armed."""

import signal
import threading
from collections.abc import Callable

from dronesampler.clock import Clock
from dronesampler.commands import Finish
from dronesampler.desk.live_look import live_work
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.session.live_look import LiveLook
from dronesampler.session.session import Session, SessionOrder
from dronesampler.session.switchboard import Switchboard
from dronesampler.store import Patrol, State, Store

EXPIRES_S = 5.0


def serve(order: SessionOrder, store: Store, *, clock: Clock, up: Callable[[dict[str, object]], None]) -> Patrol:
    """Run the session on this thread; `up` is told once when windows can attach."""
    ports = PortsInUse(list(order.links), clock)
    park = store.park(order.park_id) if order.park_id is not None else None
    look = LiveLook(live_work(park, order.profile), clock)
    session = Session(order, store, clock=clock, ports=ports, live_look=look)
    switchboard = Switchboard(order.data, hello=session.hello, hear=session.hear)
    session.tell = switchboard.tell
    _end_on_signals(session, clock)
    up({"ready": True, "patrol": session.patrol.uuid, "simulated": order.simulated})
    state = State.INTERRUPTED  # what an error of this program leaves behind
    try:
        while not session.finishing:
            session.turn()
        state = State.ENDED
    finally:
        patrol = session.close(state=state)
        switchboard.close()
    return patrol


def _end_on_signals(session: Session, clock: Clock) -> None:
    """A signal asks as a window would: an armed aircraft keeps its session."""
    if threading.current_thread() is not threading.main_thread():
        return

    def ask(*_: object) -> None:
        session.hear(Finish(0, clock.monotonic_s() + EXPIRES_S, "signal"))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
