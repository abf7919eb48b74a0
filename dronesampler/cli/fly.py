"""Fly a plan without a window: connect, upload and read back, arm, start, record, until it has landed and disarmed.

This moves an aircraft. Name its MAVLink system id with --confirm; only the simulator is flown without. The first
interrupt (ctrl-C) holds, the second returns; it does not end while the aircraft is armed.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.cli.clock_options import add_scaled_clock, scaled_clock
from dronesampler.cli.instrument_options import add_instruments
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.cli.progress import TerminalProgress
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.commands import ArmFilling
    from dronesampler.mission import Mission
    from dronesampler.park import Park
    from dronesampler.session.readiness import Briefing

ABOUT = Text(
    """不开窗口执飞一条航线：连接、上传并回读、解锁、起飞、记录，直到降落并上锁。

这会让真飞机动起来。请用 --confirm 写明它的 MAVLink 系统号；只有模拟器可以不写。
第一次中断（Ctrl-C）悬停，第二次返航；飞机解锁期间不会退出。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler fly morning.plan --link udpin:0.0.0.0:14550 --confirm 1\n"
    "  dronesampler fly morning.plan --link serial:/dev/ttyUSB0:57600 --confirm 1 --park 2"
)

ARM_FILLING_S = 600.0
EARLY = Text(
    "巡查 {{patrol}} 未飞完即返回（{why}）：已记录 {{readings}} 个读数",
    "patrol {{patrol}} came home before its end ({why}): {{readings}} readings recorded",
)
DONE = Text("巡查 {patrol} 完成：{readings} 个读数", "patrol {patrol} done: {readings} readings")


def arguments(parser: Options) -> None:
    parser.add_argument("plan", type=Path, metavar="PLAN", help=Text("航线文件", "mission file"))
    parser.add_argument("--link", required=True, metavar="URL", help=Text("飞机所在的链路", "where the vehicle is"))
    add_instruments(parser)
    parser.add_argument(
        "--confirm",
        type=int,
        metavar="SYSID",
        help=Text("允许动作的飞机的系统号", "the system id of the aircraft that may move"),
    )
    parser.add_argument(
        "--park",
        default=None,
        metavar="PARK",
        help=Text("据以研判的园区（编号或名称）", "park on file, by id or name, to judge against"),
    )
    parser.add_argument(
        "--name",
        default="",
        help=Text("巡查名称（默认：航线的名称）", "what to call the patrol (default: the plan's name)"),
    )
    parser.add_argument("--officer", default="", help=Text("谁对勾选和放行负责", "who answers for ticks and overrides"))
    parser.add_argument(
        "--tick",
        action="append",
        default=[],
        metavar="ITEM",
        help=Text("人工检查过的项目；可重复", "a hand-checked item; repeatable"),
    )
    parser.add_argument(
        "--override",
        action="append",
        default=[],
        metavar="ITEM=REASON",
        help=Text(
            "写明理由放行一项起飞前检查，理由会入档；可重复",
            "let an item of the preflight pass for a written reason, which goes on record; repeatable",
        ),
    )
    parser.add_argument(
        "--approval", default="", metavar="NUMBER", help=Text("空域批准文号", "airspace approval number")
    )
    parser.add_argument(
        "--copy", type=Path, metavar="DIR", help=Text("第二份副本，写到另一介质", "second copy, on another medium")
    )
    add_scaled_clock(parser)
    parser.add_argument(
        "--fill",
        action="append",
        default=[],
        metavar="VESSEL",
        help=Text(
            "越过烟羽峰值后自动采样的容器，如 BAG-1；可重复，按次序使用",
            "a vessel to fill by itself past the top of a plume, e.g. BAG-1; repeatable, used in this order",
        ),
    )
    parser.add_argument(
        "--fill-seconds", type=float, default=60.0, metavar="S", help=Text("每个容器充气秒数", "seconds to fill each")
    )
    parser.add_argument(
        "--fill-relay",
        type=int,
        default=0,
        metavar="N",
        help=Text("阀门或泵所接的继电器", "relay of the valve or pump"),
    )
    parser.add_argument(
        "--fill-quantity",
        default="",
        metavar="NAME",
        help=Text(
            "自动采样依据的项目（默认：最先收到的）", "the quantity it goes by (default: the first that is heard)"
        ),
    )


def _filling(args: argparse.Namespace, now_s: float) -> "ArmFilling | None":
    from dronesampler.commands import ArmFilling

    if not args.fill:
        return None
    how = {"seconds": args.fill_seconds, "output": args.fill_relay, "quantity": args.fill_quantity}
    return ArmFilling(0, now_s + ARM_FILLING_S, args.officer, vessels=tuple(args.fill), **how)


def _briefing(args: argparse.Namespace, mission: "Mission", park: "Park | None", unix_s: float) -> "Briefing":
    from dronesampler.desk.briefing import briefing_of

    return briefing_of(
        mission,
        park,
        officer=args.officer,
        unix_s=unix_s,
        ticks=args.tick,
        overrides=args.override,
        approval_number=args.approval,
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.flying import FlightOrder, fly, ground_vehicle
    from dronesampler.desk.instruments import fit_of
    from dronesampler.mission.files import read_mission
    from dronesampler.store import Store

    mission = read_mission(args.plan)
    fit = fit_of(args.instrument, Path(args.data))
    clock = scaled_clock(args)
    progress = TerminalProgress(args.lang)
    who = ground_vehicle(args.link, clock=clock, confirmed=args.confirm)
    data = Path(args.data)
    data.mkdir(parents=True, exist_ok=True)
    with Store.open(data, clock=clock) as store:
        order = FlightOrder(
            name=args.name or mission.name,
            mission=mission,
            data=data,
            link=args.link,
            simulated=who.simulated,
            park=store.park(args.park) if args.park else None,
            vehicle=who.system_id,
            second_copy=args.copy,
            briefing=_briefing(args, mission, store.park(args.park) if args.park else None, clock.unix_s()),
            lang=out.lang,
            fit=fit,
            filling=_filling(args, clock.monotonic_s()),
        )
        flight = fly(order, store, clock=clock, progress=progress)
    values = {
        "outcome": "done" if flight.complete else "incomplete",
        "patrol": flight.patrol_uuid,
        "readings": flight.readings,
        "retries": flight.retries,
        "simulated": who.simulated,
        "reason": flight.why.said(out.lang),
    }
    said = DONE if flight.complete else EARLY.with_(why=flight.why)
    out.result(values, said.with_(patrol=flight.patrol_id, readings=flight.readings))
    return 0 if flight.complete else 1
