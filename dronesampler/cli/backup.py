"""Copy the database and the files beside it (raw logs, media, packets) into a new folder below TARGET.

The copy is read back and compared before the verb says it is done. It may run during a flight. Private keys stay
where they are unless --keys asks for them.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """把数据库及其旁边的文件（原始日志、影像、证据包）复制到 TARGET 下的新文件夹。

复制后逐一回读比对，一致才算完成。飞行中也可以做。私钥不会离开原处，除非用 --keys 要求。""",
    __doc__,
)
EXAMPLE = "  dronesampler backup /media/usb\n  dronesampler backup D:\\backups --keys"

_DONE = Text(
    "已备份 {files} 个文件（{mb:.1f} MB）到 {folder}，并已核对。",
    "Backed up and verified {files} files ({mb:.1f} MB) in {folder}.",
)


def arguments(parser: Options) -> None:
    parser.add_argument(
        "target", metavar="TARGET", type=Path, help=Text("另一介质上的文件夹", "folder on another medium")
    )
    parser.add_argument(
        "--keys",
        action="store_true",
        help=Text("连私钥一起复制；这样的备份要锁好", "copy the private keys too; keep such a backup locked up"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.clock import SystemClock
    from dronesampler.desk.backup import back_up

    made = back_up(Path(args.data), args.target, clock=SystemClock(), keys=args.keys, progress=out.progress)
    values = {"outcome": "done", "backup": str(made.folder), "files": made.files, "bytes": made.size_bytes}
    out.result(values, _DONE.with_(files=made.files, mb=made.size_bytes / 1e6, folder=made.folder))
    return 0
