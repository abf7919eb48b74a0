"""What may be asked of the vehicle now: the safety rules as one pure question with a reason for every no."""

from dronesampler.commands import (
    Arm,
    ChangeHeight,
    Continue,
    EnableFence,
    Finish,
    GoTo,
    Intent,
    Land,
    LookAt,
    MarkSighting,
    Orbit,
    Pause,
    Photograph,
    ReturnHome,
    SetSpeed,
    SmartReturn,
    Start,
    StopMotors,
    SwitchSampler,
    Upload,
)
from dronesampler.events import Autopilot
from dronesampler.flight.modes import Doing
from dronesampler.flight.vehicle import Vehicle
from dronesampler.texts import Text

NOT_CONNECTED = Text("没有飞控的心跳，指令未发出", "no heartbeat from the vehicle: nothing was sent")
FAILSAFE_RUNS = Text(
    "飞控正在执行失效保护、返航或降落，不发自动指令", "a failsafe, return or landing runs: no automatic command is sent"
)
PILOT_HAS_IT = Text(
    "飞手已接管（{mode}），不发自动指令", "the pilot has taken over ({mode}): no automatic command is sent"
)
ENDS_FAILSAFE = Text(
    "失效保护正在进行，此指令会使其永久终止，已拒绝；可悬停、返航或降落",
    "a failsafe runs and this would end it for good: refused; hold, return and land remain",
)
NOT_IN_AIR = Text("飞机不在空中", "the aircraft is not in the air")
NO_POSITION = Text("没有位置", "there is no position")
NO_HOME = Text("返航点未知，无法换算高度", "home is not known, so the height cannot be turned into one above the sea")
ARMED_ALREADY = Text("已经解锁", "it is armed already")
NOT_ARMED = Text("尚未解锁", "it is not armed")
NO_MISSION = Text("机上没有航线", "there is no mission on board")
MOTORS_IN_AIR = Text(
    "飞机在空中，不停电机；请用悬停、返航或降落", "it is in the air: the motors are not stopped; hold, return or land"
)
UPLOAD_HOLDING = Text("在空中只能在悬停时上传计划", "in the air a plan is uploaded only while holding")
ARMED_FINISH = Text("飞机仍处于解锁状态，会话不能结束", "the aircraft is armed: the session does not end")
WRONG_VEHICLE = Text(
    "这不是本次巡查绑定的飞机（{unique_id}）", "this is not the aircraft that this patrol is bound to ({unique_id})"
)
SERVO_TAKEN = Text("输出 {output} 已被功能 {function} 占用", "output {output} is taken by function {function}")

ALWAYS = (
    Pause,
    ReturnHome,
    SmartReturn,
    Land,
    EnableFence,
    MarkSighting,
    Finish,
    Upload,
    StopMotors,
    Photograph,
    SwitchSampler,
    LookAt,
)
MOVING = (GoTo, ChangeHeight, Orbit, SetSpeed)
CHANGES_MODE = (Start, Pause, Continue, ReturnHome, SmartReturn, Land, GoTo, ChangeHeight, Orbit)


def refusal(intent: Intent, vehicle: Vehicle, *, automatic: bool = False, bound_to: str = "") -> Text | None:
    """Why the intent must not be sent now, or None. `bound_to` is the unique id this patrol's vehicle must have.

    `automatic` is True for what a limit asks for rather than a person.
    """
    if isinstance(intent, MarkSighting):
        return None
    if isinstance(intent, Finish):
        return ARMED_FINISH if vehicle.armed else None
    if not vehicle.connected:
        return NOT_CONNECTED
    if bound_to and vehicle.unique_id and vehicle.unique_id != bound_to:
        return WRONG_VEHICLE.with_(unique_id=bound_to)
    if automatic:
        wrong = _automatic_refusal(intent, vehicle)
        if wrong is not None:
            return wrong
    return _state_refusal(intent, vehicle)


def may_resend(intent: Intent, vehicle: Vehicle, *, first_sent_s: float) -> bool:
    """Whether a command may be sent again: not once a failsafe, return or landing, or the pilot, came in between."""
    if not isinstance(intent, CHANGES_MODE):
        return True
    taken_over = vehicle.failsafe or vehicle.recovering or vehicle.pilot_has_it
    since_s = vehicle.mode_since_s
    return not (taken_over and since_s is not None and since_s > first_sent_s)


def _automatic_refusal(intent: Intent, vehicle: Vehicle) -> Text | None:
    if vehicle.pilot_has_it:
        return PILOT_HAS_IT.with_(mode=vehicle.mode)
    if vehicle.failsafe:
        return FAILSAFE_RUNS
    if vehicle.recovering and not (isinstance(intent, Land) and vehicle.doing is Doing.RETURNING):
        return FAILSAFE_RUNS
    return None


def _state_refusal(intent: Intent, vehicle: Vehicle) -> Text | None:
    if vehicle.failsafe and not isinstance(intent, ALWAYS):
        return ENDS_FAILSAFE
    if isinstance(intent, Arm):
        return ARMED_ALREADY if vehicle.armed else None
    if isinstance(intent, Start):
        return _start_refusal(vehicle)
    if isinstance(intent, StopMotors):
        return MOTORS_IN_AIR if vehicle.in_air else None
    if isinstance(intent, Upload):
        holding = vehicle.doing is Doing.HOLDING
        return UPLOAD_HOLDING if vehicle.in_air and not holding else None
    if isinstance(intent, SwitchSampler):
        return _output_refusal(intent, vehicle)
    if isinstance(intent, (*MOVING, Pause, Continue, ReturnHome, SmartReturn, Land)):
        return _moving_refusal(intent, vehicle)
    return None


def _start_refusal(vehicle: Vehicle) -> Text | None:
    if not vehicle.armed:
        return NOT_ARMED
    if vehicle.mission is not None and vehicle.mission.total == 0:
        return NO_MISSION
    return None


def _moving_refusal(intent: Intent, vehicle: Vehicle) -> Text | None:
    if not vehicle.in_air:
        return NOT_IN_AIR
    if isinstance(intent, (GoTo, ChangeHeight, Orbit)):
        if vehicle.position is None:
            return NO_POSITION
        if vehicle.autopilot is Autopilot.PX4 and vehicle.home_height_sea_m is None:
            return NO_HOME
    return None


def _output_refusal(intent: SwitchSampler, vehicle: Vehicle) -> Text | None:
    """A servo output that the autopilot drives itself is not free."""
    if intent.relay or vehicle.autopilot is not Autopilot.ARDUPILOT:
        return None
    function = vehicle.parameters.get(f"SERVO{intent.output}_FUNCTION", 0.0)
    return SERVO_TAKEN.with_(output=intent.output, function=int(function)) if function else None
