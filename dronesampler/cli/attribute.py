"""Find what no permitted outlet explains: suspected outlets, places to look again, and what permitted outlets emitted.

WHAT is a patrol (id, uuid or "last") or a folder with readings.csv, outlets.csv and instrument.json. Several patrols
of one park, or several folders, get one verdict together: each flight with its own wind and background, the same
sources. Where nothing can be said the reason is in the answer and the exit code is 0. A patrol that was imported, or
flown without --park, has no register of permitted outlets yet: --park names the park on file, once.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path

from dronesampler.cli.options import Options
from dronesampler.cli.output import Output
from dronesampler.problems import BadInput
from dronesampler.processes import one_thread
from dronesampler.texts import Text

ABOUT = Text(
    """找出许可排口解释不了的排放：疑似排口、值得复查的位置，以及许可排口各排了多少。

WHAT 是一次巡查（编号、uuid 或 last），或含 readings.csv、outlets.csv 和 instrument.json 的文件夹。
同一园区的多次巡查（或多个文件夹）合并成一个结论：每次飞行用各自的风和背景，来源相同。
若无法下结论，答案里会写明原因，退出码仍为 0。
导入的巡查、未带 --park 执飞的巡查还没有许可排口名录：用 --park 指明库中的园区，一次即可。""",
    __doc__,
)
EXAMPLE = (
    "  dronesampler attribute last -o finding.json\n"
    "  dronesampler attribute 3 4 -o both.json\n"
    '  dronesampler attribute 5 --park "West Zone"'
)

SUMMARY = Text(
    "疑似 {suspected} 处，建议复查 {again} 处，许可排口解释 {explained} 个。",
    "{suspected} suspected, {again} to look at again, {explained} permitted outlets explained",
)
NAME_THE_PARK = Text("{why}再用 --park 指明园区。", "{why} and name the park with --park")
FOLDER_HAS_ITS_OWN = Text(
    "--park 只用于数据文件夹里的巡查；{what} 自带名录",
    "--park is for patrols of the data folder: {what} has its own register",
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
        "--park",
        metavar="PARK",
        help=Text(
            "据以研判的园区（编号或名称），记入巡查", "park on file, by id or name, to judge against; is put on record"
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

    if args.park:
        _of_park(args)
    settings = Settings(off_units=frozenset(args.off))
    values = analysis_of_all(args.what, data=Path(args.data), settings=settings)
    if args.out:
        write_values(values, args.out)
    why = values["cannot_say"]
    said = _why(why) if why else SUMMARY.with_(
        suspected=len(values["suspected"]), again=len(values["look_again"]), explained=len(values["explained"])
    )  # fmt: skip
    out.result(values, said)
    return 0


def _of_park(args: argparse.Namespace) -> None:
    """Put on record which park the patrols are of."""
    from dronesampler.desk.judge import file_under_park
    from dronesampler.store import Store

    for what in args.what:
        if Path(what).exists():
            raise BadInput(FOLDER_HAS_ITS_OWN.with_(what=what))
    with Store.open(Path(args.data)) as store:
        file_under_park(store, args.what, args.park)


def _why(why: Mapping[str, str]) -> Text:
    said = Text(why["zh"], why["en"])
    return NAME_THE_PARK.with_(why=said) if why["code"] == "empty_register" else said
