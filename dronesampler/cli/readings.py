"""Write a patrol's readings to a file: .csv, .geojson, .kml, .gpx or .parquet.

PATROL is an id, a uuid or `last`. Each reading stands with its raw value and its place; simulated ones are marked.
"""

import argparse
from pathlib import Path

from dronesampler.cli.output import Output
from dronesampler.texts import SIMULATED, Text

EXAMPLE = "  dronesampler readings last -o readings.csv\n  dronesampler readings 3 --quantity NMHC -o plume.geojson"

_DONE = Text("已将 {rows} 条读数写入 {path}。{more}{mark}", "Wrote {rows} readings to {path}.{more}{mark}")
_NOWHERE = Text("{count} 条没有位置的读数未写入。", " {count} readings without a place are not shown there.")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("patrol", metavar="PATROL", help="id, uuid or last")
    parser.add_argument(
        "-o", "--out", metavar="FILE", type=Path, required=True, help="file to write; its ending counts"
    )
    parser.add_argument("--quantity", metavar="NAME", help="only this quantity, e.g. NMHC (default: all)")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.readings import write_readings

    done = write_readings(args.data, args.patrol, args.out, quantity=args.quantity)
    more = _NOWHERE.with_(count=done.without_place) if done.without_place else Text("", "")
    mark = Text(f"［{SIMULATED.zh}］", f" [{SIMULATED.en}]") if done.simulated else Text("", "")
    values = {"outcome": "done", "patrol": done.patrol.id, "file": str(done.path), "readings": done.rows}
    rest = {"without_place": done.without_place, "simulated": done.simulated}
    out.result({**values, **rest}, _DONE.with_(rows=done.rows, path=done.path, more=more, mark=mark))
    return 0
