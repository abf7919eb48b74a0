"""Turn a mission file into another format; what the new format cannot hold is named.

Endings: .plan, .waypoints/.txt (QGC WPL 110), .kml, .kmz (DJI WPML), .gpx, .geojson, .csv. A .kmz that is read may be
DJI's or a zipped KML.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """把航线文件转成另一种格式；新格式装不下的内容会逐一说明。

扩展名：.plan、.waypoints/.txt（QGC WPL 110）、.kml、.kmz（大疆 WPML）、.gpx、.geojson、.csv。
读入的 .kmz 可以是大疆的，也可以是压缩的 KML。""",
    __doc__,
)
EXAMPLE = "  dronesampler convert survey.kmz survey.plan\n  dronesampler convert morning.plan morning.waypoints"

DONE = Text("已写入 {path}：{items} 项", "{path} written: {items} items")


def arguments(parser: Options) -> None:
    parser.add_argument("source", type=Path, metavar="IN", help=Text("要读的航线文件", "mission file to read"))
    parser.add_argument("target", type=Path, metavar="OUT", help=Text("要写的航线文件", "mission file to write"))


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.mission.files import import_mission, write_mission

    taken = import_mission(args.source)
    lost = (*taken.lost, *write_mission(taken.mission, args.target))
    for text in lost:
        out.progress(text)
    values = {
        "file": str(args.target),
        "items": len(taken.mission.items),
        "fence_zones": len(taken.mission.fence.polygons) + len(taken.mission.fence.circles),
        "rally_points": len(taken.mission.rally),
        "lost": [text.said(out.lang) for text in lost],
    }
    out.result(values, DONE.with_(path=args.target, items=len(taken.mission.items)))
    return 0
