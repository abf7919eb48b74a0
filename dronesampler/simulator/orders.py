"""Commands as a simulated autopilot reads them, from COMMAND_LONG or COMMAND_INT, and how it can answer."""

import math
from dataclasses import dataclass
from enum import IntEnum

from dronesampler.simulator.wire import Message, dialect


class Result(IntEnum):
    """MAV_RESULT."""

    ACCEPTED = 0
    TEMPORARILY_REJECTED = 1
    DENIED = 2
    UNSUPPORTED = 3
    FAILED = 4
    IN_PROGRESS = 5
    CANCELLED = 6
    NEED_LONG = 7
    NEED_INT = 8
    UNSUPPORTED_FRAME = 9


@dataclass(frozen=True, slots=True)
class Order:
    """One command. `x` and `y` are degrees for commands with a place, else params 5 and 6; `z` is param 7."""

    command: int
    params: tuple[float, float, float, float]
    x: float
    y: float
    z: float
    frame: int
    as_int: bool
    sender: tuple[int, int]

    @property
    def has_place(self) -> bool:
        return math.isfinite(self.x) and math.isfinite(self.y) and (self.x != 0.0 or self.y != 0.0)


def order_of(message: Message) -> Order:
    """The order in a COMMAND_LONG or COMMAND_INT."""
    sender = (message.get_srcSystem(), message.get_srcComponent())
    params = (message.param1, message.param2, message.param3, message.param4)
    if message.get_type() == "COMMAND_INT":
        x, y = (math.nan if v == 0x7FFF_FFFF else v / 1e7 for v in (message.x, message.y))
        return Order(message.command, params, x, y, message.z, message.frame, True, sender)
    # A COMMAND_LONG has no frame; both stacks take its heights their own way.
    return Order(message.command, params, message.param5, message.param6, message.param7, 3, False, sender)


def ack(order: Order, result: Result) -> Message:
    return dialect.MAVLink_command_ack_message(order.command, int(result), 0, 0, *order.sender)
