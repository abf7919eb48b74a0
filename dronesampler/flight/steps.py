"""Relative wishes made absolute: "five metres higher" becomes one height, so that sending it twice changes nothing."""

from dataclasses import dataclass

from dronesampler.commands import ChangeHeight
from dronesampler.flight.vehicle import Vehicle

MOVING_EXPIRES_S = 1.0  # what moves the aircraft is not sent later than this
LOWEST_M = 3.0
TARGET_HOLDS_S = 10.0  # so long a step counts from the last target, not from the height on the way to it


@dataclass(frozen=True, slots=True)
class HeightSteps:
    """Turns steps into targets. Two steps in a row add up, also while the first is still being climbed."""

    lowest_m: float = LOWEST_M
    highest_m: float = 120.0
    target_m: float | None = None
    at_s: float = 0.0

    def step(
        self, step_m: float, vehicle: Vehicle, *, id: int, now_s: float
    ) -> "tuple[HeightSteps, ChangeHeight | None]":
        """The steps after this one and the intent; None where the height is not known or a bound is reached."""
        height_m = vehicle.height_home_m
        if height_m is None:
            return self, None
        fresh = self.target_m is not None and now_s - self.at_s <= TARGET_HOLDS_S
        start_m = self.target_m if fresh and self.target_m is not None else height_m
        target_m = min(max(start_m + step_m, self.lowest_m), self.highest_m)
        # A bound never turns a wish round: who asks for lower is not taken higher.
        if (target_m - start_m) * step_m <= 0.0:
            return self, None
        steps = HeightSteps(self.lowest_m, self.highest_m, target_m, now_s)
        return steps, ChangeHeight(id, now_s + MOVING_EXPIRES_S, height_home_m=target_m)
