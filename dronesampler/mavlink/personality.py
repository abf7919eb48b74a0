"""What each stack's mission store is like: limits, what it does not take, and how it rounds what it stores."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dronesampler.events import Autopilot
from dronesampler.mavlink.wire import PlanKind

# Mission commands whose x, y and z are a place.
PLACED = frozenset({16, 17, 18, 19, 21, 22, 31, 80, 82, 84, 85, 94, 195, 201, 5000, 5001, 5002, 5003, 5004, 5100})
FENCE_COMMANDS = frozenset({5000, 5001, 5002, 5003, 5004})
RETURN_POINT = 5000
RALLY_COMMAND = 5100
POLYGON_INSIDE, POLYGON_OUTSIDE, CIRCLE_INSIDE, CIRCLE_OUTSIDE = 5001, 5002, 5003, 5004


@dataclass(frozen=True, slots=True)
class Losses:
    """What a store does to one command's params: kept as whole numbers, or not kept; and what 0 becomes (7 is z)."""

    whole: frozenset[int] = frozenset()
    dropped: frozenset[int] = frozenset()
    zero_becomes: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Personality:
    """One stack. All figures are as recorded from ArduCopter 4.7 and PX4 1.16 (tests/real replays the records)."""

    autopilot: Autopilot
    home_item: bool  # item 0 of the mission list is home
    fence_return: bool  # keeps a point to fly to when the fence is left
    atomic: bool  # a failed upload leaves the old list whole
    limits: Mapping[PlanKind, int]  # items on the wire, home included
    not_taken: frozenset[int]  # mission commands it refuses at upload or after it
    terrain: bool  # takes heights over terrain
    height_step_m: float  # resolution of stored heights
    rally_height_step_m: float
    losses: Mapping[int, Losses]
    random_access: bool  # answers a request for any item at any time
    nan_yaw: bool  # NaN in param 4 is kept
    asks_again_s: float  # how long it waits before it asks for an item again

    def wire_index(self, item: int, kind: PlanKind) -> int:
        """Where our item stands in the vehicle's list."""
        return item + 1 if self.home_item and kind is PlanKind.MISSION else item

    def plan_index(self, sequence: int, kind: PlanKind) -> int:
        """Our item of a sequence number; -1 for the home placeholder."""
        return sequence - 1 if self.home_item and kind is PlanKind.MISSION else sequence


ARDUPILOT = Personality(
    autopilot=Autopilot.ARDUPILOT,
    home_item=True,
    fence_return=True,
    atomic=False,
    limits={PlanKind.MISSION: 650, PlanKind.FENCE: 255, PlanKind.RALLY: 255},
    not_taken=frozenset({0, 186, 192, 400, 31010}),
    terrain=True,
    height_step_m=0.01,
    rally_height_step_m=1.0,
    losses={
        16: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        17: Losses(dropped=frozenset({1, 2, 4}), zero_becomes={3: 1.0}),
        18: Losses(whole=frozenset({1, 3}), dropped=frozenset({2, 4})),
        19: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4}), zero_becomes={3: 1.0}),
        20: Losses(dropped=frozenset({1, 2, 3, 4})),
        21: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4}), zero_becomes={4: 1.0}),
        22: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        31: Losses(whole=frozenset({1, 2}), dropped=frozenset({3, 4})),
        82: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        93: Losses(),
        112: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        114: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        177: Losses(whole=frozenset({1, 2}), dropped=frozenset({3, 4})),
        178: Losses(dropped=frozenset({4})),
        181: Losses(whole=frozenset({1, 2}), dropped=frozenset({3, 4})),
        183: Losses(whole=frozenset({1, 2}), dropped=frozenset({3, 4})),
        201: Losses(whole=frozenset({1}), dropped=frozenset({2, 3, 4})),
        205: Losses(zero_becomes={7: 2.0}),  # a mount control without a mode is one by MAVLink targeting
        206: Losses(dropped=frozenset({2, 4})),
        2000: Losses(whole=frozenset({1, 3, 4}), dropped=frozenset({4})),
        RALLY_COMMAND: Losses(dropped=frozenset({1, 2, 3, 4})),
    },
    random_access=True,
    nan_yaw=False,
    asks_again_s=1.0,
)

PX4 = Personality(
    autopilot=Autopilot.PX4,
    home_item=False,
    fence_return=False,
    atomic=True,
    limits={PlanKind.MISSION: 10_000, PlanKind.FENCE: 10_000, PlanKind.RALLY: 10_000},
    not_taken=frozenset({0, 18, 82, 92, 94, 112, 114, 115, 181, 183, 186, 192, 207, 213, 217, 400, 600, 31010}),
    terrain=False,
    height_step_m=0.0,
    rally_height_step_m=0.0,
    losses={19: Losses(dropped=frozenset({4}))},
    random_access=False,
    nan_yaw=True,
    asks_again_s=0.25,
)


def personality_of(autopilot: Autopilot) -> Personality:
    """The table of a stack; an unknown one is treated with ArduPilot's care (not atomic, checked by reading back)."""
    return PX4 if autopilot is Autopilot.PX4 else ARDUPILOT
