"""Bring a backup back, or add a patrol out of its second copy.

SOURCE is a folder that `dronesampler backup` made: every file of it is verified first, and a data folder that is not
empty is only replaced with --replace, which keeps the old one beside it. Or SOURCE is a `*.mirror.jsonl` file that the
recorder wrote to another medium: what the database lacks of that patrol is added.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """恢复备份，或用第二份副本补回一次巡查。

SOURCE 是 `dronesampler backup` 写的文件夹：先逐个文件核验；数据文件夹非空时须加 --replace 才会替换，
旧的保留在旁边。SOURCE 也可以是记录器写到另一介质的 `*.mirror.jsonl` 文件：补上数据库缺少的记录。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler restore /media/usb/dronesampler-backup-20270115T080000Z --replace\n"
    "  dronesampler restore /media/usb/1b4e28ba-2fa1-11d2-883f-0016d3cca427.mirror.jsonl"
)

_RESTORED = Text(
    "已恢复 {patrols} 次巡查（{files} 个文件，全部核对无误）。{aside}",
    "Restored {patrols} patrols ({files} files, all verified). {aside}",
)
_ASIDE = Text("原有数据保留在 {folder}。", "The old data is kept in {folder}.")
_RECLAIMED = Text(
    "从第二份副本补入 {added} 条记录（已有 {known} 条，损坏 {broken} 行），巡查 {patrol}。",
    "Added {added} records of the second copy to patrol {patrol} ({known} were there, {broken} lines are damaged).",
)


def arguments(parser: Options) -> None:
    parser.add_argument(
        "source",
        metavar="SOURCE",
        type=Path,
        help=Text("备份文件夹，或 *.mirror.jsonl 文件", "a backup's folder, or a *.mirror.jsonl file"),
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help=Text("替换非空的数据文件夹", "take the place of a data folder that is not empty"),
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.clock import SystemClock
    from dronesampler.desk.backup import Restored, restore

    done = restore(args.source, Path(args.data), clock=SystemClock(), replace=args.replace)
    if isinstance(done, Restored):
        aside = str(done.kept_aside) if done.kept_aside else ""
        values = {"outcome": "done", "patrols": done.patrols, "files": done.backup.files, "kept_aside": aside}
        kept = _ASIDE.with_(folder=aside) if aside else Text("", "")
        out.result(values, _RESTORED.with_(patrols=done.patrols, files=done.backup.files, aside=kept))
        return 0
    counts = {"added": done.added, "known": done.known}
    values = {"outcome": "done", "patrol": done.patrol_id, **counts, "broken_lines": done.broken_lines}
    out.result(values, _RECLAIMED.with_(patrol=done.patrol_id, broken=done.broken_lines, **counts))
    return 0
