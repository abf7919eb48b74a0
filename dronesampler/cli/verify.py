"""Check an evidence packet: was anything changed since sealing, who sealed it, when, and what it lacks.

Exit codes: 0 sound; 1 broken (which file and how is said); 2 unchanged, but who sealed it (no trust file, or a key that
is not in it) or when (time stamp roots given, no stamp that leads to them) is not established; 3 unreadable.
Without a time stamp in the packet the time rests on the device's clock, which is noted and does not change the code.
"""

import argparse
from pathlib import Path

from dronesampler.cli.output import Output

EXAMPLE = """\
  dronesampler verify demo/packet_v1.evp.zip --trust keys.json
  dronesampler verify P_v2.evp.zip --trust keys.json --anchors P_v1.evp.zip --tsa-roots roots/ --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("packet", type=Path, metavar="PACKET")
    parser.add_argument("--trust", type=Path, metavar="FILE", help="trust file: whose device keys one believes")
    parser.add_argument("--anchors", type=Path, metavar="FILE", help="anchors kept outside, or an earlier packet")
    parser.add_argument(
        "--tsa-roots", type=Path, metavar="DIR", help="roots of time stamp authorities; demands a stamp"
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.sealing import verify_packet

    verdict = verify_packet(args.packet, trust=args.trust, anchors=args.anchors, tsa_roots=args.tsa_roots)
    out.result(verdict.as_json(), "\n".join(verdict.lines(out.lang)))
    return int(verdict.exit_code)
