"""What the aircraft will do when the link drops: read from its failsafe parameters, said in words before take-off."""

from collections.abc import Mapping
from dataclasses import dataclass

from dronesampler.events import Autopilot
from dronesampler.texts import Text

STATION_SYSTEM = 255

NOT_READ = Text(
    "失效保护参数尚未读到，断链后的行为未知",
    "the failsafe parameters were not read: what it does on link loss is unknown",
)
NOTHING = Text(
    "断链后继续当前动作，不会自行返航", "on link loss it goes on with what it does; it does not come back by itself"
)
AFTER = Text(
    "地面站心跳中断 {seconds:g} 秒后：{action}", "{seconds:g} s after the last heartbeat of this station: {action}"
)
EXCEPT_MISSION = Text("；但在执行航线时继续飞完航线", "; but in a mission it flies the mission to its end")
HOLD_FIRST = Text("先悬停 {seconds:g} 秒，再{action}", "hold for {seconds:g} s, then {action}")
STAYS = Text(
    "；链路恢复后保持该模式，需人工决定", "; it stays in that mode when the link is back, and a person decides"
)
WRONG_STATION = Text(
    "飞控只认系统号 {expected} 的心跳，而本站是 {ours}：断链保护永远不会启动",
    "the autopilot watches heartbeats of system {expected} and this station is {ours}: its failsafe will never start",
)
RETURN_HEIGHT = Text("返航高度 {height:g} m（相对返航点）", "it returns at {height:g} m above home")
RETURN_HEIGHT_AS_IS = Text("返航时保持当前高度", "it returns at its present height")
RC_LOSS = Text("遥控器失联：{action}", "when the remote control is lost: {action}")
RETURN = Text("返航", "return home")
LAND = Text("就地降落", "land where it is")
SMART = Text("沿来路返航，否则返航", "return the way it came, else return home")
SMART_LAND = Text("沿来路返航，否则降落", "return the way it came, else land")
AUTO_RTL = Text("按航线中的降落段返航，否则返航", "fly the mission's landing part, else return home")
BRAKE_LAND = Text("刹停，否则降落", "brake, else land")
HOLD = Text("悬停", "hold")
WARN = Text("只警告", "warn only")
TERMINATE = Text("终止飞行（停桨坠落）", "terminate the flight: the motors stop")
LOCK = Text("锁定（停桨）", "lock down: the motors stop")
CONTINUE = Text("继续航线", "go on with the mission")
UNKNOWN_ACTION = Text("未知动作（{number:g}）", "an unknown action ({number:g})")

_ARDUPILOT_GCS = {1: RETURN, 2: RETURN, 3: SMART, 4: SMART_LAND, 5: LAND, 6: AUTO_RTL, 7: BRAKE_LAND}
_ARDUPILOT_RC = {1: RETURN, 2: CONTINUE, 3: LAND, 4: SMART, 5: SMART_LAND, 6: AUTO_RTL, 7: BRAKE_LAND}
_PX4_DATALINK = {1: HOLD, 2: RETURN, 3: LAND, 5: TERMINATE, 6: LOCK}
_PX4_RC = {1: HOLD, 2: RETURN, 3: LAND, 5: TERMINATE, 6: LOCK}

# Old and new names of one parameter, newest first.
STATION_NAMES = ("MAV_GCS_SYSID", "SYSID_MYGCS")
NAMES: dict[Autopilot, tuple[str, ...]] = {
    Autopilot.ARDUPILOT: (
        *STATION_NAMES,
        "MAV_GCS_SYSID_HI",
        "FS_GCS_ENABLE",
        "FS_GCS_TIMEOUT",
        "FS_OPTIONS",
        "FS_THR_ENABLE",
        "RTL_ALT",
        "RTL_ALT_M",
        "FENCE_ENABLE",
        "FENCE_ACTION",
        "BATT_FS_LOW_ACT",
    ),
    Autopilot.PX4: (
        "NAV_DLL_ACT",
        "COM_DL_LOSS_T",
        "COM_DLL_EXCEPT",
        "COM_FAIL_ACT_T",
        "NAV_RCL_ACT",
        "COM_RC_LOSS_T",
        "COM_RC_IN_MODE",
        "RTL_RETURN_ALT",
        "GF_ACTION",
        "COM_LOW_BAT_ACT",
    ),
    Autopilot.OTHER: (),
}


@dataclass(frozen=True, slots=True)
class LinkLoss:
    """The answer: sentences for people, and what programs ask."""

    sentences: tuple[Text, ...]
    known: bool
    acts: bool  # it does something by itself when this station falls silent
    return_height_m: float | None = None
    wrong_station: bool = False


def on_link_loss(autopilot: Autopilot, parameters: Mapping[str, float], *, station: int = STATION_SYSTEM) -> LinkLoss:
    """What it will do, from the parameters that were read (names in NAMES)."""
    if autopilot is Autopilot.PX4:
        return _px4(parameters)
    if autopilot is Autopilot.ARDUPILOT:
        return _ardupilot(parameters, station)
    return LinkLoss((NOT_READ,), known=False, acts=False)


def _ardupilot(p: Mapping[str, float], station: int) -> LinkLoss:
    enabled = p.get("FS_GCS_ENABLE")
    if enabled is None:
        return LinkLoss((NOT_READ,), known=False, acts=False, return_height_m=_ardupilot_height_m(p))
    action = _ARDUPILOT_GCS.get(int(enabled), UNKNOWN_ACTION.with_(number=enabled))
    sentences: list[Text] = []
    wrong = enabled > 0 and not _watches(p, station)
    if wrong:
        expected = next((p[n] for n in STATION_NAMES if n in p), 0.0)
        sentences.append(WRONG_STATION.with_(expected=int(expected), ours=station))
    if enabled == 0:
        sentences.append(NOTHING)
    else:
        said = AFTER.with_(seconds=p.get("FS_GCS_TIMEOUT", 5.0), action=action)
        # FS_OPTIONS bit 1, or the old value 2 of FS_GCS_ENABLE: go on in AUTO.
        goes_on = int(p.get("FS_OPTIONS", 0)) & 2 or enabled == 2
        sentences.append(_joined(said, EXCEPT_MISSION if goes_on else STAYS))
    sentences += _height(_ardupilot_height_m(p))
    if p.get("FS_THR_ENABLE"):
        number = p["FS_THR_ENABLE"]
        action = _ARDUPILOT_RC.get(int(number), UNKNOWN_ACTION.with_(number=number))
        sentences.append(RC_LOSS.with_(action=action))
    acts = enabled > 0 and not wrong
    return LinkLoss(
        tuple(sentences), known=True, acts=acts, return_height_m=_ardupilot_height_m(p), wrong_station=wrong
    )


def _watches(p: Mapping[str, float], station: int) -> bool:
    low = next((p[name] for name in STATION_NAMES if name in p), None)
    if low is None:
        return True
    high = max(p.get("MAV_GCS_SYSID_HI", low), low)
    return low <= station <= high


def _ardupilot_height_m(p: Mapping[str, float]) -> float | None:
    if "RTL_ALT_M" in p:
        return p["RTL_ALT_M"]
    return p["RTL_ALT"] / 100.0 if "RTL_ALT" in p else None


def _px4(p: Mapping[str, float]) -> LinkLoss:
    number = p.get("NAV_DLL_ACT")
    height_m = p.get("RTL_RETURN_ALT")
    if number is None:
        return LinkLoss((NOT_READ,), known=False, acts=False, return_height_m=height_m)
    sentences = [NOTHING] if number == 0 else [_px4_action(p, number)]
    sentences += _height(height_m)
    # COM_RC_IN_MODE 4: sticks are disabled, so nothing can be lost.
    if "NAV_RCL_ACT" in p and p.get("COM_RC_IN_MODE", 0.0) != 4:
        rc = p["NAV_RCL_ACT"]
        sentences.append(RC_LOSS.with_(action=_PX4_RC.get(int(rc), UNKNOWN_ACTION.with_(number=rc))))
    return LinkLoss(tuple(sentences), known=True, acts=number > 0, return_height_m=height_m)


def _px4_action(p: Mapping[str, float], number: float) -> Text:
    action = _PX4_DATALINK.get(int(number), UNKNOWN_ACTION.with_(number=number))
    hold_s = p.get("COM_FAIL_ACT_T", 5.0)
    if hold_s > 0 and int(number) in (2, 3):
        action = HOLD_FIRST.with_(seconds=hold_s, action=action)
    said = AFTER.with_(seconds=p.get("COM_DL_LOSS_T", 10.0), action=action)
    return _joined(said, EXCEPT_MISSION if int(p.get("COM_DLL_EXCEPT", 0)) & 1 else STAYS)


def _height(height_m: float | None) -> list[Text]:
    if height_m is None:
        return []
    return [RETURN_HEIGHT.with_(height=height_m) if height_m > 0 else RETURN_HEIGHT_AS_IS]


def _joined(first: Text, second: Text) -> Text:
    return Text(first.zh + second.zh, first.en + second.en)
