"""Samples out of a flight's own journal: what the valve filled, by itself or on command, entered after landing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dronesampler.casework import Officer, Sample, SampleRecord, Trigger, Vessel
from dronesampler.commands import SwitchSampler
from dronesampler.desk.samples import samples_of, take_sample
from dronesampler.events import CommandProgressed, Stage
from dronesampler.journal import Entry
from dronesampler.store import PatrolName, Store

VALVE = "valve"  # the session's word in the journal


@dataclass(frozen=True, slots=True)
class Filled:
    """A vessel between the valve's opening and its shutting (None: it never shut)."""

    vessel: str
    opened_unix_s: float
    shut_unix_s: float | None
    note: str
    trigger: Trigger = Trigger.PLUME_AXIS


def filled_in(journal: Sequence[Entry]) -> Iterator[Filled]:
    """What was filled by the plume-axis rule, in order."""
    refused = _refused_ids(journal)
    opened: Entry | None = None
    shut_unix_s: float | None = None
    for entry in journal:
        move = entry.body.get("move") if entry.kind == VALVE else None
        if move == "open":
            if opened is not None:
                yield _filled(opened, shut_unix_s)
            # An opening that the autopilot refused let nothing in.
            opened, shut_unix_s = (None if entry.body.get("id") in refused else entry), None
        elif move in ("shut", "shut again"):
            # One that was refused did not shut it: it is told again, and the last counts.
            shut_unix_s = None if entry.body.get("id") in refused else float(entry.body["at_unix_s"])
    if opened is not None:
        yield _filled(opened, shut_unix_s)


def _refused_ids(journal: Sequence[Entry]) -> frozenset[int]:
    """The commands to a valve that were refused."""
    kind, refused = CommandProgressed.__name__, Stage.REFUSED.value
    told = [e.body for e in journal if e.kind == kind and e.body.get("name") == SwitchSampler.__name__]
    return frozenset(int(body["command_id"]) for body in told if body["stage"] == refused)


def switched_in(journal: Sequence[Entry], relay: int) -> Iterator[Filled]:
    """What was filled on command: from each switching on of that relay to its switching off."""
    on: Entry | None = None
    for entry in journal:
        body = entry.body
        if entry.kind != VALVE or body.get("move") != "switch" or (body["output"], body["relay"]) != (relay, True):
            continue
        if body["value"] and on is None:
            on = entry
        elif not body["value"] and on is not None:
            yield _switched(on, float(body["at_unix_s"]))
            on = None
    if on is not None:
        yield _switched(on, None)


def _switched(on: Entry, off_unix_s: float | None) -> Filled:
    note = f"relay {on.body['output']} {on.body['by']}".strip()
    return Filled("", float(on.body["at_unix_s"]), off_unix_s, note, Trigger.COMMAND)


def _filled(opened: Entry, shut_unix_s: float | None) -> Filled:
    b = opened.body
    figures = [f"{name}={b[name]:.3f}" for name in ("top_mg_m3", "background_mg_m3", "sigmas") if name in b]
    return Filled(str(b["vessel"]), float(b["at_unix_s"]), shut_unix_s, " ".join([str(b["vessel"]), *figures]))


def samples_from_flight(
    store: Store,
    patrol: PatrolName,
    *,
    officers: Sequence[Officer],
    method: str = "",
    relay: int | None = None,
    vessel: Vessel | None = None,
) -> tuple[SampleRecord, ...]:
    """Enter every vessel that the flight filled and that is not entered yet; what was entered.

    By itself past the top of a plume, and on command where `relay` says which output the valve or pump is on.
    `vessel` says what the vessels are where their names do not.
    """
    journal = store.journal(patrol)
    filled = [*filled_in(journal), *(switched_in(journal, relay) if relay is not None else ())]
    known = {r.first.started_unix_s for r in samples_of(store, patrol) if r.first.trigger is not Trigger.HAND}
    return tuple(
        take_sample(store, patrol, _sample(one, officers=officers, method=method, vessel=vessel))
        for one in sorted(filled, key=lambda one: one.opened_unix_s)
        if one.opened_unix_s not in known
    )


def _sample(filled: Filled, *, officers: Sequence[Officer], method: str, vessel: Vessel | None) -> Sample:
    return Sample(
        number="",
        vessel=vessel or _vessel(filled.vessel),
        started_unix_s=filled.opened_unix_s,
        stopped_unix_s=filled.shut_unix_s,
        trigger=filled.trigger,
        officers=tuple(officers),
        method=method,
        note=filled.note,
    )


def _vessel(name: str) -> Vessel:
    """What the pilot's name of a vessel begins with: CANISTER-2 is a canister; whatever says nothing is a bag."""
    return next((v for v in Vessel if name.lower().startswith(v.value)), Vessel.BAG)
