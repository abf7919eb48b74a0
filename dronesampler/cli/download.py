"""Fetch the plan that the vehicle holds and write it as a mission file; FILE's ending chooses the format."""

import argparse
from pathlib import Path

from dronesampler.cli.link_options import ALL_PARTS, add_link, add_type, answer, kinds_of, open_link
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text("取回飞机上的计划并写成航线文件；FILE 的扩展名决定格式。", __doc__)
EXAMPLE = "  dronesampler download -o on-board.plan --link udpin:0.0.0.0:14550"


def arguments(parser: Options) -> None:
    parser.add_argument(
        "-o", "--out", required=True, metavar="FILE", help=Text("要写的航线文件", "mission file to write")
    )
    add_link(parser)
    add_type(parser, default=ALL_PARTS)


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import download_plan, write_plan
    from dronesampler.mavlink.wire import STORING_ORDER

    with open_link(args, out) as link:
        link.find(args.wait)
        mission, outcomes = download_plan(link, kinds_of(args, STORING_ORDER))
    if all(o.good for o in outcomes):
        for lost in write_plan(mission, Path(args.out)):
            out.progress(lost)
    return answer(outcomes, out)
