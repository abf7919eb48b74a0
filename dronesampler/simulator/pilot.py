"""The autopilot's hands: turns a task (hold, a leg, a return, a landing) into wanted velocity and heading."""

import math
from enum import StrEnum

from dronesampler.simulator.motion import Body, Limits, Vector

NEAR_M = 0.8
PASS_M = 2.0
CROSS_GAIN = 0.7
LAND_SLOW_BELOW_M = 10.0


class Task(StrEnum):
    """What is being flown."""

    IDLE = "idle"  # motors idle or off, on the ground
    HOLD = "hold"
    SINK = "sink"  # a mode that follows a throttle stick, and the stick is down
    LEG = "leg"
    CLIMB = "climb"  # straight up, for take-off
    LAND = "land"
    RETURN = "return"
    VELOCITY = "velocity"
    ORBIT = "orbit"


class Pilot:
    """Flies one task at a time. `arrived` tells when a leg, climb or return leg is done."""

    def __init__(self, body: Body, limits: Limits) -> None:
        self.body, self.limits = body, limits
        self.task = Task.IDLE
        self.arrived = False
        self.speed_m_s = limits.speed_m_s  # for legs; changed by speed commands
        self.land_speed_m_s = 0.5
        self.yaw_deg: float | None = None  # None: look where it flies
        self.target: Vector = (0.0, 0.0, 0.0)
        self._start: Vector = (0.0, 0.0, 0.0)
        self._end_speed_m_s = 0.0
        self._velocity: Vector = (0.0, 0.0, 0.0)
        self._orbit: tuple[float, float, float, float] = (0.0, 0.0, 10.0, 3.0)  # centre, radius, speed
        self._return: list[Vector] = []
        self._return_wait_s = 0.0
        self._heading_deg = body.yaw_deg

    def idle(self) -> None:
        self.task, self.arrived = Task.IDLE, False

    def hold(self) -> None:
        """Stay here. The place is where braking ends, so nothing jerks back."""
        self.task, self.arrived = Task.HOLD, True
        self.target = self._brake_point()

    def sink(self) -> None:
        self.hold()
        self.task = Task.SINK

    def leg(self, target: Vector, *, then: Vector | None = None, start: Vector | None = None) -> None:
        """Fly straight to a place; `then` is where it goes on to without a stop, None to stop there."""
        self.task, self.arrived = Task.LEG, False
        self._start, self.target = start or self.body.place, target
        self._end_speed_m_s = self._corner_speed_m_s(then) if then is not None else 0.0

    def climb(self, height_m: float) -> None:
        self.task, self.arrived = Task.CLIMB, False
        self.target = (self.body.x_m, self.body.y_m, height_m)

    def land(self) -> None:
        """Come down here."""
        place = self._brake_point()
        self.task, self.arrived = Task.LAND, False
        self.target = (place[0], place[1], 0.0)

    def fly_back(self, to: Vector, *, wait_s: float) -> None:
        """Climb to `to`'s height if below it, go there, wait, land."""
        self.task, self.arrived = Task.RETURN, False
        height_m = max(self.body.z_m, to[2])
        self._return = [(self.body.x_m, self.body.y_m, height_m), (to[0], to[1], height_m)]
        self._return_wait_s = wait_s
        self._start, self.target = self.body.place, self._return.pop(0)
        self._end_speed_m_s = 0.0

    def fly_velocity(self, velocity: Vector) -> None:
        self.task, self._velocity = Task.VELOCITY, velocity

    def orbit(self, centre: Vector, *, radius_m: float, speed_m_s: float) -> None:
        """Circle; a negative radius turns the other way."""
        self.task, self.target = Task.ORBIT, centre
        self._orbit = (centre[0], centre[1], radius_m, speed_m_s)

    def step(self, dt_s: float) -> None:
        """Fly on."""
        want = self._wanted(dt_s)
        self.body.step(dt_s, want, self._wanted_yaw(want), self.limits)

    def _wanted(self, dt_s: float) -> Vector:
        match self.task:
            case Task.HOLD:
                return self._toward(self.target)
            case Task.SINK:
                x, y, _ = self._toward(self.target)
                return x, y, -self.limits.descent_m_s
            case Task.CLIMB:
                self.arrived = self.body.z_m >= self.target[2] - 0.4
                return self._toward(self.target)
            case Task.LEG:
                return self._along_leg()
            case Task.RETURN:
                return self._go_back(dt_s)
            case Task.LAND:
                return self._down()
            case Task.VELOCITY:
                return self._velocity
            case Task.ORBIT:
                return self._around()
            case Task.IDLE:
                return 0.0, 0.0, 0.0

    def _toward(self, target: Vector) -> Vector:
        b = self.body
        dx, dy, dz = target[0] - b.x_m, target[1] - b.y_m, target[2] - b.z_m
        far = math.hypot(dx, dy)
        speed = min(self.speed_m_s, 0.9 * far, math.sqrt(1.6 * self.limits.acceleration_m_s2 * far))
        share = speed / far if far > 1e-6 else 0.0
        return dx * share, dy * share, max(-self.limits.descent_m_s, min(self.limits.climb_m_s, 0.9 * dz))

    def _along_leg(self) -> Vector:
        b, s, e = self.body, self._start, self.target
        ux, uy, uz = e[0] - s[0], e[1] - s[1], e[2] - s[2]
        length = math.sqrt(ux * ux + uy * uy + uz * uz)
        if length < 0.1:
            return self._last_metres()
        ux, uy, uz = ux / length, uy / length, uz / length
        along = (b.x_m - s[0]) * ux + (b.y_m - s[1]) * uy + (b.z_m - s[2]) * uz
        left = length - along
        if self._end_speed_m_s > 0.0 and left < PASS_M:
            self.arrived = True
        if left < 3.0 and self._end_speed_m_s == 0.0:
            return self._last_metres()
        brake = math.sqrt(self._end_speed_m_s**2 + 1.4 * self.limits.acceleration_m_s2 * max(left - 1.0, 0.0))
        speed = min(self._speed_along(ux, uy, uz), max(brake, 0.5))
        off = (s[0] + ux * along - b.x_m, s[1] + uy * along - b.y_m, s[2] + uz * along - b.z_m)
        return tuple(u * speed + CROSS_GAIN * o for u, o in zip((ux, uy, uz), off, strict=True))  # type: ignore[return-value]

    def _speed_along(self, ux: float, uy: float, uz: float) -> float:
        flat = math.hypot(ux, uy)
        limits = [self.speed_m_s / flat] if flat > 1e-6 else []
        if uz > 1e-6:
            limits.append(self.limits.climb_m_s / uz)
        elif uz < -1e-6:
            limits.append(self.limits.descent_m_s / -uz)
        return min(limits)

    def _last_metres(self) -> Vector:
        b, e = self.body, self.target
        off = math.dist(b.place, e)
        if off < NEAR_M and b.speed_m_s < 0.6:
            self.arrived = True
        return self._toward(e)

    def _go_back(self, dt_s: float) -> Vector:
        want = self._along_leg()
        if not self.arrived:
            return want
        if self._return:
            self.arrived = False
            self._start, self.target = self.body.place, self._return.pop(0)
        elif self._return_wait_s > 0.0:
            self._return_wait_s -= dt_s
        else:
            self.land()
        return want

    def _down(self) -> Vector:
        x, y, _ = self._toward((self.target[0], self.target[1], self.body.z_m))
        slow = self.body.z_m < LAND_SLOW_BELOW_M
        return x, y, -(self.land_speed_m_s if slow else self.limits.descent_m_s)

    def _around(self) -> Vector:
        cx, cy, radius, speed = self._orbit
        b = self.body
        rx, ry = b.x_m - cx, b.y_m - cy
        far = max(math.hypot(rx, ry), 0.1)
        turn = 1.0 if radius >= 0 else -1.0
        inward = max(-speed, min(speed, 0.5 * (abs(radius) - far)))
        _, _, vz = self._toward(self.target)
        tx, ty = turn * ry / far, -turn * rx / far
        return tx * speed + rx / far * inward, ty * speed + ry / far * inward, vz

    def _wanted_yaw(self, want: Vector) -> float:
        if self.yaw_deg is not None:
            return self.yaw_deg
        if math.hypot(want[0], want[1]) > 0.8 and self.task in (Task.LEG, Task.RETURN, Task.ORBIT):
            self._heading_deg = math.degrees(math.atan2(want[0], want[1])) % 360.0
        elif self.task in (Task.IDLE, Task.CLIMB):
            self._heading_deg = self.body.yaw_deg
        return self._heading_deg

    def _corner_speed_m_s(self, then: Vector) -> float:
        a = (self.target[0] - self._start[0], self.target[1] - self._start[1])
        b = (then[0] - self.target[0], then[1] - self.target[1])
        la, lb = math.hypot(*a), math.hypot(*b)
        if la < 1.0 or lb < 1.0:
            return 0.0
        cosine = max(-1.0, min(1.0, (a[0] * b[0] + a[1] * b[1]) / (la * lb)))
        return self.speed_m_s * float(((1.0 + cosine) / 2.0) ** 1.5) if cosine > -0.7 else 0.0

    def _brake_point(self) -> Vector:
        b, stretch = self.body, self.body.speed_m_s / (1.6 * self.limits.acceleration_m_s2)
        return b.x_m + b.vx_m_s * stretch, b.y_m + b.vy_m_s * stretch, b.z_m + 0.4 * b.vz_m_s
