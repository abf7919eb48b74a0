"""Electric power of a multirotor by airspeed and climb, and its fit from flight logs."""

import dataclasses
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dronesampler.geo.local import Floats
from dronesampler.plan.aircraft import Aircraft
from dronesampler.problems import BadInput
from dronesampler.texts import Text

GRAVITY_M_S2 = 9.80665
DESCENT_RELIEF = 0.35  # share of the weight's power that comes back going down
LEAST_SHARE = 0.35  # of hover power, however fast it comes down

TOO_FEW_ROWS = Text(
    "拟合功率模型至少需要 {least} 行飞行数据，只有 {rows} 行",
    "fitting the power model takes {least} rows of flight at least, there are {rows}",
)
NO_VARIETY = Text(
    "日志里几乎没有平飞或爬升，无法分开悬停与风阻功率",
    "the log has next to no level flight or climb: hover and drag power cannot be told apart",
)
LEAST_ROWS = 60


def power_w(aircraft: Aircraft, *, airspeed_m_s: ArrayLike, climb_m_s: ArrayLike) -> Floats:
    """Electric power, any shape.

    Induced power falls with airspeed by momentum theory (Glauert 1926), drag power grows with its cube, climbing lifts
    the weight at an efficiency; what the model leaves out (gusts, turns) is in the figures that a fit gives.
    """
    v, climb = np.asarray(airspeed_m_s, float), np.asarray(climb_m_s, float)
    level = aircraft.hover_w * _hover_share(aircraft, v) + aircraft.drag_w_s3_m3 * v**3
    weight_n = aircraft.takeoff_kg * GRAVITY_M_S2
    lift = weight_n * np.where(climb > 0, climb / aircraft.climb_efficiency, DESCENT_RELIEF * climb)
    return np.asarray(aircraft.payload_w + np.maximum(level + lift, LEAST_SHARE * aircraft.hover_w))


def _hover_share(aircraft: Aircraft, airspeed_m_s: Floats) -> Floats:
    v2, vh2 = airspeed_m_s**2, aircraft.induced_m_s**2
    induced = np.sqrt(np.sqrt(v2 * v2 / 4.0 + vh2 * vh2) - v2 / 2.0) / aircraft.induced_m_s
    return np.asarray(aircraft.profile_share + (1.0 - aircraft.profile_share) * induced)


def loaded(aircraft: Aircraft, payload_kg: float) -> Aircraft:
    """The same aircraft with another payload: hover power goes with the weight to the power of 3/2."""
    ratio = (aircraft.mass_kg + payload_kg) / aircraft.takeoff_kg
    return dataclasses.replace(
        aircraft,
        payload_kg=payload_kg,
        hover_w=aircraft.hover_w * ratio**1.5,
        induced_m_s=aircraft.induced_m_s * ratio**0.5,
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """An aircraft fitted to logs, with the rows used and the root mean square of what is left, in watts."""

    aircraft: Aircraft
    rows: int
    residual_w: float

    @property
    def residual_share(self) -> float:
        """Of hover power."""
        return self.residual_w / self.aircraft.hover_w if self.aircraft.hover_w > 0 else float("inf")


def fit(aircraft: Aircraft, *, airspeed_m_s: Floats, climb_m_s: Floats, power_w: Floats) -> Fit:
    """Hover power, drag and climb efficiency from rows of flight, shape (n,) each; the rest is kept.

    Raises BadInput where the rows cannot tell them apart.
    """
    ok = np.isfinite(airspeed_m_s) & np.isfinite(climb_m_s) & np.isfinite(power_w) & (power_w > 0)
    v, climb, power = airspeed_m_s[ok], climb_m_s[ok], power_w[ok] - aircraft.payload_w
    if len(v) < LEAST_ROWS:
        raise BadInput(TOO_FEW_ROWS.with_(least=LEAST_ROWS, rows=len(v)))
    if np.ptp(v) < 2.0 or climb.max() < 0.5:
        raise BadInput(NO_VARIETY)
    weight_n = aircraft.takeoff_kg * GRAVITY_M_S2
    columns = np.column_stack([_hover_share(aircraft, v), v**3, weight_n * np.maximum(climb, 0.0)])
    known = DESCENT_RELIEF * weight_n * np.minimum(climb, 0.0)
    hover, drag, lift = _least_squares(columns, power - known)
    fitted = dataclasses.replace(
        aircraft, hover_w=float(hover), drag_w_s3_m3=float(drag), climb_efficiency=1.0 / max(float(lift), 0.2)
    )
    left = power - known - columns @ np.array([hover, drag, lift])
    return Fit(fitted, len(v), float(np.sqrt(np.mean(left**2))))


def _least_squares(columns: Floats, wanted: Floats) -> tuple[float, ...]:
    """Coefficients none of which is negative: what comes out negative is taken as nothing and the rest fitted again."""
    kept = list(range(columns.shape[1]))
    while True:
        found, *_ = np.linalg.lstsq(columns[:, kept], wanted, rcond=None)
        if (found >= 0).all() or len(kept) == 1:
            break
        kept = [k for k, value in zip(kept, found, strict=True) if value >= 0] or kept[:1]
    out = np.zeros(columns.shape[1])
    out[kept] = np.maximum(found, 0.0)
    return tuple(out.tolist())
