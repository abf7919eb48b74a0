"""The report as PDF/A-3 by typst: fonts that ship, a fixed date, words passed as data, not as markup."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from dronesampler.report.content import content_of
from dronesampler.report.fonts import drawable_svg, fonts_dir, lacking, made_printable
from dronesampler.report.map_picture import map_picture
from dronesampler.report.strip_chart import strip_chart
from dronesampler.report.values import ReportValues
from dronesampler.texts import Lang, Text

TEMPLATE = Path(__file__).with_name("patrol.typ")
Standard = Literal["a-3a", "a-3b", "ua-1"]
# Archival and accessible; where a layout cannot be tagged as that asks, archival alone. The PDF says which it is.
STANDARDS: tuple[list[Standard], ...] = (["a-3a", "ua-1"], ["a-3b"])
SPELLED_OUT = Text(
    "字体中没有的字符写作其编码：{characters}；原文见所附 case.json。",
    "Characters that the fonts lack are written by their code: {characters}; case.json, attached, has the originals.",
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file inside the PDF."""

    name: str
    text: str
    mime: str = "application/json"
    about: str = ""
    relationship: str = "data"


class ReportFailed(Exception):
    """The PDF could not be made: a fault of the program, with the words of the engine."""


def report_pdf(
    values: ReportValues, *, lang: Lang | None = None, first: Lang = Lang.ZH, attachments: Sequence[Attachment] = ()
) -> bytes:
    """The report in one language, or in both in one document, `first` first. Same values, same bytes."""
    langs = (lang,) if lang else (first, Lang.EN if first is Lang.ZH else Lang.ZH)
    return _compiled(_inputs(values, langs, attachments=attachments), values, form="pdf")[0]


def report_pages_png(values: ReportValues, *, lang: Lang | None = None, ppi: float = 96.0) -> list[bytes]:
    """The same pages as pictures."""
    langs = (lang,) if lang else (Lang.ZH, Lang.EN)
    return _compiled(_inputs(values, langs, attachments=()), values, form="png", ppi=ppi)


def _inputs(values: ReportValues, langs: Sequence[Lang], *, attachments: Sequence[Attachment]) -> dict[str, str]:
    parts = [_part(values, lang) for lang in langs]
    attached = [
        {"name": a.name, "text": a.text, "mime": a.mime, "about": a.about, "relationship": a.relationship}
        for a in attachments
    ]
    inputs = {"parts": parts, "pictures": [_pictures(values, lang) for lang in langs], "attached": attached}
    return {name: json.dumps(value, ensure_ascii=False) for name, value in inputs.items()}


def _part(values: ReportValues, lang: Lang) -> dict[str, Any]:
    content = content_of(values, lang)
    spelled = sorted(lacking(content))
    part: dict[str, Any] = made_printable(content)
    if spelled:
        note = SPELLED_OUT.with_(characters=", ".join(f"U+{ord(c):04X}" for c in spelled[:40])).said(lang)
        part["sections"][-1]["lines"].append(note)
    return part


def _pictures(values: ReportValues, lang: Lang) -> dict[str, str]:
    pictures = {
        "map": map_picture(
            values.park,
            values.track,
            values.readings,
            values.suspected,
            wind=values.wind,
            size=(760, 490),
            lang=lang,
            simulated=values.simulated,
        ),
        "chart": strip_chart(
            values.readings,
            background_mg_m3=values.background_mg_m3,
            size=(760, 200),
            lang=lang,
            simulated=values.simulated,
            utc_offset_h=values.utc_offset_h,
        ),
        "code": _code(values),
    }
    return {name: drawable_svg(svg) for name, svg in pictures.items()}


def _code(values: ReportValues) -> str:
    """The journal's anchor as a QR code."""
    count, head = values.anchor or (0, "")
    out = io.BytesIO()
    segno.make(f"EVP1|{values.patrol.name}|{count}|{head}", error="m").save(out, kind="svg", border=0, xmldecl=False)
    return out.getvalue().decode()


@cache
def compiler() -> typst.Compiler:
    """Typst with the fonts that ship and no others."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts_dir())])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _compiled(
    inputs: Mapping[str, str], values: ReportValues, *, form: Literal["pdf", "png"], ppi: float | None = None
) -> list[bytes]:
    """Every warning (an unknown font is one) is a failure: a report is whole or there is none."""
    failed = ""
    for standards in STANDARDS if form == "pdf" else ([],):
        try:
            made, warnings = compiler().compile_with_warnings(
                TEMPLATE.read_bytes(),
                format=form,
                ppi=ppi,
                sys_inputs=dict(inputs),
                pdf_standards=[*standards],
                timestamp=int(values.patrol.ended_unix_s or values.patrol.started_unix_s),
            )
        except typst.TypstError as reason:
            failed = f"{reason.message}; {'; '.join(reason.hints)}"
            continue
        if warnings or made is None:
            raise ReportFailed("; ".join(str(warning) for warning in warnings))
        return made if isinstance(made, list) else [made]
    raise ReportFailed(failed)
