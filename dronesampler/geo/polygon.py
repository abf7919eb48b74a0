"""Areas on the earth."""

from dataclasses import dataclass

Ring = tuple[tuple[float, float], ...]  # (lat_deg, lon_deg), not closed


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area: one outer ring and holes, vertices as (lat_deg, lon_deg), first vertex not repeated."""

    outer: Ring
    holes: tuple[Ring, ...] = ()
