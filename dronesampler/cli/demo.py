"""The whole job, on an invented park and a simulated vehicle that speaks real MAVLink: plan, fly, sample, judge, seal,
verify. Everything it records is marked SIMULATED. Exit 0 only if all of it worked."""

import argparse
import subprocess
import sys
from pathlib import Path

from dronesampler.cli.options import Options, positive, share
from dronesampler.cli.output import Output
from dronesampler.cli.progress import TerminalProgress
from dronesampler.texts import Text

ABOUT = Text(
    """在虚构园区和说真实 MAVLink 的模拟飞机上走完全程：规划、飞行、采样、研判、封存、核验。
所有记录都标明“模拟数据”。全部成功退出码才为 0。""",
    __doc__,
)
EXAMPLE = "  dronesampler demo --seed 3 --out demo-out\n  dronesampler demo --resume --out demo-out"

DONE = Text(
    "完成：{readings} 个读数，{flags} 处疑似排口，误报 {false} 处；证据包 {packet} 核验{sound}。打开窗口：dronesampler",
    "done: {readings} readings, {flags} suspected places, {false} of them false; packet {packet} is {sound}. "
    "To look at it: dronesampler",
)
RESUMED = Text(
    "完成：{readings} 个读数，{flags} 处疑似排口；证据包 {packet} 核验{sound}",
    "done: {readings} readings, {flags} suspected places; packet {packet} is {sound}",
)
SOUND = Text("完好", "sound")
NOT_SOUND = Text("未通过", "not sound")


def arguments(parser: Options) -> None:
    parser.add_argument(
        "--seed",
        type=int,
        default=1,
        metavar="N",
        help=Text("决定当天的风、源和噪声", "wind, sources and noise of the day"),
    )
    parser.add_argument(
        "--out", type=Path, default=Path("demo-out"), metavar="DIR", help=Text("结果写到哪里", "where the result goes")
    )
    parser.add_argument(
        "--window", action="store_true", help=Text("在桌面窗口中观看", "watch it in the desktop window")
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help=Text("对中断的演示所记录的内容研判并封存", "judge and seal what an interrupted demo recorded"),
    )
    parser.add_argument(
        "--factor",
        type=positive,
        default=40.0,
        help=Text("一秒实际时间对应的巡查秒数", "patrol seconds in a wall second"),
    )
    parser.add_argument(
        "--loss",
        type=share,
        default=0.05,
        help=Text("链路丢帧比例（每个方向）", "share of frames the link loses, each way"),
    )
    parser.add_argument(
        "--latency", type=float, default=0.02, metavar="S", help=Text("链路单程延迟", "one-way delay of the link")
    )
    parser.add_argument(
        "--sampler", choices=("mavlink", "serial"), default="mavlink", help=Text("读数如何传来", "how readings come")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.demo import DemoOrder, interrupted_before, resume_demo, run_demo

    order = DemoOrder(
        out=args.out,
        data=Path(args.data),
        seed=args.seed,
        factor=args.factor,
        loss=args.loss,
        latency_s=args.latency,
        serial_sampler=args.sampler == "serial",
        lang=args.lang,
    )
    progress = TerminalProgress(args.lang)
    if args.window:
        subprocess.Popen([sys.executable, "-m", "dronesampler", "window", "--data", args.data, "--lang", args.lang])
    if args.resume:
        summary, text = resume_demo(order, progress), RESUMED
    else:
        if before := interrupted_before(order.data):
            progress.say(before)
        summary, text = run_demo(order, progress), DONE
    said = text.with_(
        readings=summary["readings"],
        flags=len(summary["flags"]),
        false=summary.get("false_flags", 0),
        packet=summary["packet"],
        sound=SOUND if summary["verified"] else NOT_SOUND,
    )
    out.result(summary, said)
    return 0 if summary["outcome"] == "done" else 1
