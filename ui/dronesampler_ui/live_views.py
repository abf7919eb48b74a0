"""Fly in the moments that count, for screenshots: on the ground, in the air, alarms, suspects, traffic, a sighting."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from dronesampler.session.client import Told
from dronesampler_ui.app import Desktop
from dronesampler_ui.sample_live import SampleLive


def live_views(desktop: Desktop) -> dict[str, Callable[[], QWidget | None]]:
    """By file name; each view begins anew, so that their order does not matter. `fly-start` comes last."""
    sample = SampleLive(desktop.window.library.data_dir)

    def begin(*told: Told) -> None:
        window = desktop.window
        window.palette_.shut()
        window.enter("fly")
        fly = window.fly
        fly.sightings.card.hide()
        fly.check.hide()
        fly.suspects.drop.click()
        fly.buttons.more.setChecked(False)
        fly._told(list(told))
        fly._show_columns()
        window.map.view.fit()

    def ground() -> None:
        begin(*sample.on_the_ground())

    def air() -> None:
        begin(*sample.attached())

    def suspects() -> None:
        begin(*sample.attached(), sample.suspects())
        desktop.window.fly.suspects.take.click()

    def alarm() -> None:
        alarms = (sample.alarm(danger=True), sample.alarm())
        begin(*sample.attached(), sample.suspects(), sample.snapshot(alarms=alarms))

    def traffic() -> None:
        begin(*sample.attached(), sample.snapshot(traffic=sample.traffic()))
        desktop.window.fly.buttons.more.setChecked(True)

    def sighting() -> None:
        begin(*sample.attached(), sample.snapshot(alarms=(sample.alarm(seen_by="–"),)))
        fly = desktop.window.fly
        fly.map.marks.clear()
        fly.mark_sighting()
        fly.sightings.card.show_kept(2, 1)

    def start() -> None:
        window = desktop.window
        window.enter("fly")
        window.fly.map.marks.clear()
        window.fly.forget()

    return {
        "fly-ground": ground,
        "fly-air": air,
        "fly-suspects": suspects,
        "fly-alarm": alarm,
        "fly-traffic": traffic,
        "fly-sighting": sighting,
        "fly-start": start,
    }
