"""Runs a simulated vehicle over a park: real MAVLink 2 bytes, a meandering wind, plumes from permitted and hidden
outlets, and a gas sampler. Everything it says is SIMULATED. It ends on ctrl-C or SIGTERM, or after landing with --once.

One line of JSON on standard output says when it is up.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.cli.clock_options import scaled_clock
from dronesampler.cli.options import Options, positive, share
from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.park import Park
    from dronesampler.simulator.process import SimulationSettings

ABOUT = Text(
    """在园区上空运行一架模拟飞机：真实的 MAVLink 2 字节、摆动的风、许可与隐藏排口的烟羽、气体采样仪。
它说的一切都是模拟数据。Ctrl-C 或 SIGTERM 时结束；加 --once 则降落后结束。

就绪后在标准输出写一行 JSON。""",
    __doc__,
)
EXAMPLE = """  dronesampler simulate --link udpout:127.0.0.1:14550 --park assets/demo-park.geojson --wind 300,3.5
  dronesampler simulate --link tcpin:127.0.0.1:5760 --park park.geojson --factor 25 --loss 0.05 --latency 0.05"""

NOT_A_PAIR = Text(
    "“{text}”不对；{name} 应写成两个数，如 {like}", "“{text}” will not do; {name} is two numbers, as {like}"
)
NO_HOME = Text(
    "园区文件没有起飞点；请用 --home 纬度,经度 给出",
    "the park has no take-off place; say where with --home LAT,LON",
)
NOT_BYPASSES = Text("--bypasses 是 0 到 4 或 random", "--bypasses is 0 to 4, or random")


def arguments(parser: Options) -> None:
    add = parser.add_argument
    add(
        "--link",
        required=True,
        help=Text(
            "udpout:主机:端口（先发）、udpin:…、tcp:…、tcpin:…、serial:设备:波特率",
            "udpout:HOST:PORT (speaks first), udpin:…, tcp:…, tcpin:…, serial:DEVICE:BAUD",
        ),
    )
    add("--park", required=True, type=Path, metavar="FILE", help=Text("它飞越的园区", "the park it flies over"))
    add(
        "--seed",
        type=int,
        default=1,
        help=Text("一切随机量的种子（默认：%(default)s）", "of everything that is drawn (default: %(default)s)"),
    )
    add(
        "--factor",
        type=positive,
        default=1.0,
        help=Text(
            "一秒实际时间对应的巡查秒数（默认：%(default)s）", "patrol seconds a wall second (default: %(default)s)"
        ),
    )
    add(
        "--zero",
        type=float,
        default=None,
        metavar="UNIX",
        help=Text("加速时钟的起点（默认：现在）", "when the scaled clock began (default: now)"),
    )
    add(
        "--wind",
        default="300,3.5",
        metavar="FROM_DEG,M_S",
        help=Text("10 m 高处的平均风（默认：%(default)s）", "mean wind at 10 m (default: %(default)s)"),
    )
    add(
        "--home",
        default=None,
        metavar="LAT,LON",
        help=Text("停放位置（默认：园区的起飞点）", "where it stands (default: the park's take-off place)"),
    )
    add(
        "--ground",
        type=float,
        default=40.0,
        metavar="M",
        help=Text("地面海拔（默认：%(default)s）", "ground above sea level (default: %(default)s)"),
    )
    add("--personality", choices=("ardupilot", "px4"), default="ardupilot", help=Text("飞控类型", "its autopilot"))
    add(
        "--system",
        type=int,
        default=1,
        help=Text("MAVLink 系统号（默认：%(default)s）", "MAVLink system id (default: %(default)s)"),
    )
    add(
        "--sampler",
        choices=("mavlink", "serial"),
        default="mavlink",
        help=Text("serial：在伪终端上逐行输出", "serial: lines on a pseudo-terminal"),
    )
    add(
        "--bypasses",
        default="random",
        help=Text(
            "隐藏排口：0 到 4 个，或 random（由种子定一到两个）",
            "hidden outlets: 0 to 4, or random (one or two by the seed)",
        ),
    )
    add("--loss", type=share, default=0.0, help=Text("丢包比例（每个方向）", "share of packets lost, each way"))
    add("--burst", type=float, default=1.0, help=Text("连续丢包的平均长度", "mean length of a run of losses"))
    add("--latency", type=float, default=0.0, metavar="S", help=Text("单程延迟，巡查秒", "each way, patrol seconds"))
    add("--jitter", type=float, default=0.0, metavar="S", help=Text("延迟的抖动", "spread of the latency"))
    add(
        "--fault",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=Text("例如 silent=60,20（从何时起、持续多久，秒）", "e.g. silent=60,20 (from, for; seconds)"),
    )
    add(
        "--ready-after",
        type=float,
        default=4.0,
        metavar="S",
        help=Text("从启动到定位良好的时间", "from boot to a good position"),
    )
    add(
        "--parameters",
        type=int,
        default=0,
        metavar="N",
        help=Text("用虚构名称把参数表补到 N 个", "fill its parameter list up to N by made-up names"),
    )
    add(
        "--traffic",
        type=int,
        choices=(0, 1, 2),
        default=0,
        help=Text("其他航空器：1 由 ADS-B，2 另由远程识别", "other aircraft: 1 by ADS-B, 2 also by Remote ID"),
    )
    add("--once", action="store_true", help=Text("飞完并上锁后结束", "end after it has flown and disarmed"))
    add(
        "--leash",
        action="store_true",
        help=Text(
            "标准输入关闭（启动它的进程不在了）时结束",
            "end when standard input is closed (when whoever started it is gone)",
        ),
    )
    add(
        "--truth",
        type=Path,
        metavar="FILE",
        help=Text("写出真实情况：源和风", "write what really is there: sources and wind"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.park.files import read_park
    from dronesampler.ports import open_port
    from dronesampler.simulator.process import Simulation

    park = read_park(args.park).park
    settings = _settings(args, park)
    clock = scaled_clock(args)
    port = open_port(args.link)
    simulation = Simulation(park, settings, port=port, clock=clock)
    signal.signal(signal.SIGTERM, lambda *_: simulation.stop())
    signal.signal(signal.SIGINT, lambda *_: simulation.stop())
    if args.leash:
        threading.Thread(target=_hold_leash, args=(simulation.stop,), name="leash", daemon=True).start()
    serial = simulation.serial.path if simulation.serial is not None else None
    local_port = getattr(port, "local_port", None)
    ready = {"ready": True, "simulated": True, "link": args.link, "local_port": local_port, "serial": serial}
    simulation.run(lambda: Output(as_json=True, lang=out.lang).result(ready))
    return 0


def _hold_leash(stop: Callable[[], None]) -> None:
    # The descriptor itself: a buffered read would hold a lock that Python wants back when it ends.
    while os.read(sys.stdin.fileno(), 4096):
        pass
    stop()


def _settings(args: argparse.Namespace, park: "Park") -> "SimulationSettings":
    from dronesampler.simulator.channel import ChannelSettings
    from dronesampler.simulator.faults import Faults
    from dronesampler.simulator.process import SimulationSettings
    from dronesampler.simulator.vehicle import VehicleSettings
    from dronesampler.simulator.world import WorldSettings

    wind = _pair(args.wind, name="--wind", like="300,3.5")
    home = park.home if args.home is None else _pair(args.home, name="--home", like="35.712,116.489")
    if home is None:
        raise BadInput(NO_HOME, where=str(args.park))
    world = WorldSettings(args.seed, wind[0] % 360.0, wind[1], _bypasses(args.bypasses))
    vehicle = VehicleSettings(
        *home,
        ground_amsl_m=args.ground,
        personality=args.personality,
        system=args.system,
        seed=args.seed,
        ready_after_s=args.ready_after,
        frame=park.frame(),
        parameters=args.parameters,
        traffic=args.traffic,
    )
    channel = ChannelSettings(loss=args.loss, burst=args.burst, latency_s=args.latency, jitter_s=args.jitter)
    faults = Faults.read(args.fault)
    return SimulationSettings(world, vehicle, channel, faults, args.once, args.sampler == "serial", args.truth)


def _pair(text: str, *, name: str, like: str) -> tuple[float, float]:
    try:
        first, second = (float(part) for part in text.split(","))
    except ValueError as problem:
        raise BadInput(NOT_A_PAIR.with_(text=text, name=name, like=like)) from problem
    return first, second


def _bypasses(text: str) -> int | None:
    if text == "random":
        return None
    if text not in ("0", "1", "2", "3", "4"):
        raise BadInput(NOT_BYPASSES)
    return int(text)
