"""A live session for windows: served until a window finishes it or the process is asked to end, never while armed.

One whose window died and did not come back ends by itself when there is nothing left to watch.
"""

import signal
import threading
from collections.abc import Callable

from dronesampler.clock import Clock
from dronesampler.commands import Finish
from dronesampler.desk.live_look import live_work
from dronesampler.mavlink.ports_in_use import PortsInUse
from dronesampler.mavlink.station import Station
from dronesampler.session.live_look import LiveLook
from dronesampler.session.session import Session, SessionOrder
from dronesampler.session.switchboard import Switchboard
from dronesampler.store import Patrol, State, Store

EXPIRES_S = 5.0
LEFT_ALONE_S = 600.0  # wall; a window that died is started again long before
LEFT_ARMED_S = 3600.0  # wall; the same, with an aircraft that was armed when it was last heard


def serve(order: SessionOrder, store: Store, *, clock: Clock, up: Callable[[dict[str, object]], None]) -> Patrol:
    """Run the session on this thread; `up` is told once when windows can attach."""
    ports = PortsInUse(list(order.links), clock)
    park = store.park(order.park_id) if order.park_id is not None else None
    look = LiveLook(
        live_work(park, order.profile, *order.payloads.values(), *(fitted.profile for fitted in order.instruments)),
        clock,
    )
    session = Session(order, store, clock=clock, ports=ports, live_look=look)
    switchboard = Switchboard(order.data, hello=session.hello, hear=session.hear)
    session.tell = switchboard.tell
    _end_on_signals(session, clock)
    up({"ready": True, "patrol": session.patrol.uuid, "simulated": order.simulated})
    state = State.INTERRUPTED  # what an error of this program leaves behind
    try:
        while not session.finishing and not forsaken(session.station, clock):
            session.turn()
        state = State.ENDED if session.finishing else State.INTERRUPTED
    finally:
        patrol = session.close(state=state)
        switchboard.close()
    return patrol


def forsaken(station: Station, clock: Clock) -> bool:
    """Whether nobody is left to serve: the window that had it is long gone, and so is the aircraft or its flight.

    An aircraft that is armed and heard keeps its session, whoever looks.
    """
    now_s, vehicle = clock.monotonic_s(), station.vehicle
    gone_s = (station.heartbeat.operator_gone_s(now_s) or 0.0) / clock.factor
    if vehicle.armed:
        silent_s = (now_s - vehicle.heartbeat_s) / clock.factor if vehicle.heartbeat_s is not None else gone_s
        return min(gone_s, silent_s) > LEFT_ARMED_S
    return gone_s > LEFT_ALONE_S


def _end_on_signals(session: Session, clock: Clock) -> None:
    """A signal asks as a window would: an armed aircraft keeps its session."""
    if threading.current_thread() is not threading.main_thread():
        return

    def ask(*_: object) -> None:
        session.hear(Finish(0, clock.monotonic_s() + EXPIRES_S, "signal"))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
