"""A flight broken off, flown home, and resumed: both flights together pass everything the whole route passes."""

import numpy as np
import shapely

from dronesampler.mission import Mission
from dronesampler.park.files import read_park
from dronesampler.paths import assets_dir
from dronesampler.plan import make_plan
from dronesampler.plan.resume import broken_at
from tests.flight.flown import Flown, fly

DEMO = read_park(assets_dir() / "demo-park.geojson").park
WIND = (135.0, 3.0)


def path(flown: Flown) -> shapely.Geometry:
    return shapely.linestrings(np.array([place[1:3] for place in flown.track]))


def test_return_and_resume_pass_the_whole_route() -> None:
    mission: Mission = make_plan(DEMO, "fence-line", wind=WIND, settings={"heights_agl_m": "25", "speed_m_s": "8"})
    parts = broken_at(mission, "5+0.37", overlap_m=30.0)
    whole, flown, rest = (fly(m, wind=WIND) for m in (mission, parts.flown, parts.rest))
    together = shapely.union_all([path(flown), path(rest)])
    assert path(whole).difference(together.buffer(6.0)).length < 5.0
    for half in (flown, rest):  # each came home
        assert np.hypot(*half.track[-1][1:3]) < 3.0
    assert whole.seconds < flown.seconds + rest.seconds < 1.6 * whole.seconds
