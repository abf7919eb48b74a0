"""Two instruments on one flight: do they say the same?"""

import numpy as np

from dronesampler.attribution.prepare import DISAGREE
from dronesampler.attribution.values import Reason
from dronesampler.columns import Readings

FEWEST = 30  # readings of the second that fall between readings of the first
LONGEST_GAP_S = 5.0
SHARE, SIGMAS = 0.25, 4.0


def disagreement(first: Readings, second: Readings, *, noise_mg_m3: float) -> Reason | None:
    """Why two instruments for one quantity cannot both be believed; None where they agree or never overlap.

    They are compared as they stand, lag and all: the median of many moments does not mind a late plume.
    """
    a, b = (r.rows(r.ok & np.isfinite(r.time_s + r.value_mg_m3)) for r in (first, second))
    if len(a) < 2 or len(b) < FEWEST:
        return None
    after = np.clip(np.searchsorted(a.time_s, b.time_s), 1, len(a) - 1)
    inside = (b.time_s >= a.time_s[0]) & (b.time_s <= a.time_s[-1])
    inside &= a.time_s[after] - a.time_s[after - 1] <= LONGEST_GAP_S
    if inside.sum() < FEWEST:
        return None
    there = np.interp(b.time_s[inside], a.time_s, a.value_mg_m3)
    apart = np.abs(there - b.value_mg_m3[inside])
    allowed = SIGMAS * noise_mg_m3 + SHARE * np.abs(there + b.value_mg_m3[inside]) / 2.0
    if float(np.median(apart - allowed)) <= 0.0:
        return None
    return Reason("instruments_disagree", DISAGREE.with_(apart=float(np.median(apart))))
