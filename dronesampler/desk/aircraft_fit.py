"""An aircraft's power model from the user's own flights: logs and patrols in, a file for `--aircraft` out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from dronesampler.desk.import_flight_log import read_flight_log
from dronesampler.plan import Aircraft
from dronesampler.plan.aircraft import aircraft_text
from dronesampler.plan.energy import Fit, fit, power_w
from dronesampler.plan.flown_power import FlownPower, flown_power, joined
from dronesampler.problems import BadInput, Refused, system_said
from dronesampler.store import Store
from dronesampler.texts import Lang, Text

NOT_A_LOG = Text(
    "不是飞行日志（tlog、DataFlash .BIN/.log 或 ULog），也不是巡查",
    "neither a flight log (tlog, DataFlash .BIN or .log, ULog) nor a patrol",
)
NO_RAW = Text(
    "巡查 {patrol} 没有留存飞行日志：请直接给出日志文件",
    "patrol {patrol} holds no flight log: give the log's own file",
)
TOO_SHORT = Text(
    "日志里可用的飞行只有 {seconds:.0f} 秒，至少需要 {least:.0f} 秒",
    "the logs hold {seconds:.0f} s of flight that can be used; it takes {least:.0f} s at least",
)
NOT_EXPLAINED = Text(
    "空速和爬升解释不了日志里的功率：剩余误差 {left:.0f} W，为悬停功率的 {share:.0%}（上限 {most:.0%}）。"
    "是否中途换了载荷，或电流计未校准？",
    "airspeed and climb do not explain the power in the logs: {left:.0f} W are left, {share:.0%} of hover power (at "
    "most {most:.0%}). Was the payload changed in between, or is the current sensor not calibrated?",
)
NO_WIND = Text(
    "日志没有记录风：以地速代替空速，有风时拟合会偏差",
    "the logs tell no wind: ground speed stands for airspeed, and a windy day skews the fit",
)
NO_FAST = Text(
    "日志最快只飞到 {fastest:.1f} m/s：更快时的功率是推算的",
    "the fastest flight in the logs is {fastest:.1f} m/s: power at higher speeds is extrapolated",
)
NOT_WRITABLE = Text("无法写入机型文件：{why}", "the aircraft file cannot be written: {why}")
WRONG_ENDING = Text("机型文件的扩展名应为 .toml", "an aircraft file ends in .toml")
LEAST_S = 60.0
MOST_LEFT = 0.15  # of hover power
BLOCK_S = 20.0  # what is held out of the fit to judge it comes in pieces of this length
LOG_ENDINGS = (".tlog", ".bin", ".log", ".ulg", ".ulog")


@dataclass(frozen=True, slots=True)
class Fitted:
    """The fitted aircraft and how far it can be trusted. `held_out` is the error of energy, signed and relative, in
    flight that the fit had not seen; None where the logs are too short to hold some back."""

    fit: Fit
    rows: FlownPower
    held_out: float | None
    logs: tuple[str, ...]
    notes: tuple[Text, ...]
    simulated: bool


def fit_aircraft(sources: Sequence[str], *, data: Path, aircraft: Aircraft | None = None) -> Fitted:
    """Fit hover power, drag and climbing to all logs together; what a log cannot tell is kept from `aircraft`.

    A source is a file, or a patrol of the data folder (id, uuid, "last"). Raises BadInput for what is no log or holds
    too little, Refused where the model does not explain what the logs say.
    """
    base = aircraft or Aircraft()
    found_logs = [_logs_of(source, data) for source in sources]
    paths = [path for logs, _ in found_logs for path in logs]
    simulated = any(of_simulator for _, of_simulator in found_logs)
    parts: list[FlownPower] = []
    empty: BadInput | None = None
    for path in paths:
        try:
            rows, of_simulator = _rows_of(path)
        except BadInput as problem:
            if len(paths) == 1:
                raise
            empty = problem  # one segment of a patrol may have been on the ground
            continue
        parts.append(rows)
        simulated = simulated or of_simulator
    if not parts and empty is not None:
        raise empty
    rows = joined(parts)
    if rows.seconds < LEAST_S:
        raise BadInput(TOO_SHORT.with_(seconds=rows.seconds, least=LEAST_S))
    found = _fit(base, rows)
    if found.residual_share > MOST_LEFT:
        values = {"left": found.residual_w, "share": found.residual_share, "most": MOST_LEFT}
        raise Refused(NOT_EXPLAINED.with_(**values))
    named = replace(found, aircraft=replace(found.aircraft, name=f"{base.name}, fitted{', SIMULATED' * simulated}"))
    logs = tuple(path.name for path in paths)
    return Fitted(named, rows, _held_out(base, rows), logs, _notes(rows, base), simulated)


def write_aircraft(found: Fitted, path: Path, *, lang: Lang = Lang.EN) -> None:
    """Write the file that `--aircraft` reads, with what it was made of in its first lines."""
    if path.suffix.lower() != ".toml":
        raise BadInput(WRONG_ENDING, where=str(path))
    about = [
        f"{', '.join(found.logs)}: {found.rows.seconds:.0f} s",
        f"{found.fit.residual_w:.1f} W rms = {found.fit.residual_share:.1%}",
        *(note.said(lang) for note in found.notes),
    ]
    try:
        path.write_text(aircraft_text(found.fit.aircraft, about), encoding="utf-8")
    except OSError as problem:
        raise BadInput(NOT_WRITABLE.with_(why=system_said(problem)), where=str(path)) from problem


def _logs_of(source: str, data: Path) -> tuple[list[Path], bool]:
    """The logs of a source, and whether its patrol is known to be simulated."""
    path = Path(source)
    if path.is_file():
        return [path], False
    if path.suffix:  # a mistyped file's name is no patrol's
        raise BadInput(NOT_A_LOG, where=source)
    with Store.open(data) as store:
        patrol = store.patrol(source)
    found = sorted(p for p in (data / "raw" / patrol.uuid).rglob("*") if p.suffix.lower() in LOG_ENDINGS)
    if not found:
        raise BadInput(NO_RAW.with_(patrol=source))
    return found, patrol.simulated


def _rows_of(path: Path) -> tuple[FlownPower, bool]:
    try:
        log = read_flight_log(path, path.read_bytes())
    except OSError as problem:
        raise BadInput(NOT_A_LOG, where=str(path)) from problem
    if log is None:
        raise BadInput(NOT_A_LOG, where=str(path))
    try:
        return flown_power(log.track, log.velocity_m_s, log.battery, log.wind), log.simulated
    except BadInput as problem:
        raise BadInput(problem.text, where=str(path)) from problem


def _fit(aircraft: Aircraft, rows: FlownPower) -> Fit:
    return fit(aircraft, airspeed_m_s=rows.airspeed_m_s, climb_m_s=rows.climb_m_s, power_w=rows.power_w)


def _held_out(aircraft: Aircraft, rows: FlownPower) -> float | None:
    """Every other block foretold by a fit to the rest."""
    second = (rows.time_s - rows.time_s[0]) // BLOCK_S % 2 == 1
    if not second.any():
        return None
    try:
        half = _fit(aircraft, rows.rows(~second)).aircraft
    except BadInput:  # what is left has no level flight or no climb
        return None
    foretold = power_w(half, airspeed_m_s=rows.airspeed_m_s[second], climb_m_s=rows.climb_m_s[second])
    return float(np.mean(foretold) / np.mean(rows.power_w[second]) - 1.0)


def _notes(rows: FlownPower, aircraft: Aircraft) -> tuple[Text, ...]:
    fastest = float(rows.airspeed_m_s.max())
    return (
        *(() if rows.with_wind else (NO_WIND,)),
        *((NO_FAST.with_(fastest=fastest),) if fastest < 0.8 * aircraft.max_speed_m_s else ()),
    )
