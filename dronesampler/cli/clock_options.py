"""What the verbs that may fly a simulator have in common: the clock that runs faster than the wall."""

import argparse
from typing import TYPE_CHECKING

from dronesampler.cli.options import Options, positive
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.clock import Clock


def add_scaled_clock(parser: Options) -> None:
    parser.add_argument(
        "--factor",
        type=positive,
        default=1.0,
        help=Text("模拟器比实际时间快的倍数", "of a simulator that runs faster than the wall"),
    )
    parser.add_argument(
        "--zero", type=float, default=None, metavar="UNIX", help=Text("它的时钟起点", "when its clock began")
    )


def scaled_clock(args: argparse.Namespace) -> "Clock":
    """The clock that was asked for; it begins now where nothing else is said."""
    from dronesampler.clock import SystemClock, clock_at

    return clock_at(args.factor, SystemClock().unix_s() if args.zero is None else args.zero)
