"""What a laboratory found: its file as received, and the figures an officer read out of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from dronesampler.problems import Problem, Severity
from dronesampler.texts import Text


@dataclass(frozen=True, slots=True)
class Value:
    """One analyte. `value` is None where the laboratory reports "below the limit of detection"."""

    analyte: str
    value: float | None
    unit: str
    detection_limit: float | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class LabFile:
    """A file as it was received, by its bytes: kept under its digest, never changed."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LabResult:
    """A laboratory's answer. Nothing is ever replaced: a corrected one is a further record that names the one before.

    `analysed_unix_s` is when the analysis began: with it the holding time is judged.
    """

    laboratory: str
    report_number: str
    method: str
    received_unix_s: float
    analysed_unix_s: float | None = None
    values: tuple[Value, ...] = ()
    files: tuple[LabFile, ...] = ()
    entered_by: str = ""
    corrects: int | None = None  # the entry that this one corrects
    why: str = ""
    accredited: str = ""  # e.g. the CMA number
    note: str = ""


NO_FILE = Text("检测报告文件未附", "the laboratory's own file is not attached")
NO_REPORT = Text("没有检测报告编号", "there is no number of a laboratory report")
NO_METHOD = Text("没有说明分析方法", "the method of analysis is not said")
OTHER_METHOD = Text("采样要求 {asked}，报告用 {used}", "asked for by {asked}, analysed by {used}")
BELOW_NEEDS_LIMIT = Text("{analyte} 低于检出限，但未给出检出限", "{analyte} is below a limit that is not given")
NO_UNIT = Text("{analyte} 没有单位", "{analyte} has no unit")
NEGATIVE = Text("{analyte} 的数值为负", "{analyte} is negative")


def result_problems(number: str, result: LabResult, *, asked_method: str) -> tuple[Problem, ...]:
    """What is wrong (errors) and what is missing (warnings) in a result."""
    return tuple(
        Problem(f"result.{rule}", severity, text, number) for rule, severity, text in _found(result, asked_method)
    )


def _found(result: LabResult, asked_method: str) -> Iterator[tuple[str, Severity, Text]]:
    if not result.files:
        yield "file", Severity.WARNING, NO_FILE
    if not result.report_number:
        yield "report", Severity.WARNING, NO_REPORT
    if not result.method:
        yield "method", Severity.WARNING, NO_METHOD
    elif asked_method and result.method != asked_method:
        yield "method", Severity.WARNING, OTHER_METHOD.with_(asked=asked_method, used=result.method)
    for v in result.values:
        if v.value is None and v.detection_limit is None:
            yield "limit", Severity.WARNING, BELOW_NEEDS_LIMIT.with_(analyte=v.analyte)
        if not v.unit:
            yield "unit", Severity.ERROR, NO_UNIT.with_(analyte=v.analyte)
        if v.value is not None and v.value < 0:
            yield "value", Severity.ERROR, NEGATIVE.with_(analyte=v.analyte)
