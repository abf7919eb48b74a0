"""Use case: what a packet of this patrol would lack, told before it is sealed."""

from collections.abc import Iterator
from pathlib import Path

from dronesampler.casework import why_not_two
from dronesampler.desk.packet_contents import lab_files
from dronesampler.desk.samples import samples_of
from dronesampler.desk.team import TEAM_FILE, Team, team_of
from dronesampler.problems import BadInput, Problem, Refused, Severity
from dronesampler.store import Patrol, PatrolName, State, Store
from dronesampler.texts import Text

RUNNING = Text("巡查尚未结束", "the patrol has not ended")
NO_RAW = Text("没有飞行原始日志", "there is no raw log of the flight")
NO_READINGS = Text("没有读数", "there are no readings")
NOT_JUDGED = Text("尚未研判", "it has not been judged")
NO_PARK = Text("没有指定园区", "no park is named")
NO_AIRCRAFT = Text("无人机登记信息缺少：{fields}", "the aircraft's record lacks: {fields}")
UNDATED = Text("{name} 的执法证没有有效期", "the certificate of {name} has no expiry")
NO_SAMPLES = Text("没有实物样品：读数只是线索", "there is no physical sample: readings are leads only")
FILE_GONE = Text("检测报告文件不在数据文件夹：{name}", "a laboratory's file is not in the data folder: {name}")
AIRCRAFT_FIELDS = ("model", "serial", "registration")
Found = tuple[str, Severity, Text, str]


def missing(store: Store, patrol: PatrolName, *, folder: Path | None = None) -> tuple[Problem, ...]:
    """What is missing or wrong, what stands against sealing (errors) first. Nothing is changed."""
    found = store.patrol(patrol)
    place = folder or store.folder
    rows = [*_people(place, found), *_flight(store, found, place), *_samples(store, found, place)]
    problems = [Problem(f"packet.{rule}", severity, text, where) for rule, severity, text, where in rows]
    return tuple(sorted(problems, key=lambda p: p.severity is not Severity.ERROR))


def _people(folder: Path | None, patrol: Patrol) -> Iterator[Found]:
    try:
        team: Team = team_of(folder or Path(), patrol)
    except (BadInput, Refused) as reason:
        yield "officers", Severity.ERROR, reason.text, TEAM_FILE
        return
    two = why_not_two(team.officers)
    if two is not None:
        yield "officers", Severity.ERROR, two, TEAM_FILE
    for officer in team.officers:
        if not officer.valid_to:
            yield "certificate", Severity.WARNING, UNDATED.with_(name=officer.name), TEAM_FILE
    gaps = [name for name in AIRCRAFT_FIELDS if not team.aircraft.get(name)]
    if gaps:
        yield "aircraft", Severity.WARNING, NO_AIRCRAFT.with_(fields=", ".join(gaps)), TEAM_FILE


def _flight(store: Store, patrol: Patrol, folder: Path | None) -> Iterator[Found]:
    if patrol.state is State.OPEN:
        yield "open", Severity.WARNING, RUNNING, ""
    raw = folder / "raw" / patrol.uuid if folder else None
    if raw is None or not raw.is_dir() or not any(raw.iterdir()):
        yield "raw", Severity.WARNING, NO_RAW, ""
    if not patrol.counts.get("readings") and not store.streams(patrol):
        yield "readings", Severity.WARNING, NO_READINGS, ""
    if not store.findings(patrol):
        yield "findings", Severity.WARNING, NOT_JUDGED, ""
    if patrol.park_id is None:
        yield "park", Severity.WARNING, NO_PARK, ""


def _samples(store: Store, patrol: Patrol, folder: Path | None) -> Iterator[Found]:
    records = samples_of(store, patrol)
    if not records:
        yield "samples", Severity.NOTE, NO_SAMPLES, ""
    now_s = store.clock.unix_s()
    for record in records:
        for problem in record.problems(now_s):
            # True and to be said, but nothing that stands against sealing.
            yield problem.rule, Severity.WARNING, problem.text, problem.where
    if folder is not None:
        for name, (path, _) in lab_files(store, patrol, folder=folder).items():
            if not path.is_file():
                yield "lab", Severity.ERROR, FILE_GONE.with_(name=Path(name).name), name
