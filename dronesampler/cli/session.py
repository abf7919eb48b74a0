"""The live session's own process: it owns the link, the heartbeat and the recorder, and goes on when the window hangs
or dies. The window starts it; started by hand, it waits for a window to attach.

One line of JSON on standard output says when it is up. It ends when a window asks it to finish, or on ctrl-C or
SIGTERM; never while the aircraft is armed.
"""

import argparse
import json
from pathlib import Path

from dronesampler.cli.clock_options import add_scaled_clock, scaled_clock
from dronesampler.cli.instrument_options import add_instruments
from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """实时会话的独立进程：掌管链路、心跳和记录器，窗口卡死或退出时照常运行。
通常由窗口启动；手动启动时等待窗口接入。

就绪后在标准输出写一行 JSON。窗口要求结束、Ctrl-C 或 SIGTERM 时结束；飞机解锁期间绝不结束。""",
    __doc__,
)
EXAMPLE = "  dronesampler session --link udpin:0.0.0.0:14550 --name morning"


def arguments(parser: Options) -> None:
    parser.add_argument(
        "--link",
        required=True,
        action="append",
        metavar="URL",
        help=Text("有第二条链路时重复", "repeat for a second link"),
    )
    add_instruments(parser)
    parser.add_argument("--name", default="", help=Text("巡查名称", "what to call the patrol"))
    parser.add_argument(
        "--park", default=None, metavar="PARK", help=Text("库中的园区，编号或名称", "park on file, by id or name")
    )
    parser.add_argument(
        "--simulated",
        action="store_true",
        help=Text("链路那头是模拟器：全部标为模拟数据", "the link leads to a simulator: mark everything so"),
    )
    parser.add_argument(
        "--copy", type=Path, metavar="DIR", help=Text("第二份副本，写到另一介质", "second copy, on another medium")
    )
    parser.add_argument(
        "--vehicle",
        type=int,
        default=None,
        metavar="SYSID",
        help=Text("默认：第一个出声的飞机", "default: the first that speaks"),
    )
    parser.add_argument(
        "--alone",
        type=float,
        default=30.0,
        metavar="S",
        help=Text(
            "没有窗口存活多少秒后停发心跳，由飞机自身的失效保护处理",
            "seconds without a living window after which our heartbeat stops and the vehicle's own failsafe acts",
        ),
    )
    add_scaled_clock(parser)


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.instrument_checks import last_checked_unix_s
    from dronesampler.desk.instruments import fit_of
    from dronesampler.desk.live import serve
    from dronesampler.session.session import SessionOrder
    from dronesampler.store import Store

    clock = scaled_clock(args)
    data = Path(args.data)
    data.mkdir(parents=True, exist_ok=True)
    fit = fit_of(args.instrument, data)
    with Store.open(data, clock=clock) as store:
        park_id = None
        if args.park:
            park = store.park(args.park)
            with store.transaction() as batch:
                park_id = batch.put_park(park)
        order = SessionOrder(
            name=args.name,
            links=tuple(args.link),
            data=data,
            simulated=args.simulated,
            park_id=park_id,
            vehicle=args.vehicle,
            second_copy=args.copy,
            operator_needed_s=args.alone * args.factor,
            preflight_needed=not args.simulated,
            lang=args.lang,
            profile=fit.mavlink,
            payloads=fit.payloads,
            instruments=fit.ports,
            checked_unix_s=last_checked_unix_s(store, fit.profiles),
        )
        patrol = serve(order, store, clock=clock, up=lambda p: print(json.dumps(p), flush=True))
    out.progress(f"{patrol.id} {patrol.uuid}")
    return 0
