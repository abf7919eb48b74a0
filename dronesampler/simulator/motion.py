"""How a multirotor moves: a point with limits on speed, acceleration, climb, descent and turning."""

import math
from dataclasses import dataclass

GRAVITY_M_S2 = 9.806_65
DRAG_A_S = 0.18  # horizontal drag deceleration for each m/s of airspeed, small copter


@dataclass(slots=True)
class Limits:
    """What the airframe and its parameters allow."""

    speed_m_s: float = 10.0
    climb_m_s: float = 2.5
    descent_m_s: float = 1.5
    acceleration_m_s2: float = 2.5
    climb_acceleration_m_s2: float = 1.2
    yaw_rate_deg_s: float = 60.0


Vector = tuple[float, float, float]


@dataclass(slots=True)
class Body:
    """Place (east, north, up of the ground, metres), velocity and heading."""

    x_m: float = 0.0
    y_m: float = 0.0
    z_m: float = 0.0
    vx_m_s: float = 0.0
    vy_m_s: float = 0.0
    vz_m_s: float = 0.0
    yaw_deg: float = 0.0
    yaw_rate_deg_s: float = 0.0
    ax_m_s2: float = 0.0
    ay_m_s2: float = 0.0

    @property
    def place(self) -> Vector:
        return self.x_m, self.y_m, self.z_m

    @property
    def speed_m_s(self) -> float:
        """Over the ground."""
        return math.hypot(self.vx_m_s, self.vy_m_s)

    def step(self, dt_s: float, want: Vector, yaw_want_deg: float, limits: Limits) -> None:
        """Go on by `dt_s`, steering to a wanted velocity and heading within the limits."""
        self._accelerate(dt_s, want, limits)
        self.x_m += self.vx_m_s * dt_s
        self.y_m += self.vy_m_s * dt_s
        self.z_m += self.vz_m_s * dt_s
        turn = (yaw_want_deg - self.yaw_deg + 180.0) % 360.0 - 180.0
        most = limits.yaw_rate_deg_s * dt_s
        turned = max(-most, min(most, turn))
        self.yaw_deg = (self.yaw_deg + turned) % 360.0
        self.yaw_rate_deg_s = turned / dt_s
        if self.z_m <= 0.0:
            self.z_m = self.vx_m_s = self.vy_m_s = 0.0
            self.vz_m_s = max(self.vz_m_s, 0.0)

    def _accelerate(self, dt_s: float, want: Vector, limits: Limits) -> None:
        dvx, dvy = want[0] - self.vx_m_s, want[1] - self.vy_m_s
        change, most = math.hypot(dvx, dvy), limits.acceleration_m_s2 * dt_s
        if change > most:
            dvx, dvy = dvx * most / change, dvy * most / change
        self.vx_m_s += dvx
        self.vy_m_s += dvy
        self.ax_m_s2, self.ay_m_s2 = dvx / dt_s, dvy / dt_s
        most = limits.climb_acceleration_m_s2 * dt_s
        wanted_vz = max(-limits.descent_m_s, min(limits.climb_m_s, want[2]))
        self.vz_m_s += max(-most, min(most, wanted_vz - self.vz_m_s))

    def tilt_rad(self, wind_east_m_s: float, wind_north_m_s: float) -> tuple[float, float]:
        """Roll and pitch (radians) that this motion in this wind takes."""
        east = self.ax_m_s2 + DRAG_A_S * (self.vx_m_s - wind_east_m_s)
        north = self.ay_m_s2 + DRAG_A_S * (self.vy_m_s - wind_north_m_s)
        yaw = math.radians(self.yaw_deg)
        forward = north * math.cos(yaw) + east * math.sin(yaw)
        right = east * math.cos(yaw) - north * math.sin(yaw)
        return math.atan2(right, GRAVITY_M_S2), -math.atan2(forward, GRAVITY_M_S2)
