"""The live map: plan as flown, what the vehicle holds, readings, suspected places, the vehicle and its history."""

from dataclasses import dataclass

from dronesampler.columns import Readings, Track
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.texts import Lang
from dronesampler_ui.fly.live import Live
from dronesampler_ui.parts import ramp, words
from dronesampler_ui.parts.map.flag_layers import FlagsLayer, MarksLayer, PointerLayer
from dronesampler_ui.parts.map.furniture import WindShown
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.look_layer import LookLayer
from dronesampler_ui.parts.map.pane import MapPane
from dronesampler_ui.parts.map.readings_layer import ReadingsLayer
from dronesampler_ui.parts.map.route_layers import RouteLayer, TrackLayer, VehicleLayer
from dronesampler_ui.parts.map.traffic_layer import TrafficLayer
from dronesampler_ui.values import flags_of

FOLLOW_MARGIN = 0.2  # of the view; nearer to the edge the map follows


@dataclass(frozen=True, slots=True)
class Columns:
    """What grew since the last beat; None for what stayed."""

    readings: Readings | None = None
    track: Track | None = None


class LiveMap:
    """Owns Fly's layers and moves the shared map only while Fly has it."""

    def __init__(self, pane: MapPane, lang: Lang) -> None:
        self._pane, self._lang = pane, lang
        self._ground = Ground()
        self.route = RouteLayer()
        self.track = TrackLayer()
        self.readings = ReadingsLayer()
        self.flags = FlagsLayer()
        self.marks = MarksLayer()
        self.pointer = PointerLayer()
        self.look = LookLayer()
        self.traffic = TrafficLayer()
        self.vehicle = VehicleLayer()
        self.follow = True
        self.planned: Mission | None = None  # shown until the vehicle holds something
        self._suspects: object = None
        self._fitted: object = None
        self._simulated = False

    def take(self) -> None:
        """Fly is entered."""
        pane, park = self._pane, self._ground.park
        if park:
            pane.view.set_frame(park.frame())
        below = (*self._ground.below, self.route, self.track, self.readings)
        above = (*self._ground.above, self.look, self.flags, self.marks, self.pointer, self.traffic, self.vehicle)
        pane.show_layers((*below, *above))
        pane.legend.show_scale(self.readings.scale, "NMHC")
        pane.view.set_simulated(self._simulated or bool(park and park.simulated))
        pane.view.wind = None
        pane.view.fit_soon()

    def clear(self) -> None:
        """Nothing of any patrol; park and plan stay."""
        self.readings.show(None)
        self.track.show(None)
        self.flags.show(())
        self.look.show(None)
        self.traffic.show(())
        self.vehicle.show(None)
        self.pointer.show(None)
        self.marks.clear()
        self._suspects = None
        self._pane.view.wind = None
        self.show_mission(self.planned)

    def show_park(self, park: Park | None) -> None:
        self._ground.show(park, self._lang)

    def show_mission(self, mission: Mission | None, item_now: int = -1) -> None:
        self.route.show(mission, item_now=item_now)

    def show_live(self, live: Live, columns: Columns) -> None:
        """One beat; what did not change costs nothing."""
        vehicle = live.vehicle
        self.show_mission(live.mission or self.planned, vehicle.mission.item if vehicle.mission else -1)
        if columns.readings is not None:
            scale = self.readings.scale
            highest = float(columns.readings.value_mg_m3.max())
            grown = scale if highest <= scale.high_mg_m3 else ramp.fitting(columns.readings.value_mg_m3)
            self.readings.show(columns.readings, scale=grown)
            self._pane.legend.show_scale(grown, columns.readings.quantity)
        if columns.track is not None:
            self.track.show(columns.track)
        if live.suspects is not self._suspects:
            self._suspects = live.suspects
            self.flags.show(flags_of(live.suspects.analysis, self._lang.value) if live.suspects else ())
        self.traffic.show(live.snapshot.traffic if live.snapshot else ())
        self._show_vehicle(live)
        self._simulated = live.simulated
        self._pane.view.set_simulated(live.simulated)
        wind = vehicle.wind
        self._pane.view.wind = WindShown(wind.from_deg, wind.speed_m_s) if wind else None
        self._pane.view.update()

    def _show_vehicle(self, live: Live) -> None:
        position = live.vehicle.position
        lost = bool(live.snapshot and live.snapshot.lost)
        if position is None:
            self.vehicle.show(None)
            return
        label = words.metres(position.height_home_m)
        at = (position.lat_deg, position.lon_deg)
        self.vehicle.show(at, heading_deg=position.heading_deg or 0.0, words=label, stale=lost)
        view = self._pane.view
        if self.route.extent() is None and self._ground.park is None and self._fitted is None:
            self._fitted = at
            view.centre_on(*at, m_px=0.5)
        if self.follow and self.vehicle.at_m is not None:
            px = view.camera.transform().map(self.vehicle.at_m)
            wide, high = view.camera.width_px, view.camera.height_px
            margin = FOLLOW_MARGIN * min(wide, high) / 2
            if not (margin < px.x() < wide - margin and margin < px.y() < high - margin):
                view.centre_on(*at)
