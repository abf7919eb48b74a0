"""A window on Fly that is fed with values, and gathers what it asks for instead of sending it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from dronesampler.commands import (
    Intent,
)
from dronesampler.session.client import Snapshot
from dronesampler.session.feed import Asked
from dronesampler_ui.app import Desktop
from dronesampler_ui.fly.workspace import Fly
from dronesampler_ui.parts.hold_button import HoldButton
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


def hold(button: HoldButton) -> None:
    """As held long enough; that holding takes its time is tested with the button itself."""
    assert button.isEnabled() and button.isVisible()
    button.held.emit()
