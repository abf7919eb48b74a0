"""Use cases of physical samples: take, seal, hand over, attach what the laboratory found, correct, list."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from dronesampler.casework import Handover, LabFile, LabResult, Sample, SampleRecord, Sealing, record_of
from dronesampler.casework.bodies import body_of, value_of
from dronesampler.casework.record import CORRECTED, HANDED, NOTED, RESULT, SEALED, TAKEN, corrected_body, taken_body
from dronesampler.casework.results import result_problems
from dronesampler.casework.samples import sample_problems
from dronesampler.columns import Track
from dronesampler.evidence import chunks_of, digest_of
from dronesampler.evidence.files import write_whole
from dronesampler.journal import first_break
from dronesampler.problems import BadInput, Problem, Refused, Severity, system_said
from dronesampler.store import Batch, Dossier, Patrol, PatrolName, Store
from dronesampler.texts import Text

SAMPLE = "sample"
LAB_FOLDER = "media/lab"
MOST_APART_S = 60.0  # from a track that knows nothing of that minute no place is taken
FUTURE_S = 300.0  # a clock may be a little off; an hour from now nothing has happened yet

BROKEN_RECORD = Text(
    "样品 {number} 的记录已损坏（{reason}）；请用备份恢复",
    "the record of {number} is damaged ({reason}): restore a backup",
)
AT_ENTRY = Text("第 {seq} 条断链", "its chain breaks at entry {seq}")
NAMELESS = Text("必须写明交出人和接收人", "who gives and who receives must both be named")
NOT_YET = Text("时间在将来：{when}", "that is in the future: {when}")
BEFORE_TAKEN = Text("早于样品采集时间", "that is before the sample was taken")
RECEIVED_FIRST = Text("接收时间早于交出时间", "it is received before it is given away")
NO_SEAL = Text("没有封签号", "a seal has a number")
NO_WHY = Text("更正必须写明理由和更正人", "a correction says why, and by whom")
NO_SUCH_FIELD = Text("样品没有名为“{name}”的字段", "a sample has no field {name!r}")
FIXED_FIELD = Text("“{name}”不能更正", "{name!r} cannot be corrected")
BAD_VALUE = Text("字段的值不对：{why}", "a field has a value of the wrong kind: {why}")
NOTHING_ENTERED = Text("检测结果既没有文件也没有数值", "the result has neither a file nor a value")
NO_SUCH_RESULT = Text("第 {seq} 条不是该样品的检测结果", "entry {seq} is no result of this sample")
NO_LAB_FOLDER = Text(
    "数据库在服务器上：请说明检测报告文件放在哪个目录", "the database is on a server: say which folder holds the files"
)
LARGEST_FILE_BYTES = 256 << 20
TOO_LARGE = Text("{file} 超过 {mb} MB", "{file} has more than {mb} MB")
CANNOT_READ = Text("无法读取 {file}：{why}", "cannot read {file}: {why}")


def samples_of(store: Store, patrol: PatrolName | None = None) -> tuple[SampleRecord, ...]:
    """The records of a patrol's samples, or of all. Raises Refused for a damaged one."""
    return tuple(_told(dossier) for dossier in store.dossiers(SAMPLE, patrol))


def sample_of(store: Store, number: str) -> SampleRecord:
    """By number; raises BadInput if there is none, Refused for a damaged record."""
    return _told(store.dossier(SAMPLE, number.strip().upper()))


def _told(dossier: Dossier) -> SampleRecord:
    broken = first_break(dossier.entries)
    if broken is not None:
        raise Refused(BROKEN_RECORD.with_(number=dossier.number, reason=AT_ENTRY.with_(seq=broken)))
    try:
        return record_of(dossier.entries)
    except (ValueError, KeyError, TypeError) as reason:
        raise Refused(BROKEN_RECORD.with_(number=dossier.number, reason=reason)) from reason


def take_sample(store: Store, patrol: PatrolName, sample: Sample) -> SampleRecord:
    """Enter a sample of this patrol. A number and a place that are not given are made: the place from the track.

    Raises BadInput for what cannot be: a stop before the start, a negative volume, a number that is taken.
    """
    found = store.patrol(patrol)
    sample = _placed(replace(sample, patrol=found.uuid, simulated=found.simulated), store.track(found))
    with store.transaction() as batch:
        number = sample.number.strip().upper() or _next_number(batch, sample.started_unix_s)
        sample = replace(sample, number=number)
        _refuse_nonsense(sample_problems(sample))
        _refuse_future(store, sample.ended_unix_s)
        made = batch.open_dossier(SAMPLE, number, patrol_id=found.id, simulated=found.simulated)
        batch.append_entry(made, TAKEN, taken_body(sample))
        return _told(batch.dossier(SAMPLE, number))


def correct_sample(store: Store, number: str, changes: Mapping[str, Any], *, why: str, by: str) -> SampleRecord:
    """Enter the record as it should have been, with the reason; the first entry stays. `changes` are JSON values."""
    if not why.strip() or not by.strip():
        raise BadInput(NO_WHY)
    record = sample_of(store, number)
    body: dict[str, Any] = body_of(record.sample)
    for name in changes:
        if name in ("number", "patrol", "simulated"):
            raise BadInput(FIXED_FIELD.with_(name=name))
        if name not in body:
            raise BadInput(NO_SUCH_FIELD.with_(name=name))
    try:
        corrected = value_of(Sample, body | dict(changes))
    except ValueError as reason:
        raise BadInput(BAD_VALUE.with_(why=reason)) from reason
    _refuse_nonsense(sample_problems(corrected))
    return _append(store, record, CORRECTED, corrected_body(corrected, why=why, by=by))


def seal_sample(store: Store, number: str, sealing: Sealing) -> SampleRecord:
    """Enter that a seal was put on, or changed for another."""
    record = sample_of(store, number)
    if not sealing.seal.strip():
        raise BadInput(NO_SEAL)
    _refuse_time(store, record, sealing.at_unix_s)
    replaces = sealing.replaces or (record.seals[-1].seal if record.seals else "")
    return _append(store, record, SEALED, body_of(replace(sealing, replaces=replaces)))


def hand_over(store: Store, number: str, handover: Handover) -> SampleRecord:
    """Enter that the sample went from one hand to another. Gaps and broken seals are entered too, and flagged."""
    record = sample_of(store, number)
    handover = replace(handover, giver=handover.giver.strip() or record.holder, receiver=handover.receiver.strip())
    if not handover.receiver:
        raise BadInput(NAMELESS)
    if handover.received_unix_s < handover.released_unix_s:
        raise BadInput(RECEIVED_FIRST)
    _refuse_time(store, record, handover.released_unix_s)
    _refuse_future(store, handover.received_unix_s)
    return _append(store, record, HANDED, body_of(handover))


def note_sample(store: Store, number: str, note: str, *, by: str) -> SampleRecord:
    """Enter a remark."""
    return _append(store, sample_of(store, number), NOTED, {"note": note, "by": by})


def attach_result(
    store: Store, number: str, result: LabResult, *, files: Sequence[Path] = (), folder: Path | None = None
) -> SampleRecord:
    """Enter what the laboratory found; its files are kept byte for byte under their digests in the data folder.

    A result that corrects another names its entry; the other stays.
    """
    record = sample_of(store, number)
    if not files and not result.values:
        raise BadInput(NOTHING_ENTERED)
    if result.corrects is not None and result.corrects not in [seq for seq, _ in record.results]:
        raise BadInput(NO_SUCH_RESULT.with_(seq=result.corrects))
    if result.corrects is not None and not result.why.strip():
        raise BadInput(NO_WHY)
    _refuse_nonsense(result_problems(number, result, asked_method=record.sample.method))
    for moment in (result.received_unix_s, result.analysed_unix_s):
        if moment is not None:
            _refuse_time(store, record, moment)
    place = folder or store.folder
    if place is None and files:
        raise Refused(NO_LAB_FOLDER)
    kept = tuple(_keep(path, place) for path in files) if place else ()
    return _append(store, record, RESULT, body_of(replace(result, files=kept)))


def lab_path(file: LabFile) -> str:
    """Where a laboratory's file lies below the data folder: named by its bytes, so that none takes another's place."""
    ending = "".join(c for c in PurePosixPath(file.name).suffix.lower() if c.isalnum() or c == ".")[:8]
    return f"{LAB_FOLDER}/{file.sha256}{ending}"


def _keep(path: Path, folder: Path) -> LabFile:
    """Copy a file below the data folder. It is read once, so that the digest is that of the bytes that are kept."""
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise BadInput(TOO_LARGE.with_(file=path, mb=LARGEST_FILE_BYTES >> 20))
        data = path.read_bytes()
    except OSError as reason:
        raise BadInput(CANNOT_READ.with_(file=path, why=system_said(reason))) from reason
    file = LabFile(path.name, len(data), digest_of([data]).sha256)
    target = folder / lab_path(file)
    if not target.is_file() or digest_of(chunks_of(target)).sha256 != file.sha256:
        write_whole(target, [data])
    return file


def _append(store: Store, record: SampleRecord, kind: str, body: Mapping[str, Any]) -> SampleRecord:
    with store.transaction() as batch:
        dossier = batch.dossier(SAMPLE, record.sample.number)
        batch.append_entry(dossier.id, kind, body)
        return _told(batch.dossier(SAMPLE, record.sample.number))


def _next_number(batch: Batch, unix_s: float) -> str:
    """S, the day (UTC), and a number that nobody has."""
    day = f"S{datetime.fromtimestamp(unix_s, UTC):%Y%m%d}-"
    taken = {number for number in batch.dossier_numbers(SAMPLE) if number.startswith(day)}
    return next(name for k in range(1, len(taken) + 2) if (name := f"{day}{k:03d}") not in taken)


def _placed(sample: Sample, track: Track) -> Sample:
    """With the place of the aircraft when the valve opened, where none is given and the track knows."""
    if sample.lat_deg is not None or not len(track):
        return sample if sample.lat_deg is None else replace(sample, place_from=sample.place_from or "given")
    known = np.isfinite(track.lat_deg) & np.isfinite(track.lon_deg)
    if not known.any():
        return sample
    time_s, at_s = track.time_s[known], sample.started_unix_s
    apart_s = float(np.min(np.abs(time_s - at_s)))
    if apart_s > MOST_APART_S:
        return sample

    def there(column: Any) -> float | None:
        value = float(np.interp(at_s, time_s, column[known]))
        return value if np.isfinite(value) else None

    return replace(
        sample,
        lat_deg=there(track.lat_deg),
        lon_deg=there(track.lon_deg),
        height_agl_m=there(track.height_agl_m),
        height_home_m=there(track.height_home_m),
        place_from="track",
        place_apart_s=round(apart_s, 3),
    )


def _refuse_nonsense(problems: Sequence[Problem]) -> None:
    """What cannot be is refused; what is only missing, or out of force, is entered and flagged."""
    wrong = [p for p in problems if p.severity is Severity.ERROR and not p.rule.endswith(".method")]
    if wrong:
        raise BadInput(wrong[0].text, where=wrong[0].where)


def _refuse_future(store: Store, unix_s: float) -> None:
    if unix_s > store.clock.unix_s() + FUTURE_S:
        raise BadInput(NOT_YET.with_(when=datetime.fromtimestamp(unix_s, UTC).isoformat(timespec="seconds")))


def _refuse_time(store: Store, record: SampleRecord, unix_s: float) -> None:
    _refuse_future(store, unix_s)
    if unix_s < record.sample.ended_unix_s:
        raise BadInput(BEFORE_TAKEN, where=record.sample.number)


def patrol_of(store: Store, record: SampleRecord) -> Patrol:
    """The patrol a sample was taken on."""
    return store.patrol(record.sample.patrol)
