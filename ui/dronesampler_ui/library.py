"""What the window reads from and writes to the data folder: plain functions of a store, run by `Background` only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dronesampler.clock import SystemClock
from dronesampler.park import Park
from dronesampler.problems import BadInput, Refused
from dronesampler.texts import Text
from dronesampler_ui.values import Decision, PatrolLine, PatrolShown, Verdict, flags_of

if TYPE_CHECKING:
    from dronesampler.store import Patrol, Store

DECIDED = "flag decided"  # kind of the journal entry that holds an officer's decision


class Library:
    """Opens the data folder's store when it is first needed; its methods block and belong on work threads."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self._store: Store | None = None
        self._opening = threading.Lock()

    def store(self) -> Store:
        # The database and the analysis take a second to import: they are, on the first work thread that needs them.
        from dronesampler.store import Store

        with self._opening:
            if self._store is None:
                self.data_dir.mkdir(parents=True, exist_ok=True)
                self._store = Store.open(self.data_dir)
            return self._store

    def store_if_sound(self) -> Store | None:
        """The store, None where it cannot be opened: what looks for a fault must do without."""
        try:
            return self.store()
        except (BadInput, Refused):
            return None

    def close(self) -> None:
        with self._opening:
            if self._store is not None:
                self._store.close()
                self._store = None

    def patrols(self) -> tuple[PatrolLine, ...]:
        """All patrols, the newest first."""
        store = self.store()
        parks = {park.id: park.name for park in store.parks()}
        return tuple(_line(patrol, parks) for patrol in reversed(store.patrols()))

    def patrol(self, patrol_id: int, lang: str) -> PatrolShown:
        """Everything Review shows of one patrol."""
        from dronesampler.store import PlanStage

        store = self.store()
        patrol = store.patrol(patrol_id)
        findings = store.findings(patrol)
        analysis: Mapping[str, Any] = findings[-1].analysis if findings else {}
        park = store.park(patrol.park_id) if patrol.park_id is not None else None
        readings, track = store.readings(patrol), store.track(patrol)
        mission = store.plan(patrol, PlanStage.AS_READ_BACK) or store.plan(patrol)
        return PatrolShown(
            line=_line(patrol, {patrol.park_id: park.name} if park and patrol.park_id is not None else {}),
            readings=readings if len(readings) else None,
            track=track if len(track) else None,
            wind=store.wind(patrol),
            park=park,
            mission=mission or store.plan(patrol, PlanStage.AS_PLANNED),
            flags=flags_of(analysis, lang),
            analysis=analysis,
            finding_id=findings[-1].id if findings else None,
            decisions=decisions_of(store, patrol.id),
        )

    def judge(self, patrol_id: int, at: Callable[[float], None]) -> int:
        """Attribute a patrol's readings and keep the finding; the patrol's id. `at` may raise to stop it."""
        from dronesampler.desk.judge import judge_patrol

        judge_patrol(self.store(), patrol_id, progress=_Told(at))
        return patrol_id

    def decide(self, patrol_id: int, decision: Decision) -> tuple[Decision, ...]:
        """Keep an officer's decision in the patrol's journal; all that hold then."""
        store = self.store()
        body = {
            "finding": decision.finding_id,
            "number": decision.number,
            "verdict": decision.verdict.value,
            "reason": decision.reason,
            "lat_deg": decision.lat_deg,
            "lon_deg": decision.lon_deg,
        }
        with store.transaction() as batch:
            batch.note(patrol_id, DECIDED, body)
        return decisions_of(store, patrol_id)

    def cases(self) -> tuple[CaseLine, ...]:
        """Every place that officers accepted, newest first."""
        store = self.store()
        found = [
            CaseLine(_line(patrol, {}), decision, tuple(packet.path for packet in store.packets(patrol)))
            for patrol in store.patrols()
            for decision in decisions_of(store, patrol.id)
            if decision.verdict is Verdict.ACCEPTED
        ]
        return tuple(sorted(found, key=lambda case: -case.decision.unix_s))

    def parks(self) -> tuple[Park, ...]:
        store = self.store()
        return tuple(store.park(park.id) for park in store.parks())


@dataclass(frozen=True, slots=True)
class _Told:
    """Progress of a use case, told to the window as a part of the whole."""

    tell: Callable[[float], None]

    def stage(self, text: Text) -> None:
        """The window shows its own title."""

    def at(self, fraction: float, text: Text | None = None) -> None:
        self.tell(fraction)

    def say(self, text: Text) -> None:
        """Kept in the finding as well."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case: an accepted place of a patrol, and the packets written of that patrol."""

    patrol: PatrolLine
    decision: Decision
    packets: tuple[str, ...] = ()


def decisions_of(store: Store, patrol_id: int) -> tuple[Decision, ...]:
    """The latest decision on each flag."""
    latest: dict[tuple[int, int], Decision] = {}
    for entry in store.journal(patrol_id):
        if entry.kind == DECIDED:
            body = entry.body
            latest[body["finding"], body["number"]] = Decision(
                finding_id=body["finding"],
                number=body["number"],
                verdict=Verdict(body["verdict"]),
                reason=body["reason"],
                lat_deg=body["lat_deg"],
                lon_deg=body["lon_deg"],
                unix_s=entry.unix_s,
            )
    return tuple(latest.values())


def _line(patrol: Patrol, parks: Mapping[int, str]) -> PatrolLine:
    return PatrolLine(
        id=patrol.id,
        uuid=patrol.uuid,
        name=patrol.name,
        began_unix_s=patrol.started_unix_s if np.isfinite(patrol.started_unix_s) else None,
        readings=int(patrol.counts.get("readings", 0)),
        park=parks.get(patrol.park_id, "") if patrol.park_id is not None else "",
        simulated=patrol.simulated,
        state=patrol.state.value,
    )


def now_unix_s() -> float:
    """This computer's wall clock."""
    return SystemClock().unix_s()
