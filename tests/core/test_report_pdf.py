"""The PDF: archival, reproducible, complete, and deaf to whatever code a text may hold."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dronesampler.casework import Officer
from dronesampler.columns import Readings, Track
from dronesampler.evidence.document import attachments
from dronesampler.geo import Polygon
from dronesampler.mission import Mission
from dronesampler.park import Park
from dronesampler.report import (
    Attachment,
    FileFact,
    InstrumentFacts,
    Patrol,
    ReportFailed,
    ReportValues,
    SuspectedPlace,
    pdf,
    report_pages_png,
    report_pdf,
)
from dronesampler.report.content import content_of
from dronesampler.report.fonts import drawable, lacking, made_printable, printable
from dronesampler.report.words import W, compass
from dronesampler.texts import Lang, Text

COUNT = 120
TIME_S = 1.8e9 + np.arange(COUNT)
LAT, LON = 35.70 + np.linspace(0, 0.004, COUNT), 116.48 + np.linspace(0, 0.008, COUNT)
FLAT = np.full(COUNT, 40.0)
TRACK = Track(TIME_S, LAT, LON, FLAT, FLAT, FLAT, FLAT)
READINGS = Readings(
    TIME_S, LAT, LON, FLAT, 0.3 + np.sin(TIME_S) ** 2, FLAT, np.ones(COUNT, bool), np.arange(COUNT), "NMHC", "PID-1"
)
PARK = Park("示范园区", Polygon(((35.70, 116.48), (35.70, 116.49), (35.705, 116.49))), name_en="Demo park")
VALUES = ReportValues(
    "示范县执法大队",
    (Officer("示例甲", "DEMO-0001", name_en="Example A"), Officer("示例乙", "DEMO-0002", name_en="Example B")),
    Patrol("P-1", 1.8e9, 1.8e9 + 120, {"model": "多旋翼", "registration": "UAS-1"}, task="站点报警"),
    PARK,
    TRACK,
    READINGS,
    instrument=InstrumentFacts("PID-1", "NMHC", 3.0, 1.0, 0.03),
    suspected=(SuspectedPlace("XP-001", 35.702, 116.485, 9.0, 0.4, (0.2, 0.8), 12.0, 3, (30.0, 8.0, 60.0)),),
    plan=Mission("横风航线", (), pattern="transects"),
    background_mg_m3=0.31,
    unseen=(Text("弱于 0.1 g/s 的看不到", "below 0.1 g/s unseen"),),
    method=(Text("方法", "method"),),
    files=(FileFact("readings/readings.csv", 1234, "ab" * 32),),
    anchor=(7, "cd" * 32),
)


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", made))


def test_archival_and_the_same_each_time() -> None:
    case = Attachment("case.json", '{"甲":1}\n')
    made = report_pdf(VALUES, attachments=[case])
    assert made == report_pdf(VALUES, attachments=[case])
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in made and b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert attachments(made) == [case.text.encode()]
    assert made.count(b"%%EOF") == 1


def test_long_tables_and_many_places_keep_the_structure() -> None:
    files = tuple(FileFact(f"readings/{i:03d}-{'x' * 60}.csv", i, "ab" * 32) for i in range(90))
    many = replace(VALUES, files=files, suspected=VALUES.suspected * 8, simulated=True)
    made = report_pdf(many)
    assert pages(made) > 10
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in made
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made


def test_both_languages_in_one_document_or_each_alone() -> None:
    both, zh, en = report_pdf(VALUES), report_pdf(VALUES, lang=Lang.ZH), report_pdf(VALUES, lang=Lang.EN)
    assert pages(both) == pages(zh) + pages(en)
    assert zh != en
    assert report_pdf(VALUES, first=Lang.EN) not in (both, zh, en)


def sentences(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for child in value.values() if isinstance(value, dict) else value:
            yield from sentences(child)


@pytest.mark.parametrize("lang", list(Lang))
def test_everything_that_must_be_said_is_said(lang: Lang) -> None:
    said = "\n".join(sentences(content_of(VALUES, lang)))
    for words in ("示范县执法大队", "DEMO-0001", "DEMO-0002", "UAS-1", "T90 3 s", "NMHC", "transects", "XP-001"):
        assert words in said, words
    for words in (
        "35.702000, 116.485000",
        "0.4 g/s",
        "0.2 – 0.8",
        "0.31",
        "readings/readings.csv",
        "cd" * 16,
        "UTC+08:00",
    ):
        assert words in said, words
    zh = ("疑似", "线索", "两名执法人员", "未能看到的范围", "弱于 0.1 g/s 的看不到", "2027-01-15 16:00:00")
    en = ("Suspected", "lead", "two officers", "What was not seen", "below 0.1 g/s unseen", "2027-01-15 16:00:00")
    for words in zh if lang is Lang.ZH else en:
        assert words in said, words


def test_nothing_found_points_to_what_could_not_be_seen() -> None:
    none = replace(VALUES, suspected=())
    assert "未能看到的范围" in content_of(none, Lang.ZH)["lead"]
    reason = Text("风速为零", "no wind")
    assert "风速为零" in content_of(replace(none, cannot_say=reason), Lang.ZH)["lead"]
    assert pages(report_pdf(none, lang=Lang.ZH)) >= 1


def test_the_words_never_pronounce_and_never_cite() -> None:
    """Suspected, never proven; law is left to the officers, and repealed law is nowhere."""
    zh, en = "".join(text.zh for text in W.values()), "".join(text.en for text in W.values()).lower()
    for words in ("大气污染防治法", "第九十九条", "证实", "确认违法", "违法排污"):
        assert words not in zh
    assert "proven" not in en and "guilt" not in en
    assert all(text.zh and text.en for text in W.values())


def test_code_in_texts_is_text() -> None:
    """If any of it ran, the compiler would stop, or there would be more pages."""
    evil = '#panic("ran") #pagebreak() \\ $x^2$ *b* _i_ `raw` = head <label> @ref // /* ~ #import "/etc/passwd" {pages}'
    tame = "".join("x" if c not in " " else c for c in evil)

    def with_text(text: str) -> ReportValues:
        return replace(
            VALUES,
            agency=text,
            officers=(Officer(text, text), Officer(text, "2")),
            patrol=replace(VALUES.patrol, name=text, task=text, aircraft={"model": text}),
            park=replace(PARK, name=text, name_en=text),
            suspected=tuple(replace(s, code=text, reasons=(Text(text, text),)) for s in VALUES.suspected),
            files=(FileFact(text, 1, "ab" * 32),),
        )

    assert pages(report_pdf(with_text(evil))) == pages(report_pdf(with_text(tame)))


def test_rare_names_are_drawn_and_others_spelled_out() -> None:
    assert printable("㛃䶮") == "㛃䶮" or "〔U+" in printable("㛃䶮")
    assert printable("王小明 abc µ ³ ° × –") == "王小明 abc µ ³ ° × –"
    assert printable("😀") == "〔U+1F600〕"
    assert printable("a\u202eb\x00") == "a〔U+202E〕b〔U+0000〕"
    assert lacking({"a": ["x😀", {"b": "مرحبا"}]}) == set("😀مرحبا")
    assert 0x4E00 in drawable() and 0x20AC in drawable()


@pytest.mark.parametrize(
    "text",
    [
        "㛃䶮𬭎",
        "😀👩‍🚀",
        "مرحبا بالعالم שלום",
        "é ö ŋ ʘ",
        "\x00\x01\x7f",
        "\ud7ff\ufffe",
        "测" * 5000,
        "a" * 5000,
        "𠀀" * 50,
    ],
    ids=["rare", "emoji", "rtl", "latin", "control", "noncharacters", "5000-zh", "5000-en", "plane-2"],
)
def test_any_text_makes_a_document(text: str) -> None:
    values = replace(
        VALUES, agency=text, officers=(Officer(text, "1"), Officer("乙", text)), park=replace(PARK, name=text)
    )
    made = report_pdf(values, lang=Lang.ZH)
    assert made.startswith(b"%PDF")
    if lacking(text):
        content = pdf._part(values, Lang.ZH)
        assert "字体中没有的字符" in content["sections"][-1]["lines"][-1]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_text_at_all(text: str) -> None:
    values = replace(VALUES, agency=text, patrol=replace(VALUES.patrol, task=text), park=replace(PARK, name=text))
    assert report_pdf(values, lang=Lang.ZH).startswith(b"%PDF")


def test_long_runs_can_break() -> None:
    assert "\u200b" in printable("a" * 100)
    assert made_printable(["测" * 100]) == ["测" * 100]


def test_an_unknown_font_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    template = tmp_path / "patrol.typ"
    template.write_text(
        pdf.TEMPLATE.read_text(encoding="utf-8").replace('"Noto Sans SC", ', '"No Such Font", '), "utf-8"
    )
    monkeypatch.setattr(pdf, "TEMPLATE", template)
    with pytest.raises(ReportFailed, match=r"(?i)font"):
        report_pdf(VALUES)


def test_pages_as_pictures() -> None:
    made = report_pages_png(VALUES, lang=Lang.EN, ppi=30)
    assert all(page.startswith(b"\x89PNG") for page in made)
    assert len(made) == pages(report_pdf(VALUES, lang=Lang.EN))


def test_directions_by_name() -> None:
    assert [compass(d).en for d in (0, 22.5, 45, 180, 349, 359)] == ["N", "NNE", "NE", "S", "N", "N"]
    assert compass(135).zh == "东南"
