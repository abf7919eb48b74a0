"""What a route would see in a wind, as a map: the smallest emission noticed at each place of the park.

Each cell also says what is left of it if the wind turns by 20 degrees; cells that would need more than 1 g/s are not
inspected.
"""

import argparse

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.plan import pair
from dronesampler.texts import SIMULATED, Text

ABOUT = Text(
    """某风向下航线能看到什么，画成图：园区各处能被发现的最小排放。

每个格子还会说明风向转 20 度后还剩多少；需要超过 1 g/s 才能发现的格子视为未检查。""",
    __doc__,
)
EXAMPLE = "  dronesampler coverage ladder.plan --park assets/demo-park.geojson --wind 135,3 -o map.geojson"

SAID = Text(
    "{simulated}{share:.0%} 的园区可见（风向变 ±20° 时仍有 {turned:.0%}）；地图：{file}",
    "{simulated}{share:.0%} of the park is inspected ({turned:.0%} still if the wind turns by 20°); map: {file}",
)


def arguments(parser: Options) -> None:
    parser.add_argument("mission", metavar="FILE", help=Text("航线文件", "mission file"))
    parser.add_argument(
        "--park",
        metavar="FILE",
        required=True,
        help=Text("园区文件，或单独的 GeoJSON 多边形", "park file or bare GeoJSON polygon"),
    )
    parser.add_argument(
        "--wind", metavar="FROM_DEG,M_S", required=True, help=Text("来向和风速", "where it comes from, and how fast")
    )
    parser.add_argument(
        "--aircraft", metavar="FILE", help=Text("机型文件（TOML 或 JSON）", "the aircraft's figures, TOML or JSON")
    )
    parser.add_argument(
        "-o", "--out", metavar="FILE", required=True, help=Text("要写的 GeoJSON 文件", "GeoJSON file to write")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.planning import coverage_of_file
    from dronesampler.plan import read_aircraft

    found = coverage_of_file(
        args.mission,
        args.park,
        wind=pair(args.wind, form="FROM_DEG,M_S"),
        out=args.out,
        aircraft=read_aircraft(args.aircraft) if args.aircraft else None,
    )
    values = {
        "file": args.out,
        "cells": len(found.x_m),
        "cell_m": round(found.cell_m, 2),
        "inspected_share": round(found.inspected, 4),
        "inspected_share_if_wind_turns_20_deg": round(found.inspected_if_turned, 4),
        "median_g_s": round(found.median_g_s, 4) if found.median_g_s < 1e6 else None,
        "simulated": found.simulated,
    }
    mark = Text(f"{SIMULATED.zh}：", f"{SIMULATED.en}: ") if found.simulated else Text("", "")
    shares = {"share": found.inspected, "turned": found.inspected_if_turned}
    out.result(values, SAID.with_(simulated=mark, file=args.out, **shares))
    return 0
