"""Find what no permitted outlet explains: suspected outlets, places to look again, and what permitted outlets emitted.

WHAT is a patrol (id, uuid or "last") or a folder with readings.csv, outlets.csv and instrument.json. Where nothing can
be said the reason is in the answer and the exit code is 0.
"""

import argparse
from pathlib import Path

from dronesampler.cli.output import Output
from dronesampler.texts import Text

EXAMPLE = "  dronesampler attribute last -o finding.json"

SUMMARY = Text(
    "疑似 {suspected} 处，建议复查 {again} 处，许可排口解释 {explained} 个。",
    "{suspected} suspected, {again} to look at again, {explained} permitted outlets explained",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="PATROL|DIR")
    parser.add_argument("-o", "--out", type=Path, metavar="OUT.json")


def run(args: argparse.Namespace, out: Output) -> int:
    from dronesampler.desk.judge import attribute_folder, write_analysis

    analysis = attribute_folder(Path(args.what))
    if args.out:
        write_analysis(analysis, args.out)
    said = analysis.cannot_say.text if analysis.cannot_say else SUMMARY.with_(
        suspected=len(analysis.suspected), again=len(analysis.look_again), explained=len(analysis.explained)
    )  # fmt: skip
    out.result(analysis.as_json(), said)
    return 0
