"""Write a patrol's readings to a file: .csv, .geojson, .kml, .gpx or .parquet.

PATROL is an id, a uuid or `last`. Each reading stands with its raw value and its place; simulated ones are marked.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import SIMULATED, Text

ABOUT = Text(
    """把一次巡查的读数写成文件：.csv、.geojson、.kml、.gpx 或 .parquet。

PATROL 是编号、uuid 或 last。每个读数附原始值和位置；模拟数据会标明。""",
    __doc__,
)
EXAMPLE = "  dronesampler readings last -o readings.csv\n  dronesampler readings 3 --quantity NMHC -o plume.geojson"

_DONE = Text("已将 {rows} 条读数写入 {path}。{more}{mark}", "Wrote {rows} readings to {path}.{more}{mark}")
_NOWHERE = Text("{count} 条没有位置的读数未写入。", " {count} readings without a place are not shown there.")


def arguments(parser: Options) -> None:
    parser.add_argument("patrol", metavar="PATROL", help=Text("编号、uuid 或 last", "id, uuid or last"))
    parser.add_argument(
        "-o",
        "--out",
        metavar="FILE",
        type=Path,
        required=True,
        help=Text("要写的文件；扩展名决定格式", "file to write; its ending counts"),
    )
    parser.add_argument(
        "--quantity",
        metavar="NAME",
        help=Text("只要这个参数，如 NMHC（默认：全部）", "only this quantity, e.g. NMHC (default: all)"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.readings import write_readings

    done = write_readings(args.data, args.patrol, args.out, quantity=args.quantity)
    more = _NOWHERE.with_(count=done.without_place) if done.without_place else Text("", "")
    mark = Text(f"［{SIMULATED.zh}］", f" [{SIMULATED.en}]") if done.simulated else Text("", "")
    values = {"outcome": "done", "patrol": done.patrol.id, "file": str(done.path), "readings": done.rows}
    rest = {"without_place": done.without_place, "simulated": done.simulated}
    out.result({**values, **rest}, _DONE.with_(rows=done.rows, path=done.path, more=more, mark=mark))
    return 0
