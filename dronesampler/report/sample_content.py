"""Samples, their custody and what the laboratory found, in one language: already formatted for page and PDF."""

from typing import Any

from dronesampler.casework import CUSTODY_SOURCE, Officer, Span
from dronesampler.casework.lines import COURIER, NOW, SampleLine, said_time
from dronesampler.problems import Severity
from dronesampler.report.ramp import plain
from dronesampler.texts import Lang, Text

S: dict[str, Text] = {
    "title": Text("样品与交接", "Samples and custody"),
    "note": Text(
        "五种保管方式依 {source}；保存时限取自有生效日期的方法表，注明“未经核对”者须查标准正文。",
        "The five ways of custody are those of {source}; holding times are from a dated table of methods, and those "
        "marked as not checked must be read in the standard.",
    ),
    "taken": Text("采样时间", "Taken"),
    "place": Text("采样位置", "Place"),
    "amount": Text("采样量", "Amount"),
    "vacuum": Text("真空度", "Vacuum"),
    "trigger": Text("触发", "Filled"),
    "method": Text("方法与项目", "Method and analytes"),
    "officers": Text("采样人", "Taken by"),
    "seals": Text("封签", "Seals"),
    "clock": Text("保存时限", "Holding time"),
    "results": Text("检测结果", "Results"),
    "corrections": Text("更正", "Corrections"),
    "head": Text("记录摘要", "Digest of the record"),
    "holder": Text("保管人", "Held by"),
    "how": Text("方式", "How"),
    "since": Text("自", "From"),
    "until": Text("至", "Until"),
    "nobody": Text("无人保管", "nobody"),
    "kpa": Text("前 {before} kPa，后 {after} kPa", "{before} kPa before, {after} kPa after"),
    "correction": Text("第 {seq} 条，{by}：{why}", "entry {seq}, {by}: {why}"),
    "height": Text("，离地 {height} m", ", {height} m above ground"),
    "entries": Text("{count} 条，{head}", "{count} entries, {head}"),
}


def samples_of(lines: tuple[SampleLine, ...], lang: Lang, *, utc_offset_h: float) -> dict[str, Any]:
    """The section as a JSON value of strings; "cards" is empty where nothing was sampled."""
    head = [S[key].said(lang) for key in ("holder", "how", "since", "until")]
    return {
        "title": S["title"].said(lang),
        "note": S["note"].with_(source=CUSTODY_SOURCE).said(lang),
        "cards": [{**_card(line, lang, utc_offset_h=utc_offset_h), "head": head} for line in lines],
    }


def _card(line: SampleLine, lang: Lang, *, utc_offset_h: float) -> dict[str, Any]:
    def at(unix_s: float | None) -> str:
        return NOW.said(lang) if unix_s is None else said_time(unix_s, utc_offset_h=utc_offset_h)

    def custody(span: Span) -> list[str]:
        who = S["nobody"].said(lang) if span.mode is None else span.holder or COURIER.said(lang)
        how = "×" if span.mode is None else span.mode.word.said(lang)
        return [who, how, at(span.from_unix_s), at(span.to_unix_s)]

    return {
        "number": line.number,
        "what": line.what.said(lang),
        "rows": [[S[key].said(lang), value] for key, value in _rows(line, lang, utc_offset_h) if value],
        "custody": [custody(span) for span in line.record.spans],
        "problems": [[p.text.said(lang), "bad" if p.severity is Severity.ERROR else ""] for p in line.problems],
    }


def _rows(line: SampleLine, lang: Lang, utc_offset_h: float) -> list[tuple[str, str]]:
    record, sample = line.record, line.record.sample
    semicolon = "；" if lang is Lang.ZH else "; "
    times = said_time(sample.started_unix_s, utc_offset_h=utc_offset_h)
    if sample.stopped_unix_s is not None:
        times += f" – {said_time(sample.stopped_unix_s, utc_offset_h=utc_offset_h)}"
    corrections = [S["correction"].with_(seq=c.seq, by=c.by, why=c.why).said(lang) for c in record.corrections]
    head = S["entries"].with_(count=len(record.entries), head=record.entries[-1].digest()[:32])
    return [
        ("taken", times),
        ("place", _place(line, lang)),
        ("amount", "" if sample.litres is None else f"{plain(sample.litres)} L"),
        ("vacuum", _vacuum(line, lang)),
        ("trigger", sample.trigger.word.said(lang)),
        ("method", " · ".join(part for part in (sample.method, "、".join(sample.analytes)) if part)),
        ("officers", semicolon.join(_officer(officer) for officer in sample.officers)),
        ("seals", " → ".join(seal.seal for seal in record.seals)),
        ("clock", line.clock.said(lang)),
        ("results", semicolon.join(text.said(lang) for text in line.results)),
        ("corrections", semicolon.join(corrections)),
        ("head", head.said(lang)),
    ]


def _officer(officer: Officer) -> str:
    return f"{officer.name} ({officer.certificate})"


def _place(line: SampleLine, lang: Lang) -> str:
    sample = line.record.sample
    if sample.lat_deg is None or sample.lon_deg is None:
        return ""
    height = "" if sample.height_agl_m is None else S["height"].with_(height=f"{sample.height_agl_m:.0f}").said(lang)
    return f"{sample.lat_deg:.6f}, {sample.lon_deg:.6f} (WGS 84){height}"


def _vacuum(line: SampleLine, lang: Lang) -> str:
    before, after = line.record.sample.vacuum_before_kpa, line.record.sample.vacuum_after_kpa
    if before is None and after is None:
        return ""
    said = {"before": "–" if before is None else plain(before), "after": "–" if after is None else plain(after)}
    return S["kpa"].with_(**said).said(lang)
