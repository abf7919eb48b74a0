"""Fetch the plan that the vehicle holds and write it as a mission file; FILE's ending chooses the format."""

import argparse
from pathlib import Path

from dronesampler.cli.link_options import add_link, add_type, answer, kinds_of, open_link
from dronesampler.cli.output import Output

EXAMPLE = "  dronesampler download -o on-board.plan --link udpin:0.0.0.0:14550"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-o", "--out", required=True, metavar="FILE", help="mission file to write")
    add_link(parser)
    add_type(parser, default="all parts")


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
