"""The live session's own process: it owns the link, the heartbeat and the recorder, and goes on when the window hangs
or dies. The window starts it; started by hand, it waits for a window to attach.

One line of JSON on standard output says when it is up. It ends when a window asks it to finish, or on ctrl-C or
SIGTERM; never while the aircraft is armed.
"""

import argparse
import json
from pathlib import Path

from dronesampler.cli.output import Output

EXAMPLE = "  dronesampler session --link udpin:0.0.0.0:14550 --name morning"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--link", required=True, action="append", metavar="URL", help="repeat for a second link")
    parser.add_argument("--name", default="", help="what to call the patrol")
    parser.add_argument("--park", default=None, metavar="PARK", help="park on file, by id or name")
    parser.add_argument("--simulated", action="store_true", help="the link leads to a simulator: mark everything so")
    parser.add_argument("--copy", type=Path, metavar="DIR", help="second copy, on another medium")
    parser.add_argument("--vehicle", type=int, default=None, metavar="SYSID", help="default: the first that speaks")
    parser.add_argument(
        "--alone",
        type=float,
        default=30.0,
        metavar="S",
        help="seconds without a living window after which our heartbeat stops and the vehicle's own failsafe acts",
    )
    parser.add_argument("--factor", type=float, default=1.0, help="of a simulator that runs faster than the wall")
    parser.add_argument("--zero", type=float, default=None, metavar="UNIX", help="when its clock began")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.clock import SystemClock, clock_at
    from dronesampler.desk.live import serve
    from dronesampler.session.session import SessionOrder
    from dronesampler.store import Store

    clock = clock_at(args.factor, SystemClock().unix_s() if args.zero is None else args.zero)
    data = Path(args.data)
    data.mkdir(parents=True, exist_ok=True)
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
        )
        patrol = serve(order, store, clock=clock, up=lambda p: print(json.dumps(p), flush=True))
    out.progress(f"{patrol.id} {patrol.uuid}")
    return 0
