"""Home moves when the aircraft is armed: heights above home are then other heights above the ground."""

from dronesampler.geo import HeightReference, Place
from dronesampler.geo.local import distance_m
from dronesampler.mission import Frame, Mission
from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text

FAR_M = 20.0
HIGHER_M = 3.0
MOVED_FAR = Text("返航点移动了 {off:.0f} m", "home has moved by {off:.0f} m")
MOVED_UP = Text(
    "返航点高度变化 {up:+.1f} m：航线最低点离地将为约 {lowest:.0f} m，原为 {before:.0f} m",
    "home is {up:+.1f} m higher than planned: the route's lowest point will be at about {lowest:.0f} m "
    "instead of {before:.0f} m above the ground there",
)


def home_moved(planned: Place | None, now: Place, mission: Mission) -> tuple[Problem, ...]:
    """What a home that is not where the plan has it changes; empty where it does not matter."""
    if planned is None:
        return ()
    problems = []
    off_m = distance_m(planned.lat_deg, planned.lon_deg, now.lat_deg, now.lon_deg)
    if off_m > FAR_M:
        problems.append(Problem("home-moved", Severity.ERROR, MOVED_FAR.with_(off=off_m)))
    heights = [item.height_m for item in mission.items if item.frame is Frame.HOME]
    if planned.reference is now.reference is HeightReference.SEA and heights:
        up_m = now.height_m - planned.height_m
        if abs(up_m) > HIGHER_M:
            text = MOVED_UP.with_(up=up_m, lowest=min(heights) + up_m, before=min(heights))
            problems.append(Problem("home-height", Severity.ERROR, text))
    return tuple(problems)
