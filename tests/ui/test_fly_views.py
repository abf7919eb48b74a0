"""Fly given values of a moment: alarms, stale readings, suspects and the next look, traffic."""

import io
import wave
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from dronesampler.commands import (
    AcknowledgeAlarm,
    Pause,
    Start,
    Upload,
)
from dronesampler.events import (
    CommandProgressed,
    Stage,
)
from dronesampler.flight.modes import Doing
from dronesampler.flight.traffic import Closeness
from dronesampler.problems import Severity
from dronesampler.session.client import Happened, PlanHeld
from dronesampler.texts import Lang
from dronesampler_ui.fly.alarm_voice import AlarmVoice
from dronesampler_ui.fly.alerts import Alert
from dronesampler_ui.fly.takeover import Step, Takeover
from dronesampler_ui.parts.sound import BEEPS, Tone, tone_wav
from tests.ui.fly_cockpit import Cockpit, hold

PATIENCE_S = 60.0
Rest = Callable[..., None]


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
