"""Check a mission before anyone uploads it: heights, obstacles, airspace, fence, limits, battery, the sampler's needs.

Findings do not change the exit code: 0 says the check was made.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.plan import pair, problem_line, problem_values
from dronesampler.texts import Text

ABOUT = Text(
    """在任何人上传之前检查航线：高度、障碍物、空域、围栏、限值、电量、采样要求。

查出问题不改变退出码：0 表示检查已做完。""",
    __doc__,
)
EXAMPLE = "  dronesampler check ladder.plan --park assets/demo-park.geojson --wind 135,3 --json"


def arguments(parser: Options) -> None:
    parser.add_argument("mission", metavar="FILE", help=Text("航线文件", "mission file"))
    parser.add_argument(
        "--park",
        metavar="FILE",
        help=Text("园区文件：建筑、烟囱、管制空域", "park file: buildings, stacks, controlled airspace"),
    )
    parser.add_argument(
        "--wind",
        metavar="FROM_DEG,M_S",
        default="0,0",
        help=Text("用于估算时间和电量（默认：静风）", "for time and energy (default: calm)"),
    )
    parser.add_argument(
        "--aircraft", metavar="FILE", help=Text("机型文件（TOML 或 JSON）", "the aircraft's figures, TOML or JSON")
    )
    parser.add_argument(
        "--terrain",
        metavar="PATH",
        type=Path,
        help=Text(".hgt 或 GeoTIFF 文件，或其文件夹", ".hgt or GeoTIFF file, or a folder of them"),
    )
    parser.add_argument(
        "--approval",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help=Text("批准文件记录；可重复", "record of an approval; repeatable"),
    )
    parser.add_argument(
        "--at", metavar="UTC", default="", help=Text("计划飞行时间，ISO 8601", "when it is to be flown, ISO 8601")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.planning import check_file
    from dronesampler.plan import read_aircraft

    found = check_file(
        args.mission,
        park_file=args.park,
        wind=pair(args.wind, form="FROM_DEG,M_S"),
        aircraft=read_aircraft(args.aircraft) if args.aircraft else None,
        terrain=args.terrain,
        approvals=args.approval,
        at_utc=args.at,
    )
    values = {"mission": args.mission, "problems": [problem_values(problem, out) for problem in found]}
    out.result(values, "\n".join(problem_line(problem, out) for problem in found) or "-")
    return 0
