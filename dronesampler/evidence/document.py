"""Check V13: the report is one revision of a PDF and carries the very case.json of the packet."""

import re
import zlib
from collections.abc import Iterator

from dronesampler.evidence import layout
from dronesampler.evidence.opened import OpenedPacket
from dronesampler.evidence.verdict import Finding, Status
from dronesampler.texts import Text

_STREAM = re.compile(rb"/Type\s*/EmbeddedFile(?:(?!endobj).)*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)

NO_REPORT = Text("没有 PDF 报告", "there is no PDF report")
NOT_A_PDF = Text("不是 PDF 文件", "not a PDF file")
LATER_REVISION = Text("PDF 在生成之后又追加过修订", "the PDF was revised after it was made")
OTHER_CASE = Text("PDF 所附 case.json 与包内不同", "the case.json attached to the PDF is not the packet's")
REPORT_GOOD = Text("报告未经修订，所附 case.json 与包内一致", "one revision, and its case.json is the packet's")


def check_report(packet: OpenedPacket) -> Iterator[Finding]:
    """V13."""
    reports = {n: d for n, d in packet.kept.items() if n.startswith(layout.REPORT) and n.lower().endswith(".pdf")}
    if not reports:
        yield Finding("V13", Status.ABSENT, NO_REPORT)
    for name, pdf in sorted(reports.items()):
        fault = _fault(pdf, packet.kept.get(layout.CASE, b""))
        yield Finding("V13", Status.FAILED if fault else Status.PASSED, fault or REPORT_GOOD, name)


def _fault(pdf: bytes, case: bytes) -> Text | None:
    if not pdf.startswith(b"%PDF-"):
        return NOT_A_PDF
    if pdf.count(b"%%EOF") != 1 or not pdf.rstrip().endswith(b"%%EOF"):
        return LATER_REVISION
    if case not in attachments(pdf):
        return OTHER_CASE
    return None


def attachments(pdf: bytes) -> list[bytes]:
    """Files embedded in a PDF, packed with Flate or not; enough of a PDF reader for reports of our own making."""
    found = []
    for match in _STREAM.finditer(pdf):
        try:
            found.append(zlib.decompress(match[1]))
        except zlib.error:
            found.append(match[1])
    return found
