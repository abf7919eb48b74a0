"""Take in files: flight logs (tlog, DataFlash, ULog), DJI captions, tracks, gas logs, parks. All of them or none.

What a file is is told by its content. Columns of a table that are not understood are named in a file given with
--columns, a line each:  "header" = { role = "value", quantity = "NMHC", unit = "mg/m3" }  under [columns]; roles are
time, date, elapsed, lat, lon, height_agl, height_home, height_sea, heading, speed, temperature, pressure, humidity,
wind_from, wind_speed, serial, species, unit, value. A table without a header has  [table] header = false  and names
its columns by number from 1. --save-columns writes what was understood as such a file.

With --park a CSV or XLSX table is a register of outlets: it is merged into the park of that name. Its columns file
has lines like  "header" = "code"  with code, lat, lon, height, enterprise, diameter, pollutants, treatment, limit.
"""

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.wording import kind_said, place_said
from dronesampler.problems import BadInput, system_said
from dronesampler.texts import Text

ABOUT = Text(
    """导入文件：飞行日志（tlog、DataFlash、ULog）、大疆字幕、轨迹、气体记录、园区。要么全部导入，要么一个也不导入。

文件是什么由内容判断。看不懂的表格列用 --columns 给出的文件说明，每列一行：
  "表头" = { role = "value", quantity = "NMHC", unit = "mg/m3" }  写在 [columns] 之下；role 可以是
time、date、elapsed、lat、lon、height_agl、height_home、height_sea、heading、speed、temperature、pressure、humidity、
wind_from、wind_speed、serial、species、unit、value。没有表头的表格写  [table] header = false  ，
并用从 1 起的列号代替列名。--save-columns 把所理解的列写成这样的文件。

给出 --park 时，CSV 或 XLSX 表格当作排放口名录，并入该名称的园区。它的列文件写成
  "表头" = "code"  ，可用 code、lat、lon、height、enterprise、diameter、pollutants、treatment、limit。""",
    __doc__,
)
EXAMPLE = """  dronesampler import flight.tlog gas.csv --together --into patrols.sqlite
  dronesampler import park.kml
  dronesampler import outlets.xlsx --park "West Zone" --datum gcj02
  dronesampler import lab.csv --columns lab-columns.toml --time-zone Asia/Shanghai --json"""

_NOT_A_DAY = Text("“{day}”不是日期；写成 2026-05-31", "{day!r} is not a date; write 2026-05-31")
_LINE = Text(
    "{name}：{kind}，记录 {messages}，轨迹点 {track_points}（{track_length_m:.0f} m），读数 {readings}",
    "{name}: {kind}, {messages} records, {track_points} track points ({track_length_m:.0f} m), {readings} readings",
)
_PATROL = Text("  巡查 {patrol}", "  patrol {patrol}")
_PARK = Text("  园区 {park}：排口 {outlets} 个", "  park {park}: {outlets} outlets")
_REJECTED = Text("  {count} × {reason}（首处：{first}）", "  {count} × {reason} (first: {first})")


def arguments(parser: Options) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help=Text("要导入的文件", "what to take in"))
    parser.add_argument(
        "--into",
        metavar="DB",
        help=Text(
            "数据文件夹、SQLite 文件或 postgresql:// 地址（默认：--data）",
            "data folder, SQLite file or postgresql:// URL (default: --data)",
        ),
    )
    parser.add_argument(
        "--together",
        action="store_true",
        help=Text("这些文件属于同一次飞行：合成一次巡查", "the files belong to one flight: make one patrol"),
    )
    parser.add_argument(
        "--name", default="", help=Text("巡查名称（默认：文件名）", "name of the patrol (default: of the file)")
    )
    parser.add_argument(
        "--profile",
        metavar="NAME|FILE",
        help=Text("仪器：延迟、进气口、响应因子", "the instrument: delays, inlet, response factors"),
    )
    parser.add_argument("--columns", metavar="FILE", type=Path, help=Text("哪一列是什么", "which column is what"))
    parser.add_argument(
        "--save-columns",
        metavar="FILE",
        type=Path,
        help=Text("把所理解的列写成文件", "write the columns as understood"),
    )
    parser.add_argument(
        "--time-zone",
        metavar="ZONE",
        help=Text("未写时区的时间所用时区：+08:00、Asia/Shanghai", "of times that name none: +08:00, Asia/Shanghai"),
    )
    parser.add_argument(
        "--date", metavar="DAY", help=Text("没有日期的时间属于哪一天", "the day of times without a date")
    )
    parser.add_argument(
        "--datum",
        default="wgs84",
        choices=["wgs84", "cgcs2000", "gcj02", "bd09"],
        help=Text("坐标系", "of coordinates"),
    )
    parser.add_argument(
        "--park",
        metavar="NAME",
        default="",
        help=Text(
            "园区文件的名称；表格中的排放口并入库中该园区",
            "the name of a park file; a table's outlets join the park on file",
        ),
    )
    parser.add_argument(
        "--salvage",
        action="store_true",
        help=Text("文件不完整时取其完整部分", "take what is whole in a file that breaks off"),
    )
    parser.add_argument(
        "--simulated", action="store_true", help=Text("全部标为模拟数据", "mark everything as simulated")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.importing import Request, import_files
    from dronesampler.geo.datum import Datum

    request = Request(
        paths=tuple(args.files),
        into=args.into or args.data,
        options=_options(args),
        profile=_profile(args.profile),
        together=args.together,
        simulated=args.simulated,
        name=args.name,
        datum=Datum(args.datum),
        park=args.park,
    )
    imported = import_files(request, progress=out.progress)
    if args.save_columns:
        _save_columns(args, request.options)
    told = [_told(file, out) for file in imported]
    out.result(
        _together(told), "\n".join(_said(file, values, out) for file, values in zip(imported, told, strict=True))
    )
    return 0


def _options(args: argparse.Namespace) -> Any:
    from dronesampler.sampler.files.options import Options
    from dronesampler.sampler.files.times import zone_named

    try:
        day = date.fromisoformat(args.date) if args.date else None
        columns = args.columns.read_text(encoding="utf-8-sig") if args.columns else None
    except ValueError as reason:
        raise BadInput(_NOT_A_DAY.with_(day=args.date)) from reason
    except OSError as reason:
        raise BadInput(system_said(reason), where=str(args.columns)) from reason
    zone = zone_named(args.time_zone) if args.time_zone else None
    return Options(zone=zone, day=day, columns=columns, salvage=args.salvage)


def _profile(name: str | None) -> Any:
    if name is None:
        return None
    from dronesampler.sampler.profiles import read_profile

    return read_profile(name)


def _save_columns(args: argparse.Namespace, options: Any) -> None:
    from dronesampler.desk.importing import columns_understood

    args.save_columns.write_text(columns_understood(args.files[0], options), encoding="utf-8")


def _told(file: Any, out: Output) -> dict[str, Any]:
    return {
        "file": file.path.name,
        "sha256": file.sha256,
        "patrol": file.patrol,
        "park_id": file.park,
        "already_imported": file.already,
        **file.told,
        "rejected": [
            {"code": r.code, "reason": r.reason.said(out.lang), "count": r.count, "first": r.first}
            for r in file.rejected
        ],
        "notes": [n.said(out.lang) for n in file.notes],
    }


def _together(told: list[dict[str, Any]]) -> dict[str, Any]:
    """One file: its values. Several: their sums, the first patrol, and each in `files`."""
    if len(told) == 1:
        return {"outcome": "done", **told[0]}
    sums = {key: sum(t[key] for t in told) for key in ("messages", "track_points", "readings")}
    counts: dict[tuple[str, str], int] = {}
    for t in told:
        for r in t["rejected"]:
            counts[r["code"], r["reason"]] = counts.get((r["code"], r["reason"]), 0) + r["count"]
    return {
        "outcome": "done",
        "kind": told[0]["kind"] if len({t["kind"] for t in told}) == 1 else "several",
        "patrol": next((t["patrol"] for t in told if t["patrol"] is not None), None),
        "patrols": sorted({t["patrol"] for t in told if t["patrol"] is not None}),
        **sums,
        "track_length_m": round(sum(t["track_length_m"] for t in told), 1),
        "rejected": [{"code": code, "reason": reason, "count": n} for (code, reason), n in counts.items()],
        "files": told,
    }


def _said(file: Any, told: dict[str, Any], out: Output) -> str:
    from dronesampler.desk.import_storing import ALREADY

    lines = [
        _LINE.with_(
            name=file.path.name, **{k: told[k] for k in _NAMES} | {"kind": kind_said(told["kind"], out.lang)}
        ).said(out.lang)
    ]
    if file.already:
        lines.append("  " + ALREADY.said(out.lang))
    if file.patrol is not None:
        lines.append(_PATROL.with_(patrol=file.patrol).said(out.lang))
    if file.park is not None:
        lines.append(_PARK.with_(park=told["park"], outlets=told["outlets"]).said(out.lang))
    lines += [
        _REJECTED.with_(count=r["count"], reason=r["reason"], first=place_said(r["first"], out.lang) or "–").said(
            out.lang
        )
        for r in told["rejected"]
    ]
    return "\n".join([*lines, *(f"  {note}" for note in told["notes"])])


_NAMES = ("kind", "messages", "track_points", "track_length_m", "readings")
