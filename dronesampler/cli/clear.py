"""Remove the plan from the vehicle; success means that it then says it holds none.

Without --type the route is removed and the fence stays.
"""

import argparse

from dronesampler.cli.link_options import ROUTE, add_link, add_type, answer, kinds_of, open_link
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """清除飞机上的计划；成功是指飞机随后自己说计划为空。

不给 --type 时只清除航线，围栏保留。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler clear --link udpin:0.0.0.0:14550\n"
    "  dronesampler clear --link udpin:0.0.0.0:14550 --type fence --json"
)


def arguments(parser: Options) -> None:
    add_link(parser)
    add_type(parser, default=ROUTE)


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import clear_plan
    from dronesampler.mavlink import PlanKind

    with open_link(args, out) as link:
        link.find(args.wait)
        return answer(clear_plan(link, kinds_of(args, (PlanKind.MISSION,))), out)
