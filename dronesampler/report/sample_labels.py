"""Labels of samples, in both languages and with a QR code: one as SVG, many as a sheet to print."""

import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import segno
import typst

from dronesampler.casework import Sample, SampleRecord
from dronesampler.casework.lines import said_time
from dronesampler.report.fonts import drawable_svg
from dronesampler.report.pdf import ReportFailed, compiler
from dronesampler.report.svg import INK, MUTED, PAPER, document, element, width_of, words
from dronesampler.rules.holding import holding_time
from dronesampler.texts import SIMULATED, Text

WIDTH, HEIGHT = 360.0, 200.0  # 90 mm by 50 mm
EDGE, QR = 12.0, 96.0
TEMPLATE = Path(__file__).with_name("labels.typ")
MOCK = "#8b2252"
TITLE = Text("样品标签", "sample label")
_ROWS = {
    "taken": Text("采样", "taken"),
    "place": Text("位置", "place"),
    "for": Text("项目", "for"),
    "keep": Text("保存", "keep"),
    "by": Text("采样人", "by"),
    "seal": Text("封签", "seal"),
}


def label_code(record: SampleRecord) -> str:
    """What the QR code says: the sample, its patrol, and the beginning of the digest of its first entry."""
    sample = record.first
    return f"S|{sample.patrol[:8]}|{sample.number}|{record.entries[0].digest()[:16]}"


def label_svg(record: SampleRecord) -> str:
    """The label of one sample."""
    sample = record.sample
    what = Text(f"{sample.kind.word.zh} · {sample.vessel.word.zh}", f"{sample.kind.word.en} · {sample.vessel.word.en}")
    left = EDGE + QR + 12.0
    body = [
        element("rect", x=0, y=0, width=WIDTH, height=HEIGHT, fill=PAPER),
        element("rect", x=2, y=2, width=WIDTH - 4, height=HEIGHT - 4, rx=6, fill="none", stroke=INK, stroke_width=1.2),
        _qr(label_code(record)),
        words(sample.number, left, 34, size=_fitting(sample.number, 24, WIDTH - left - EDGE), font_weight="bold"),
        words(f"{what.zh}  {what.en}", left, 54, size=_fitting(f"{what.zh}  {what.en}", 12, WIDTH - left - EDGE)),
    ]
    for i, (key, said) in enumerate(_facts(sample)):
        wide = i > 1  # below the code there is the whole width
        x, y = (EDGE, 139.0 + 16.0 * (i - 2)) if wide else (left, 78.0 + 22.0 * i)
        name = f"{_ROWS[key].zh} {_ROWS[key].en} "
        indent = 60.0
        body.append(words(name, x, y, size=9.5, fill=MUTED))
        body.append(words(said, x + indent, y, size=_fitting(said, 11.5, WIDTH - EDGE - x - indent)))
    if sample.simulated:
        mark = f"{SIMULATED.zh} {SIMULATED.en}"
        body.append(words(mark, EDGE, 122, size=_fitting(mark, 11, QR), fill=MOCK, font_weight="bold"))
        tilt = f"rotate(-14 {WIDTH / 2} {HEIGHT / 2})"
        centre = (WIDTH / 2, HEIGHT / 2 + 12)
        body.append(words(mark, *centre, size=34, fill=MOCK, opacity=0.1, text_anchor="middle", transform=tilt))
    return document("".join(body), width=WIDTH, height=HEIGHT, title=f"{TITLE.zh} / {TITLE.en} {sample.number}")


def labels_pdf(records: Sequence[SampleRecord]) -> bytes:
    """A sheet of labels, ten on a page of A4, 90 mm by 50 mm each. The same records give the same bytes."""
    labels = [{"svg": drawable_svg(label_svg(record)), "number": record.sample.number} for record in records]
    stamp = max((int(record.entries[0].unix_s) for record in records), default=0)
    try:
        made = compiler().compile(
            TEMPLATE.read_bytes(), format="pdf", sys_inputs={"labels": json.dumps(labels)}, timestamp=stamp
        )
    except typst.TypstError as reason:
        raise ReportFailed(reason.message) from reason
    return made if isinstance(made, bytes) else b"".join(made or ())


def _facts(sample: Sample) -> list[tuple[str, str]]:
    place = "–" if sample.lat_deg is None else f"{sample.lat_deg:.6f}, {sample.lon_deg:.6f}"
    if sample.height_agl_m is not None:
        place += f"  +{sample.height_agl_m:.0f} m"
    day = datetime.fromtimestamp(sample.ended_unix_s, UTC).date()
    rule = holding_time(sample.method, sample.vessel.value, day, analytes=sample.analytes)
    keep = f"{rule.keep_zh} {rule.keep_en}" if rule else "–"
    if rule and rule.max_hours is not None:
        keep += f"  ≤ {rule.max_hours:g} h" + ("" if rule.verified else " (?)")
    wanted = " ".join([sample.method, *sample.analytes]).strip()
    return [
        ("taken", said_time(sample.started_unix_s)),
        ("place", place),
        ("for", wanted or "–"),
        ("keep", keep),
        ("by", "  ".join(f"{o.name} ({o.certificate})" for o in sample.officers) or "–"),
        ("seal", sample.seal or "–"),
    ]


def _fitting(text: str, size: float, room: float) -> float:
    """The size of type at which a text fits, never more than `size`."""
    wide = width_of(text, size)
    return size if wide <= room else size * room / wide


def _qr(code: str) -> str:
    out = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, svgns=False, omitsize=True, scale=1, dark=INK
    )
    picture = out.getvalue().decode()
    place = f'<svg x="{EDGE}" y="{EDGE}" width="{QR}" height="{QR}" '
    return picture.replace("<svg ", place, 1)
