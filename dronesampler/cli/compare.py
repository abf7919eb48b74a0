"""Compare two patrols of one park, before and after: what became of each suspected place, with rates and intervals.

BEFORE and AFTER are patrols (id, uuid or "last") whose sources have been found. A place that is not found again counts
as gone only where the second flight would have noticed half of its rate.
"""

import argparse
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """比较同一园区前后两次巡查：每个疑似位置变得怎样，附排放速率和区间。

BEFORE 和 AFTER 是已经溯源的巡查（编号、uuid 或 last）。某处第二次没有找到时，
只有第二次飞行本可发现其一半速率，才算“已消失”。""",
    __doc__,
)
EXAMPLE = "  dronesampler compare 1 2 -o before-and-after.csv"

SAID = Text("{count} 处疑似排放：{changes}", "{count} suspected places: {changes}")


def arguments(parser: Options) -> None:
    parser.add_argument("before", metavar="BEFORE", help=Text("较早的一次巡查", "the earlier patrol"))
    parser.add_argument("after", metavar="AFTER", help=Text("较晚的一次巡查", "the later patrol"))
    parser.add_argument(
        "-o", "--out", type=Path, metavar="TABLE.csv", help=Text("把表格写到这里", "write the table here")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.comparing import CHANGES, compare_patrols, write_comparison
    from dronesampler.store import Store

    with Store.open(Path(args.data)) as store:
        found = compare_patrols(store, args.before, args.after)
    if args.out:
        write_comparison(found, args.out, out.lang)
    values = {
        "before": found.before.uuid,
        "after": found.after.uuid,
        "simulated": found.simulated,
        "lines": [
            {
                "place": line.label,
                "lat_deg": line.lat_deg,
                "lon_deg": line.lon_deg,
                "before_g_s": line.before_g_s,
                "before_interval_g_s": line.before_interval_g_s,
                "after_g_s": line.after_g_s,
                "after_interval_g_s": line.after_interval_g_s,
                "change": line.change.value,
                "text": {"zh": line.text.zh, "en": line.text.en},
            }
            for line in found.lines
        ],
    }
    changes = [f"{line.label} {CHANGES[line.change].said(out.lang)}" for line in found.lines]
    out.result(values, SAID.with_(count=len(found.lines), changes="; ".join(changes) or "-"))
    return 0
