"""Use case: attribute a patrol and keep the finding."""

import json
from pathlib import Path

from dronesampler.attribution import Analysis, attribute
from dronesampler.desk.bench_folder import read_folder


def attribute_folder(folder: Path) -> Analysis:
    """The analysis of a folder in the plain format."""
    held = read_folder(folder)
    return attribute(held.readings, held.wind, held.outlets, held.instrument)


def write_analysis(analysis: Analysis, path: Path) -> None:
    """OUT.json."""
    path.write_text(json.dumps(analysis.as_json(), ensure_ascii=False, indent=1, allow_nan=False), encoding="utf-8")
