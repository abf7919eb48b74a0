"""Dated table of holding times: how long a sample may wait before its analysis begins, by method and vessel.

None of the hours below was read in the standard's own text: each is marked, and whoever relies on one reads it first.
What is not known is None and is said as such; nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

UNREAD = "from memory of practice; not read in the standard's text"


@dataclass(frozen=True, slots=True)
class HoldingTime:
    """The time one method leaves a sample in one vessel, in one period.

    `max_hours` is None where the standard's figure is not known here. `vessels` are values of casework's Vessel, empty
    for all. `analyte` restricts the row to one analyte ("" for all). `valid_to` is the first day out of force.
    """

    method: str
    vessels: tuple[str, ...]
    max_hours: float | None
    keep_zh: str
    keep_en: str
    valid_from: date
    valid_to: date | None = None
    analyte: str = ""
    ambient: bool = True  # for air in the open; False for gas out of a stack
    source: str = UNREAD
    verified: bool = False


HOLDING_TIMES: Sequence[HoldingTime] = (
    HoldingTime("HJ 38-2017", ("syringe",), 8.0, "常温避光", "ambient, dark", date(2018, 4, 1), ambient=False),
    HoldingTime(
        *("HJ 38-2017", ("bag",), 168.0, "常温避光", "ambient, dark", date(2018, 4, 1)), analyte="CH4", ambient=False
    ),
    HoldingTime("HJ 38-2017", ("bag",), 48.0, "常温避光", "ambient, dark", date(2018, 4, 1), ambient=False),
    HoldingTime("HJ 604-2017", ("syringe",), 8.0, "常温避光", "ambient, dark", date(2018, 4, 1)),
    HoldingTime("HJ 604-2017", ("bag",), 168.0, "常温避光", "ambient, dark", date(2018, 4, 1), analyte="CH4"),
    HoldingTime("HJ 604-2017", ("bag",), 48.0, "常温避光", "ambient, dark", date(2018, 4, 1)),
    HoldingTime(
        *("HJ 732-2014", ("bag",), 8.0, "避光，尽快", "dark, as soon as possible", date(2015, 2, 1), date(2026, 4, 1)),
        ambient=False,
    ),
    HoldingTime(
        *("HJ 732-2025", ("bag",), None, "见标准正文", "see the standard", date(2026, 4, 1)),
        ambient=False,
        source="the revised standard's text was not at hand",
    ),
    HoldingTime(
        "HJ 734-2014", ("tube",), 168.0, "4 ℃ 以下避光密封", "sealed, dark, ≤ 4 °C", date(2015, 2, 1), ambient=False
    ),
    HoldingTime("HJ 644-2013", ("tube",), 720.0, "4 ℃ 以下避光密封", "sealed, dark, ≤ 4 °C", date(2013, 7, 1)),
    HoldingTime("HJ 759-2015", ("canister",), 480.0, "常温", "ambient", date(2015, 12, 1), date(2023, 8, 1)),
    HoldingTime(
        *("HJ 759-2023", ("canister",), 480.0, "常温", "ambient", date(2023, 8, 1)),
        source="day of coming into force read on the title page; the hours from memory of practice",
    ),
    HoldingTime("HJ 1078-2019", ("bag",), 24.0, "常温避光", "ambient, dark", date(2020, 6, 30), ambient=False),
    HoldingTime(
        *("HJ 1154-2020", ("impinger",), None, "4 ℃ 以下避光，期限见标准正文", "dark, ≤ 4 °C, hours: see the standard"),
        date(2021, 3, 15),
    ),
)


def holding_time(method: str, vessel: str, on: date, *, analytes: Sequence[str] = ()) -> HoldingTime | None:
    """The strictest row for a sample of that day whose analytes fall under it. None: not in the table."""
    rows = [
        row
        for row in HOLDING_TIMES
        if row.method == method
        and (not row.vessels or vessel in row.vessels)
        and row.valid_from <= on
        and (row.valid_to is None or on < row.valid_to)
    ]
    own = [row for row in rows if row.analyte and set(analytes) == {row.analyte}]
    general = [row for row in rows if not row.analyte]
    return min(own or general, key=lambda row: row.max_hours if row.max_hours is not None else 0.0, default=None)


def successor(method: str, on: date) -> str | None:
    """What took the place of a method that is out of force: the same number, in force on that day."""
    number = method.rpartition("-")[0]
    found = (
        row.method
        for row in HOLDING_TIMES
        if row.method.rpartition("-")[0] == number
        and row.valid_from <= on
        and (row.valid_to is None or on < row.valid_to)
    )
    return next((name for name in found if name != method), None)
