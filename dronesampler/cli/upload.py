"""Store a plan in the vehicle and read it back: success means that what was read equals the plan.

Fence and rally points of the plan go first. What the autopilot cannot hold is refused before the first byte; where
only the vehicle can know, its refusal leaves or restores the old plan, read back to prove it.
"""

import argparse

from dronesampler.cli.link_options import add_link, add_type, answer, kinds_of, open_link
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """把计划存入飞机并回读：读回的与计划一致才算成功。

计划中的围栏和集结点先存。飞控装不下的内容在发出第一个字节之前就拒绝；只有飞机自己知道的，
被它拒绝后旧计划仍在或已恢复，并以回读为证。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler upload ladder.plan --link udpin:0.0.0.0:14550\n"
    "  dronesampler upload ladder.plan --link serial:COM5:57600 --type fence --json"
)
ALL_IT_HAS = Text("计划所含的全部", "all parts that the plan has")


def arguments(parser: Options) -> None:
    parser.add_argument("plan", metavar="PLAN", help=Text("航线文件", "mission file"))
    add_link(parser)
    add_type(parser, default=ALL_IT_HAS)


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.vehicle_link import parts_of, read_plan, upload_plan

    mission = read_plan(args.plan)
    with open_link(args, out) as link:
        link.find(args.wait)
        return answer(upload_plan(link, mission, kinds_of(args, parts_of(mission))), out)
