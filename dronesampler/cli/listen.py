"""Show and record live readings of an instrument, until ctrl-C or a limit.

PROFILE is one that ships (a wrong name lists them) or a .toml file; assets/instruments has examples to copy: columns
of a serial line, Modbus registers, an HJ 212 station, a Sniffer4D, or MAVLink.
"""

import argparse
from typing import Any

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """显示并记录仪器的实时读数，直到 Ctrl-C 或达到限值。

PROFILE 是自带的仪器配置（写错名字会列出全部）或 .toml 文件；assets/instruments 里有可照抄的例子：
串口文本的各列、Modbus 寄存器、HJ 212 站点、Sniffer4D、MAVLink。""",
    __doc__,
)
EXAMPLE = """  dronesampler listen sniffer4d --link serial:/dev/ttyUSB0:115200
  dronesampler listen hj212-station --link tcpin:0.0.0.0:9212 --seconds 600 --json
  dronesampler listen my-pid.toml --link serial:COM5:9600 --into bench.sqlite"""

_READING = Text(
    "{time}  {quantity} {value:.3f} {unit}（{mg_m3:.3f} mg/m3） {status}",
    "{time}  {quantity} {value:.3f} {unit} ({mg_m3:.3f} mg/m3)  {status}",
)
_DONE = Text(
    "巡查 {patrol}：记录 {readings} 个读数，{seconds:.0f} 秒；未采用：{rejected}",
    "patrol {patrol}: {readings} readings recorded in {seconds:.0f} s; not taken: {rejected}",
)


def arguments(parser: Options) -> None:
    parser.add_argument(
        "profile",
        metavar="PROFILE",
        help=Text("仪器配置，名称或 .toml 文件", "the instrument's profile, by name or .toml file"),
    )
    parser.add_argument(
        "--link",
        required=True,
        metavar="URL",
        help=Text("serial:设备:波特率、tcp:…、tcpin:…、udpin:…", "serial:DEVICE:BAUD, tcp:…, tcpin:…, udpin:…"),
    )
    parser.add_argument(
        "--into",
        metavar="DB",
        help=Text(
            "数据文件夹、SQLite 文件或 postgresql:// 地址（默认：--data）",
            "data folder, SQLite file or postgresql:// URL (default: --data)",
        ),
    )
    parser.add_argument("--name", default="", help=Text("记录的名称", "name of the recording"))
    parser.add_argument("--seconds", type=float, help=Text("多久之后停止", "stop after so long"))
    parser.add_argument("--readings", type=int, help=Text("多少个读数之后停止", "stop after so many readings"))
    parser.add_argument(
        "--simulated", action="store_true", help=Text("全部标为模拟数据", "mark everything as simulated")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.clock import SystemClock
    from dronesampler.desk.instruments import fitted_profile, team_folder
    from dronesampler.desk.listening import Listening, listen

    order = Listening(
        profile=fitted_profile(args.profile, team_folder(args.into or args.data)),
        link=args.link,
        into=args.into or args.data,
        name=args.name,
        seconds=args.seconds,
        readings=args.readings,
        simulated=args.simulated,
    )
    done = listen(order, clock=SystemClock(), heard=lambda placed: out.progress(_said(placed)), said=out.progress)
    values = {
        "outcome": "done",
        "patrol": done.patrol,
        "readings": done.readings,
        "rejected": dict(done.rejected),
        "seconds": round(done.seconds, 3),
        "clock_changes": done.clock_changes,
        "alarms": done.alarms,
    }
    rejected = ", ".join(f"{reason} {count}" for reason, count in done.rejected.items()) or "–"
    out.result(values, _DONE.with_(**{**values, "rejected": rejected}))
    return 0


def _said(placed: Any) -> Text:
    from datetime import UTC, datetime

    reading = placed.reading
    return _READING.with_(
        time=datetime.fromtimestamp(reading.at.unix_s, UTC).strftime("%H:%M:%S.%f")[:-5] + "Z",
        quantity=reading.quantity,
        value=reading.value,
        unit=reading.unit.value,
        mg_m3=reading.value_mg_m3,
        status=reading.status.value,
    )
