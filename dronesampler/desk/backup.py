"""Backups of a data folder and the way back, also from a recorder's second copy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dronesampler.clock import Clock
from dronesampler.problems import BadInput
from dronesampler.store import Reclaimed, Store, archive, reclaim
from dronesampler.store.archive import Backup
from dronesampler.texts import Text

MIRROR_ENDING = ".mirror.jsonl"

_NOTHING = Text("{path} 不存在。", "{path} does not exist.")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back: patrols on file now, and where the old data was put (None if there was none)."""

    backup: Backup
    patrols: int
    kept_aside: Path | None


def back_up(data: Path, target: Path, *, clock: Clock, progress: Callable[[str], None], keys: bool = False) -> Backup:
    """A verified backup of the data folder below `target`; raises BadInput and Refused."""
    return archive.back_up(data, target, clock=clock, keys=keys, progress=progress)


def restore(source: Path, data: Path, *, clock: Clock, replace: bool = False) -> Restored | Reclaimed:
    """Bring back a backup's folder, or add a patrol out of its second copy (`*.mirror.jsonl`).

    A backup that a newer program made is refused before anything is touched.
    """
    if not source.exists():
        raise BadInput(_NOTHING.with_(path=source))
    if source.is_file():
        with Store.open(data, clock=clock) as store:
            return reclaim(store, source)
    found = archive.check(source)
    aside = archive.restore(source, data, clock=clock, replace=replace)
    with Store.open(data, clock=clock) as store:
        return Restored(found, len(store.patrols()), aside)
