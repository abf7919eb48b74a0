"""Dated table of measuring methods: what a figure by that method is worth, from when to when, by which source."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Grade(StrEnum):
    """What a reading may be called: a clue (线索) points somewhere, evidence (证据) comes from a listed method."""

    CLUE = "clue"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Method:
    """One method in one period. `valid_to` is the first day on which it is no longer in force, None while it is.

    `verified` says whether the dates and limits were read in the standard's own text; where not, whoever relies on
    them must read it first, and the report says so. `zero_limit_mg_m3` and `span_limit_percent` bound the drift
    that zero and span checks before and after may show.
    """

    code: str
    name_zh: str
    name_en: str
    valid_from: date
    valid_to: date | None
    species: tuple[str, ...]
    field: bool  # measured on the spot, by a portable instrument
    zero_limit_mg_m3: float | None = None
    span_limit_percent: float | None = None
    source: str = ""
    verified: bool = False


METHODS: Sequence[Method] = (
    Method(
        "HJ 1331-2023",
        "固定污染源废气 总烃、甲烷和非甲烷总烃 便携式催化氧化-氢火焰离子化检测器法",
        "THC, CH4 and NMHC in stack gas, portable catalytic oxidation FID",
        date(2024, 7, 1),
        None,
        ("NMHC", "THC", "CH4"),
        field=True,
        zero_limit_mg_m3=0.4,
        span_limit_percent=5.0,
        source="day: the ministry announced HJ 1327 to 1334-2023 together (news of 2024-01-09), four of them say "
        "2024-07-01; limits unverified: zero THC at most 0.4 mg/m3, span within 5 % above 100 µmol/mol",
    ),
    Method(
        "HJ 1332-2023",
        "固定污染源废气 总烃、甲烷和非甲烷总烃 便携式气相色谱-氢火焰离子化检测器法",
        "THC, CH4 and NMHC in stack gas, portable GC-FID",
        date(2024, 7, 1),
        None,
        ("NMHC", "THC", "CH4"),
        field=True,
        zero_limit_mg_m3=0.4,
        span_limit_percent=5.0,
        source="day: as HJ 1331-2023, announced together; limits unverified, taken to be those of HJ 1331",
    ),
    Method(
        "HJ 38-2017",
        "固定污染源废气 总烃、甲烷和非甲烷总烃的测定 气相色谱法",
        "THC, CH4 and NMHC in stack gas, laboratory GC",
        date(2018, 4, 1),
        None,
        ("NMHC", "THC", "CH4"),
        field=False,
        source="unverified: day from a catalogue; the standard's own text was not at hand",
    ),
    Method(
        "HJ 604-2017",
        "环境空气 总烃、甲烷和非甲烷总烃的测定 直接进样-气相色谱法",
        "THC, CH4 and NMHC in ambient air, laboratory GC with direct injection",
        date(2018, 4, 1),
        None,
        ("NMHC", "THC", "CH4"),
        field=False,
        source="scope read in a public copy: ambient air and fugitive monitoring points, detection limit of NMHC "
        "0.07 mg/m3 as carbon; day unverified, from a catalogue",
    ),
    Method(
        "HJ 759-2023",
        "环境空气 65种挥发性有机物的测定 罐采样/气相色谱-质谱法",
        "65 VOCs in ambient air, canister and GC-MS",
        date(2023, 8, 1),
        None,
        ("benzene", "toluene", "ethylbenzene", "xylene", "styrene", "vinyl chloride"),
        field=False,
        source="title page of the standard: published 2023-02-09, in force 2023-08-01; replaces HJ 759-2015",
    ),
)


def method_in_force(code: str, on: date) -> Method | None:
    """The method of that code on that day, or None where it is not listed or not in force."""
    return next(
        (m for m in METHODS if m.code == code and m.valid_from <= on and (m.valid_to is None or on < m.valid_to)), None
    )


def grade_of(code: str, species: str, on: date) -> Grade:
    """Evidence only by a listed method in force on the day and made for that species; anything else is a clue."""
    method = method_in_force(code, on)
    return Grade.EVIDENCE if method is not None and species in method.species else Grade.CLUE
