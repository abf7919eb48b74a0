"""Zero and span checks on record: when an instrument was last checked, and what the checks around a patrol show."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from dronesampler.sampler.profile import Profile
from dronesampler.sampler.quality import Check, Drift, Gas, drift_of

if TYPE_CHECKING:
    from dronesampler.store import Patrol, Store

CHECKED = "instrument checked"
LOOKED_THROUGH = 60  # patrols; a check of longer ago counts for nothing


def checks_of(store: "Store", profile: Profile, *, quantity: str | None = None) -> tuple[Check, ...]:
    """The checks of an instrument in order of time: of its serial number, or of its profile's name without one."""
    bodies = [body for body in _bodies(store) if _concerns(body, profile) and quantity in (None, body["quantity"])]
    checks = (_check(body) for body in bodies if body.get("read_mg_m3") is not None)
    return tuple(sorted(checks, key=lambda c: c.at_unix_s))


def last_checked_unix_s(store: "Store", profiles: Iterable[Profile]) -> float | None:
    """When the one that was checked longest ago was last checked; None where one never was."""
    last = [max((c.at_unix_s for c in checks_of(store, p)), default=None) for p in profiles]
    known = [unix_s for unix_s in last if unix_s is not None]
    return min(known) if known and len(known) == len(last) else None


def drift_around(store: "Store", patrol: "Patrol", profile: Profile, *, quantity: str) -> Drift:
    """What the checks before and after a patrol show of an instrument's zero and span."""
    ended_s = patrol.ended_unix_s if patrol.ended_unix_s is not None else float("inf")
    checks = checks_of(store, profile, quantity=quantity)
    return drift_of(checks, method=profile.method, began_s=patrol.started_unix_s, ended_s=ended_s)


def _bodies(store: "Store") -> Iterator[Mapping[str, Any]]:
    for patrol in store.patrols()[-LOOKED_THROUGH:]:
        for entry in store.journal(patrol.id):
            if entry.kind == CHECKED:
                yield entry.body


def _concerns(body: Mapping[str, Any], profile: Profile) -> bool:
    if profile.serial or body.get("serial"):
        return bool(body.get("serial") == profile.serial)
    return bool(body.get("instrument") == profile.name)


def _check(body: Mapping[str, Any]) -> Check:
    certified = body["certified_mg_m3"] if body["gas"] == Gas.SPAN else 0.0
    return Check(
        Gas(body["gas"]), body["at_unix_s"], body["officer"], body["read_mg_m3"], certified, body.get("cylinder", "")
    )
