"""The solver on real smoke: Prairie Grass arcs as crosswind transects, the source's place and rate unknown to it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import prairie_grass

pytestmark = pytest.mark.skipif(not prairie_grass.FOLDER.exists(), reason="shared/data/09_dispersion is not here")


def test_arcs_at_100_and_200_m_find_the_source() -> None:
    got = prairie_grass.figures()
    assert got["runs"] >= 50
    assert got["median_m"] <= 9.0
    assert got["p90_m"] <= 20.0
    assert got["within_2"] >= 0.95
