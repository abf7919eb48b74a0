"""The layers that every workspace starts from: park, airspace and permitted outlets of the park now shown."""

from dronesampler.park import Park
from dronesampler.texts import Lang
from dronesampler_ui.parts.map.layer import Layer
from dronesampler_ui.parts.map.park_layer import AirspaceLayer, OutletsLayer, ParkLayer


class Ground:
    """Park, airspace and outlets."""

    def __init__(self) -> None:
        self.park: Park | None = None
        self._land = ParkLayer()
        self._airspace = AirspaceLayer()
        self._outlets = OutletsLayer()

    def show(self, park: Park | None, lang: Lang) -> None:
        self.park = park
        self._land.show(park, lang)
        self._airspace.show(park)
        self._outlets.show(park)

    @property
    def below(self) -> tuple[Layer, ...]:
        """What lies under lines and readings."""
        return (self._land, self._airspace)

    @property
    def above(self) -> tuple[Layer, ...]:
        """What must not be covered by readings."""
        return (self._outlets,)
