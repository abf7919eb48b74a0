"""AVAILABLE_MODES (435): the modes an autopilot says it has. The library's dialect does not know the message."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from dronesampler.simulator.wire import Outbox

AVAILABLE_MODES, CRC_EXTRA = 435, 134
NOT_SELECTABLE, ADVANCED = 2, 1


@dataclass(frozen=True, slots=True)
class ModeEntry:
    """One mode; `standard` is MAV_STANDARD_MODE, 0 for none."""

    custom: int
    name: str
    standard: int = 0
    properties: int = 0


def tell_modes(out: Outbox, entries: Sequence[ModeEntry], index: int) -> None:
    """One entry (counted from 1), or all of them for index 0."""
    chosen = range(1, len(entries) + 1) if index == 0 else (min(index, len(entries)),)
    for k in chosen:
        entry = entries[k - 1]
        head = struct.pack("<IIBBB", entry.custom, entry.properties, len(entries), k, entry.standard)
        out.say_raw(AVAILABLE_MODES, head + entry.name.encode().ljust(35, b"\0"), crc_extra=CRC_EXTRA)


ARDUPILOT_MODES = tuple(
    ModeEntry(number, name)
    for number, name in (
        *((6, "RTL"), (7, "CIRCLE"), (9, "LAND"), (11, "DRIFT"), (13, "SPORT"), (15, "AUTOTUNE"), (16, "POSHOLD")),
        *((0, "STABILIZE"), (1, "ACRO"), (2, "ALT_HOLD"), (3, "AUTO"), (4, "GUIDED"), (5, "LOITER")),
        *((17, "BRAKE"), (18, "THROW"), (20, "GUIDED_NOGPS"), (21, "SMART_RTL")),
    )
)
PX4_MODES = (
    ModeEntry(0x0001_0000, "Manual", 0, 1),
    ModeEntry(0x0002_0000, "", 4),
    ModeEntry(0x0003_0000, "", 1),
    ModeEntry(0x0404_0000, "", 6, 1),
    ModeEntry(0x0304_0000, "Hold", 0, 1),
    ModeEntry(0x0504_0000, "", 5, 1),
    ModeEntry(0x0005_0000, "Acro", 0, 1),
    ModeEntry(0x0006_0000, "Offboard", 0, 1),
    ModeEntry(0x0007_0000, "Stabilized", 0, 1),
    ModeEntry(0x0204_0000, "", 8, 1),
    ModeEntry(0x0604_0000, "", 7, 1),
    ModeEntry(0x0103_0000, "", 2, 1),
)
