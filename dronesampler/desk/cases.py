"""Use cases of cases: tell the story of an accepted place, and read it."""

from datetime import UTC, datetime

from dronesampler.casework.bodies import body_of
from dronesampler.casework.cases import OPENED, TOLD, Case, CaseOpened, CaseTold, case_of
from dronesampler.journal import first_break
from dronesampler.problems import BadInput, Refused
from dronesampler.store import Batch, Dossier, PatrolName, Store
from dronesampler.texts import Text

CASE = "case"

EMPTY = Text("案情不能为空", "the story is empty")
BROKEN_CASE = Text(
    "案件 {number} 的记录已损坏；请用备份恢复", "the record of case {number} is damaged: restore a backup"
)


def cases_of(store: Store, patrol: PatrolName | None = None) -> tuple[Case, ...]:
    """The cases of a patrol, or all. Raises Refused for a damaged one."""
    return tuple(_told(dossier) for dossier in store.dossiers(CASE, patrol))


def case_about(store: Store, patrol: PatrolName, *, finding: int, flag: int) -> Case | None:
    """The case of one suspected place, None where nobody has told it yet."""
    return next((c for c in cases_of(store, patrol) if (c.opened.finding, c.opened.flag) == (finding, flag)), None)


def tell_case(
    store: Store,
    patrol: PatrolName,
    told: CaseTold,
    *,
    finding: int,
    flag: int,
    place: tuple[float, float],
    reason: str = "",
) -> Case:
    """Tell what is known of a suspected place: the first telling opens its case, more are added. Raises BadInput."""
    if not told.story.strip():
        raise BadInput(EMPTY)
    found = store.patrol(patrol)
    known = case_about(store, found, finding=finding, flag=flag)
    with store.transaction() as batch:
        number = known.number if known else _next_number(batch, store.clock.unix_s())
        if known is None:
            made = batch.open_dossier(CASE, number, patrol_id=found.id, simulated=found.simulated)
            opened = CaseOpened(number, found.uuid, finding, flag, *place, reason, found.simulated)
            batch.append_entry(made, OPENED, body_of(opened))
        batch.append_entry(batch.dossier(CASE, number).id, TOLD, body_of(told))
        return _told(batch.dossier(CASE, number))


def _told(dossier: Dossier) -> Case:
    try:
        if first_break(dossier.entries) is not None:
            raise ValueError("the chain breaks")
        return case_of(dossier.entries)
    except (ValueError, KeyError, TypeError) as reason:
        raise Refused(BROKEN_CASE.with_(number=dossier.number)) from reason


def _next_number(batch: Batch, unix_s: float) -> str:
    """XP, the year (UTC), and a number that nobody has: never like a permit's."""
    year = f"XP-{datetime.fromtimestamp(unix_s, UTC):%Y}-"
    taken = {number for number in batch.dossier_numbers(CASE) if number.startswith(year)}
    return next(name for k in range(1, len(taken) + 2) if (name := f"{year}{k:03d}") not in taken)
