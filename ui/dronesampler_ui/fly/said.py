"""The live patrol in words: the link, the phase, what the vehicle does, and what happened."""

from PySide6.QtCore import QObject

from dronesampler.events import (
    CommandProgressed,
    Event,
    InstrumentBack,
    InstrumentChecked,
    InstrumentLost,
    LimitReached,
    LinkBack,
    LinkLost,
    RecorderFailed,
    Stage,
    TextSaid,
)
from dronesampler.flight.modes import Doing
from dronesampler.flight.patrol import Phase
from dronesampler.flight.traffic import Closeness
from dronesampler.flight.vehicle import Vehicle
from dronesampler.problems import Severity
from dronesampler.session.client import Snapshot
from dronesampler.texts import Lang, Text
from dronesampler_ui.fly.live import Live
from dronesampler_ui.parts.words import length_m, sentence

SERIOUS = 4  # MAV_SEVERITY: warning and worse
QUIET = frozenset(
    {"ArmFilling", "BeginCheck", "AbortCheck", "Brief", "TickItem", "OverrideItem", "AcknowledgeAlarm", "MarkSighting"}
)  # seen where they were asked for


class Said(QObject):
    """Sentences of the Fly workspace; an object only because translation needs one."""

    def __init__(self, lang: Lang, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lang = lang

    def link(self, live: Live) -> tuple[str, str]:
        """The connection in words, and the kind of label."""
        if live.hello is None:
            return self.tr("Not connected"), "soft"
        if live.goodbye is not None:
            return self.tr("Session ended"), "soft"
        snapshot = live.snapshot
        if snapshot is None or snapshot.silent_s is None:
            return self.tr("Waiting for the vehicle"), "warn"
        if snapshot.lost:
            return self.tr("Link lost for {s:.0f} s").format(s=snapshot.silent_s), "danger"
        link = snapshot.vehicle.link
        if link is not None and link.loss > 0.02:
            return self.tr("Connected, {loss:.0%} of messages lost").format(loss=link.loss), "warn"
        return self.tr("Connected"), "good"

    def doing(self, vehicle: Vehicle) -> str:
        """What the aircraft does, with the stack's own name of the mode."""
        if not vehicle.mode:
            return "–"
        words = {
            Doing.MISSION: self.tr("flying the mission"),
            Doing.HOLDING: self.tr("holding"),
            Doing.GUIDED: self.tr("guided"),
            Doing.TAKING_OFF: self.tr("taking off"),
            Doing.RETURNING: self.tr("returning"),
            Doing.LANDING: self.tr("landing"),
            Doing.PILOT: self.tr("the pilot has it"),
            Doing.UNKNOWN: "",
        }[vehicle.doing]
        if not vehicle.armed:
            words = self.tr("disarmed")
        elif not vehicle.in_air:
            words = self.tr("armed, on the ground")
        return f"{words} ({vehicle.mode})" if words else vehicle.mode

    def battery(self, live: Live) -> tuple[str, str]:
        battery = live.vehicle.battery
        if battery is None or battery.remaining_percent is None:
            return "–", ""
        percent = battery.remaining_percent
        kind = "danger" if percent < 25 else "warn" if percent < 40 else ""
        words = f"{percent:.0f} %"
        if live.battery_minutes is not None:
            words = self.tr("{percent:.0f} %, {minutes:.0f} min to the reserve").format(
                percent=percent, minutes=live.battery_minutes
            )
        return words, kind

    def wind(self, vehicle: Vehicle) -> str:
        wind = vehicle.wind
        if wind is None:
            return "–"
        return self.tr("{speed:.1f} m/s from {deg:.0f}°").format(speed=wind.speed_m_s, deg=wind.from_deg)

    def gnss(self, vehicle: Vehicle) -> str:
        gnss = vehicle.gnss
        if gnss is None:
            return "–"
        fix = self.tr("3D fix") if gnss.fix_type >= 3 else self.tr("no fix")
        return self.tr("{fix}, {n} satellites").format(fix=fix, n=gnss.satellites) if gnss.satellites else fix

    def recording(self, live: Live) -> tuple[str, str]:
        snapshot = live.snapshot
        if snapshot is None:
            return "–", ""
        if snapshot.recorder_error:
            return self.tr("FAILED: {why}").format(why=snapshot.recorder_error), "danger"
        return self.tr("{n} records safe on disk").format(n=f"{snapshot.acknowledged:,}"), "good"

    def traffic(self, live: Live) -> tuple[str, str]:
        """How many are around, and the nearest."""
        around = live.snapshot.traffic if live.snapshot else ()
        if not around:
            return self.tr("none heard"), ""
        first = around[0]
        kind = {Closeness.CLOSE: "danger", Closeness.WATCH: "warn", Closeness.FAR: ""}[first.closeness]
        away = length_m(first.distance_m) if first.distance_m is not None else "–"
        return self.tr("{n}, nearest {name} at {away}").format(n=len(around), name=first.name, away=away), kind

    def fell_asleep(self, before: Snapshot | None, now: Snapshot | None) -> str:
        """An autopilot disarms itself some seconds after arming when nothing follows; else nothing."""
        if before is None or now is None or before.phase != Phase.ARMED or now.phase == Phase.ARMED:
            return ""
        if now.vehicle.armed or not now.vehicle.connected:
            return ""
        return self.tr("It disarmed itself, as autopilots do when nothing follows. Arm it again, then start at once.")

    def happened(self, event: Event) -> tuple[str, Severity] | None:
        """A sentence on what happened, None for what needs none."""
        match event:
            case LinkLost():
                return self.tr("Link lost. The vehicle follows its own failsafe."), Severity.ERROR
            case LinkBack():
                return self.tr("Link back after {s:.0f} s").format(s=event.silent_s), Severity.NOTE
            case RecorderFailed():
                words = self.tr("Recording failed: {why}. Land, or free the disk.").format(why=event.reason)
                return words, Severity.ERROR
            case InstrumentChecked():
                words = sentence(Text(event.zh, event.en).said(self._lang))
                return words, Severity.NOTE if event.read_mg_m3 is not None else Severity.WARNING
            case LimitReached():
                words = Text(event.zh, event.en).said(self._lang)
                return self.tr("Limit reached: {words}").format(words=words), Severity.ERROR
            case InstrumentLost():
                words = Text(event.zh, event.en).said(self._lang)
                return self.tr("Instrument lost: {words}").format(words=words), Severity.WARNING
            case InstrumentBack():
                return self.tr("{instrument} answers again").format(instrument=event.instrument), Severity.NOTE
            case TextSaid() if event.severity <= SERIOUS:
                return self.tr("Vehicle: {words}").format(words=event.text), Severity.WARNING
            case CommandProgressed():
                return self._command(event)
        return None

    def _command(self, event: CommandProgressed) -> tuple[str, Severity] | None:
        name = self.command(event.name)
        match event.stage:
            case Stage.OBSERVED:
                if event.name in QUIET:
                    return None
                return self.tr("{command}: done").format(command=name), Severity.NOTE
            case Stage.REFUSED:
                words = self.tr("{command}: refused. {why}").format(command=name, why=event.words)
                return words, Severity.WARNING
            case Stage.EXPIRED | Stage.UNANSWERED:
                return self.tr("{command}: no answer").format(command=name), Severity.WARNING
        return None

    def command(self, name: str) -> str:
        """An intent's name for the officer."""
        return {
            "Upload": self.tr("Upload"),
            "Arm": self.tr("Arm"),
            "ArmFilling": self.tr("Filling by itself"),
            "Start": self.tr("Start"),
            "Pause": self.tr("Pause"),
            "Continue": self.tr("Continue"),
            "ReturnHome": self.tr("Return"),
            "Land": self.tr("Land"),
            "GoTo": self.tr("Fly here"),
            "LookAt": self.tr("Look here"),
            "StopMotors": self.tr("Stop motors"),
            "Photograph": self.tr("Photograph"),
            "MarkSighting": self.tr("Mark sighting"),
            "ChangeHeight": self.tr("Change height"),
            "SmartReturn": self.tr("Back the way it came"),
            "SetSpeed": self.tr("Set the speed"),
            "SwitchSampler": self.tr("Switch the sampler"),
            "EnableFence": self.tr("Switch the fence on"),
            "Orbit": self.tr("Orbit"),
            "TickItem": self.tr("Tick an item"),
            "OverrideItem": self.tr("Let an item pass"),
            "AcknowledgeAlarm": self.tr("Acknowledge the alarms"),
            "BeginCheck": self.tr("Zero and span check"),
            "AbortCheck": self.tr("Stop the check"),
            "CancelUpload": self.tr("Stop the upload"),
            "Brief": self.tr("Figures for the preflight"),
            "Finish": self.tr("End the session"),
        }.get(name, name)
