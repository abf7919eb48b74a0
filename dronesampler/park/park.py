"""The park and what is known of it, as frozen values."""

from dataclasses import dataclass

from dronesampler.geo import LocalFrame, Polygon


@dataclass(frozen=True, slots=True)
class Outlet:
    """A permitted outlet of the register (HJ 608-2017 code, e.g. DA001). Height is that of the stack's mouth."""

    code: str
    lat_deg: float
    lon_deg: float
    height_m: float  # above ground
    enterprise: str = ""  # credit code
    diameter_m: float | None = None
    pollutants: tuple[str, ...] = ()
    treatment_unit: str = ""  # TA001 ...
    limit_g_s: float | None = None  # permitted rate where the permit states one


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A firm in the park. `credit_code` is the unified social credit code (GB 32100-2015), 18 characters."""

    credit_code: str
    name: str
    name_en: str = ""
    permit_number: str = ""
    area: Polygon | None = None


@dataclass(frozen=True, slots=True)
class Building:
    """A building or obstacle with its height above ground."""

    area: Polygon
    height_m: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Airspace:
    """A controlled airspace of a versioned layer. Empty times mean always."""

    name: str
    area: Polygon
    floor_agl_m: float = 0.0
    ceiling_agl_m: float | None = None
    begins_utc: str = ""
    ends_utc: str = ""
    layer: str = ""
    layer_version: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A reason to fly: a station alarm, a complaint. `at_utc` is ISO 8601."""

    source: str
    at_utc: str
    lat_deg: float
    lon_deg: float
    species: str = ""
    value: float | None = None
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Park:
    """One industrial park. Everything about it in WGS 84."""

    name: str
    boundary: Polygon
    name_en: str = ""
    enterprises: tuple[Enterprise, ...] = ()
    outlets: tuple[Outlet, ...] = ()
    buildings: tuple[Building, ...] = ()
    airspaces: tuple[Airspace, ...] = ()
    leads: tuple[Lead, ...] = ()
    home: tuple[float, float] | None = None  # usual take-off place
    simulated: bool = False

    def frame(self) -> LocalFrame:
        """Local metres about the middle of the boundary."""
        return LocalFrame.about([p[0] for p in self.boundary.outer], [p[1] for p in self.boundary.outer])
