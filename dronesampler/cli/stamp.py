"""Fetch the time stamps (RFC 3161) that packets wait for, from an authority that you name.

Packets are sealed without a network: each holds a request that waits. The authority is sent a digest and nothing else.
Its answer is kept beside the packet (PACKET.tsr), where `dronesampler verify --tsa-roots` finds it. Without PACKET all
packets of the data folder that still wait are stamped. Exit 1 when any of them got none: they go on waiting.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

if TYPE_CHECKING:
    from dronesampler.desk.stamping import Stamped

ABOUT = Text(
    """向您指定的时间戳机构取回证据包等待的时间戳（RFC 3161）。

封存不需要网络：每个证据包里有一个待发的请求。发给机构的只有摘要。答复存放在证据包旁（证据包名.tsr），
`dronesampler verify --tsa-roots` 会找到它。不写 PACKET 时，数据文件夹中所有等待的证据包都去取。
有任何一个没有取到，退出码为 1；它们继续等待。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler stamp --tsa http://timestamp.example.org\n"
    "  dronesampler stamp packets/20261122-1b4e28ba_v1.evp.zip --tsa https://tsa.example.cn/tsr --json"
)

NONE = Text("没有等待时间戳的证据包", "no packet waits for a time stamp")
LINE = Text("{packet}：时间戳已存为 {stamp}", "{packet}: time stamp kept as {stamp}")
FAILED = Text("{packet}：{why}；继续等待", "{packet}: {why}; it goes on waiting")


def arguments(parser: Options) -> None:
    parser.add_argument(
        "packets",
        nargs="*",
        type=Path,
        metavar="PACKET",
        help=Text("默认：所有等待的", "default: all that wait"),
    )
    parser.add_argument("--tsa", required=True, metavar="URL", help=Text("时间戳机构的网址", "the authority's address"))
    parser.add_argument(
        "--timeout", type=float, default=15.0, metavar="S", help=Text("等待秒数", "seconds to wait for an answer")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.stamping import stamp_all, waiting
    from dronesampler.store import Store

    packets = tuple(args.packets)
    if not packets:
        with Store.open(Path(args.data)) as store:
            packets = waiting(store)
    done = list(stamp_all(packets, args.tsa, timeout_s=args.timeout))
    rows = [
        {"packet": str(s.packet), "stamp": str(s.stamp) if s.stamp else None}
        | ({"zh": s.why_not.zh, "en": s.why_not.en} if s.why_not else {})
        for s in done
    ]
    said = [_line(s) for s in done]
    failed = any(s.stamp is None for s in done)
    words = "\n".join(text.said(out.lang) for text in said) or NONE
    out.result({"outcome": "refused" if failed else "done", "packets": rows}, words)
    return int(failed)


def _line(stamped: "Stamped") -> Text:
    name = stamped.packet.name
    if stamped.stamp is None:
        return FAILED.with_(packet=name, why=stamped.why_not)
    return LINE.with_(packet=name, stamp=stamped.stamp)
