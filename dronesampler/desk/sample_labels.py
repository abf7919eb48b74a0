"""Use case: labels of samples into a file, as a sheet (PDF) or one label (SVG)."""

from collections.abc import Sequence
from pathlib import Path

from dronesampler.casework import SampleRecord
from dronesampler.evidence.files import write_whole
from dronesampler.problems import BadInput
from dronesampler.report.sample_labels import label_svg, labels_pdf
from dronesampler.texts import Text

ENDING = Text("标签文件应以 .pdf 或 .svg 结尾", "a file of labels ends in .pdf or .svg")
ONE_ONLY = Text("一个 .svg 文件只能放一张标签；多张请用 .pdf", "an .svg holds one label; for more use .pdf")


def write_labels(records: Sequence[SampleRecord], path: Path) -> None:
    """Whole or not at all. Raises BadInput for another kind of file."""
    match path.suffix.lower():
        case ".pdf":
            write_whole(path, [labels_pdf(records)])
        case ".svg" if len(records) == 1:
            write_whole(path, [label_svg(records[0]).encode()])
        case ".svg":
            raise BadInput(ONE_ONLY, where=str(path))
        case _:
            raise BadInput(ENDING, where=str(path))
