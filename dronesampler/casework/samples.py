"""A physical sample as a value: bag, canister, tube or impinger, when, where, how much, by whom, under which seal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from dronesampler.casework.officers import Officer, why_not_two
from dronesampler.problems import Problem, Severity
from dronesampler.rules.holding import HOLDING_TIMES, successor
from dronesampler.texts import Text

NUMBER = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")  # goes into file names and QR codes
WORST_VACUUM_KPA = 110.0  # more than the atmosphere cannot be drawn
LEAK_KPA = 5.0  # a canister that lost so much of its vacuum between check and opening is suspect


class Vessel(StrEnum):
    """What the air is kept in."""

    BAG = "bag"
    CANISTER = "canister"
    TUBE = "tube"
    IMPINGER = "impinger"
    SYRINGE = "syringe"

    @property
    def word(self) -> Text:
        return _VESSELS[self]


_VESSELS = {
    Vessel.BAG: Text("气袋", "bag"),
    Vessel.CANISTER: Text("真空罐", "canister"),
    Vessel.TUBE: Text("吸附管", "sorbent tube"),
    Vessel.IMPINGER: Text("吸收瓶", "impinger"),
    Vessel.SYRINGE: Text("玻璃注射器", "glass syringe"),
}


class SampleKind(StrEnum):
    """What it is for."""

    SAMPLE = "sample"
    FIELD_BLANK = "field blank"
    TRANSPORT_BLANK = "transport blank"
    DUPLICATE = "duplicate"

    @property
    def word(self) -> Text:
        return _KINDS[self]

    @property
    def blank(self) -> bool:
        return self in (SampleKind.FIELD_BLANK, SampleKind.TRANSPORT_BLANK)


_KINDS = {
    SampleKind.SAMPLE: Text("样品", "sample"),
    SampleKind.FIELD_BLANK: Text("全程序空白", "field blank"),
    SampleKind.TRANSPORT_BLANK: Text("运输空白", "transport blank"),
    SampleKind.DUPLICATE: Text("平行样", "duplicate"),
}


class Trigger(StrEnum):
    """What opened the valve."""

    HAND = "hand"
    COMMAND = "command"
    PLUME_AXIS = "plume axis"

    @property
    def word(self) -> Text:
        return _TRIGGERS[self]


_TRIGGERS = {
    Trigger.HAND: Text("手动", "by hand"),
    Trigger.COMMAND: Text("指令", "on command"),
    Trigger.PLUME_AXIS: Text("烟羽轴线自动", "automatically at the plume axis"),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One vessel of air. Times are unix seconds; the place is where the valve opened, None where not known.

    `volume_l` is as measured; without one, flow times time stands for it. Vacuums are kPa below the atmosphere.
    `flag` is the number of the suspected place of analysis `finding`, None where it belongs to none.
    """

    number: str
    vessel: Vessel
    started_unix_s: float
    stopped_unix_s: float | None = None
    kind: SampleKind = SampleKind.SAMPLE
    patrol: str = ""
    finding: int | None = None
    flag: int | None = None
    method: str = ""  # what the laboratory is asked to analyse by
    analytes: tuple[str, ...] = ()
    officers: tuple[Officer, ...] = ()
    lat_deg: float | None = None
    lon_deg: float | None = None
    height_agl_m: float | None = None
    height_home_m: float | None = None
    place_from: str = ""  # track, given
    place_apart_s: float | None = None  # from the valve's opening to the nearest point of the track
    volume_l: float | None = None
    flow_l_min: float | None = None
    vacuum_before_kpa: float | None = None
    vacuum_after_kpa: float | None = None
    seal: str = ""
    trigger: Trigger = Trigger.HAND
    duplicate_of: str = ""
    note: str = ""
    simulated: bool = False

    @property
    def ended_unix_s(self) -> float:
        """When its holding time begins: the valve's closing, or its opening where the closing is not known."""
        return self.started_unix_s if self.stopped_unix_s is None else self.stopped_unix_s

    @property
    def litres(self) -> float | None:
        """The volume as measured, else flow times time, else None."""
        if self.volume_l is not None:
            return self.volume_l
        if self.flow_l_min is None or self.stopped_unix_s is None:
            return None
        return self.flow_l_min * (self.stopped_unix_s - self.started_unix_s) / 60.0


BAD_NUMBER = Text(
    "样品编号“{number}”只能用大写字母、数字和连字符，3 至 40 个", "a number has 3 to 40 of A-Z, 0-9 and -: {number!r}"
)
ENDS_BEFORE = Text("结束时间早于开始时间", "it stops before it starts")
NOT_STOPPED = Text("没有结束时间", "no time of stopping is on record")
BAD_VOLUME = Text("体积和流量必须大于零", "volume and flow must be more than zero")
NO_VOLUME = Text("没有体积，也没有流量×时间", "neither a volume nor a flow and its time are on record")
BAD_PLACE = Text("坐标超出范围", "the place is not on the globe")
NO_PLACE = Text("阀门打开时的位置未知", "where the valve opened is not known")
TRACK_APART = Text(
    "离阀门打开最近的航迹点相差 {seconds:.0f} 秒", "the nearest point of the track is {seconds:.0f} s from the opening"
)
BAD_VACUUM = Text("真空度必须在 0 至 {most:.0f} kPa 之间", "a vacuum lies between 0 and {most:.0f} kPa")
NO_VACUUM = Text("真空罐应记录采样前后的真空度", "a canister's vacuum before and after belongs on record")
NOT_FILLED = Text(
    "采样后真空度不低于采样前：罐未进气或读数有误",
    "its vacuum is no less after than before: nothing went in, or misread",
)
NO_SEAL = Text("没有封签号", "it has no seal")
NO_ORIGINAL = Text("平行样未说明与哪个样品平行", "a duplicate of which sample is not said")
NO_METHOD = Text("没有分析方法，无法计算保存时限", "no method of analysis: its holding time cannot be told")
OUT_OF_FORCE = Text("方法 {method} 在采样日不在有效期", "method {method} was not in force on the day")
OUT_OF_FORCE_NOW = Text(
    "方法 {method} 在采样日已由 {other} 代替", "method {method} had given way to {other} on the day"
)
STACK_ONLY = Text(
    "{method} 适用于有组织排放；空中（环境空气）采样应选用 HJ 604 或 HJ 759 等",
    "{method} is for gas in a stack; for air in the open use HJ 604, HJ 759 or the like",
)
TOO_FAR_S = 5.0


def sample_problems(sample: Sample) -> tuple[Problem, ...]:
    """What is wrong (errors) and what is missing (warnings) in the record of a sample."""
    return tuple(Problem(f"sample.{rule}", severity, text, sample.number) for rule, severity, text in _found(sample))


Found = tuple[str, Severity, Text]


def _found(sample: Sample) -> Iterator[Found]:
    if not NUMBER.fullmatch(sample.number):
        yield "number", Severity.ERROR, BAD_NUMBER.with_(number=sample.number)
    if sample.stopped_unix_s is None:
        yield "stop", Severity.WARNING, NOT_STOPPED
    elif sample.stopped_unix_s < sample.started_unix_s:
        yield "stop", Severity.ERROR, ENDS_BEFORE
    two = why_not_two(sample.officers)
    if two is not None:
        yield "officers", Severity.WARNING, two
    yield from _amount(sample)
    yield from _place(sample)
    yield from _method(sample)
    if not sample.seal:
        yield "seal", Severity.WARNING, NO_SEAL
    if sample.kind is SampleKind.DUPLICATE and not sample.duplicate_of:
        yield "duplicate", Severity.WARNING, NO_ORIGINAL


def _amount(sample: Sample) -> Iterator[Found]:
    if any(v is not None and v <= 0 for v in (sample.volume_l, sample.flow_l_min)):
        yield "volume", Severity.ERROR, BAD_VOLUME
    elif sample.litres is None and not sample.kind.blank and sample.vessel is not Vessel.CANISTER:
        yield "volume", Severity.WARNING, NO_VOLUME
    before, after = sample.vacuum_before_kpa, sample.vacuum_after_kpa
    if any(v is not None and not 0 <= v <= WORST_VACUUM_KPA for v in (before, after)):
        yield "vacuum", Severity.ERROR, BAD_VACUUM.with_(most=WORST_VACUUM_KPA)
    elif sample.vessel is Vessel.CANISTER and (before is None or after is None):
        yield "vacuum", Severity.WARNING, NO_VACUUM
    elif before is not None and after is not None and after >= before and not sample.kind.blank:
        yield "vacuum", Severity.WARNING, NOT_FILLED


def _place(sample: Sample) -> Iterator[Found]:
    if sample.kind is SampleKind.TRANSPORT_BLANK:
        return
    if sample.lat_deg is None or sample.lon_deg is None:
        yield "place", Severity.WARNING, NO_PLACE
    elif not (-90 <= sample.lat_deg <= 90 and -180 <= sample.lon_deg <= 180):
        yield "place", Severity.ERROR, BAD_PLACE
    elif sample.place_apart_s is not None and sample.place_apart_s > TOO_FAR_S:
        yield "place", Severity.WARNING, TRACK_APART.with_(seconds=sample.place_apart_s)


def _method(sample: Sample) -> Iterator[Found]:
    if not sample.method:
        yield "method", Severity.WARNING, NO_METHOD
        return
    day = datetime.fromtimestamp(sample.ended_unix_s, UTC).date()
    rows = [row for row in HOLDING_TIMES if row.method == sample.method]
    if rows and not any(row.valid_from <= day and (row.valid_to is None or day < row.valid_to) for row in rows):
        other = successor(sample.method, day)
        text = OUT_OF_FORCE_NOW.with_(method=sample.method, other=other) if other else OUT_OF_FORCE
        yield "method", Severity.ERROR, text.with_(method=sample.method)
    elif rows and not any(row.ambient for row in rows):
        yield "method", Severity.WARNING, STACK_ONLY.with_(method=sample.method)
