"""The option that names instruments, for the verbs that fly: PROFILE@LINK, repeatable."""

from dronesampler.cli.options import Options
from dronesampler.texts import Text


def add_instruments(parser: Options) -> None:
    parser.add_argument(
        "--instrument",
        action="append",
        default=[],
        metavar="PROFILE@LINK",
        help=Text(
            "随机仪器：配置名或 .toml 文件@链路，如 sniffer4d@serial:/dev/ttyUSB1:115200；"
            "MAVLink 载荷写 @mavlink 或 @mavlink:1/26；可重复",
            "an instrument on board: profile or .toml file @ its link, e.g. sniffer4d@serial:/dev/ttyUSB1:115200; "
            "@mavlink or @mavlink:1/26 for MAVLink payloads; repeatable",
        ),
    )
