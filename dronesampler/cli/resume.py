"""Resume a route where it was broken off: take-off, the state it was left in, and the rest.

ITEM counts from 1, as the vehicle counts; 12+0.4 is four tenths of the leg after item 12. Speed, camera, relays and
servos (the pump) are set again as they were left.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.plan import pair
from dronesampler.texts import Text

ABOUT = Text(
    """从中断处续飞：起飞，恢复中断时的状态，飞完余下的航线。

ITEM 从 1 起数，与飞机上的编号一致；12+0.4 表示第 12 项之后的航段飞了四成。航速、相机、继电器和舵机（泵）按中断时的状态
重新设定。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler resume morning.plan --from 12+0.4 -o rest.plan\n"
    "  dronesampler resume morning.plan --from 30 --overlap-m 50 --flown first-half.plan -o rest.plan"
)
SAID = Text(
    "{file}：从第 {place} 项续飞，{items} 项，约 {minutes:.0f} 分钟，{wh:.0f} Wh",
    "{file}: goes on at item {place}, {items} items, about {minutes:.0f} min, {wh:.0f} Wh",
)


def arguments(parser: Options) -> None:
    parser.add_argument("mission", metavar="PLAN", help=Text("航线文件", "mission file"))
    parser.add_argument(
        "--from",
        dest="place",
        metavar="ITEM[+FRACTION]",
        required=True,
        help=Text("在何处中断", "where it was broken off"),
    )
    parser.add_argument(
        "--overlap-m",
        type=float,
        default=20.0,
        metavar="M",
        help=Text("往回重叠的米数（%(default)s）", "metres to go back and fly again (%(default)s)"),
    )
    parser.add_argument(
        "--flown",
        type=Path,
        metavar="FILE",
        help=Text("另存中断之前的部分，以返航结束", "write what comes before it too, ending in a return"),
    )
    parser.add_argument(
        "--wind",
        metavar="FROM_DEG,M_S",
        default="0,0",
        help=Text("用于估算时间和电量（默认：静风）", "for time and energy (default: calm)"),
    )
    parser.add_argument("--aircraft", metavar="FILE", help=Text("机型文件", "aircraft file"))
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", required=True, help=Text("要写入的航线文件", "mission file to write")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.resuming import resume_file
    from dronesampler.plan import read_aircraft

    done = resume_file(
        args.mission,
        args.place,
        out=args.out,
        flown=args.flown,
        overlap_m=args.overlap_m,
        wind=pair(args.wind, form="FROM_DEG,M_S"),
        aircraft=read_aircraft(args.aircraft) if args.aircraft else None,
    )
    for text in done.lost:
        out.progress(text)
    rest, forecast = done.halves.rest, done.forecast
    values = {
        "files": [str(path) for path in done.files],
        "items": len(rest.items),
        "seconds": round(forecast.seconds, 1),
        "energy_wh": round(forecast.energy_wh, 1),
        "simulated": rest.simulated,
    }
    said = {"minutes": forecast.seconds / 60, "wh": forecast.energy_wh, "items": len(rest.items)}
    out.result(values, SAID.with_(file=args.out, place=args.place, **said))
    return 0
