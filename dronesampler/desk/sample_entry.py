"""Entries of a sample from words as they are typed, in a form or on a command line."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from dronesampler.casework import (
    Condition,
    CustodyMode,
    Handover,
    LabResult,
    Officer,
    Sample,
    SampleKind,
    SampleRecord,
    Sealing,
    Value,
    Vessel,
)
from dronesampler.desk.samples import attach_result, hand_over, sample_of, seal_sample, take_sample
from dronesampler.problems import BadInput
from dronesampler.store import PatrolName, Store
from dronesampler.texts import Text

BAD_TIME = Text(
    "“{text}”不是时间；写成 2026-11-22 09:30:00，或带时区 +08:00",
    "{text!r} is no time: write 2026-11-22 09:30:00, or with +08:00",
)
BAD_VALUE = Text(
    "“{text}”不是“项目=数值 单位[ 检出限]”，例如“苯=0.12 mg/m3 0.003”，低于检出限写“苯=<0.003 mg/m3”",
    "{text!r} is not ANALYTE=NUMBER UNIT [LIMIT], e.g. “benzene=0.12 mg/m3 0.003”, or “benzene=<0.003 mg/m3”",
)
BAD_OFFICER = Text("“{text}”不是“姓名:执法证号[:有效期至]”", "“{text}” is not NAME:CERTIFICATE[:VALID_TO]")
BAD_YES = Text("请写 yes 或 no，而不是“{text}”", "say yes or no, not {text!r}")
BAD_NUMBER = Text("“{text}”不是数字", "{text!r} is no number")
WORDS = {True: ("yes", "y", "是"), False: ("no", "n", "否")}


def moment(text: str) -> float:
    """A time as unix seconds; without an offset it is this computer's."""
    try:
        return datetime.fromisoformat(text.strip()).timestamp()
    except (ValueError, OverflowError, OSError) as reason:
        raise BadInput(BAD_TIME.with_(text=text)) from reason


def written(unix_s: float) -> str:
    """A time as `moment` reads it, in this computer's zone."""
    return datetime.fromtimestamp(round(unix_s), UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def officer(text: str) -> Officer:
    """NAME:CERTIFICATE[:VALID_TO]."""
    name, _, rest = text.replace("：", ":").partition(":")
    certificate, _, valid_to = rest.partition(":")
    if not name.strip() or not certificate.strip():
        raise BadInput(BAD_OFFICER.with_(text=text))
    return Officer(name.strip(), certificate.strip(), valid_to=valid_to.strip())


def value(text: str) -> Value:
    """ANALYTE=NUMBER UNIT [LIMIT]; a number that begins with < is a limit that nothing was found above."""
    analyte, equals, rest = text.partition("=")
    parts = rest.split()
    try:
        if not equals or not analyte.strip() or not 2 <= len(parts) <= 3:
            raise ValueError(text)
        if parts[0].startswith(("<", "＜")):
            return Value(analyte.strip(), None, parts[1], _finite(parts[0][1:]))
        return Value(analyte.strip(), _finite(parts[0]), parts[1], _finite(parts[2]) if len(parts) == 3 else None)
    except ValueError as reason:
        raise BadInput(BAD_VALUE.with_(text=text)) from reason


def yes_or_no(text: str) -> bool:
    for answer, words in WORDS.items():
        if text.strip().lower() in words:
            return answer
    raise BadInput(BAD_YES.with_(text=text))


def number(text: str) -> float:
    try:
        return _finite(text.strip().replace(",", "."))
    except ValueError as reason:
        raise BadInput(BAD_NUMBER.with_(text=text)) from reason


def _finite(text: str) -> float:
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def parts(text: str) -> list[str]:
    """What semicolons part."""
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]


class Words(dict[str, str]):
    """The fields of a form: what is empty is not given."""

    def time(self, name: str) -> float | None:
        return moment(self[name]) if self.get(name, "").strip() else None

    def number(self, name: str) -> float | None:
        return number(self[name]) if self.get(name, "").strip() else None

    def yes(self, name: str) -> bool | None:
        return yes_or_no(self[name]) if self.get(name, "").strip() else None

    def text(self, name: str) -> str:
        return self.get(name, "").strip()


def enter_sample(store: Store, patrol: PatrolName, fields: Mapping[str, str], *, flag: int | None) -> SampleRecord:
    """A sample from a form. Raises BadInput."""
    w = Words(fields)
    sample = Sample(
        number=w.text("number"),
        vessel=Vessel(w.text("vessel") or "bag"),
        kind=SampleKind(w.text("kind") or "sample"),
        started_unix_s=moment(w.text("started")),
        stopped_unix_s=w.time("stopped"),
        volume_l=w.number("volume"),
        flow_l_min=w.number("flow"),
        vacuum_before_kpa=w.number("vacuum_before"),
        vacuum_after_kpa=w.number("vacuum_after"),
        seal=w.text("seal"),
        method=w.text("method"),
        analytes=tuple(parts(w.text("analytes"))),
        officers=tuple(officer(part) for part in parts(w.text("officers"))),
        duplicate_of=w.text("duplicate_of"),
        flag=flag,
        note=w.text("note"),
    )
    return take_sample(store, patrol, sample)


def enter_handover(store: Store, sample: str, fields: Mapping[str, str]) -> SampleRecord:
    """A hand-over from a form; without a time of its own it is now. Raises BadInput."""
    w = Words(fields)
    received_s = w.time("received")
    at_s = store.clock.unix_s() if received_s is None else received_s
    released_s = w.time("released")
    handover = Handover(
        giver=w.text("giver"),
        receiver=w.text("receiver"),
        released_unix_s=at_s if released_s is None else released_s,
        received_unix_s=at_s,
        mode=CustodyMode(w.text("mode") or "possession"),
        transit=CustodyMode(w.text("transit")) if w.text("transit") else None,
        place=w.text("place"),
        seal=w.text("seal"),
        seal_intact=w.yes("intact"),
        condition=Condition(w.text("condition") or "good"),
        witness=w.text("witness"),
        temperature_c=w.number("temperature"),
        vacuum_kpa=w.number("vacuum"),
        note=w.text("note"),
    )
    return hand_over(store, sample, handover)


def enter_seal(store: Store, sample: str, fields: Mapping[str, str]) -> SampleRecord:
    """A seal from a form. Raises BadInput."""
    w = Words(fields)
    at_s = w.time("at")
    sealing = Sealing(
        seal=w.text("seal"),
        at_unix_s=store.clock.unix_s() if at_s is None else at_s,
        by=w.text("by"),
        witness=w.text("witness"),
        reason=w.text("reason"),
    )
    return seal_sample(store, sample, sealing)


def enter_result(store: Store, sample: str, fields: Mapping[str, str]) -> SampleRecord:
    """A laboratory's result from a form; `files` are paths parted by semicolons. Raises BadInput."""
    w = Words(fields)
    received_s, corrects = w.time("received"), w.number("corrects")
    result = LabResult(
        laboratory=w.text("laboratory"),
        report_number=w.text("report"),
        method=w.text("method") or sample_of(store, sample).sample.method,
        received_unix_s=store.clock.unix_s() if received_s is None else received_s,
        analysed_unix_s=w.time("analysed"),
        values=tuple(value(part) for part in parts(w.text("values"))),
        entered_by=w.text("by"),
        corrects=None if corrects is None else int(corrects),
        why=w.text("why"),
        accredited=w.text("accredited"),
    )
    return attach_result(store, sample, result, files=[Path(part) for part in parts(w.text("files"))])
