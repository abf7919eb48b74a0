"""A patrol's report in words, in one language: everything the page template lays out, already formatted."""

from typing import Any

import numpy as np

from dronesampler.casework import Officer
from dronesampler.report.ramp import plain
from dronesampler.report.sample_content import samples_of
from dronesampler.report.strip_chart import local_time
from dronesampler.report.values import ReportValues, SuspectedPlace, mean_wind, track_length_m
from dronesampler.report.words import W, compass
from dronesampler.texts import SIMULATED, Lang, Text


def content_of(values: ReportValues, lang: Lang) -> dict[str, Any]:
    """The report as a JSON value of strings and lists of strings."""
    return {
        "lang": "zh" if lang is Lang.ZH else "en",
        "simulated": f"{SIMULATED.zh} {SIMULATED.en}" if values.simulated else "",
        "simulated_note": W["simulated_note"].said(lang) if values.simulated else "",
        "agency": values.agency,
        "title": W["title"].said(lang),
        "park": _park_name(values, lang),
        "lead": _lead(values).said(lang),
        "lead_note": W["lead_note"].said(lang),
        "tiles": [[value, unit.said(lang), label.said(lang)] for value, unit, label in _tiles(values)],
        "facts": [[label.said(lang), value] for label, value in _facts(values, lang) if value],
        "map_caption": W["map_caption"].said(lang),
        "chart_caption": W["chart_caption"].said(lang),
        "suspects_title": W["suspects"].said(lang),
        "suspects": [_suspect(place, lang) for place in values.suspected],
        "samples": samples_of(tuple(values.samples), lang, utc_offset_h=values.utc_offset_h),
        "sections": [section for section in _sections(values, lang) if section["lines"]],
        "files_title": W["files"].said(lang),
        "files_note": W["files_note"].said(lang),
        "files_head": [W[key].said(lang) for key in ("no", "name", "bytes", "sha256")],
        "files": [[str(i), f.name, f"{f.size:,}", _halved(f.sha256)] for i, f in enumerate(values.files, 1)],
        "anchor_title": W["anchor"].said(lang) if values.anchor else "",
        "anchor": _anchor(values),
        "anchor_note": W["anchor_note"].said(lang),
        "signatures_title": W["signatures"].said(lang),
        "signatures": [[o.name, _certificate(o.certificate, lang)] for o in values.officers],
        "signature_line": [W["signature"].said(lang), W["date"].said(lang)],
        "page_of": W["page_of"].said(lang),
        "footer": f"{_park_name(values, lang)} · {values.patrol.name}",
    }


def _park_name(values: ReportValues, lang: Lang) -> str:
    return values.park.name if lang is Lang.ZH else values.park.name_en or values.park.name


def _lead(values: ReportValues) -> Text:
    if values.suspected:
        return W["found"].with_(count=len(values.suspected))
    return W["cannot_say"].with_(reason=values.cannot_say) if values.cannot_say else W["nothing"]


def _tiles(values: ReportValues) -> list[tuple[str, Text, Text]]:
    good = values.readings.value_mg_m3[values.readings.ok & np.isfinite(values.readings.value_mg_m3)]
    background = values.background_mg_m3
    return [
        (f"{track_length_m(values.track) / 1000:.2f}", Text("公里", "km"), W["track"]),
        (f"{len(values.readings):,}", Text("条", ""), W["readings"]),
        (plain(float(good.max())) if len(good) else "—", Text("mg/m³", "mg/m³"), W["maximum"]),
        ("—" if background is None else plain(background), Text("mg/m³", "mg/m³"), W["background"]),
        (str(len(values.suspected)), Text("处", ""), W["suspected"]),
    ]


def _facts(values: ReportValues, lang: Lang) -> list[tuple[Text, str]]:
    patrol, instrument = values.patrol, values.instrument
    officers = "；" if lang is Lang.ZH else "; "
    facts = [
        (W["agency"], values.agency),
        (W["officers"], officers.join(_officer(o, lang) for o in values.officers)),
        (W["patrol"], patrol.name),
        (W["time"], _time(values)),
        (W["aircraft"], " · ".join(str(v) for v in patrol.aircraft.values() if v)),
        (W["plan"], _plan(values, lang)),
        (W["wind"], _wind(values, lang)),
    ]
    if instrument is not None:
        facts.append((W["instrument"], _instrument(values, lang)))
        facts.append((W["grade"], instrument.grade.said(lang)))
    facts.append((W["task"], patrol.task))
    if patrol.clock_factor != 1.0:
        facts.append((W["factor"], f"×{patrol.clock_factor:g}"))
    return facts


def _officer(officer: Officer, lang: Lang) -> str:
    if lang is Lang.ZH:
        return f"{officer.name}（{officer.certificate}）"
    return f"{officer.name_en or officer.name} ({officer.certificate})"


def _certificate(number: str, lang: Lang) -> str:
    return W["certificate"].with_(number=number).said(lang)


def _time(values: ReportValues) -> str:
    offset = values.utc_offset_h
    begun = local_time(values.patrol.started_unix_s, offset, form="%Y-%m-%d %H:%M:%S")
    ended = values.patrol.ended_unix_s
    sign, minutes = "-" if offset < 0 else "+", round(abs(offset) * 60)
    zone = f"UTC{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    until = "" if ended is None else f" – {local_time(ended, offset, form='%H:%M:%S')}"
    return f"{begun}{until} ({zone})"


def _plan(values: ReportValues, lang: Lang) -> str:
    plan = values.plan
    if plan is None:
        return W["no_plan"].said(lang)
    places = sum(item.has_place for item in plan.items)
    return W["plan_line"].with_(name=plan.name, pattern=plan.pattern or "–", places=places).said(lang)


def _wind(values: ReportValues, lang: Lang) -> str:
    wind = mean_wind(values.wind)
    if wind is None:
        return W["no_wind"].said(lang)
    from_deg, speed = wind
    return W["wind_line"].with_(name=compass(from_deg), deg=f"{from_deg:.0f}", speed=f"{speed:.1f}").said(lang)


def _instrument(values: ReportValues, lang: Lang) -> str:
    instrument = values.instrument
    assert instrument is not None
    parts = [instrument.name, instrument.quantity]
    parts += [f"T90 {plain(instrument.t90_s)} s"] if instrument.t90_s is not None else []
    if instrument.delay_s is not None:
        parts.append(W["delay"].with_(seconds=plain(instrument.delay_s)).said(lang))
    if instrument.noise_mg_m3 is not None:
        parts.append(W["noise"].with_(value=plain(instrument.noise_mg_m3)).said(lang))
    parts.append(W["calibrated"].with_(words=instrument.calibration or W["not_recorded"]).said(lang))
    return " · ".join(part for part in parts if part)


def _suspect(place: SuspectedPlace, lang: Lang) -> dict[str, Any]:
    rows = [
        (W["place"], f"{place.lat_deg:.6f}, {place.lon_deg:.6f} (WGS 84)"),
        (W["height"], "" if place.height_m is None else f"{place.height_m:.0f} m"),
        (W["rate"], _rate(place)),
        (W["evidence"], _evidence(place, lang)),
        (W["region"], _region(place, lang)),
        (W["near"], (" · ".join(_near(place, lang))) or W["no_outlets"].said(lang)),
    ]
    return {
        "code": place.code,
        "verdict": place.verdict.said(lang),
        "rows": [[label.said(lang), value] for label, value in rows if value],
        "reasons": [reason.said(lang) for reason in place.reasons],
    }


def _rate(place: SuspectedPlace) -> str:
    if place.rate_g_s is None:
        return ""
    low_high = place.rate_interval_g_s
    interval = "" if low_high is None else f" (95 %: {plain(low_high[0])} – {plain(low_high[1])})"
    return f"{plain(place.rate_g_s)} g/s{interval}"


def _evidence(place: SuspectedPlace, lang: Lang) -> str:
    if place.evidence is None:
        return ""
    crossed = "" if place.transects is None else W["transects"].with_(count=place.transects).said(lang)
    return f"{plain(place.evidence)}{crossed}"


def _region(place: SuspectedPlace, lang: Lang) -> str:
    if place.ellipse95 is None:
        return ""
    major, minor, azimuth = place.ellipse95
    shape = {"major": f"{major:.0f}", "minor": f"{minor:.0f}", "azimuth": f"{azimuth % 180:.0f}"}
    return W["ellipse"].with_(**shape).said(lang)


def _near(place: SuspectedPlace, lang: Lang) -> list[str]:
    return [f"{near.code} {near.distance_m:.0f} m {compass(near.bearing_deg).said(lang)}" for near in place.near]


def _sections(values: ReportValues, lang: Lang) -> list[dict[str, Any]]:
    return [
        {"title": W["unseen"].said(lang), "lines": [text.said(lang) for text in values.unseen]},
        {"title": W["method"].said(lang), "lines": [text.said(lang) for text in values.method]},
        {
            "title": W["meaning"].said(lang),
            "lines": [W[key].said(lang) for key in ("meaning1", "meaning2", "meaning3")],
        },
    ]


def _halved(sha256: str) -> str:
    return f"{sha256[:32]} {sha256[32:]}"


def _anchor(values: ReportValues) -> list[str]:
    if values.anchor is None:
        return []
    count, head = values.anchor
    return [str(count), _halved(head)]
