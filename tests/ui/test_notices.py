"""Messages: errors stay until they are read, notes make room, and what is repeated is counted."""

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from dronesampler.problems import Severity
from dronesampler_ui.parts.notices import SHOWN_AT_ONCE, Notices


def shown(notices: Notices) -> list[str]:
    return [card.words for card in notices._cards]


def test_an_error_makes_no_room_for_notes(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    notices.say("the disk is full", Severity.ERROR)
    notices.say("low battery", Severity.WARNING)
    for n in range(5):
        notices.say(f"note {n}")
    assert len(shown(notices)) == SHOWN_AT_ONCE
    assert {"the disk is full", "low battery"} < set(shown(notices))
    assert len(notices.said) == 7


def test_among_errors_the_newest_stay(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    for n in range(5):
        notices.say(f"error {n}", Severity.ERROR)
    assert shown(notices) == ["error 2", "error 3", "error 4"]


def test_what_is_repeated_is_counted(qtbot: QtBot) -> None:
    notices = Notices()
    qtbot.addWidget(notices)
    for _ in range(3):
        notices.say("no answer", Severity.WARNING)
    assert shown(notices) == ["no answer"]
    assert any("×3" in label.text() for label in notices.findChildren(QLabel))
    notices._cards[0].shut.click()
    assert shown(notices) == [] and not notices.isVisible()
