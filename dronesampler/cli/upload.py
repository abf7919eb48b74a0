"""Store a plan in the vehicle and read it back: success means that what was read equals the plan.

Fence and rally points of the plan go first. What the autopilot cannot hold is refused before the first byte; where
only the vehicle can know, its refusal leaves or restores the old plan, read back to prove it.
"""

import argparse

from dronesampler.cli.link_options import add_link, add_type, answer, kinds_of, open_link
from dronesampler.cli.output import Output

EXAMPLE = (
    "  dronesampler upload ladder.plan --link udpin:0.0.0.0:14550\n"
    "  dronesampler upload ladder.plan --link serial:COM5:57600 --type fence --json"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("plan", metavar="PLAN", help="mission file")
    add_link(parser)
    add_type(parser, default="all parts that the plan has")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import parts_of, read_plan, upload_plan

    mission = read_plan(args.plan)
    with open_link(args, out) as link:
        link.find(args.wait)
        return answer(upload_plan(link, mission, kinds_of(args, parts_of(mission))), out)
