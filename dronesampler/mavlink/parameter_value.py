"""Parameter values as they travel: ArduPilot casts every number to a float, PX4 lays integers' bytes into it."""

import struct

from dronesampler.events import Autopilot

INT_TYPES = {1: "B", 2: "b", 3: "H", 4: "h", 5: "I", 6: "i"}  # MAV_PARAM_TYPE
REAL32 = 9


def parameter_number(wire: float, param_type: int, autopilot: Autopilot) -> float:
    """The number in PARAM_VALUE.param_value."""
    letter = INT_TYPES.get(param_type)
    if autopilot is not Autopilot.PX4 or letter is None:
        return wire
    (number,) = struct.unpack_from(f"<{letter}", struct.pack("<f", wire))
    return float(number)


def parameter_wire(number: float, param_type: int, autopilot: Autopilot) -> float:
    """What to put into PARAM_SET.param_value. Raises struct.error for a number the type cannot hold."""
    letter = INT_TYPES.get(param_type)
    if autopilot is not Autopilot.PX4 or letter is None:
        return number
    packed = struct.pack(f"<{letter}", int(number)).ljust(4, b"\0")
    (wire,) = struct.unpack("<f", packed)
    return float(wire)
