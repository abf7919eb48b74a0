"""The simulated vehicle against recorded autopilots: the ground side is replayed, the answers are compared in order."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from dronesampler.simulator.vehicle import SimulatedVehicle, VehicleSettings
from dronesampler.simulator.wire import Listener

TRACES = Path(__file__).parents[2].parent / "shared" / "traces"
HOME = (35.7119999, 116.489)
GROUND_AMSL_M = 40.09
STEP_S = 0.05

pytestmark = pytest.mark.skipif(not TRACES.is_dir(), reason="the recorded traffic in ../shared/traces is absent")


def frames(path: Path) -> Iterator[tuple[float, bytes]]:
    """Time and frame of each record of a tlog."""
    data, at = path.read_bytes(), 0
    while at + 20 <= len(data):
        (stamp_us,) = struct.unpack_from(">Q", data, at)
        length = 12 + data[at + 9] + (13 if data[at + 10] & 1 else 0)
        yield stamp_us / 1e6, data[at + 8 : at + 8 + length]
        at += 8 + length


@dataclass
class Said:
    """What an autopilot said that a ground station acts on, kind by kind, in order."""

    acks: list[tuple[int, int]] = field(default_factory=list)
    mission: list[tuple[Any, ...]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def take(self, message: Any) -> None:
        match message.get_type():
            case "COMMAND_ACK":
                self.acks.append((message.command, message.result))
            case "MISSION_ACK":
                self.mission.append(("ack", message.mission_type, message.type, message.target_system))
            case "MISSION_REQUEST" | "MISSION_REQUEST_INT":
                self.mission.append((message.get_type(), message.mission_type, message.seq))
            case "MISSION_COUNT":
                self.mission.append(("count", message.mission_type, message.count))
            case "MISSION_ITEM_INT" | "MISSION_ITEM":
                self.mission.append(("item", message.mission_type, message.seq, *_content(message)))
            case "STATUSTEXT":
                if message.id and message.chunk_seq:
                    self.texts[-1] += message.text
                else:
                    self.texts.append(message.text)


def _set_environment(vehicle: SimulatedVehicle, message: Any) -> None:
    """The recorded simulators' own parameters: what they did to the world is done to ours."""
    if message.get_type() != "PARAM_SET" or not message.param_id.startswith("SIM_"):
        return
    craft, value = vehicle.craft, message.param_value
    whole = struct.unpack("<i", struct.pack("<f", value))[0]
    match message.param_id:
        case "SIM_GPS1_ENABLE":
            craft.gps_ok = bool(value)
        case "SIM_GPS_USED":
            craft.gps_ok = whole >= 4
        case "SIM_BATT_VOLTAGE":
            craft.battery.forced_v = value
        case "SIM_RC_FAIL":
            craft.radio.sticks_lost = bool(value)


def _content(message: Any) -> tuple[Any, ...]:
    params = (message.param1, message.param2, message.param3, message.param4)
    shown = tuple(f"{p:.4g}" for p in params)
    place = (round(message.x / 10), round(message.y / 10)) if message.get_type() == "MISSION_ITEM_INT" else ()
    return message.frame, message.command, *shown, *place, f"{message.z:.1f}", message.current


def replay(name: str, *, personality: str, ready_after_s: float) -> tuple[Said, Said]:
    """What was recorded, and what the simulated vehicle says to the same ground station at the same moments."""
    recorded, ours = Said(), Said()
    records = list(frames(TRACES / f"{name}.tlog"))
    start_s = records[0][0]
    settings = VehicleSettings(*HOME, GROUND_AMSL_M, personality=personality, ready_after_s=ready_after_s)
    vehicle = SimulatedVehicle(settings, start_s=start_s)
    if name != "a_mission_full" and personality == "ardupilot":
        vehicle.craft.params.set("CAM1_TYPE", 0)  # only that session had a camera
    if personality == "ardupilot":
        vehicle.craft.battery.cells = 3
        for parameter, volts in (("BATT_LOW_VOLT", 10.5), ("BATT_CRT_VOLT", 0.0)):
            vehicle.craft.params.set(parameter, volts)
    autopilot, answers, environment = Listener(), Listener(), Listener()
    now_s = start_s

    def listen(until_s: float) -> None:
        for frame in vehicle.step(until_s):
            for message in answers.heard(frame):
                ours.take(message)

    for at_s, frame in records:
        if frame[5] == 1:  # from the autopilot
            for message in autopilot.heard(frame):
                recorded.take(message)
            continue
        while now_s + STEP_S < at_s:
            now_s += STEP_S
            listen(now_s)
        now_s = max(now_s, at_s)
        listen(now_s)
        for message in environment.heard(frame):
            _set_environment(vehicle, message)
        vehicle.receive(frame, now_s)
        listen(now_s)
    while now_s < records[-1][0]:
        now_s += STEP_S
        listen(now_s)
    return recorded, ours


def differences(recorded: list[Any], ours: list[Any]) -> list[str]:
    """Lines "- recorded" and "+ ours" where the two sequences differ."""
    lines = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, recorded, ours, autojunk=False).get_opcodes():
        if tag != "equal":
            lines += [f"- {x}" for x in recorded[i1:i2]] + [f"+ {x}" for x in ours[j1:j2]]
    return lines


# The named differences: why a text may be missing, more or elsewhere. All other texts are the same, in the same order.
NAMED: dict[str, tuple[str, ...]] = {
    "the boot of sensors, of a second IMU and of a log file is not simulated": (
        *("RCInput:", "Calibrating barometer", "Barometer ", "ArduPilot Ready", "AHRS:", "RC7:", "EKF3 IMU", "GPS 1:"),
        *("Field Elevation", "SIM Hit ground", "[logger]"),
    ),
    "flown legs take another time, so texts of the flight fall between other ones of the ground side": (
        *("Reached command", "Mission: ", "Flight plan received", "Auto mission changed", "Disarming motors"),
        *("RTL: start return", "Landing detected", "Climb to", "ServoRelayEvent", "GCS Failsafe - Continuing"),
    ),
    "a standing complaint is said once or by a clock of its own, PX4 says it at each of its checks": (
        *("Geofence", "RTL: unsupported MAV_FRAME"),
    ),
    "standing reasons not to arm are repeated every 30 s by a clock of its own": ("PreArm: ",),
    "the vertical drift of a GPS is not simulated": ("Preflight: GPS Vertical",),
    "a jump of the GPS position and the lanes of an estimator are not simulated": (
        *("EKF primary changed", "EKF3 lane", "GPS Glitch", "Glitch cleared", "SmartRTL deactivated"),
    ),
    "how much was drawn from a battery is another number": ("Battery 1 is ",),
    "texts that wait for a heartbeat: PX4's queue is short and drops some, ours keeps all": ("Connection to ground",),
    "the sticks of a pilot are not simulated for PX4, nor its complaints about the station": (
        *("Failsafe activated", "Preflight Fail: No connection"),
    ),
}
ONE_PLAN_WITHOUT_CURRENT = "PX4 marked no item as current for one plan of the session: which, depends on its clock"
NO_HOME_YET = "after a reboot item 0 is 0/0 until home is known; ours knows its home at once"
SAME_MOMENT = "a refusal and a repeated request of one moment change places"


@dataclass(frozen=True)
class Case:
    """A trace, and how many lines of the mission protocol may differ, and why."""

    name: str
    personality: str
    ready_after_s: float
    mission: int = 0
    why: str = ""


CASES = (
    Case("a_mission_full", "ardupilot", 38.0),
    Case("b_fence_rally", "ardupilot", 38.0),
    Case("c2_battery_failsafe", "ardupilot", 38.0),
    Case("c3_gps_glitch_loss", "ardupilot", 38.0),
    Case("c5_gcs_rc_loss", "ardupilot", 38.0),
    Case("c6_mission_control", "ardupilot", 38.0),
    Case("d_mission_errors", "ardupilot", 38.0, 2, SAME_MOMENT),
    Case("e_misc", "ardupilot", 38.0, 2, NO_HOME_YET),
    Case("px4_a_mission_full", "px4", 2.0),
    Case("px4_b_fence_rally", "px4", 2.0),
    Case("px4_c3_gps_loss_failures", "px4", 2.0),
    Case("px4_c4_gcs_rc_loss", "px4", 2.0),
    Case("px4_d_mission_errors", "px4", 2.0, 2, ONE_PLAN_WITHOUT_CURRENT),
    Case("px4_e_misc", "px4", 2.0),
    Case("px4_e2_wind", "px4", 2.0),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_same_questions_get_the_same_answers(case: Case) -> None:
    recorded, ours = replay(case.name, personality=case.personality, ready_after_s=case.ready_after_s)
    assert recorded.acks or recorded.mission  # the trace was read
    assert differences(recorded.acks, ours.acks) == []
    assert len(lines := differences(recorded.mission, ours.mission)) <= case.mission, lines
    named = tuple(start for starts in NAMED.values() for start in starts)
    unnamed = [t for t in differences(recorded.texts, ours.texts) if not t[2:].startswith(named)]
    assert unnamed == []


@pytest.mark.parametrize("case", CASES[:4], ids=lambda case: case.name)
def test_the_comparison_can_fail(case: Case) -> None:
    """The other stack's personality answers the same ground side otherwise."""
    recorded, ours = replay(case.name, personality="px4", ready_after_s=case.ready_after_s)
    assert differences(recorded.acks, ours.acks) or differences(recorded.mission, ours.mission)
