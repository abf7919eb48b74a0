"""What ArduCopter does and says along a mission: announcements, actions, arrivals and the way home."""

from dronesampler.simulator import ardupilot_modes as modes
from dronesampler.simulator.ardupilot_actions import carry_out
from dronesampler.simulator.craft import Craft
from dronesampler.simulator.motion import Vector
from dronesampler.simulator.stored import RALLY, StoredItem
from dronesampler.simulator.wire import dialect

INFO = 6
SILENT_ACTIONS = (181, 182, 183, 184, 203, 206, 211, 216, 217, 600, 601, 2000, 2001, 42600)
ITEM_NAMES = {
    16: "WP",
    17: "LoitUnlim",
    18: "LoitTurns",
    19: "LoitTime",
    20: "RTL",
    21: "Land",
    22: "Takeoff",
    31: "LoitAltitude",
    82: "SplineWP",
    84: "VTOLTakeoff",
    92: "GuidedEnable",
    93: "Delay",
    94: "PayloadPlace",
    112: "CondDelay",
    114: "CondDist",
    115: "CondYaw",
    178: "ChangeSpeed",
    179: "SetHome",
    181: "SetRelay",
    182: "RepeatRelay",
    183: "SetServo",
    184: "RepeatServo",
    189: "LandStart",
    195: "SetROI",
    197: "SetROI",
    201: "SetROI",
    203: "DigiCamCtrl",
    206: "SetCamTrigDst",
    207: "FenceEnable",
    211: "Gripper",
    2000: "ImageStartCapture",
    2001: "ImageStopCapture",
    42600: "Winch",
}


class MissionCrew:
    """The route's crew (see `route.Crew`)."""

    def __init__(self, craft: Craft) -> None:
        self.craft = craft
        self._reached: int | None = None

    def nav_started(self, seq: int, item: StoredItem) -> None:
        self._announce(seq, item)

    def action_started(self, seq: int, item: StoredItem) -> None:
        self._announce(seq, item)
        carry_out(self.craft, item)

    def item_done(self, seq: int, item: StoredItem) -> None:
        if item.command not in SILENT_ACTIONS:
            self._reached = seq
        if item.command in (16, 17, 18, 19, 31, 82):
            self.craft.out.text(INFO, f"Reached command #{seq}")

    def return_home(self) -> None:
        """To the nearest rally point, or home."""
        craft = self.craft
        up = craft.up_m(modes.return_height_m(craft), 3)
        place: Vector = min(
            (craft.home_place(up), *(craft.place_of(r.lat_deg, r.lon_deg, up) for r in craft.shelf.items(RALLY))),
            key=lambda p: (p[0] - craft.body.x_m) ** 2 + (p[1] - craft.body.y_m) ** 2,
        )
        craft.pilot.fly_back(place, wait_s=craft.params["RTL_LOIT_TIME"] / 1000.0)

    def jumped(self, seq: int, *, done: int, times: int) -> None:
        self.craft.out.text(INFO, f"Mission: {seq} Jump {done}/{times}")

    def route_done(self) -> None:
        if self.craft.flying:
            self.craft.pilot.hold()

    def _announce(self, seq: int, item: StoredItem) -> None:
        self.craft.out.text(INFO, f"Mission: {seq} {ITEM_NAMES.get(item.command, item.command)}")

    def tell_reached(self) -> None:
        """MISSION_ITEM_REACHED for the last item that was done since: an earlier one of the same moment is lost."""
        if self._reached is not None:
            self.craft.out.say(dialect.MAVLink_mission_item_reached_message(self._reached))
            self._reached = None
