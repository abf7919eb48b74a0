"""data/case.json of a packet: the whole machine record of a patrol."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from dronesampler import report
from dronesampler.desk import packet_files
from dronesampler.desk.team import Team
from dronesampler.evidence.case_record import CASE_FORMAT
from dronesampler.park import Park
from dronesampler.store import Patrol, Store

RETENTION_YEARS = 5


def case_document(store: Store, patrol: Patrol, *, team: Team, values: report.ReportValues) -> dict[str, Any]:
    """The record as JSON values; `dronesampler.evidence.case_record` says what it must hold."""
    findings, park = store.findings(patrol), values.park
    return {
        "format": CASE_FORMAT,
        "id": patrol.uuid,
        "simulated": patrol.simulated,
        "wording": "疑似 / suspected",
        "agency": team.agency,
        "officers": [officer.as_json() for officer in team.officers],
        "patrol": {
            "uuid": patrol.uuid,
            "name": patrol.name,
            "started_unix_s": patrol.started_unix_s,
            "ended_unix_s": patrol.ended_unix_s,
            "aircraft": dict(values.patrol.aircraft),
            "clock_factor": patrol.clock_factor,
            "counts": dict(patrol.counts),
        },
        "park": {"name": park.name, "simulated": park.simulated, "bounds_deg": _bounds(park)},
        "instruments": [
            {
                "instrument": s.instrument,
                "quantity": s.quantity,
                "unit": s.unit,
                "grade": "线索",
                "simulated": s.simulated,
            }
            for s in store.streams(patrol)
        ],
        "readings": {"count": len(values.readings), "maximum_mg_m3": _maximum(values)},
        "track": {"points": len(values.track), "length_m": round(report.track_length_m(values.track), 1)},
        "findings": {"suspected": [], **(findings[-1].analysis if findings else {})},
        "samples": [sample.as_json() for sample in values.samples],
        "media": [
            {"name": Path(m.path).name, "kind": m.kind, "sha256": m.sha256, "taken_unix_s": m.taken_unix_s}
            for m in store.media(patrol)
        ],
        "files": [{"name": f.name, "size": f.size, "sha256": f.sha256} for f in values.files],
        "environment": packet_files.environment(),
        "retention_until": f"{datetime.fromtimestamp(patrol.started_unix_s, UTC).year + RETENTION_YEARS}-12-31",
    }


def _bounds(park: Park) -> list[float]:
    lat, lon = zip(*park.boundary.outer, strict=True)
    return [min(lat), min(lon), max(lat), max(lon)]


def _maximum(values: report.ReportValues) -> float | None:
    good = values.readings.value_mg_m3[values.readings.ok & np.isfinite(values.readings.value_mg_m3)]
    return float(good.max()) if len(good) else None
