"""The database of patrols, the recorder that writes a live one, and backups.

Reading: `with Store.open(data_folder, clock=clock) as store: store.readings("last")`; also patrols, patrol, track,
wind, journal, plan, park, findings, imports, packets, media, streams, reading_rows.

Writing: `with store.transaction() as batch:` then batch.begin_patrol, end_patrol, put_park, put_plan, put_findings,
put_import, put_packet, put_media, add_readings, add_track, add_wind, open_dossier, append_entry, note:
all of the block is kept, or nothing.

A live patrol: `Recorder(store, patrol.id, on_failure=..., on_recovered=..., on_acknowledged=..., mirror=...)`, then
`put(ReadingRow | PlacedRow | TrackRow | WindRow | JournalRow | PlanRow)` as they come and `close()` at the end.
"""

from dronesampler.store.batch import Batch
from dronesampler.store.bulk import ReadingColumns
from dronesampler.store.documents import plan_row
from dronesampler.store.dossiers import Dossier
from dronesampler.store.mirror import Mirror
from dronesampler.store.reclaim import Reclaimed, reclaim
from dronesampler.store.recorder import Recorder
from dronesampler.store.records import JournalRow, PlacedRow, PlanRow, ReadingRow, Record, TrackRow, WindRow
from dronesampler.store.space import Space, recording_rate, space
from dronesampler.store.store import PatrolName, Store
from dronesampler.store.values import (
    Finding,
    ImportedFile,
    Kind,
    Media,
    Packet,
    Patrol,
    PlanStage,
    RejectedRow,
    State,
    StoredPark,
    StoredPlan,
    Stream,
)

__all__ = [
    "Batch",
    "Dossier",
    "Finding",
    "ImportedFile",
    "JournalRow",
    "Kind",
    "Media",
    "Mirror",
    "Packet",
    "Patrol",
    "PatrolName",
    "PlacedRow",
    "PlanRow",
    "PlanStage",
    "ReadingColumns",
    "ReadingRow",
    "Reclaimed",
    "Record",
    "Recorder",
    "RejectedRow",
    "Space",
    "State",
    "Store",
    "StoredPark",
    "StoredPlan",
    "Stream",
    "TrackRow",
    "WindRow",
    "plan_row",
    "reclaim",
    "recording_rate",
    "space",
]
