"""Find what no permitted outlet explains: suspected outlets, places to look again, and what permitted outlets emitted.

WHAT is a patrol (id, uuid or "last") or a folder with readings.csv, outlets.csv and instrument.json. Where nothing can
be said the reason is in the answer and the exit code is 0.
"""

import argparse
import os
from pathlib import Path

from dronesampler.cli.output import Output
from dronesampler.texts import Text

EXAMPLE = "  dronesampler attribute last -o finding.json"

SUMMARY = Text(
    "疑似 {suspected} 处，建议复查 {again} 处，许可排口解释 {explained} 个。",
    "{suspected} suspected, {again} to look at again, {explained} permitted outlets explained",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="PATROL|DIR", help="a patrol in the data folder, or a folder")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.json", help="write the whole analysis here")


def run(args: argparse.Namespace, out: Output) -> int:
    one_thread()
    from dronesampler.desk.judge import analysis_of, write_values

    values = analysis_of(args.what, data=Path(args.data))
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
