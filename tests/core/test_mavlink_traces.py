"""What a real ArduCopter 4.7 and a real PX4 1.16 answered: read, understood, and compared as we compare."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dronesampler.events import (
    Autopilot,
    BatteryReported,
    Event,
    HeartbeatSeen,
    ItemReached,
    MissionProgressed,
    MissionState,
    Stamp,
    TextSaid,
    WindEstimated,
)
from dronesampler.flight.modes import Doing, doing_in
from dronesampler.flight.vehicle import Vehicle
from dronesampler.mavlink import ARDUPILOT, PX4, Message, PlanKind, Translator, WireItem, decode, read_tlog
from dronesampler.mavlink.compare import difference
from dronesampler.mavlink.rawlog import LoggedFrame
from dronesampler.mavlink.wire import item_in

TRACES = Path(__file__).resolve().parents[3] / "shared" / "traces"
pytestmark = pytest.mark.skipif(not TRACES.is_dir(), reason="the recorded traffic (../shared/traces) is not here")
NAMES = sorted(p.stem for p in TRACES.glob("*.tlog"))


def logged(name: str) -> Iterator[LoggedFrame]:
    return read_tlog(TRACES / f"{name}.tlog")


def messages(name: str, *, only: range | None = None) -> Iterator[tuple[float, Message]]:
    for entry in logged(name):
        if only is not None and entry.frame.message_id not in only:
            continue
        message = decode(entry.frame)
        if message is not None:
            yield entry.unix_s, message


def story(name: str) -> tuple[list[Event], Vehicle]:
    translator, vehicle, events = Translator(), Vehicle(), []
    for unix_s, message in messages(name):
        for event in translator.translate(message, Stamp(unix_s, unix_s)):
            vehicle = vehicle.after(event)
            events.append(event)
    return events, vehicle


@pytest.mark.parametrize("name", NAMES)
def test_every_byte_of_a_trace_is_a_frame(name: str) -> None:
    entries = list(logged(name))
    size = sum(8 + len(e.frame.raw) for e in entries)
    assert size == (TRACES / f"{name}.tlog").stat().st_size
    unknown = Counter(e.frame.message_id for e in entries if not e.frame.known)
    assert set(unknown) <= {8, 300, 380}


@dataclass
class Lists:
    """What the station sent last and what the vehicle then said it holds."""

    sent: dict[int, WireItem] = field(default_factory=dict)
    accepted: bool = False
    told: dict[int, WireItem] = field(default_factory=dict)
    count: int = -1


@pytest.mark.parametrize("name", [n for n in NAMES if "_mission_full" in n or "fence_rally" in n or "errors" in n])
def test_what_was_read_back_equals_what_was_sent_by_our_comparison(name: str) -> None:
    """Each accepted upload that was read back afterwards is equal under the known roundings, odd items included."""
    personality = PX4 if name.startswith("px4") else ARDUPILOT
    lists = {kind: Lists() for kind in PlanKind}
    compared, odd = 0, []
    for _, m in messages(name, only=range(37, 76)):
        if not m.name.startswith("MISSION_") or "mission_type" not in m.fields or m["mission_type"] > 2:
            continue
        kind = PlanKind(m["mission_type"])
        state = lists[kind]
        ours = m.system in (254, 255)
        if m.name == "MISSION_COUNT" and ours:
            lists[kind] = Lists()
        elif m.name == "MISSION_ITEM_INT" and ours:
            state.sent[m["seq"]] = item_in(m)
        elif m.name == "MISSION_ACK" and not ours:
            state.accepted = m["type"] == 0 and bool(state.sent)
        elif m.name == "MISSION_COUNT":
            state.told, state.count = {}, m["count"]
        elif m.name == "MISSION_ITEM_INT" and state.count >= 0:
            state.told[m["seq"]] = item_in(m)
            if len(state.told) == state.count and state.accepted:
                compared += 1
                sent = [state.sent[n] for n in sorted(state.sent)]
                got = [state.told[n] for n in sorted(state.told)]
                found = difference(sent, got, kind=kind, personality=personality)
                if found is not None:
                    odd.append((sent[found.sequence].command, found.field, found.sent, found.got))
                state.accepted = False
    assert compared >= 1
    assert odd == ODD.get(name, [])


# What the autopilot really stored as something else, as the records show; each is refused by our table beforehand.
ODD = {
    "d_mission_errors": [
        (16, "frame", 2, 0),  # a waypoint without a frame becomes one above the sea
    ],
}


def modes_of(events: list[Event]) -> list[str]:
    seen: list[str] = []
    for event in events:
        if isinstance(event, HeartbeatSeen) and (not seen or seen[-1] != event.mode):
            seen.append(event.mode)
    return seen


def test_ardupilot_mission_as_it_was_flown() -> None:
    events, vehicle = story("a_mission_full")
    modes = modes_of(events)
    assert [m for m in modes if m in ("GUIDED", "AUTO", "RTL")]
    reached = [e.item for e in events if isinstance(e, ItemReached)]
    assert reached[-1] == 18  # item 19 on the wire is 18 in our plan
    assert 1 not in reached  # lost by the autopilot itself
    states = {e.state for e in events if isinstance(e, MissionProgressed)}
    assert {MissionState.ACTIVE, MissionState.COMPLETE} <= states
    assert vehicle.autopilot is Autopilot.ARDUPILOT
    assert vehicle.firmware == "4.7.0"
    assert not vehicle.armed
    assert not vehicle.in_air
    assert vehicle.home is not None
    assert vehicle.home.height_m == pytest.approx(40.0, abs=1.0)


def test_px4_mission_as_it_was_flown() -> None:
    events, vehicle = story("px4_a_mission_full")
    modes = modes_of(events)
    assert "AUTO.MISSION" in modes
    assert "AUTO.RTL" in modes
    assert {0, 2, 3} <= {e.item for e in events if isinstance(e, ItemReached)}
    assert vehicle.autopilot is Autopilot.PX4
    texts = [e.text for e in events if isinstance(e, TextSaid)]
    assert "Mission rejected: item 3: unsupported command: 112" in texts


def test_wind_that_is_not_estimated_gives_no_event() -> None:
    events, _ = story("c4_wind")
    winds = [e for e in events if isinstance(e, WindEstimated)]
    assert winds
    assert all(w.speed_m_s > 0 for w in winds)
    steady = [w for w in winds if w.speed_m_s == pytest.approx(10.7, abs=0.1)]
    assert steady[0].from_deg == pytest.approx(45.7, abs=2.0)
    assert not [e for e in story("a_mission_full")[0] if isinstance(e, WindEstimated)]


def test_battery_failsafe_is_seen_as_one() -> None:
    events, _ = story("c2_battery_failsafe")
    first = next(e for e in events if isinstance(e, HeartbeatSeen) and e.failsafe)
    assert doing_in(first.autopilot, first.mode) is Doing.RETURNING
    assert any("Battery Failsafe" in e.text for e in events if isinstance(e, TextSaid))
    lowest = min(e.voltage_v for e in events if isinstance(e, BatteryReported) and e.voltage_v)
    assert lowest < 11.0


def test_position_loss_is_seen_by_the_estimator_flags() -> None:
    from dronesampler.events import EstimatorReported

    for name in ("c3_gps_glitch_loss", "px4_c3_gps_loss_failures"):
        events, _ = story(name)
        told = [e.position_ok for e in events if isinstance(e, EstimatorReported)]
        assert True in told
        assert False in told[told.index(True) :]


def test_link_loss_failsafe_of_both() -> None:
    events, _ = story("c5_gcs_rc_loss")
    assert any(e.text == "GCS Failsafe" for e in events if isinstance(e, TextSaid))
    assert any(isinstance(e, HeartbeatSeen) and e.failsafe and e.mode == "RTL" for e in events)
    events, _ = story("px4_c4_gcs_rc_loss")
    assert any("GCS connection regained" in e.text for e in events if isinstance(e, TextSaid))


def test_refused_arming_has_words_on_both() -> None:
    for name, words in (("c1_arming_denied", "Arm: "), ("px4_c1_arming_denied", "Arming denied")):
        events, _ = story(name)
        assert any(e.text.startswith(words) for e in events if isinstance(e, TextSaid))
