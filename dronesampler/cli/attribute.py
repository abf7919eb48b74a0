"""Find what no permitted outlet explains: suspected outlets, places to look again, and what permitted outlets emitted.

WHAT is a patrol (id, uuid or "last") or a folder with readings.csv, outlets.csv and instrument.json. Several patrols
of one park, or several folders, get one verdict together: each flight with its own wind and background, the same
sources. Where nothing can be said the reason is in the answer and the exit code is 0.
"""

import argparse
import os
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.texts import Text

ABOUT = Text(
    """找出许可排口解释不了的排放：疑似排口、值得复查的位置，以及许可排口各排了多少。

WHAT 是一次巡查（编号、uuid 或 last），或含 readings.csv、outlets.csv 和 instrument.json 的文件夹。
同一园区的多次巡查（或多个文件夹）合并成一个结论：每次飞行用各自的风和背景，来源相同。
若无法下结论，答案里会写明原因，退出码仍为 0。""",
    __doc__,
)
EXAMPLE = "  dronesampler attribute last -o finding.json\n  dronesampler attribute 3 4 -o both.json"

SUMMARY = Text(
    "疑似 {suspected} 处，建议复查 {again} 处，许可排口解释 {explained} 个。",
    "{suspected} suspected, {again} to look at again, {explained} permitted outlets explained",
)


def arguments(parser: Options) -> None:
    parser.add_argument(
        "what",
        nargs="+",
        metavar="PATROL|DIR",
        help=Text("数据文件夹里的巡查或文件夹，可给多个", "patrols in the data folder, or folders"),
    )
    parser.add_argument(
        "--off",
        action="append",
        default=[],
        metavar="CODE",
        help=Text(
            "飞行时报停的治理设施（TA…）或排口（DA…），可多次给出",
            "a treatment unit (TA…) or outlet (DA…) that was reported off during the flight; may be repeated",
        ),
    )
    parser.add_argument(
        "-o", "--out", type=Path, metavar="OUT.json", help=Text("把完整分析写到这里", "write the whole analysis here")
    )


def run(args: argparse.Namespace, out: Output) -> int:
    one_thread()
    from dronesampler.attribution import Settings
    from dronesampler.desk.judge import write_values
    from dronesampler.desk.judge_together import analysis_of_all

    settings = Settings(off_units=frozenset(args.off))
    values = analysis_of_all(args.what, data=Path(args.data), settings=settings)
    if args.out:
        write_values(values, args.out)
    why = values["cannot_say"]
    said = Text(why["zh"], why["en"]) if why else SUMMARY.with_(
        suspected=len(values["suspected"]), again=len(values["look_again"]), explained=len(values["explained"])
    )  # fmt: skip
    out.result(values, said)
    return 0


def one_thread() -> None:
    """Small matrices lose time to a second thread, and one thread gives the same bits every time."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
