"""Fly given values of a moment: alarms, stale readings, suspects and the next look, traffic, sightings, preflight."""

import io
import shutil
import time
import wave
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dronesampler.commands import (
    AbortCheck,
    AcknowledgeAlarm,
    BeginCheck,
    Brief,
    ChangeHeight,
    EnableFence,
    GoTo,
    Intent,
    LookAt,
    MarkSighting,
    Orbit,
    OverrideItem,
    Pause,
    Photograph,
    SetSpeed,
    SmartReturn,
    Start,
    SwitchSampler,
    TickItem,
    Upload,
)
from dronesampler.events import (
    Autopilot,
    CommandProgressed,
    InstrumentChecked,
    LinkBack,
    LinkLost,
    ReadinessReported,
    RecorderFailed,
    RecorderRecovered,
    Stage,
)
from dronesampler.flight.modes import Doing
from dronesampler.flight.preflight import Result
from dronesampler.flight.traffic import Closeness
from dronesampler.mission import Fence
from dronesampler.problems import Severity
from dronesampler.sampler.checking import CheckOrder
from dronesampler.sampler.quality import Gas
from dronesampler.session.client import Happened, PlanHeld, Snapshot
from dronesampler.session.feed import Asked
from dronesampler.store import Store
from dronesampler.texts import Lang
from dronesampler_ui.app import Desktop
from dronesampler_ui.fly.alarm_voice import AlarmVoice
from dronesampler_ui.fly.alerts import Alert
from dronesampler_ui.fly.asking import outputs_of
from dronesampler_ui.fly.takeover import Step, Takeover
from dronesampler_ui.fly.workspace import Fly
from dronesampler_ui.parts.hold_button import HoldButton
from dronesampler_ui.parts.sound import BEEPS, Tone, tone_wav, wav_bytes
from dronesampler_ui.sample_live import SampleLive

PATIENCE_S = 60.0
Rest = Callable[..., None]


class Cockpit:
    """A window on Fly, fed with values; what it asks for is gathered instead of sent."""

    def __init__(self, desktop: Desktop, data_dir: Path) -> None:
        self.desktop, self.window = desktop, desktop.window
        self.fly: Fly = desktop.window.fly
        self.sample = SampleLive(data_dir)
        self.asked: list[Asked] = []
        self.fly.feed.ask = self.asked.append  # type: ignore[method-assign]
        self.fly.alarms.voice.sounder.played = 0
        self.window.enter("fly")
        self.tell(*self.sample.attached())

    def tell(self, *told: object) -> None:
        self.fly._told(list(told))  # type: ignore[arg-type]
        self.desktop.app.processEvents()

    def moment(self, **changes: object) -> Snapshot:
        return replace(self.sample.snapshot(), **changes)

    def last(self, kind: type[Intent]) -> Intent:
        found = [one for one in self.asked if isinstance(one, kind)]
        assert found, f"no {kind.__name__} among {self.asked}"
        return found[-1]


@pytest.fixture(scope="module")
def opened(
    qapp: QApplication, sample_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Desktop, Path]]:
    """One window for all tests of this file; its two work threads are started before the first."""
    folder = tmp_path_factory.mktemp("fly") / "数据"
    shutil.copytree(sample_data, folder)
    desktop = Desktop(qapp, folder, lang=Lang.EN)
    desktop.window.resize(1280, 800)
    desktop.show()
    both = Barrier(2)
    for _ in range(2):
        desktop.window.background.run(lambda progress: both.wait(), title="warm", done=lambda _: None)
    rest(desktop)
    yield desktop, folder
    desktop.window.close()
    desktop.window.deleteLater()
    desktop.use_no_lang()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.processEvents()


@pytest.fixture
def cockpit(opened: tuple[Desktop, Path]) -> Iterator[Cockpit]:
    """As a window that has just attached to a session."""
    cockpit = Cockpit(*opened)
    yield cockpit
    fly = cockpit.fly
    rest(cockpit.desktop)
    fly.sightings.card.hide()
    fly.sightings.open = None
    fly.sightings._watch.stop()
    fly.suspects.takeover = Takeover()
    fly.suspects.on_map.setChecked(True)
    fly.alarms.banner.mute.setChecked(False)
    fly.buttons.more.setChecked(False)
    cockpit.window.notices.clear()
    for row in fly.panel.checklist.rows.values():
        row.why.clear()
        row.open.setChecked(False)


@pytest.fixture
def data_dir(opened: tuple[Desktop, Path]) -> Path:
    return opened[1]


def rest(desktop: Desktop, until: Callable[[], bool] = lambda: True) -> None:
    """Let events run until no work is under way and the condition holds."""
    deadline_s = time.monotonic() + PATIENCE_S
    while desktop.window.background.busy or not until():
        desktop.app.processEvents()
        assert time.monotonic() < deadline_s, "the window did not come to rest"
        time.sleep(0.005)
    desktop.app.processEvents()


@pytest.fixture
def at_rest() -> Callable[..., None]:
    return rest


def hold(button: HoldButton) -> None:
    """As held long enough; that holding takes its time is tested with the button itself."""
    assert button.isEnabled() and button.isVisible()
    button.held.emit()


# Alarms


def test_an_alarm_is_seen_heard_and_answered_by_one_key(cockpit: Cockpit, qtbot: QtBot) -> None:
    banner, sounder = cockpit.fly.alarms.banner, cockpit.fly.alarms.voice.sounder
    assert not banner.isVisible()
    alarms = (cockpit.sample.alarm(danger=True), cockpit.sample.alarm())
    cockpit.tell(cockpit.moment(alarms=alarms))
    assert banner.isVisible() and banner.word.text() == "DANGER" and banner.sign.tone is Tone.DANGER
    assert "explosive limit" in banner.words.text() and "WARNING" in banner.others.text()
    assert sounder.played == 1
    cockpit.tell(cockpit.moment(alarms=alarms))
    assert sounder.played == 1, "the same alarm is not new"
    assert cockpit.desktop.app.activeModalWidget() is None
    cockpit.window.map.view.setFocus()
    qtbot.keyClick(cockpit.window, Qt.Key.Key_A)
    assert cockpit.last(AcknowledgeAlarm) == AcknowledgeAlarm(
        cockpit.last(AcknowledgeAlarm).id, cockpit.last(AcknowledgeAlarm).expires_s
    )
    seen = tuple(replace(a, acknowledged_by="王") for a in alarms)
    cockpit.tell(cockpit.moment(alarms=seen))
    assert banner.isVisible() and banner.word.text() == "Seen" and not banner.seen.isVisible()
    cockpit.tell(cockpit.moment())
    assert not banner.isVisible()


def test_the_alarm_is_seen_from_every_workspace(cockpit: Cockpit, at_rest: Rest) -> None:
    cockpit.window.enter("review")
    at_rest(cockpit.desktop)
    cockpit.tell(cockpit.moment(alarms=(cockpit.sample.alarm(),)))
    assert cockpit.fly.alarms.banner.isVisible() and cockpit.fly.alarms.banner.word.text() == "WARNING"


def test_a_muted_alarm_is_silent_and_says_so(cockpit: Cockpit) -> None:
    cockpit.fly.alarms.banner.mute.click()
    assert "OFF" in cockpit.fly.alarms.banner.mute.text()
    assert cockpit.window.notices.said[-1].severity is Severity.WARNING
    cockpit.tell(cockpit.moment(alarms=(cockpit.sample.alarm(),)))
    assert cockpit.fly.alarms.banner.isVisible() and cockpit.fly.alarms.voice.sounder.played == 0


def test_what_is_worse_sounds_again(qapp: QApplication) -> None:
    voice = AlarmVoice(Lang.EN)
    for alert, times in (
        (Alert("a", Tone.NOTICE, "x"), 1),
        (Alert("a", Tone.NOTICE, "x"), 1),
        (Alert("a", Tone.DANGER, "x"), 2),
        (Alert("a", Tone.DANGER, "x", loud=False), 2),
        (Alert("a", Tone.DANGER, "x"), 3),
    ):
        voice.hear((alert,))
        assert voice.sounder.played == times


@pytest.mark.parametrize("tone", list(Tone))
def test_tones_are_whole_wav_files_that_differ(tone: Tone) -> None:
    with wave.open(io.BytesIO(tone_wav(tone))) as file:
        seconds = file.getnframes() / file.getframerate()
        samples = file.readframes(file.getnframes())
    assert seconds == pytest.approx(sum(s for _, s in BEEPS[tone]), abs=0.01)
    assert max(samples) > 0 and len({tone_wav(t) for t in Tone}) == len(Tone)


def test_a_stale_reading_looks_stale_and_has_no_trend(cockpit: Cockpit) -> None:
    readout = cockpit.fly.panel.readout
    assert readout.trend.text() == "↗" and readout.value.objectName() == "huge"
    stale = cockpit.sample.gauge("NMHC", 1.2, stale=True)
    cockpit.tell(cockpit.moment(gauges=(stale, cockpit.sample.gauge("CH4", 7600.0, lel=23.0))))
    assert readout.value.font().strikeOut() and readout.value.objectName() == "huge_stale"
    assert "STALE" in readout.words.text() and "7 s" in readout.words.text() and readout.trend.text() == ""
    assert "23.0 %LEL" in readout.others.text()


# Suspects, and where to look next


def test_suspects_and_the_proposal_are_shown_on_map_and_card(cockpit: Cockpit) -> None:
    card = cockpit.fly.suspects
    assert not card.isVisible()
    cockpit.tell(cockpit.sample.suspects())
    assert card.isVisible()
    assert [b.text().split(" ")[0] for b in card.places if b.isVisible()] == ["S1", "S2"]
    assert (
        "suspected" in card.places[0].text() and "g/s" in card.places[0].text() and "±44×18 m" in card.places[0].text()
    )
    assert "4.1 min" in card.costs.text() and "17 %" in card.costs.text()
    assert cockpit.fly.map.look._mission is cockpit.sample.suspects().look.mission or cockpit.fly.map.look._x.size > 0
    card.on_map.click()
    assert cockpit.fly.map.look._x.size == 0
    before = cockpit.window.map.view.camera
    card.places[0].click()
    assert cockpit.window.map.view.camera != before and not cockpit.fly.map.follow


def test_a_proposal_is_taken_over_in_steps_and_uploaded_only_while_holding(cockpit: Cockpit) -> None:
    card, sample = cockpit.fly.suspects, cockpit.sample
    flying = replace(sample.vehicle(), mode="AUTO")
    cockpit.tell(sample.suspects(), cockpit.moment(vehicle=flying))
    card.take.click()
    assert not card.send.isVisible() and card.hold_now.isVisible() and "Pause" in card.hint.text()
    card.hold_now.click()
    assert cockpit.last(Pause)
    cockpit.tell(cockpit.moment())
    assert sample.vehicle().doing is Doing.HOLDING
    hold(card.send)
    asked = cockpit.last(Upload)
    assert (
        isinstance(asked, Upload)
        and asked.mission is not None
        and card.look is not None
        and asked.mission == card.look.mission
    )
    cockpit.tell(cockpit.moment())
    assert not card.send.isVisible() and not card.go.isVisible()
    assert not [one for one in cockpit.asked if isinstance(one, Start)], "nothing starts by itself"
    rounded = replace(asked.mission, items=asked.mission.items[:-1])  # what is read back need not look alike
    stored = CommandProgressed(sample.stamp, "Upload", asked.id, Stage.OBSERVED)
    cockpit.tell(PlanHeld(rounded), Happened((replace(stored, command_id=asked.id + 1),)), cockpit.moment())
    assert not card.go.isVisible(), "another upload is not this one"
    cockpit.tell(Happened((stored,)), cockpit.moment())
    hold(card.go)
    assert cockpit.last(Start)
    cockpit.tell(cockpit.moment(vehicle=flying))
    assert "being flown" in card.hint.text()
    card.drop.click()
    cockpit.tell(cockpit.moment())
    assert card.take.isVisible()


def test_a_refused_upload_is_offered_again(cockpit: Cockpit) -> None:
    card, sample = cockpit.fly.suspects, cockpit.sample
    cockpit.tell(sample.suspects())
    card.take.click()
    cockpit.tell(cockpit.moment())
    hold(card.send)
    refused = CommandProgressed(sample.stamp, "Upload", 1, Stage.REFUSED, "not holding")
    cockpit.tell(Happened((refused,)), cockpit.moment())
    assert card.send.isVisible()
    assert any("refused" in n.words for n in cockpit.window.notices.said)


def test_a_newer_proposal_waits_while_one_is_taken_over(cockpit: Cockpit) -> None:
    look = cockpit.sample.suspects().look
    assert look is not None
    asked = Takeover().offered(look).ask()
    assert asked.offered(replace(look, number=2)).look is look
    assert Takeover().offered(look).offered(None).look is None
    assert asked.step(replace(cockpit.sample.vehicle(), mode="LOITER")) is Step.HOLD, "loiter follows the sticks"


# Traffic


def test_close_traffic_is_drawn_and_raises_an_alarm_that_is_answered_here(cockpit: Cockpit) -> None:
    traffic = cockpit.sample.traffic()
    assert [n.closeness for n in traffic] == [Closeness.CLOSE, Closeness.WATCH]
    view = cockpit.window.map.view
    before = view.grab().toImage()
    cockpit.tell(cockpit.moment(traffic=traffic))
    assert cockpit.fly.alarms.banner.word.text() == "DANGER" and "B-7SIM" in cockpit.fly.alarms.banner.words.text()
    assert "84 m higher" in cockpit.fly.alarms.banner.words.text()
    words = [label.text for label in cockpit.fly.map.traffic.labels(view.camera, cockpit.window.map.theme)]
    assert any("B-7SIM" in w and "+84 m" in w for w in words) and any("14 s" in w for w in words)
    assert view.grab().toImage() != before
    cockpit.fly.acknowledge()
    assert cockpit.fly.alarms.banner.word.text() == "Seen"
    assert not [one for one in cockpit.asked if isinstance(one, AcknowledgeAlarm)]
    cockpit.tell(cockpit.moment())
    cockpit.tell(cockpit.moment(traffic=traffic))
    assert cockpit.fly.alarms.banner.word.text() == "DANGER", "who comes back is told anew"


# Sightings


def test_one_key_marks_time_place_and_heading(cockpit: Cockpit, qtbot: QtBot) -> None:
    cockpit.window.map.view.setFocus()
    qtbot.keyClick(cockpit.window, Qt.Key.Key_K)
    marked = cockpit.last(MarkSighting)
    here = cockpit.sample.here
    assert isinstance(marked, MarkSighting) and marked.bearing_deg == here.heading_deg
    opened = cockpit.fly.sightings.open
    assert opened is not None and (opened.seen.lat_deg, opened.seen.heading_deg) == (here.lat_deg, here.heading_deg)
    assert cockpit.fly.sightings.card.isVisible() and opened.seen.sighting == marked.id
    assert cockpit.fly.map.marks._marks


def photo(folder: Path, *, name: str = "DJI_0001.JPG", colour: str = "orange") -> Path:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", (32, 24), colour).save(folder / name, "JPEG")
    return folder / name


@pytest.fixture
def recorded(cockpit: Cockpit, data_dir: Path) -> Cockpit:
    """The live patrol is one that the store knows."""
    with Store.open(data_dir) as store:
        uuid = store.patrol("last").uuid
    cockpit.tell(replace(cockpit.sample.hello(), patrol=uuid), cockpit.moment())
    return cockpit


def test_photograph_voice_and_words_of_a_sighting_are_kept(
    recorded: Cockpit, data_dir: Path, at_rest: Rest, tmp_path: Path
) -> None:
    sightings = recorded.fly.sightings
    recorded.fly.mark_sighting()
    recorded.window.dropped(photo(tmp_path / "卡"))
    sightings.keep_voice(wav_bytes(b"\1\2" * 800, rate_hz=16_000))
    sightings.card.note.setText("围墙外有白烟")
    QTest.keyClick(sightings.card.note, Qt.Key.Key_Return)
    at_rest(recorded.desktop, lambda: "2" in sightings.card.kept.text())
    assert "1" in sightings.card.kept.text()
    with Store.open(data_dir) as store:
        media = {m.kind: m for m in store.media("last")}
        notes = [e.body["note"] for e in store.journal("last") if e.kind == "sighting note"]
    assert set(media) == {"photo", "voice"} and notes == ["围墙外有白烟"]
    marked = recorded.last(MarkSighting)
    assert all(m.details["sighting"] == marked.id for m in media.values())
    assert (data_dir / media["photo"].path).is_file()


def test_a_dropped_photograph_without_a_sighting_marks_one(
    recorded: Cockpit, data_dir: Path, at_rest: Rest, tmp_path: Path
) -> None:
    recorded.window.dropped(photo(tmp_path / "a", colour="green"))
    at_rest(recorded.desktop, lambda: recorded.fly.sightings.card.kept.isVisible())
    assert recorded.last(MarkSighting)


def test_a_camera_folder_gives_only_what_is_new_and_whole(
    recorded: Cockpit, data_dir: Path, at_rest: Rest, tmp_path: Path
) -> None:
    folder = tmp_path / "DCIM"
    old = photo(folder, name="OLD.JPG", colour="blue")
    sightings = recorded.fly.sightings
    recorded.fly.mark_sighting()
    sightings.watch_folder(folder)
    fresh = photo(folder, name="NEW.JPG", colour="purple")
    sizes = {old: old.stat().st_size, fresh: 10}
    sightings._found(sizes)  # still growing
    sightings._found({**sizes, fresh: fresh.stat().st_size})
    assert fresh not in sightings._known
    sightings._found({**sizes, fresh: fresh.stat().st_size})
    at_rest(recorded.desktop, lambda: sightings.card.kept.isVisible())
    with Store.open(data_dir) as store:
        names = [m.details["original_name"] for m in store.media("last")]
    assert "NEW.JPG" in names and "OLD.JPG" not in names


def test_no_microphone_is_a_sentence(cockpit: Cockpit) -> None:
    cockpit.fly.mark_sighting()
    cockpit.fly.sightings.record()
    said = cockpit.window.notices.said[-1]
    assert said.severity is Severity.WARNING and "note" in said.words
    assert not cockpit.fly.sightings.recorder.running


# Before take-off


def test_the_preflight_is_a_list_that_a_person_works_through(cockpit: Cockpit) -> None:
    cockpit.tell(*cockpit.sample.on_the_ground())
    checklist = cockpit.fly.panel.checklist
    assert checklist.isVisible() and "against take-off" in checklist.sum.text()
    checklist.who.setText("李四")
    checklist.who.editingFinished.emit()
    row = checklist.rows["propellers"]
    row.tick.click()
    ticked = cockpit.last(TickItem)
    assert isinstance(ticked, TickItem) and (ticked.key, ticked.operator) == ("propellers", "李四")
    battery = checklist.rows["airspace"]
    battery.open.click()
    battery.why.setText("批文在途，口头同意")
    QTest.keyClick(battery.why, Qt.Key.Key_Return)
    passed = cockpit.last(OverrideItem)
    assert isinstance(passed, OverrideItem) and (passed.key, passed.why) == ("airspace", "批文在途，口头同意")
    assert not checklist.rows["estimator"].open.isVisible(), "a wrong position is nobody's to wave through"


def test_the_preflight_is_told_what_the_plan_takes_and_the_approval(cockpit: Cockpit, at_rest: Rest) -> None:
    cockpit.tell(*cockpit.sample.on_the_ground())
    cockpit.fly.take_mission(cockpit.sample.mission, cockpit.sample.park, (218.0, 3.4))
    cockpit.fly.buttons.upload.held.emit()
    at_rest(cockpit.desktop, lambda: any(isinstance(one, Brief) for one in cockpit.asked))
    told = cockpit.last(Brief)
    assert isinstance(told, Brief) and told.energy_needed_percent is not None and told.tallest_obstacle_m is not None
    assert 5.0 < told.energy_needed_percent < 150.0 and told.tallest_obstacle_m > 15.0
    row = cockpit.fly.panel.checklist.rows["airspace"]
    row.number.setText("鲁空管 2026-118")
    QTest.keyClick(row.number, Qt.Key.Key_Return)
    approved = cockpit.last(Brief)
    assert isinstance(approved, Brief)
    assert (approved.approval_number, approved.energy_needed_percent) == ("鲁空管 2026-118", None)


def test_what_is_typed_stays_while_the_list_changes(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    cockpit.tell(*told)
    row = cockpit.fly.panel.checklist.rows["airspace"]
    row.open.click()
    row.why.setText("half a reas")
    snapshot = told[-1]
    assert isinstance(snapshot, Snapshot)
    items = tuple(replace(i, result=Result.GOOD) if i.key == "propellers" else i for i in snapshot.checklist)
    cockpit.tell(replace(snapshot, checklist=items))
    assert row.why.text() == "half a reas" and row.why.isVisible()
    assert not cockpit.fly.panel.checklist.rows["propellers"].isVisible()


def test_the_fence_is_switched_on_by_a_person_who_was_told_what_else_it_switches_on(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    snapshot = told[-1]
    assert isinstance(snapshot, Snapshot)
    row_of = cockpit.fly.panel.checklist.rows
    for enabled, offered in ((False, True), (True, False)):
        readiness = ReadinessReported(cockpit.sample.stamp, True, enabled)
        vehicle = replace(snapshot.vehicle, readiness=readiness)
        cockpit.tell(*told[:-1], replace(snapshot, vehicle=vehicle))
        assert row_of["fence"].fence.isVisible() is offered
        if offered:
            assert "circle" in row_of["fence"]._fence_words.text() and row_of["fence"]._fence_words.isVisible()
            hold(row_of["fence"].fence)
            assert cockpit.last(EnableFence)
    bare = replace(cockpit.sample.mission, fence=Fence())
    cockpit.tell(told[0], PlanHeld(bare), replace(snapshot, vehicle=replace(vehicle, readiness=None)))
    assert not row_of["fence"].fence.isVisible()


def test_zero_and_span_are_checked_one_after_the_other(cockpit: Cockpit) -> None:
    told = cockpit.sample.on_the_ground()
    ground = told[-1]
    assert isinstance(ground, Snapshot)
    ground = replace(ground, gauges=(cockpit.sample.gauge("NMHC", 0.05),))
    cockpit.tell(*told[:-1], ground)
    card = cockpit.fly.check
    cockpit.fly.panel.checklist.rows["sampler"].check.click()
    assert card.isVisible() and card.channel.count() == 1 and not card.certified.isVisible()
    card.who.setText("赵六")
    card.begin.click()
    zero = cockpit.last(BeginCheck)
    assert isinstance(zero, BeginCheck)
    assert (zero.gas, zero.quantity, zero.component, zero.operator) == ("zero", "NMHC", "1/25", "赵六")
    order = CheckOrder(Gas.ZERO, "1/25", "NMHC", "赵六")
    cockpit.tell(replace(ground, checking=order, checking_left_s=30.0))
    cockpit.tell(replace(ground, checking=order, checking_left_s=12.0))
    assert "12 s" in card.hint.text() and "0.05" in card.hint.text() and card.progress.value() == 600
    assert not card.begin.isVisible()
    card.stop.click()
    assert cockpit.last(AbortCheck)
    done = InstrumentChecked(
        cockpit.sample.stamp,
        instrument="SIM-1",
        component="1/25",
        quantity="NMHC",
        gas="zero",
        read_mg_m3=0.05,
        certified_mg_m3=0.0,
        zh="校零",
        en="SIM-1 NMHC zero: reads 0.050",
    )
    cockpit.tell(Happened((done,)), ground)
    assert "0.050" in card.result.text() and card.gas.currentData() == "span" and card.certified.isVisible()
    card.certified.show_value(7.1)
    card.cylinder.setText("GBW(E)061234")
    card.begin.click()
    span = cockpit.last(BeginCheck)
    assert isinstance(span, BeginCheck)
    assert (span.gas, span.certified_mg_m3, span.cylinder) == ("span", 7.1, "GBW(E)061234")
    cockpit.tell(Happened((replace(done, gas="span", read_mg_m3=None, en="not steady"),)), ground)
    assert card.result.objectName() == "danger"
    card.close_.click()
    card.gas.setCurrentIndex(0)
    assert not card.isVisible()


def test_an_autopilot_that_disarms_itself_is_explained(cockpit: Cockpit) -> None:
    ground = cockpit.sample.on_the_ground()[-1]
    assert isinstance(ground, Snapshot)
    armed = replace(ground, phase="armed", vehicle=replace(ground.vehicle, armed=True))
    cockpit.tell(*cockpit.sample.on_the_ground()[:-1], armed)
    cockpit.tell(replace(ground, phase="preflight passed"))
    assert "Arm it again" in cockpit.window.notices.said[-1].words
    cockpit.tell(armed)
    before = len(cockpit.window.notices.said)
    cockpit.tell(cockpit.moment())
    assert len(cockpit.window.notices.said) == before, "it took off"


def test_what_is_over_need_not_be_dismissed(cockpit: Cockpit) -> None:
    at, notices = cockpit.sample.stamp, cockpit.window.notices
    cockpit.tell(Happened((LinkLost(at, 3.0), RecorderFailed(at, "disk full"))), cockpit.moment())
    assert sum(card.severity is Severity.ERROR for card in notices._cards) == 2
    cockpit.tell(Happened((LinkBack(at, 4.0),)), cockpit.moment())
    assert [card.words for card in notices._cards if card.severity is Severity.ERROR] == [
        "Recording failed: disk full. Land, or free the disk."
    ]
    cockpit.tell(Happened((RecorderRecovered(at),)), cockpit.moment())
    assert not [card for card in notices._cards if card.severity is Severity.ERROR]


# Commands


def test_every_command_can_be_asked_for(cockpit: Cockpit) -> None:
    extra = cockpit.fly.buttons.extra
    cockpit.fly.buttons.more.click()
    height = cockpit.sample.vehicle().height_home_m
    assert height is not None
    hold(extra.step_up)
    hold(extra.step_up)
    higher = cockpit.last(ChangeHeight)
    assert isinstance(higher, ChangeHeight) and higher.height_home_m == pytest.approx(height + 10.0), "steps add up"
    extra.speed.show_value(3.5)
    hold(extra.set_speed)
    speed = cockpit.last(SetSpeed)
    assert isinstance(speed, SetSpeed) and speed.speed_m_s == 3.5
    hold(extra.same_way)
    assert cockpit.last(SmartReturn)
    extra.photograph.click()
    assert cockpit.last(Photograph)
    extra.on.click()
    on = cockpit.last(SwitchSampler)
    assert isinstance(on, SwitchSampler) and (on.output, on.relay, on.value) == (0, True, 1.0)
    extra.output.setCurrentIndex(4)
    extra.off.click()
    off = cockpit.last(SwitchSampler)
    assert isinstance(off, SwitchSampler) and (off.output, off.relay, off.value) == (9, False, 1100.0)


def test_a_place_on_the_map_can_be_looked_at_flown_to_and_orbited(cockpit: Cockpit) -> None:
    menu = cockpit.fly.map_menu.menu(35.7131, 116.4902)
    for action in menu.actions():
        action.trigger()
    height = cockpit.sample.vehicle().height_home_m
    look, go, orbit = cockpit.last(LookAt), cockpit.last(GoTo), cockpit.last(Orbit)
    assert isinstance(look, LookAt) and isinstance(go, GoTo) and isinstance(orbit, Orbit)
    assert {(i.lat_deg, i.lon_deg) for i in (look, go, orbit)} == {(35.7131, 116.4902)}
    assert go.height_home_m == orbit.height_home_m == height and orbit.radius_m == 20.0


@pytest.mark.parametrize(("stack", "first", "on"), [(Autopilot.PX4, 1, 1.0), (Autopilot.ARDUPILOT, 0, 1.0)])
def test_outputs_are_those_of_the_stack(stack: Autopilot, first: int, on: float) -> None:
    outputs = outputs_of(stack)
    assert outputs[0].number == first and outputs[0].switched(True, stack)[2] == on
    assert not any(o.relay for o in outputs) or stack is Autopilot.ARDUPILOT


def test_stop_motors_is_far_from_pause(cockpit: Cockpit) -> None:
    pause, stop = cockpit.fly.buttons.pause, cockpit.fly.panel.motors.unlock
    a = pause.mapTo(cockpit.window, pause.rect().center())
    b = stop.mapTo(cockpit.window, stop.rect().center())
    assert (a - b).manhattanLength() > 300


def test_every_command_has_a_key_or_a_place_in_the_palette(cockpit: Cockpit) -> None:
    words = " ".join(action.text() for action in cockpit.fly.actions())
    for name in ("pause", "sighting", "alarms seen", "photograph", "pump on", "pump off", "Return", "Land", "Arm"):
        assert name in words
