"""Plan where to look next: the lines and hover points that shrink the doubt most for their flight, as a mission.

WHAT is a patrol (id, uuid or "last"; its newest finding is used, or made), a folder with readings.csv, outlets.csv and
instrument.json, or the JSON that `dronesampler attribute` wrote; or several patrols or folders, judged together. Where
the park is known the route keeps clear of what stands there, and what is left of the battery goes into lines in search
of sources that were missed. The ending of PLAN chooses the format.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.plan import pair, place
from dronesampler.problems import BadInput
from dronesampler.processes import one_thread
from dronesampler.texts import Text

ABOUT = Text(
    """规划下一步去哪里复查：每飞一米最能消除疑问的航线和悬停点。

WHAT 是一次巡查（编号、uuid 或 last；用其最新结论，没有则现算）、含 readings.csv、outlets.csv 和
instrument.json 的文件夹，或 `dronesampler attribute` 写出的 JSON；也可给多次巡查或多个文件夹，合并研判。
已知园区时，航线避开建筑物、烟囱和管制空域，余下的电量用来补查可能漏掉的来源。PLAN 的扩展名决定格式。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler next last -o second-look.plan\n"
    "  dronesampler next last --wind 310,3.5 --battery 60 -o second-look.plan"
)

PLANNED = Text("{words}，共 {length_m:.0f} m，已写入 {out}", "{words}, {length_m:.0f} m in all, written to {out}")
BAD_BATTERY = Text("电量 {percent:g} % 不可能：应在 0 到 100 之间", "a battery of {percent:g} % cannot be: 0 to 100")


def arguments(parser: Options) -> None:
    parser.add_argument("what", nargs="+", metavar="PATROL|DIR|JSON", help=Text("从何处继续", "what to go on from"))
    parser.add_argument("-o", "--out", type=Path, metavar="PLAN", required=True, help=Text("航线文件", "mission file"))
    parser.add_argument("--home", metavar="LAT,LON", help=Text("飞机的起飞点", "where the aircraft takes off"))
    parser.add_argument(
        "--battery-m",
        type=float,
        default=8000.0,
        help=Text("剩余电量可飞的米数（%(default)s）", "metres left in the battery (%(default)s)"),
    )
    parser.add_argument(
        "--battery",
        type=float,
        default=100.0,
        metavar="PERCENT",
        help=Text("起飞时的电量（%(default)s）", "its charge at take-off (%(default)s)"),
    )
    parser.add_argument(
        "--wind",
        metavar="FROM_DEG,M_S",
        help=Text("再飞时的风；默认取上次飞行的风", "the wind of the day (default: that of the last flight)"),
    )
    parser.add_argument(
        "--aircraft", metavar="FILE", help=Text("机型文件（TOML 或 JSON）", "the aircraft's figures, TOML or JSON")
    )
    parser.add_argument(
        "--doubts-only",
        action="store_true",
        help=Text("只看疑似和待查的位置，不补查其余区域", "look at doubtful places only, search nowhere else"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    one_thread()
    from dronesampler.desk.judge_together import known_of
    from dronesampler.desk.look_next import length_m, second_look
    from dronesampler.mission.files import write_mission
    from dronesampler.plan import read_aircraft

    if not 0.0 < args.battery <= 100.0:
        raise BadInput(BAD_BATTERY.with_(percent=args.battery))
    analysis, park = known_of(args.what, data=Path(args.data))
    found = second_look(
        analysis,
        home=place(args.home) if args.home else None,
        battery_m=args.battery_m,
        battery_percent=args.battery,
        park=park,
        wind=pair(args.wind, form="FROM_DEG,M_S") if args.wind else None,
        aircraft=read_aircraft(args.aircraft) if args.aircraft else None,
        search=not args.doubts_only,
    )
    lost = write_mission(found.mission, args.out)
    values = {
        "outcome": "done",
        "looks": len(found.looks),
        "hovers": found.hovers,
        "length_m": round(length_m(found.mission)),
        "minutes": round(found.minutes, 1),
        "battery_percent": round(found.battery_percent, 1),
        "nats": round(found.nats, 1),
        "out": str(args.out),
    }
    for text in lost:
        out.progress(text)
    out.result(values, PLANNED.with_(words=found.words, length_m=values["length_m"], out=values["out"]))
    return 0
