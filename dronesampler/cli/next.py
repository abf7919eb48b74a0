"""Plan where to look next: the lines that shrink the doubt of a patrol most for their flight, as a mission.

WHAT is a patrol (id, uuid or "last"; its newest finding is used, or made), a folder with readings.csv, outlets.csv and
instrument.json, or the JSON that `dronesampler attribute` wrote. The ending of PLAN chooses the format.
"""

import argparse
from pathlib import Path

from dronesampler.cli.attribute import one_thread
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.plan import place
from dronesampler.texts import Text

ABOUT = Text(
    """规划下一步去哪里复查：每飞一米最能消除一次巡查疑问的航线。

WHAT 是一次巡查（编号、uuid 或 last；用其最新结论，没有则现算）、含 readings.csv、outlets.csv 和
instrument.json 的文件夹，或 `dronesampler attribute` 写出的 JSON。PLAN 的扩展名决定格式。""",
    __doc__,
)
EXAMPLE = "  dronesampler next last -o second-look.plan"

PLANNED = Text(
    "再看航线 {looks} 段，共 {length_m:.0f} m，已写入 {out}",
    "{looks} lines to look again, {length_m:.0f} m in all, written to {out}",
)


def arguments(parser: Options) -> None:
    parser.add_argument("what", metavar="PATROL|DIR|JSON", help=Text("从何处继续", "what to go on from"))
    parser.add_argument("-o", "--out", type=Path, metavar="PLAN", required=True, help=Text("航线文件", "mission file"))
    parser.add_argument("--home", metavar="LAT,LON", help=Text("飞机的起飞点", "where the aircraft takes off"))
    parser.add_argument(
        "--battery-m",
        type=float,
        default=6000.0,
        help=Text("剩余电量可飞的米数（%(default)s）", "metres left in the battery (%(default)s)"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    one_thread()
    from dronesampler.desk.judge import analysis_of
    from dronesampler.desk.look_next import length_m, second_look
    from dronesampler.mission.files import write_mission

    home = place(args.home) if args.home else None
    found = second_look(analysis_of(args.what, data=Path(args.data)), home=home, battery_m=args.battery_m)
    lost = write_mission(found.mission, args.out)
    values = {"outcome": "done", "looks": len(found.looks), "length_m": round(length_m(found.mission)),
              "nats": round(sum(look.nats for look in found.looks), 1), "out": str(args.out)}  # fmt: skip
    for text in lost:
        out.progress(text)
    out.result(values, PLANNED.with_(**values))
    return 0
