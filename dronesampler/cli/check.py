"""Check a mission before anyone uploads it: heights, obstacles, airspace, fence, limits, battery, the sampler's needs.

Findings do not change the exit code: 0 says the check was made.
"""

import argparse
from pathlib import Path

from dronesampler.cli.output import Output
from dronesampler.cli.plan import pair, problem_line, problem_values

EXAMPLE = "  dronesampler check ladder.plan --park assets/demo-park.geojson --wind 135,3 --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mission", metavar="FILE", help="mission file")
    parser.add_argument("--park", metavar="FILE", help="park file: buildings, stacks, controlled airspace")
    parser.add_argument("--wind", metavar="FROM_DEG,M_S", default="0,0", help="for time and energy (default: calm)")
    parser.add_argument("--aircraft", metavar="FILE", help="JSON file with the aircraft's figures")
    parser.add_argument("--terrain", metavar="PATH", type=Path, help=".hgt or GeoTIFF file, or a folder of them")
    parser.add_argument(
        "--approval", metavar="FILE", type=Path, action="append", default=[], help="record of an approval; repeatable"
    )
    parser.add_argument("--at", metavar="UTC", default="", help="when it is to be flown, ISO 8601")


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
