"""The window's way to a live session: `SessionClient(data_dir)`, then `drain()` on the window's own beat."""

from dronesampler.session.feed import (
    Alive,
    Goodbye,
    Happened,
    Hello,
    LivePoint,
    LiveReading,
    PlanHeld,
    ProposedLook,
    Samples,
    Snapshot,
    Suspects,
    Told,
)
from dronesampler.session.switchboard import SessionClient

__all__ = [
    "Alive",
    "Goodbye",
    "Happened",
    "Hello",
    "LivePoint",
    "LiveReading",
    "PlanHeld",
    "ProposedLook",
    "Samples",
    "SessionClient",
    "Snapshot",
    "Suspects",
    "Told",
]
