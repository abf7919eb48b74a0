"""What Review shows on the map, and what of it changes with the moment or the chosen place."""

import numpy as np
from PySide6.QtCore import QPointF

from dronesampler.texts import Lang
from dronesampler_ui.parts import words
from dronesampler_ui.parts.map.camera import Camera
from dronesampler_ui.parts.map.evidence_layer import EvidenceLayer
from dronesampler_ui.parts.map.flag_layers import FlagsLayer, MarksLayer, PointerLayer
from dronesampler_ui.parts.map.furniture import WindShown
from dronesampler_ui.parts.map.ground import Ground
from dronesampler_ui.parts.map.isolines_layer import IsolinesLayer
from dronesampler_ui.parts.map.layer import Layer
from dronesampler_ui.parts.map.look_layer import LookLayer
from dronesampler_ui.parts.map.readings_layer import ReadingsLayer
from dronesampler_ui.parts.map.route_layers import RouteLayer, TrackLayer, VehicleLayer
from dronesampler_ui.review.pictures import Picture
from dronesampler_ui.review.study import Opened, Study
from dronesampler_ui.values import Flag, look_again_of

NEAR_PX = 14.0


class MapLayers:
    """The layers from bottom to top; holds no widget."""

    def __init__(self) -> None:
        self.ground = Ground()
        self.readings = ReadingsLayer()
        self.track = TrackLayer()
        self.route = RouteLayer(arrows=False)
        self.isolines = IsolinesLayer()
        self.evidence = EvidenceLayer()
        self.flags = FlagsLayer()
        self.look_again = FlagsLayer("look_again", tone="warn", letter="L")
        self.look = LookLayer()
        self.photos = MarksLayer()
        self.pointer = PointerLayer()
        self.vehicle = VehicleLayer()
        self._opened: Opened | None = None

    def every(self) -> tuple[Layer, ...]:
        below = (*self.ground.below, self.route, self.evidence, self.track, self.readings, self.isolines)
        return (
            *below,
            *self.ground.above,
            self.look,
            self.photos,
            self.look_again,
            self.flags,
            self.pointer,
            self.vehicle,
        )

    def show_patrol(self, opened: Opened, lang: Lang) -> None:
        self._opened = opened
        patrol = opened.shown
        self.ground.show(patrol.park, lang)
        self.readings.show(patrol.readings, scale=opened.scale, laid=opened.laid)
        self.readings.until(np.inf)
        self.isolines.show(None)
        self.isolines.scale = opened.scale
        self.track.show(patrol.track)
        self.route.show(patrol.mission)
        self.evidence.show(None, ())
        self.flags.show(patrol.flags)
        self.look_again.show(look_again_of(patrol.analysis, lang.value))
        self.look.show(None)
        self.photos.clear()
        for picture in opened.pictures:
            if picture.place:
                self.photos.add(*picture.place, words.clock_time(picture.unix_s) if picture.unix_s else "")
        self.pointer.show(None)
        self.vehicle.show(None)

    def show_study(self, study: Study) -> None:
        if study.laid is not None:
            self.readings.take(study.laid)
        self.isolines.show(study.isolines)

    def show_flag(self, flag: Flag | None, spans: tuple[tuple[float, float], ...]) -> None:
        """The chosen place, and the lines that speak for it."""
        patrol = self._opened.shown if self._opened else None
        if patrol is not None:
            self.flags.show(patrol.flags, chosen=flag.number if flag else None)
            self.evidence.show(patrol.readings, spans)

    def show_moment(self, time_s: float, end_s: float) -> None:
        """What was read until then, and where the aircraft was."""
        self.readings.until(time_s if time_s < end_s else np.inf)
        track = self._opened.shown.track if self._opened else None
        if track is None:
            return
        i = int(np.clip(np.searchsorted(track.time_s, time_s), 0, len(track) - 1))
        at, heading = (float(track.lat_deg[i]), float(track.lon_deg[i])), float(track.heading_deg[i])
        known = bool(np.isfinite(at).all())
        self.vehicle.show(at if known else None, heading_deg=heading if np.isfinite(heading) else 0.0)

    def nearest_row(self, time_s: float) -> int | None:
        """The reading nearest to a moment."""
        readings = self._opened.shown.readings if self._opened else None
        if readings is None or not len(readings):
            return None
        after = int(np.clip(np.searchsorted(readings.time_s, time_s), 1, max(len(readings) - 1, 1)))
        near = (after - 1, min(after, len(readings) - 1))
        return min(near, key=lambda i: abs(float(readings.time_s[i]) - time_s))

    def point_at(self, place: tuple[float, float], said: str) -> None:
        """What something else on the screen talks about; nothing where the place is not known."""
        self.pointer.show(place if np.isfinite(place).all() else None, said)

    def wind_at(self, time_s: float | None) -> WindShown | None:
        """The wind of a moment, or the mean of the patrol."""
        wind = self._opened.shown.wind if self._opened else None
        if wind is None or len(wind) == 0:
            return None
        part = wind if time_s is None else wind.rows([np.clip(np.searchsorted(wind.time_s, time_s), 0, len(wind) - 1)])
        if not np.isfinite(part.from_deg + part.speed_m_s).any():
            return None
        way = np.radians(part.from_deg)
        from_deg = np.degrees(np.arctan2(np.nanmean(np.sin(way)), np.nanmean(np.cos(way)))) % 360.0
        return WindShown(float(from_deg), float(np.nanmean(part.speed_m_s)))

    def picture_at(self, camera: Camera, px: QPointF) -> Picture | None:
        """The photograph whose mark is under the pointer."""
        for picture in self._opened.pictures if self._opened else ():
            if picture.place is None:
                continue
            x_m, y_m = camera.frame.to_xy(*picture.place)
            # The mark stands on its place: its middle is six pixels above.
            if (camera.point(float(x_m), float(y_m)) - QPointF(0, 6) - px).manhattanLength() < NEAR_PX:
                return picture
        return None
