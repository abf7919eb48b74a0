"""What PX4's DO items do, and how the autopilot passes them on as COMMAND_LONG on the station's own link."""

import math
from collections import deque

from dronesampler.simulator.craft import Craft
from dronesampler.simulator.stored import StoredItem
from dronesampler.simulator.wire import Message, dialect

REPEATS_S = (0.0, 1.0, 1.5, 2.0)
CAMERA = 100
PASSED_ON = (178, 187, 203, 206, 211, 2000, 2001, 42600)
TO_CAMERA = (203, 206, 2000, 2001)


def carry_out(craft: Craft, item: StoredItem) -> None:
    p = item.params
    match item.command:
        case 178:
            if p[1] > 0:
                craft.pilot.speed_m_s = p[1]
        case 187:
            for k, value in enumerate(p, 1):
                if math.isfinite(value):
                    craft.actuators[k] = max(-1.0, min(1.0, value))
        case 195 | 201:
            x, y, _ = craft.place_of(item.lat_deg, item.lon_deg, 0.0)
            craft.pilot.yaw_deg = math.degrees(math.atan2(x - craft.body.x_m, y - craft.body.y_m)) % 360.0
        case 197:
            craft.pilot.yaw_deg = None
        case 206:
            craft.shot_spacing_m = p[0]
        case _:
            pass


class PassedOn:
    """Repeats each passed-on command four times, as nobody acknowledges it."""

    def __init__(self, craft: Craft) -> None:
        self._craft = craft
        self._due: deque[tuple[float, StoredItem]] = deque()

    def add(self, item: StoredItem) -> None:
        if item.command in PASSED_ON:
            self._due.extend((self._craft.now_s + later, item) for later in REPEATS_S)

    def once(self, item: StoredItem) -> None:
        self._due.append((self._craft.now_s, item))

    def tick(self) -> None:
        now_s = self._craft.now_s
        for _ in range(len(self._due)):
            due_s, item = self._due.popleft()
            if due_s <= now_s:
                self._craft.out.say(_long(item))
            else:
                self._due.append((due_s, item))


def _long(item: StoredItem) -> Message:
    command = 203 if item.command == 2000 else item.command  # what the camera trigger makes of it
    params = (0.0, 0.0, 0.0, 0.0) if item.command == 2000 else item.params
    to = CAMERA if item.command in TO_CAMERA else 0
    return dialect.MAVLink_command_long_message(1, to, command, 0, *params, item.x, item.y, item.z)
