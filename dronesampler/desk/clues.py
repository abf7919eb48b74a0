"""What officers saw during a patrol, as evidence for the analysis: marked sightings, photographs and notes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dronesampler.attribution import Settings, Sighting

if TYPE_CHECKING:  # the store takes a while to load
    from dronesampler.store import Patrol, Store

MARKED = "sighting"  # the kind of the journal's entries


def sightings_of(store: "Store", patrol: "Patrol") -> tuple[Sighting, ...]:
    """Every sighting of a patrol that has a place, in the order they were made.

    A photograph that belongs to a marked sighting is that sighting; one taken by itself is one of its own.
    """
    marked = [entry.body for entry in store.journal(patrol) if entry.kind == MARKED]
    alone = [m.details for m in store.media(patrol) if m.details.get("sighting") is None]
    found = (_sighting(body) for body in (*marked, *alone))
    return tuple(s for s in found if s is not None)


def with_sightings(settings: Settings, store: "Store", patrols: "Sequence[Patrol]") -> Settings:
    """The settings with what was seen on these patrols added."""
    seen = [s for patrol in patrols for s in sightings_of(store, patrol)]
    return replace(settings, sightings=(*settings.sightings, *seen))


def _sighting(body: Mapping[str, Any]) -> Sighting | None:
    lat, lon = _number(body.get("lat_deg")), _number(body.get("lon_deg"))
    if lat is None or lon is None:
        return None
    return Sighting(lat, lon, bearing_deg=_number(body.get("bearing_deg")), note=str(body.get("note") or ""))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)
