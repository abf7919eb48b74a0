"""What the verbs that speak to a vehicle have in common: the link, the parts of a plan, the answer."""

import argparse
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.desk.vehicle_link import VehicleLink
    from dronesampler.mavlink import Outcome, PlanKind

BAD_WAIT = Text("--wait {wait}：应为大于 0 的秒数", "--wait {wait}: seconds above 0")
PART = Text("计划的哪一部分（默认：{default}）", "part of the plan (default: {default})")
ALL_PARTS = Text("全部", "all parts")
ROUTE = Text("mission", "mission")
TYPES = ("mission", "fence", "rally")
KINDS = {"mission": Text("航线", "route"), "fence": Text("围栏", "fence"), "rally": Text("集结点", "rally points")}
ENDINGS = {"refused": Text("被拒绝", "refused"), "failed": Text("未成功", "failed")}
NOT_DONE = Text("dronesampler: {type}{how}：{reason}", "dronesampler: {type} {how}: {reason}")
STORED_BEFORE = Text("此前已处理：{parts}", "done before that: {parts}")
DONE = Text(
    "{type}：{items} 项，{seconds:.1f} 秒，重试 {retries} 次",
    "{type}: {items} items in {seconds:.1f} s, {retries} retries",
)


def add_link(parser: Options) -> None:
    parser.add_argument(
        "--link",
        action="append",
        required=True,
        metavar="URL",
        help=Text(
            "udpin:主机:端口、udpout:主机:端口、tcp:主机:端口、tcpin:主机:端口或 serial:设备:波特率；可重复",
            "udpin:HOST:PORT, udpout:HOST:PORT, tcp:HOST:PORT, tcpin:HOST:PORT or serial:DEVICE:BAUD; repeatable",
        ),
    )
    parser.add_argument(
        "--sign",
        metavar="NAME",
        help=Text("用系统密钥库中的这把密钥给链路签名", "sign the link with this key of the system's key store"),
    )
    parser.add_argument(
        "--wait",
        type=float,
        default=15.0,
        metavar="S",
        help=Text("等待心跳的秒数（默认：%(default)s）", "for a heartbeat (default: %(default)s)"),
    )


def add_type(parser: Options, *, default: Text) -> None:
    parser.add_argument("--type", choices=TYPES, help=PART.with_(default=default))


@contextmanager
def open_link(args: argparse.Namespace, out: Output) -> "Iterator[VehicleLink]":
    """The link that was asked for, signed where a key is named; its ports are closed at the end."""
    from dronesampler.clock import SystemClock
    from dronesampler.desk.link_key import keep_ticks, signing
    from dronesampler.desk.vehicle_link import VehicleLink

    if not 0.0 < args.wait < math.inf:
        raise BadInput(BAD_WAIT.with_(wait=f"{args.wait:g}"))
    clock, data = SystemClock(), Path(args.data)
    key = signing(args.sign, data=data, clock=clock) if args.sign else None
    with VehicleLink(args.link, clock, signing=key, tell=out.progress) as link:
        try:
            yield link
        finally:
            if key is not None:
                keep_ticks(args.sign, key.ticks, data=data)


def kinds_of(args: argparse.Namespace, default: "Sequence[PlanKind]") -> "Sequence[PlanKind]":
    from dronesampler.mavlink import PlanKind

    return (PlanKind[args.type.upper()],) if args.type else default


def answer(outcomes: "Sequence[Outcome]", out: Output) -> int:
    """Say how it went; the exit code."""
    from dronesampler.desk.vehicle_link import outcome_values

    values = outcome_values(outcomes, lang_said=lambda text: text.said(out.lang))
    good = all(o.good for o in outcomes)
    if good or out.as_json:
        figures = {k: values[k] for k in ("items", "seconds", "retries")}
        out.result(values, DONE.with_(type=KINDS[values["type"]], **figures))
    if not good:
        failed = next(o for o in outcomes if not o.good)
        stored = [KINDS[o.kind.word] for o in outcomes if o.good]
        out.progress(
            NOT_DONE.with_(type=KINDS[failed.kind.word], how=ENDINGS[failed.ending.value], reason=failed.reason)
        )
        if stored:
            parts = Text("、".join(kind.zh for kind in stored), ", ".join(kind.en for kind in stored))
            out.progress(STORED_BEFORE.with_(parts=parts))
    return 0 if good else 1
