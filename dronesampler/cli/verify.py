"""Check an evidence packet: was anything changed since sealing, who sealed it, when, and what it lacks.

Exit codes: 0 sound; 1 broken (which file and how is said); 2 unchanged, but who sealed it (no trust file, or a key that
is not in it) or when (time stamp roots given, no stamp that leads to them) is not established; 3 unreadable.
Without a time stamp in the packet the time rests on the device's clock, which is noted and does not change the code.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """核验证据包：封存后是否被改动、由谁封存、何时封存、缺少什么。

退出码：0 完好；1 已损坏（哪个文件、如何损坏）；2 未被改动，但由谁封存（没有信任文件，或密钥不在其中）
或何时封存（给了时间戳根证书，却没有能追溯到它的时间戳）不能确认；3 无法读取。
证据包里没有时间戳时，时间以本机时钟为准，会写明但不改变退出码。""",
    __doc__,
)
EXAMPLE = """\
  dronesampler verify demo/packet_v1.evp.zip --trust keys.json
  dronesampler verify P_v2.evp.zip --trust keys.json --anchors P_v1.evp.zip --tsa-roots roots/ --json"""


def arguments(parser: Options) -> None:
    parser.add_argument("packet", type=Path, metavar="PACKET", help=Text("证据包文件", "the packet's file"))
    parser.add_argument(
        "--trust",
        type=Path,
        metavar="FILE",
        help=Text("信任文件：相信谁的设备密钥", "trust file: whose device keys one believes"),
    )
    parser.add_argument(
        "--anchors",
        type=Path,
        metavar="FILE",
        help=Text("存放在外的锚点，或更早的证据包", "anchors kept outside, or an earlier packet"),
    )
    parser.add_argument(
        "--tsa-roots",
        type=Path,
        metavar="DIR",
        help=Text("时间戳机构的根证书；给出则要求有时间戳", "roots of time stamp authorities; demands a stamp"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.sealing import verify_packet

    verdict = verify_packet(args.packet, trust=args.trust, anchors=args.anchors, tsa_roots=args.tsa_roots)
    out.result(verdict.as_json(), "\n".join(verdict.lines(out.lang)))
    return int(verdict.exit_code)
