"""Intents to MAVLink commands, each with what must be seen in the vehicle's state before it counts as done."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from dronesampler.commands import (
    Arm,
    ChangeHeight,
    Continue,
    EnableFence,
    GoTo,
    Intent,
    Land,
    LookAt,
    Orbit,
    Pause,
    Photograph,
    ReturnHome,
    SetSpeed,
    SmartReturn,
    Start,
    StopMotors,
    SwitchSampler,
)
from dronesampler.events import Autopilot, MissionState
from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler.geo.local import distance_m
from dronesampler.mavlink.convert import e7
from dronesampler.mavlink.modes import mode_params
from dronesampler.mavlink.wire import WireFrame
from dronesampler.texts import Text

DO_SET_MODE, ARM_DISARM, MISSION_START, DO_REPOSITION, DO_ORBIT = 176, 400, 300, 192, 34
PAUSE_CONTINUE, CHANGE_SPEED, SET_ROI, SET_RELAY, SET_SERVO = 193, 178, 195, 181, 183
SET_ACTUATOR, IMAGE_START_CAPTURE, FENCE_ENABLE, SET_ITEM = 187, 2000, 207, 224
FIRST_ITEM = 1.0  # after the placeholder for home
NAN = math.nan
ARRIVED_M, HEIGHT_REACHED_M, PWM_NEAR_US = 3.0, 1.0, 30
TRAVEL_S = 600.0
NO_ORBIT = Text(
    "该飞控不支持绕点飞行指令；请规划绕烟囱航线", "this autopilot has no orbit command; plan a stack orbit as a route"
)
NO_FENCE_SWITCH = Text(
    "该飞控没有围栏开关：围栏存入即生效", "this autopilot has no fence switch: a fence applies as soon as it is stored"
)
NO_SMART_RETURN = Text(
    "该飞控不会沿来路返航；请用返航", "this autopilot cannot return the way it came; use the ordinary return"
)
NO_RELAY = Text("该飞控没有继电器指令；请用舵机输出", "this autopilot has no relay command; use an actuator output")
Seen = Callable[[Vehicle], bool]


@dataclass(frozen=True, slots=True)
class Order:
    """One MAV_CMD. `place` is (lat_deg, lon_deg, z, frame) and makes it a COMMAND_INT."""

    command: int
    params: tuple[float, ...] = ()  # 1 to 4, or 1 to 7 without a place
    place: tuple[float, float, float, int] | None = None
    seen: Seen | None = None
    seen_within_s: float = 5.0
    repeatable: bool = True  # sending it twice does what sending it once does

    def param(self, number: int) -> float:
        return self.params[number - 1] if number <= len(self.params) else 0.0

    @property
    def x(self) -> int:
        return e7(self.place[0]) if self.place else 0

    @property
    def y(self) -> int:
        return e7(self.place[1]) if self.place else 0


def orders_of(intent: Intent, vehicle: Vehicle) -> tuple[Order, ...] | Text:
    """The commands of an intent in the order of sending, or why this stack cannot do it."""
    maker = _MAKERS.get(type(intent))
    if maker is None:
        raise TypeError(f"{type(intent).__name__} is no command to a vehicle")
    return maker(intent, vehicle)


def mode_order(vehicle: Vehicle, mode: str) -> Order:
    return Order(DO_SET_MODE, mode_params(vehicle.autopilot, mode), seen=lambda v: v.mode == mode)


def _px4(vehicle: Vehicle) -> bool:
    return vehicle.autopilot is Autopilot.PX4


def _arm(_: Arm, vehicle: Vehicle) -> tuple[Order, ...]:
    """In a mode that does not start by itself: PX4 armed in MISSION or TAKEOFF takes off at once."""
    quiet = "AUTO.LOITER" if _px4(vehicle) else "GUIDED"
    arm = Order(ARM_DISARM, (1.0,), seen=lambda v: v.armed, repeatable=False)
    return (arm,) if vehicle.mode == quiet else (mode_order(vehicle, quiet), arm)


def _start(_: Start, vehicle: Vehicle) -> tuple[Order, ...]:
    if _px4(vehicle):
        return (Order(MISSION_START, (0.0, 0.0), seen=lambda v: v.mode == "AUTO.MISSION", repeatable=False),)
    if vehicle.in_air:
        # A plan uploaded while holding would else be taken up at the item where the old one was left.
        return (Order(SET_ITEM, (FIRST_ITEM, 0.0)), mode_order(vehicle, "AUTO"))
    auto = () if vehicle.mode == "AUTO" else (mode_order(vehicle, "AUTO"),)
    go = Order(MISSION_START, (0.0, 0.0), seen=_under_way, seen_within_s=15.0, repeatable=False)
    return (*auto, go)


def _under_way(vehicle: Vehicle) -> bool:
    active = vehicle.mission is not None and vehicle.mission.state is MissionState.ACTIVE
    return vehicle.doing is Doing.MISSION and (vehicle.in_air or active)


def _pause(_: Pause, vehicle: Vehicle) -> tuple[Order, ...]:
    """Brake, or PX4's hold: ArduPilot's LOITER would follow the throttle stick down."""
    return (mode_order(vehicle, "AUTO.LOITER" if _px4(vehicle) else "BRAKE"),)


def _continue(_: Continue, vehicle: Vehicle) -> tuple[Order, ...]:
    if not _px4(vehicle) and vehicle.mode == "AUTO":
        return (Order(PAUSE_CONTINUE, (1.0,), seen=_under_way),)
    return (mode_order(vehicle, "AUTO.MISSION" if _px4(vehicle) else "AUTO"),)


def _return(_: ReturnHome, vehicle: Vehicle) -> tuple[Order, ...]:
    return (mode_order(vehicle, "AUTO.RTL" if _px4(vehicle) else "RTL"),)


def _smart_return(_: SmartReturn, vehicle: Vehicle) -> tuple[Order, ...] | Text:
    """ArduPilot refuses it in words where its memory of the way is full or switched off."""
    return NO_SMART_RETURN if _px4(vehicle) else (mode_order(vehicle, "SMART_RTL"),)


def _land(_: Land, vehicle: Vehicle) -> tuple[Order, ...]:
    return (mode_order(vehicle, "AUTO.LAND" if _px4(vehicle) else "LAND"),)


def _place(vehicle: Vehicle, lat_deg: float, lon_deg: float, height_home_m: float) -> tuple[float, float, float, int]:
    """PX4 takes a reposition's height as above the sea whatever the frame says: it is told that, and so named."""
    if _px4(vehicle):
        home_m = vehicle.home_height_sea_m
        if home_m is None:
            raise ValueError("the height of home is not known")
        return lat_deg, lon_deg, home_m + height_home_m, WireFrame.GLOBAL_INT
    return lat_deg, lon_deg, height_home_m, WireFrame.GLOBAL_RELATIVE_INT


def _reposition(vehicle: Vehicle, lat_deg: float, lon_deg: float, height_m: float) -> tuple[Order, ...]:
    def arrived(v: Vehicle) -> bool:
        if v.position is None or v.doing not in (Doing.GUIDED, Doing.HOLDING):
            return False
        off_m = distance_m(v.position.lat_deg, v.position.lon_deg, lat_deg, lon_deg)
        return off_m <= ARRIVED_M and abs(v.position.height_home_m - height_m) <= HEIGHT_REACHED_M

    place = _place(vehicle, lat_deg, lon_deg, height_m)
    return (Order(DO_REPOSITION, (-1.0, 1.0, 0.0, NAN), place, seen=arrived, seen_within_s=TRAVEL_S),)


def _goto(intent: GoTo, vehicle: Vehicle) -> tuple[Order, ...]:
    return _reposition(vehicle, intent.lat_deg, intent.lon_deg, intent.height_home_m)


def _height(intent: ChangeHeight, vehicle: Vehicle) -> tuple[Order, ...]:
    here = vehicle.position
    if here is None:
        raise ValueError("there is no position")
    return _reposition(vehicle, here.lat_deg, here.lon_deg, intent.height_home_m)


def _orbit(intent: Orbit, vehicle: Vehicle) -> tuple[Order, ...] | Text:
    if not _px4(vehicle):
        return NO_ORBIT
    place = _place(vehicle, intent.lat_deg, intent.lon_deg, intent.height_home_m)
    params = (intent.radius_m, NAN, 0.0, NAN)  # facing the middle, speed as it is
    return (Order(DO_ORBIT, params, place, seen=lambda v: v.mode == "POSCTL.ORBIT"),)


def _look(intent: LookAt, vehicle: Vehicle) -> tuple[Order, ...]:
    place = _place(vehicle, intent.lat_deg, intent.lon_deg, intent.height_home_m)
    return (Order(SET_ROI, (0.0, 0.0, 0.0, 0.0), place),)


def _speed(intent: SetSpeed, _: Vehicle) -> tuple[Order, ...]:
    return (Order(CHANGE_SPEED, (1.0, intent.speed_m_s, -1.0)),)


def _sampler(intent: SwitchSampler, vehicle: Vehicle) -> tuple[Order, ...] | Text:
    if _px4(vehicle):
        if intent.relay:
            return NO_RELAY
        values = tuple(intent.value if n == intent.output else NAN for n in range(1, 7))
        return (Order(SET_ACTUATOR, (*values, 0.0)),)
    if intent.relay:
        return (Order(SET_RELAY, (float(intent.output), 1.0 if intent.value else 0.0)),)

    def driven(v: Vehicle) -> bool:
        outputs = v.outputs_us
        return len(outputs) >= intent.output and abs(outputs[intent.output - 1] - intent.value) <= PWM_NEAR_US

    return (Order(SET_SERVO, (float(intent.output), intent.value), seen=driven, seen_within_s=3.0),)


def _fence(_: EnableFence, vehicle: Vehicle) -> tuple[Order, ...] | Text:
    if _px4(vehicle):
        return NO_FENCE_SWITCH

    def enabled(v: Vehicle) -> bool:
        return v.readiness is not None and v.readiness.fence_enabled is True

    return (Order(FENCE_ENABLE, (1.0,), seen=enabled),)


def _photograph(_: Photograph, __: Vehicle) -> tuple[Order, ...]:
    return (Order(IMAGE_START_CAPTURE, (0.0, 0.0, 1.0, 0.0), repeatable=False),)


def _stop(_: StopMotors, __: Vehicle) -> tuple[Order, ...]:
    """Never by force: the autopilot refuses in the air, and that is right."""
    return (Order(ARM_DISARM, (0.0,), seen=lambda v: not v.armed),)


_MAKERS: dict[type[Intent], Callable[..., tuple[Order, ...] | Text]] = {
    Arm: _arm,
    Start: _start,
    Pause: _pause,
    Continue: _continue,
    ReturnHome: _return,
    SmartReturn: _smart_return,
    Land: _land,
    ChangeHeight: _height,
    GoTo: _goto,
    Orbit: _orbit,
    LookAt: _look,
    SetSpeed: _speed,
    SwitchSampler: _sampler,
    Photograph: _photograph,
    EnableFence: _fence,
    StopMotors: _stop,
}
